"""Who may write rows where somebody has claimed a partition before, and what counts of what is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain, repeat
from typing import Any

import pytest
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.protocol.commit import OffsetCommitRequest
from aiokafka.protocol.group import JoinGroupRequest, LeaveGroupRequest

from agents.brokers.changelog import CLAIM_KEY, claim_headers
from agents.brokers.kafka.changelog import KafkaChangelog
from agents.brokers.message import Outgoing
from tests.delivery.app import GROUP, add_stage, declare_all
from tests.delivery.conftest import Place, drained, everything, running, until
from tests.delivery.test_moves import CHANGELOG, seen, table_of


async def test_an_owner_that_cannot_ask_for_a_moment_is_not_locked_out(
    kafka_place: Place, broker: Any
) -> None:
    """Where a higher claim stands and the coordinator is silent at first, its rows count all the same."""
    app = kafka_place.create_app(1)
    add_stage(app, within=0.01)
    await declare_all(app, 1)
    await broker.publish([Outgoing(CHANGELOG, CLAIM_KEY, b"1000 somebody", (), 0)])
    await broker.publish([Outgoing("in", b"k", b"0")])
    with silent_at_first():
        async with running(app) as deaths:
            await drained(broker)
    assert deaths == []
    assert await seen(broker) == 1


@contextmanager
def silent_at_first() -> Iterator[None]:
    """The first question whether a worker is a member gets no answer."""
    heartbeat, asked = GroupCoordinator._do_heartbeat, []

    async def once(self: GroupCoordinator) -> bool:
        asked.append(self)
        return len(asked) > 1 and bool(await heartbeat(self))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(GroupCoordinator, "_do_heartbeat", once)
        yield
    assert len(asked) > 1


CLAIMED = Outgoing(CHANGELOG, CLAIM_KEY, b"1 somebody", (), 0)
"""By a worker of an earlier group, whose generation was the first as well."""
COMPACTED = Outgoing(CHANGELOG, b"old", b"row", claim_headers(1000), 0)
"""Its claim record has made way for a later one."""


@pytest.mark.parametrize(
    ("before", "number"), [(CLAIMED, 1), (COMPACTED, 1000)], ids=["claimed", "compacted"]
)
async def test_a_claim_is_higher_than_all_that_stands_before_it(
    kafka_place: Place, broker: Any, before: Outgoing, number: int
) -> None:
    """After a group began again at 1, a late record of a worker of before is not applied, and put right."""
    app = kafka_place.create_app(1)
    add_stage(app, within=0.01)
    await declare_all(app, 1)
    await broker.publish([before, Outgoing("in", b"k", b"0"), Outgoing("in", b"other", b"1")])
    async with running(app) as deaths:
        await drained(broker)
        right = (await table_of(broker))[b"k"]
        await broker.publish([Outgoing(CHANGELOG, b"k", b"late", claim_headers(number), 0)])
        await broker.publish([Outgoing("in", b"other", b"2")])
        await until(broker, partial(is_last, broker, b"k", right))
        assert app.tables["seen"].data.file.get("seen", b"k") == right
    assert deaths == []


async def is_last(broker: Any, key: bytes, value: bytes) -> bool:
    """Whether the changelog's last record of `key` is `value`."""
    last = {m.key: m.value for m in await everything(broker, CHANGELOG)}
    return last[key] == value


async def test_of_two_claims_of_one_number_the_first_counts(
    kafka_place: Place, broker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker whose group goes on without it, just before it claims, writes rows that count for nobody."""
    app = kafka_place.create_app(1)
    add_stage(app, within=0.01)
    await declare_all(app, 1)
    await broker.publish([Outgoing(CHANGELOG, CLAIM_KEY, b"1000 before", (), 0)])
    await broker.publish([Outgoing("in", b"k", b"0")])
    answers = iter([True, False])

    async def overtaken(_: KafkaChangelog) -> bool:
        if answer := next(answers):  # by its new owner, which has seen the same and claims the same
            await broker.publish([Outgoing(CHANGELOG, CLAIM_KEY, b"1001 owner", (), 0)])
        return answer

    monkeypatch.setattr(KafkaChangelog, "is_ours", overtaken)
    monkeypatch.setattr(KafkaChangelog, "disturbed", lambda _: None)  # it is not given the partition again
    async with running(app):
        await drained(broker)
    written = [m for m in await everything(broker, CHANGELOG) if m.key == b"k"]
    assert len(written) == 1
    assert await seen(broker) == 0
    assert list(answers) == []


async def test_what_counts_for_nobody_is_written_again_by_who_is_a_member_again(
    kafka_place: Place, broker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row written without a claim that counts is put right when its worker has the partition again."""
    app = kafka_place.create_app(1)
    add_stage(app, within=0.01)
    await declare_all(app, 1)
    await broker.publish([Outgoing(CHANGELOG, CLAIM_KEY, b"1000 before", (), 0)])
    await broker.publish([Outgoing("in", b"k", b"0")])
    answers = chain([False], repeat(True))

    async def answered(_: KafkaChangelog) -> bool:
        return next(answers)

    monkeypatch.setattr(KafkaChangelog, "is_ours", answered)
    async with running(app) as deaths:
        await until(broker, partial(holds, broker))
        assert app.tables["seen"].data.file.get("seen", b"k") == (await table_of(broker))[b"k"]
    assert deaths == []


async def test_a_worker_that_was_thrown_out_commits_nothing(kafka_place: Place, broker: Any) -> None:
    """Its rows would not count any more; a group that has no member takes offsets from anybody."""
    app = kafka_place.create_app(1, broker_commit_interval=60)
    add_stage(app, within=0.01)
    await broker.declare("in", 1)
    async with running(app) as deaths:
        await broker.publish([Outgoing("in", b"k", b"0")])
        await until(broker, partial(holds, broker))
        thread = app.consumer._thread
        await thread.call_thread(thrown_out, thread)
        await app.consumer.commit()
        assert (await broker.committed(GROUP)).get(("in", 0), 0) == 0
    assert deaths == []


async def holds(broker: Any) -> bool:
    """Whether the message is done."""
    return await seen(broker) == 1


async def thrown_out(thread: Any) -> None:
    """As after a session that has ended, before the worker joins again."""
    coordinator = thread._ensure_consumer()._coordinator
    await coordinator._stop_heartbeat_task()
    await coordinator._send_req(LeaveGroupRequest(coordinator.group_id, coordinator.member_id))
    coordinator.generation = OffsetCommitRequest.DEFAULT_GENERATION_ID
    coordinator.member_id = JoinGroupRequest.UNKNOWN_MEMBER_ID

"""Who may write rows where somebody has claimed a partition before, and what counts of what is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.protocol.commit import OffsetCommitRequest
from aiokafka.protocol.group import JoinGroupRequest, LeaveGroupRequest

from agents.brokers.changelog import CLAIM_KEY
from agents.brokers.message import Outgoing
from tests.delivery.app import GROUP, add_stage, declare_all
from tests.delivery.conftest import Place, drained, running, until
from tests.delivery.test_moves import CHANGELOG, seen


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

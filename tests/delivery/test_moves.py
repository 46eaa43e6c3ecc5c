"""Partitions that move between workers: nothing lost, and every row exact after each move."""

import asyncio
import random
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from agents.brokers.changelog import CLAIM_KEY, claim_headers, claim_of, is_claim
from agents.brokers.message import Outgoing
from tests.delivery.app import GROUP, add_stage
from tests.delivery.conftest import Place, drained, everything, running, until
from tests.delivery.test_kills import changelog_table, feed, per_key, state_table, wait_ready

PARTITIONS = 4
CHANGELOG = f"{GROUP}-seen-changelog"
SESSION = ("--session", "2", "--partitions", str(PARTITIONS))


async def table_of(broker: Any) -> dict[bytes, bytes]:
    return changelog_table(await everything(broker, CHANGELOG))


async def seen(broker: Any) -> int:
    """How many messages the table has counted, over all keys."""
    return sum(orjson.loads(row)["n"] for row in (await table_of(broker)).values())


async def test_moves_lose_nothing_and_keep_the_table_exact(
    kafka_place: Place, broker: Any, tmp_path: Path, figures: Callable[[str], None]
) -> None:
    """A worker that joins and leaves six times beside another: 0 of 4,900 lost, the table exact each time."""
    chance, place, total = random.Random(3), kafka_place, 0
    await broker.declare("in", PARTITIONS)
    with place.worker(*SESSION) as stays:
        await wait_ready(stays)
        for move in range(6):
            feeding = asyncio.create_task(feed(broker, total, 800))
            total += 800
            with place.worker(*SESSION, state=f"sqlite:///{tmp_path / 'other.db'}") as comes:
                await wait_ready(comes)
                await asyncio.sleep(chance.uniform(0.2, 0.8))
                comes.send_signal(signal.SIGKILL if move % 3 == 2 else signal.SIGTERM)
                assert await asyncio.to_thread(comes.wait, 20) == (-9 if move % 3 == 2 else 0)
            await feeding
            await drained(broker, seconds=40)
            assert await seen(broker) == total
        await feed(broker, total, 100)  # until these are done, the one that stays has all partitions
        total += 100
        await drained(broker, seconds=40)
        stays.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(stays.wait, 20) == 0
    out = per_key(await everything(broker, "out"))
    for key, values in per_key(await everything(broker, "in")).items():
        assert set(out[key]) == set(values)
    assert state_table(place) == await table_of(broker)
    claims = max(int(m.value.split()[0]) for m in await everything(broker, CHANGELOG) if is_claim(m.key))
    assert claims >= 12  # generations of the group, each a rebalance
    figures(f"  {claims} rebalances, 0 of {total} lost, {sum(map(len, out.values())) - total} duplicates")


async def test_a_worker_that_slept_through_its_session_leaves_no_stale_row(
    kafka_place: Place, broker: Any, tmp_path: Path
) -> None:
    """Stopped in the midst of its work and woken when another has gone on, no row is worse for it."""
    place = kafka_place
    await broker.declare("in", PARTITIONS)
    with place.worker(*SESSION) as sleeps:
        await wait_ready(sleeps)
        feeding = asyncio.create_task(feed(broker, 0, 1500))
        await asyncio.sleep(0.25)
        sleeps.send_signal(signal.SIGSTOP)
        await feeding
        with place.worker(*SESSION, state=f"sqlite:///{tmp_path / 'other.db'}") as wakes:
            await wait_ready(wakes)
            await drained(broker, seconds=40)
            assert await seen(broker) == 1500
            sleeps.send_signal(signal.SIGCONT)
            await feed(broker, 1500, 500)
            await drained(broker, seconds=40)
            assert await seen(broker) == 2000
            for worker in (sleeps, wakes):
                worker.send_signal(signal.SIGTERM)
                assert await asyncio.to_thread(worker.wait, 20) == 0
    assert await seen(broker) == 2000


async def test_a_late_record_is_not_applied_and_the_right_row_is_written_again(
    kafka_place: Place, broker: Any
) -> None:
    """Behind a claim, a record of an earlier one changes no table, and does not stay the last of its key."""
    app = kafka_place.create_app(1)
    add_stage(app, within=0.01)
    await broker.declare("in", 1)
    await broker.publish([Outgoing("in", b"k", b"0"), Outgoing("in", b"other", b"1")])
    async with running(app) as deaths:
        await drained(broker)
        right = (await table_of(broker))[b"k"]
        late = claim_headers(app.consumer_generation_id - 1)
        await broker.publish([Outgoing(CHANGELOG, b"k", b"stale", late, 0)])
        # The owner notices at its own next record, and has everything assigned anew.
        await broker.publish([Outgoing("in", b"other", b"2")])

        async def put_right() -> bool:
            last = {m.key: m for m in await everything(broker, CHANGELOG)}
            return bool(last[b"k"].value == right)

        await until(broker, put_right)
        assert app.tables["seen"].data.file.get("seen", b"k") == right
    assert deaths == []
    assert (await table_of(broker))[b"k"] == right


async def test_rows_that_another_changed_or_deleted_are_exact_when_a_partition_comes_back(
    kafka_place: Place, broker: Any
) -> None:
    """A worker with an old state file takes over: changed rows are the new ones, deleted ones are gone."""
    await broker.declare("in", 1)
    await broker.publish([Outgoing("in", key, b"0") for key in (b"changed", b"deleted", b"kept")])
    first = kafka_place.create_app(1)
    add_stage(first, within=0.01)
    async with running(first):
        await drained(broker)
    other = claim_headers(1000)
    await broker.publish(
        [
            Outgoing(CHANGELOG, CLAIM_KEY, b"1000 somebody", (), 0),
            Outgoing(CHANGELOG, b"changed", b"new", other, 0),
            Outgoing(CHANGELOG, b"deleted", None, other, 0),
        ]
    )
    second = kafka_place.create_app(1)
    add_stage(second, within=0.01)
    async with running(second) as deaths:
        store = second.tables["seen"].data

        async def caught_up() -> bool:
            return second.consumer_generation_id > 0 and not second.rebalancing

        await until(broker, caught_up)
        assert store._get(b"changed") == b"new"
        assert store._get(b"deleted") is None
        assert orjson.loads(store._get(b"kept"))["n"] == 1
        await broker.publish([Outgoing("in", b"kept", b"1")])
        await drained(broker)
    assert deaths == []
    claims = [m for m in await everything(broker, CHANGELOG) if is_claim(m.key)]
    assert claims[-1].value.startswith(b"1001 ")  # more than the highest, though the generation is lower
    last = (await everything(broker, CHANGELOG))[-1]
    assert (last.key, claim_of(last.headers)) == (b"kept", 1001)

"""What Faust expects of a driver, number by number as agents/brokers/sqlite.py lists it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio
from faust.types import TP

from agents.brokers.message import Outgoing
from tests.delivery.app import GROUP, add_stage, declare_all
from tests.delivery.conftest import drained, running

CHANGELOG = f"{GROUP}-seen-changelog"


def source(app: Any, partition: int) -> TP:
    return TP(app.prefix + "in", partition)


def changelog(app: Any, partition: int) -> TP:
    return TP(app.prefix + CHANGELOG, partition)


@asynccontextmanager
async def thirty_done(place: Any, broker: Any) -> AsyncIterator[Any]:
    made = place.create_app(2)
    add_stage(made, within=0.01)
    await broker.declare("in", 2)
    await broker.publish([Outgoing("in", b"k%d" % n, b"v") for n in range(30)])
    async with running(made):
        await drained(broker)
        yield made


@pytest_asyncio.fixture
async def app(place: Any, broker: Any) -> AsyncIterator[Any]:
    """The example app, ready, with 30 messages done."""
    async with thirty_done(place, broker) as made:
        yield made


@pytest_asyncio.fixture
async def log_app(sqlite_place: Any, broker: Any) -> AsyncIterator[Any]:
    """The same on the embedded log, whose driver assigns by itself."""
    async with thirty_done(sqlite_place, broker) as made:
        yield made


async def test_1_messages_are_of_the_present_generation(log_app: Any, broker: Any) -> None:
    """A new assignment is a new generation, and what comes after it is processed."""
    before = log_app.consumer_generation_id
    await log_app.consumer._assign(["in", CHANGELOG])
    assert log_app.consumer_generation_id == before + 1
    record = (await broker.read("in", 0, 0, 1))[0]
    stored = (record.offset, record.time, record.key, None, record.value)
    assert log_app.consumer._to_message(TP("in", 0), stored).generation_id == before + 1
    await broker.publish([Outgoing("in", b"k", b"after")])
    await drained(broker)


async def test_2_subscribing_returns_before_the_assignment(log_app: Any) -> None:
    """`subscribe` does not wait for the assignment, which waits for it; the order is Kafka's."""
    calls: list[str] = []
    for name in ("on_partitions_revoked", "on_partitions_assigned"):
        told = getattr(log_app.consumer, name)

        async def note(*args: Any, told: Any = told, name: str = name) -> None:
            calls.append(name)
            await told(*args)

        setattr(log_app.consumer, name, note)
    await log_app.consumer.subscribe({"in", CHANGELOG})
    assert calls == []
    async with asyncio.timeout(5):
        while len(calls) < 2 or log_app.rebalancing:  # noqa: ASYNC110  Faust offers no event for it
            await asyncio.sleep(0.01)
    assert calls == ["on_partitions_revoked", "on_partitions_assigned"]


async def test_3_the_assignor_is_filled(app: Any) -> None:
    """Recovery and the router find all partitions active, none on standby, and the changelog here."""
    everywhere = {tp(app, p) for tp in (source, changelog) for p in range(2)}
    assert app.assignor.assigned_actives() == everywhere
    assert app.assignor.assigned_standbys() == set()
    assert app.assignor.group_for_topic(app.prefix + "in") == 0
    assert list(app.assignor.changelog_distribution.values()) == [{app.prefix + CHANGELOG: [0, 1]}]


async def test_4_and_9_highwaters_are_next_offsets(app: Any, broker: Any) -> None:
    """`highwaters` asks the log, `highwater` remembers; the message before exists."""
    for partition, end in (await broker.ends("in")).items():
        tp = source(app, partition)
        assert (await app.consumer.highwaters(tp))[tp] == end == app.consumer.highwater(tp)
        assert len(await broker.read("in", partition, end - 1, 5)) == 1
    assert await app.consumer.earliest_offsets(source(app, 0)) == {source(app, 0): 0}


async def test_5_seek_wait_moves_the_read_offset(app: Any) -> None:
    """Position and read offset are the one sought."""
    app.consumer.stop_flow()
    await app.consumer.seek_wait({source(app, 0): 3})
    assert await app.consumer.position(source(app, 0)) == 3
    assert app.consumer._read_offset[source(app, 0)] == 3


async def test_6_topics_are_created_when_subscribed(sqlite_place: Any, broker: Any) -> None:
    """A topic nobody declared has the app's number of partitions afterwards, and so has its changelog."""
    made = sqlite_place.create_app(3)
    add_stage(made)
    async with running(made):
        assert await broker.partitions("in") == await broker.partitions(CHANGELOG) == 3


async def test_7_and_8_seeking_to_committed(app: Any) -> None:
    """Every partition of a source topic has an offset, and the flow is stopped before it is sought."""
    found = await app.consumer.seek_to_committed()
    assert set(found) == {source(app, 0), source(app, 1)}
    assert sum(found.values()) == 30
    assert app.consumer.flow_active
    await app.consumer.perform_seek()
    assert not app.consumer.flow_active


async def test_10_flush_waits_until_all_is_durable(app: Any, broker: Any) -> None:
    """After it every future is done and every message can be read by another."""
    futures = [
        await app.producer.send(app.prefix + "out", b"k", b"%d" % n, 0, None, {"h": b"1"}) for n in range(500)
    ]
    before = (await broker.ends("out"))[0]
    await app.producer.flush()
    assert all(future.done() for future in futures)
    assert (await broker.ends("out"))[0] >= before
    assert (await broker.read("out", 0, futures[-1].result().offset, 1))[0].headers == (("h", b"1"),)


async def test_start_and_stop_are_prompt(place: Any, broker: Any) -> None:
    """Faust's sleeps are not ours: ready and gone within a second each."""
    await broker.declare("in", 2)
    made = place.create_app(2)
    await declare_all(made, 2)
    add_stage(made)
    clock = asyncio.get_running_loop().time
    started = clock()
    await made.start()
    ready = clock()
    await made.stop()
    assert ready - started < 1
    assert clock() - ready < 1


@pytest.mark.parametrize("value", [b"x", None])
async def test_a_row_written_by_faust_and_one_written_lean_are_alike(
    app: Any, broker: Any, value: bytes | None
) -> None:
    """Same changelog partition and bytes, same row; None deletes."""
    from agents.tables import rows_of, write_row, writing

    table = app.tables["seen"]

    class Event:
        message = SimpleNamespace(
            topic=app.prefix + "in", partition=1, generation_id=app.consumer_generation_id
        )

    event = Event()
    write_row(table, event, b"lean", value)
    with writing(event):
        table[b"faust"] = b"x"
        if value is None:
            del table[b"faust"]
    await app.producer.flush()
    records = await broker.read(CHANGELOG, 1, (await broker.ends(CHANGELOG))[1] - (2 if value else 3), 5)
    assert {(m.key, m.value) for m in records} >= {(b"lean", value), (b"faust", value)}
    expected = {} if value is None else {b"lean": value, b"faust": value}
    assert rows_of(table, (b"lean", b"faust")) == expected

"""Each way in which stock Faust loses messages, and that it is repaired: the same test fails without."""

import asyncio
import sqlite3
from typing import Any

import pytest
from faust.transport.consumer import Consumer as StockConsumer

from agents.brokers import schema
from agents.brokers.message import Outgoing
from agents.tables import writing
from tests.delivery.app import GROUP, add_stage
from tests.delivery.conftest import drained, everything, running, small_topic

REPAIRED, STOCK = "repaired", "stock"
both = pytest.mark.parametrize("kind", [REPAIRED, STOCK])


def an_app(place: Any, kind: str, *stock: str, **settings: Any) -> Any:
    """An app whose consumer, if `kind` is STOCK, has the named methods of Faust again."""
    app = place.create_app(1, **settings)
    methods = {name: getattr(StockConsumer, name) for name in stock} if kind == STOCK else {}
    consumer = type("Consumer", (type(app.transport).Consumer,), methods)
    app.transport.Consumer = consumer
    return app


async def numbered(broker: Any, count: int) -> None:
    await broker.declare("in", 1)
    await broker.publish([Outgoing("in", b"k%d" % (n % 7), b"%d" % n) for n in range(count)])


async def assign_anew(app: Any) -> None:
    """All partitions are revoked and assigned; returns when both has happened."""
    if app.prefix == "":
        await app.consumer._assign(["in", f"{GROUP}-seen-changelog"])
        return
    before = app.consumer_generation_id
    app.consumer.rejoin()
    await until_true(lambda: app.consumer_generation_id > before and not app.rebalancing)


async def committed(broker: Any) -> int:
    return int((await broker.committed(GROUP)).get(("in", 0), 0))


@both
async def test_a_commit_stops_at_the_first_message_in_work(place: Any, broker: Any, kind: str) -> None:
    """With the first message unacknowledged nothing is committed; stock Faust commits over it (#606)."""
    app = an_app(place, kind, "_new_offset", stream_wait_empty=False)
    await numbered(broker, 5)
    acked = asyncio.Event()

    async def keep_first(stream: Any) -> None:
        async for event in stream.noack().events():
            if event.value != b"0":
                event.ack()
            if event.value == b"4":
                acked.set()

    app.agent(app.topic(app.prefix + "in", key_type=bytes, value_type=bytes))(keep_first)
    async with running(app):
        await asyncio.wait_for(acked.wait(), 10)
        await app.consumer.commit()
        assert await committed(broker) == (0 if kind == REPAIRED else 5)


@both
async def test_nothing_is_lost_when_partitions_are_assigned_anew(place: Any, broker: Any, kind: str) -> None:
    """Assignments in mid-stream lose nothing; with stock's seek, delivered messages are dropped (#596)."""
    # Stock's stop may wait for ever for messages it has thrown away, so there it does not wait.
    app = an_app(place, kind, "perform_seek", broker_commit_interval=0.1, stream_wait_empty=kind == REPAIRED)
    add_stage(app, size=20, within=0.01)
    await numbered(broker, 4000)
    seek = app.consumer.seek_to_committed

    async def slow() -> Any:
        found = await seek()
        await asyncio.sleep(0.4)  # longer than a fetch takes: stock delivers meanwhile, and throws it away
        return found

    app.consumer.seek_to_committed = slow
    async with running(app):
        try:
            for _ in range(5):
                await until_true(lambda: app.consumer._unacked_messages)  # in mid-stream
                await assign_anew(app)
                await asyncio.wait_for(app.tables.recovery.completed.wait(), 5)
            await drained(broker, seconds=60 if kind == REPAIRED else 3)
            finished = True
        except (AssertionError, TimeoutError):  # stock may have thrown away all that was left to deliver
            finished = False
    missing = {b"%d" % n for n in range(4000)} - {m.value for m in await everything(broker, "out")}
    assert (finished and not missing) == (kind == REPAIRED), f"finished {finished}, missing {len(missing)}"


@both
async def test_an_exception_in_an_agent_acknowledges_nothing(place: Any, broker: Any, kind: str) -> None:
    """The failing message stays uncommitted and the process ends; stock goes on behind it."""
    app = an_app(place, kind, "on_task_error")
    await numbered(broker, 6)
    seen: list[bytes] = []

    async def fail_at_three(stream: Any) -> None:
        async for value in stream:
            seen.append(value)
            if value == b"3":
                raise ValueError("three")

    app.agent(app.topic(app.prefix + "in", key_type=bytes, value_type=bytes))(fail_at_three)
    async with running(app) as deaths:
        await until_true(lambda: b"3" in seen and (deaths or b"5" in seen))
        await app.consumer.commit()
    assert bool(deaths) == (kind == REPAIRED)
    assert await committed(broker) == (0 if kind == REPAIRED else 6)


@both
async def test_a_batch_cancelled_midway_is_not_acknowledged(place: Any, broker: Any, kind: str) -> None:
    """A worker stopped without waiting leaves the batch in hand uncommitted; stock commits it."""
    app = an_app(place, kind, "ack", stream_wait_empty=False)
    await numbered(broker, 6)
    begun = asyncio.Event()

    async def never_done(stream: Any) -> None:
        async for _ in stream.take_events(10, within=0.01):
            begun.set()
            await asyncio.sleep(60)

    app.agent(app.topic(app.prefix + "in", key_type=bytes, value_type=bytes))(never_done)
    async with running(app):
        await asyncio.wait_for(begun.wait(), 10)
    assert (await committed(broker) == 0) == (kind == REPAIRED)


@both
async def test_a_failed_changelog_record_stops_the_commit(place: Any, broker: Any, kind: str) -> None:
    """A row too large for the log is never committed over; stock writes a warning and commits."""
    app = an_app(place, kind, "_commit_offsets")
    table = app.Table("seen", key_type=bytes, value_type=bytes)
    await numbered(broker, 3)
    written = asyncio.Event()

    async def too_large(stream: Any) -> None:
        async for events in stream.take_events(10, within=0.01):
            for event in events:
                with writing(event):
                    table[event.key] = b"x" * 1_100_000
            written.set()

    app.agent(app.topic(app.prefix + "in", key_type=bytes, value_type=bytes))(too_large)
    async with running(app) as deaths:
        await asyncio.wait_for(written.wait(), 10)
        await asyncio.sleep(0.1)
        await app.consumer.commit()
    assert ("1000000" in str(deaths)) == (kind == REPAIRED)
    assert await committed(broker) == (0 if kind == REPAIRED else 3)


@both
async def test_an_output_that_was_not_taken_stops_the_commit(
    sqlite_place: Any, broker: Any, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An output sent and not waited for, refused by a busy log, is never committed over; stock does."""
    await numbered(broker, 3)
    await broker.declare("out", 1)
    monkeypatch.setattr(schema, "BUSY_MS", 100)
    app = an_app(sqlite_place, kind, "_commit_offsets")
    blocker = sqlite3.connect(sqlite_place.folder / "log.db", isolation_level=None)
    sent = asyncio.Event()

    async def send_and_forget(stream: Any) -> None:
        async for events in stream.take_events(10, within=0.01):
            blocker.execute("BEGIN IMMEDIATE")
            for event in events:
                await app.producer.send("out", event.key, event.value, None, None, ())
            sent.set()
            await asyncio.sleep(0.3)
            blocker.execute("ROLLBACK")

    app.agent(app.topic(app.prefix + "in", key_type=bytes, value_type=bytes))(send_and_forget)
    async with running(app) as deaths:
        await asyncio.wait_for(sent.wait(), 10)
        await asyncio.sleep(0.6)
        await app.consumer.commit()
    blocker.close()
    assert bool(deaths) == (kind == REPAIRED)
    assert await committed(broker) == (0 if kind == REPAIRED else 3)
    assert await everything(broker, "out") == []


@both
async def test_an_output_that_a_cluster_refused_stops_the_commit(
    kafka_place: Any, broker: Any, kind: str
) -> None:
    """An output sent and not waited for, too large for its topic, is never committed over; stock does."""
    small = await small_topic(kafka_place)
    app = an_app(kafka_place, kind, "_commit_offsets")
    await numbered(broker, 3)
    heard = asyncio.Event()

    async def send_and_forget(stream: Any) -> None:
        async for events in stream.take_events(10, within=0.01):
            for event in events:
                sent = await app.producer.send(small, event.key, b"x" * 400_000, None, None, ())
                await asyncio.wait([sent])
                sent.exception()
            heard.set()

    app.agent(app.topic(app.prefix + "in", key_type=bytes, value_type=bytes))(send_and_forget)
    async with running(app) as deaths:
        await asyncio.wait_for(heard.wait(), 10)
        await asyncio.sleep(0.2)
        await app.consumer.commit()
    assert bool(deaths) == (kind == REPAIRED)
    assert (await committed(broker) == 0) == (kind == REPAIRED)
    assert await everything(broker, "small") == []


async def until_true(holds: Any) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110  a list of the test's own has no event
            await asyncio.sleep(0.01)

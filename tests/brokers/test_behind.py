"""A worker goes on where messages were dropped, and reads its tables from a compacted changelog."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest_asyncio
from faust.types import TP

from agents.brokers.log import Log
from agents.brokers.message import Outgoing
from agents.brokers.topic import TopicConfig
from tests.delivery.app import GROUP, add_stage, create_app

HOUR = 3_600.0
CHANGELOG = f"{GROUP}-seen-changelog"


@pytest_asyncio.fixture
async def log(tmp_path: Path) -> AsyncIterator[Log]:
    opened = Log(tmp_path / "log.db")
    await opened.declare("in", 1, TopicConfig("delete", HOUR))
    await opened.declare("out", 1)
    await opened.declare(CHANGELOG, 1, TopicConfig("compact"))
    yield opened
    await opened.close()


@asynccontextmanager
async def working(log: Log, state: str) -> AsyncIterator[Any]:
    """An app over the log that copies `in` to `out` and counts; its table."""
    app = create_app(f"sqlite:///{log.path}", f"sqlite:///{log.path.with_name(state)}", 1)
    seen = add_stage(app)
    await app.start()
    yield seen
    await app.stop()


async def until(log: Log, topic: str, end: int) -> list[bytes | None]:
    """The values of `topic` once its next offset is `end`."""
    async with asyncio.timeout(60):
        while (await log.ends(topic))[0] < end:
            await log.changed(log.version())
    return [m.value for m in await log.read(topic, 0, 0, 1_000)]


def numbered(*numbers: int) -> list[Outgoing]:
    return [Outgoing("in", b"k%d" % (n % 3), b"%d" % n) for n in numbers]


async def test_a_worker_behind_the_oldest_message_goes_on_there(log: Log) -> None:
    """What it had committed lies before the oldest message left: it reads that one next."""
    await log.publish(numbered(0, 1))
    async with working(log, "state.db"):
        await until(log, "out", 2)
    await log.publish(numbered(2, 3))
    await log.tidy(time.time() + 2 * HOUR)
    await log.publish(numbered(4))
    async with working(log, "state.db"):
        assert await until(log, "out", 3) == [b"0", b"1", b"4"]
    assert await log.committed(GROUP) == {("in", 0): 5}


async def test_a_worker_before_an_empty_partition_waits_for_what_comes(log: Log) -> None:
    """When all that it had not read is dropped, before it starts or since, the next message reaches it."""
    await log.publish(numbered(0, 1))
    await log.tidy(time.time() + 2 * HOUR)
    async with working(log, "state.db") as seen:
        await log.publish(numbered(2))
        assert await until(log, "out", 1) == [b"2"]
        await log.tidy(time.time() + 2 * HOUR)
        place = TP("in", 0)
        await seen.app.consumer.seek(place, 1)
        assert await seen.app.consumer._getmany({place}, 0) == {}
        assert await seen.app.consumer.position(place) == 3
        await log.publish(numbered(3))
        assert await until(log, "out", 2) == [b"2", b"3"]


async def test_a_table_is_read_from_a_compacted_changelog(log: Log) -> None:
    """A worker without its state file has the same rows, and counts on from them."""
    for round_ in range(5):
        await log.publish(numbered(*range(round_ * 3, round_ * 3 + 3)))
        async with working(log, "state.db"):
            await until(log, "out", round_ * 3 + 3)
    dropped = await log.tidy(time.time() + 120)
    assert dropped.superseded == 12  # of 15 rows
    await log.publish(numbered(15, 16, 17))
    async with working(log, "other.db") as seen:
        await until(log, "out", 18)
        async with asyncio.timeout(60):
            while (await log.ends(CHANGELOG))[0] < 18:
                await log.changed(log.version())
        assert {orjson.loads(seen.data._get(b"k%d" % n))["n"] for n in range(3)} == {6}

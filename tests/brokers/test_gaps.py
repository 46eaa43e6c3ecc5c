"""Whoever reads a topic stands offsets that are gone, at its beginning and within."""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from agents.brokers.log import Log
from agents.brokers.message import Outgoing
from agents.brokers.schema import connect
from agents.drain import backlog
from agents.generations import first_since
from agents.polling.states import backwards
from agents.scan import scan, scan_partition


@pytest_asyncio.fixture
async def log(tmp_path: Path) -> AsyncIterator[Log]:
    """One partition with messages 0 to 99."""
    opened = Log(tmp_path / "log.db")
    await opened.declare("t", 1)
    await opened.publish([Outgoing("t", b"k", b"%d" % n) for n in range(100)])
    yield opened
    await opened.close()


def leave(log: Log, kept: Iterable[int]) -> None:
    """Take away every message but these; the end of the partition stays."""
    marks = ", ".join(map(str, kept))
    connection = connect(log.path)
    connection.execute(f"DELETE FROM message WHERE offset NOT IN ({marks})")
    connection.close()


@pytest.mark.parametrize("kept", [(7, 8, 50, 99), (0, 98), (99,), (3, 4), ()], ids=str)
async def test_reading_passes_over_gaps(log: Log, kept: tuple[int, ...]) -> None:
    """Forwards and backwards, with pages small and large, what is left is read once."""
    leave(log, kept)
    assert [m.offset async for m in scan(log, "t")] == list(kept)
    for page in (1, 3, 100):
        assert [m.offset async for m in backwards(log, "t", page=page)] == list(reversed(kept))


async def test_a_scan_ends_at_the_end_it_saw(log: Log) -> None:
    """Messages that come while it reads do not make up for those that are gone."""
    leave(log, (10, 20))
    found = []
    async for message in scan_partition(log, "t", 0, 0):
        found.append(message.offset)
        await log.publish([Outgoing("t", b"k", b"later")])
    assert found == [10, 20]


async def test_what_is_gone_waits_no_more(log: Log) -> None:
    """A group that never read, or stopped before the oldest message, has only what is left to read."""
    leave(log, range(90, 100))
    assert (await backlog(log, "g", ["t"])).waiting == {"t": 10}
    await log.commit("g", {("t", 0): 5})
    assert (await backlog(log, "g", ["t"])).waiting == {"t": 10}
    await log.commit("g", {("t", 0): 95})
    assert (await backlog(log, "g", ["t"])).waiting == {"t": 5}


async def test_a_time_is_found_between_gaps(log: Log) -> None:
    """The first message left that was sent at a time or later is at, or next after, the offset found."""
    connection = connect(log.path)
    connection.execute("UPDATE message SET time = offset * 1000")
    connection.close()
    leave(log, (5, 6, 40, 80))
    for second, wanted in ((0, 5), (5, 5), (6, 6), (7, 40), (40, 40), (41, 80)):
        found = await first_since(log, "t", 0, datetime.fromtimestamp(second, UTC))
        assert (await log.read("t", 0, found, 1))[0].offset == wanted
    assert await log.read("t", 0, await first_since(log, "t", 0, datetime.fromtimestamp(81, UTC)), 1) == []

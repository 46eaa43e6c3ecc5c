"""A topic with a retention loses its oldest messages; whoever stands behind goes on at the oldest left."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.brokers import tidying
from agents.brokers.broker import follow
from agents.brokers.log import Log
from agents.brokers.topic import TopicConfig
from tests.brokers.dated import START, append, kept, offsets

HOUR = 3_600.0
KEPT = TopicConfig("delete", HOUR)


@pytest_asyncio.fixture
async def log(tmp_path: Path) -> AsyncIterator[Log]:
    opened = Log(tmp_path / "log.db")
    await opened.declare("t", 1, KEPT)
    yield opened
    await opened.close()


async def test_what_is_older_is_dropped(log: Log) -> None:
    """To the message; keys do not matter, and offsets go on."""
    for minute in range(4):
        await append(log, "t", START + 60 * minute, (b"k", b"%d" % minute))
    assert (await log.tidy(START + HOUR)).expired == 0
    assert (await log.tidy(START + HOUR + 61)).expired == 2
    assert await kept(log) == [(2, b"k", b"2"), (3, b"k", b"3")]
    assert (await log.starts("t"), await log.ends("t")) == ({0: 2}, {0: 4})


async def test_an_empty_partition_goes_on_counting(log: Log) -> None:
    """When everything is dropped, the oldest offset is the next one, and it is what comes next."""
    await append(log, "t", START, (None, b"1"), (None, b"2"))
    await log.tidy(START + 2 * HOUR)
    assert await offsets(log) == []
    assert await log.starts("t") == await log.ends("t") == {0: 2}
    assert await append(log, "t", START + 2 * HOUR, (None, b"3")) == [2]
    assert await offsets(log) == [2]


async def test_only_the_oldest_are_dropped(log: Log) -> None:
    """A message dated long ago by a wrong clock drops nothing that stands before it, nor itself."""
    await append(log, "t", START, (None, b"1"))
    await append(log, "t", 0, (None, b"of 1970"))
    assert (await log.tidy(START + 60)).expired == 0
    assert (await log.tidy(START + HOUR + 1)).expired == 2


async def test_a_message_from_the_future_goes_with_what_came_after_it(log: Log) -> None:
    """A clock that was set back neither keeps the head for ever nor drops what may be young."""
    await append(log, "t", START + 10_000 * HOUR, (None, b"of the future"))
    assert (await log.tidy(START)).expired == 0
    await append(log, "t", START, (None, b"1"))
    await append(log, "t", START + 600, (None, b"2"))
    assert (await log.tidy(START + HOUR)).expired == 0
    assert (await log.tidy(START + HOUR + 1)).expired == 2
    assert await offsets(log) == [2]


async def test_followers_before_the_oldest_go_on_there(log: Log) -> None:
    """From the beginning means from the oldest message that is left."""
    await append(log, "t", START, (None, b"1"))
    await append(log, "t", START + HOUR, (None, b"2"))
    await log.tidy(START + HOUR + 1)
    follower = follow(log, "t", {})
    assert (await anext(follower)).value == b"2"
    await follower.aclose()


async def test_a_committed_offset_before_the_oldest_stays_as_it_was(log: Log) -> None:
    """It is the group's own; reading from it gives the oldest message left."""
    await append(log, "t", START, (None, b"1"), (None, b"2"), (None, b"3"))
    await append(log, "t", START + HOUR, (None, b"4"))
    await log.commit("g", {("t", 0): 1})
    await log.tidy(START + HOUR + 1)
    assert await log.committed("g") == {("t", 0): 1}
    assert [m.offset for m in await log.read("t", 0, 1, 10)] == [3]


async def test_a_full_log_makes_room(tmp_path: Path) -> None:
    """Retention goes first, and needs no new page: a file at its bound takes messages again."""
    log = Log(tmp_path / "log.db", max_bytes=800_000)
    await log.declare("t", 1, KEPT)
    now = START
    for _ in range(20):
        await append(log, "t", now, *((None, bytes(4_000)) for _ in range(100)))
        now += 2 * HOUR
        await log.tidy(now)
    assert await log.ends("t") == {0: 2_000}  # 8 MB went through it
    await log.close()


@settings(max_examples=40)
@given(
    st.lists(st.one_of(st.integers(0, 4_000), st.just("tidy")), max_size=50),
    st.integers(1, 4),
)
def test_what_is_left_is_the_end_of_what_was_sent(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int | str], rows: int
) -> None:
    """Whenever it is tidied: all that is within the retention, and nothing older, without a gap."""

    async def run(path: Path) -> None:
        log, now = Log(path), START
        await log.declare("t", 1, KEPT)
        times: list[float] = []
        for step in steps:
            if isinstance(step, int):
                now += step
                times.append(now)
                await append(log, "t", now, (b"k", b"v"))
            else:
                await log.tidy(now)
        await log.tidy(now)
        assert await offsets(log) == [n for n, at in enumerate(times) if at >= now - HOUR]
        assert await log.ends("t") == {0: len(times)}
        await log.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tidying, "ROWS", rows)
        asyncio.run(run(tmp_path_factory.mktemp("kept") / "log.db"))

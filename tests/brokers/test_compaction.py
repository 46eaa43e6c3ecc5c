"""A compacted topic keeps the last message of each key, and everybody reads on over the gaps."""

import asyncio
import sqlite3
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
from tests.brokers.dated import START, append, folded, kept, offsets, size, values

COMPACT = TopicConfig("compact")
MINUTE, DAY = 60.0, 86_400.0
LATER = START + MINUTE + 1
"""When what was sent at START is no longer young."""


@pytest_asyncio.fixture
async def log(tmp_path: Path) -> AsyncIterator[Log]:
    opened = Log(tmp_path / "log.db")
    await opened.declare("t", 1, COMPACT)
    yield opened
    await opened.close()


async def test_the_last_message_of_each_key_is_kept_at_its_offset(log: Log) -> None:
    """Superseded messages are gone, the others stand where they stood, and the next offset goes on."""
    await append(log, "t", START, (b"a", b"1"), (b"b", b"1"), (b"a", b"2"), (b"c", b"1"), (b"b", b"2"))
    dropped = await log.tidy(LATER)
    assert await kept(log) == [(2, b"a", b"2"), (3, b"c", b"1"), (4, b"b", b"2")]
    assert (dropped.superseded, dropped.deletions, dropped.expired) == (2, 0, 0)
    assert (await log.starts("t"), await log.ends("t")) == ({0: 2}, {0: 5})
    assert await append(log, "t", LATER, (b"d", b"1")) == [5]


async def test_a_later_round_finds_what_an_earlier_one_kept(log: Log) -> None:
    """A message is superseded by one that came rounds later, and rounds with nothing new change nothing."""
    await append(log, "t", START, (b"a", b"1"), (b"b", b"1"))
    assert (await log.tidy(LATER)).superseded == 0
    await append(log, "t", LATER, (b"a", b"2"))
    assert (await log.tidy(LATER + MINUTE + 1)).superseded == 1
    assert (await log.tidy(LATER + MINUTE + 1)).superseded == 0
    assert await offsets(log) == [1, 2]


async def test_nothing_young_is_touched(log: Log) -> None:
    """A message younger than a minute neither supersedes nor is superseded."""
    await append(log, "t", START, (b"a", b"1"))
    await append(log, "t", START + 30, (b"a", b"2"), (b"b", b"1"), (b"b", b"2"))
    assert (await log.tidy(LATER)).superseded == 0
    assert (await log.tidy(LATER + 30)).superseded == 2
    assert await offsets(log) == [1, 3]


async def test_a_message_from_the_future_holds_up_nothing(log: Log) -> None:
    """After a clock was set back, what came before and behind is compacted all the same."""
    await append(log, "t", START, (b"a", b"1"))
    await append(log, "t", START + 900 * DAY, (b"a", b"2"), (b"b", None))
    await append(log, "t", START, (b"a", b"3"))
    assert (await log.tidy(LATER)).superseded == 2
    assert await offsets(log) == [2, 3]
    assert (await log.tidy(LATER + DAY + 1)).deletions == 1


async def test_messages_without_a_key_are_kept(log: Log) -> None:
    """Nothing supersedes them."""
    await append(log, "t", START, (None, b"1"), (None, b"2"), (b"a", b"1"), (b"a", b"2"))
    await log.tidy(LATER)
    assert await offsets(log) == [0, 1, 3]


async def test_a_deletion_is_dropped_a_day_after_it_was_sent(log: Log) -> None:
    """It supersedes at once, stands for a day, and is gone then; the key may come back."""
    await append(log, "t", START, (b"a", b"1"), (b"a", None), (b"b", b"1"))
    await log.tidy(LATER)
    assert await kept(log) == [(1, b"a", None), (2, b"b", b"1")]
    assert (await log.tidy(START + DAY)).deletions == 0
    assert (await log.tidy(START + DAY + 1)).deletions == 1
    assert await offsets(log) == [2]
    await append(log, "t", START + DAY, (b"a", b"2"))
    await log.tidy(START + 3 * DAY)
    assert await kept(log) == [(2, b"b", b"1"), (3, b"a", b"2")]


async def test_a_value_after_a_deletion_stays(log: Log) -> None:
    """A key that was set again within the day of its deletion is kept after it."""
    await append(log, "t", START, (b"a", None))
    await append(log, "t", START + 10, (b"a", b"2"))
    dropped = await log.tidy(START + 2 * DAY)
    assert (dropped.superseded, dropped.deletions) == (1, 0)
    assert await offsets(log) == [1]


async def test_the_last_message_of_a_partition_stays(log: Log) -> None:
    """Even an old deletion, until another message came: readers of changelogs wait for it."""
    await append(log, "t", START, (b"a", b"1"), (b"a", None))
    await log.tidy(START + 9 * DAY)
    assert await offsets(log) == [1]
    await append(log, "t", START + 9 * DAY, (b"b", b"1"))
    await log.tidy(START + 9 * DAY + 1)
    assert await offsets(log) == [2]


async def test_partitions_and_topics_are_told_apart(log: Log) -> None:
    """The same key elsewhere supersedes nothing; a topic that keeps everything keeps everything."""
    await log.declare("u", 1, COMPACT)
    await log.declare("all", 1)
    for topic in ("t", "u", "all"):
        await append(log, topic, START, (b"a", b"1"))
    await append(log, "all", START, (b"a", b"2"))
    await log.tidy(START + 900 * DAY)
    assert [await offsets(log, topic) for topic in ("t", "u", "all")] == [[0], [0], [0, 1]]


async def test_readers_in_the_midst_go_on(log: Log) -> None:
    """A follower and a page by page reader that stood before the gap read what is left behind it."""
    await append(log, "t", START, *((b"k%d" % (n % 3), b"%d" % n) for n in range(30)))
    follower = follow(log, "t", {}, limit=1)
    assert [(await anext(follower)).offset for _ in range(4)] == [0, 1, 2, 3]
    await log.tidy(LATER)
    assert [(await anext(follower)).offset for _ in range(3)] == [27, 28, 29]
    assert values(await log.read("t", 0, 4, 1)) == [b"27"]
    waiting = asyncio.ensure_future(anext(follower))
    await append(log, "t", LATER, (b"new", b"30"))
    assert (await asyncio.wait_for(waiting, 5)).offset == 30
    await follower.aclose()


async def test_an_outsider_follows_over_the_gaps(log: Log, tmp_path: Path) -> None:
    """The query of the documents, by plain sqlite3, goes on behind the last offset it saw."""
    await append(log, "t", START, *((b"k", b"%d" % n) for n in range(10)))
    outsider = sqlite3.connect(f"file:{tmp_path / 'log.db'}?mode=ro", uri=True)
    sql = (
        "SELECT offset FROM messages WHERE topic = 't' AND partition = 0 AND offset >= ?"
        " ORDER BY offset LIMIT 4"
    )
    assert outsider.execute(sql, (0,)).fetchall() == [(0,), (1,), (2,), (3,)]
    await log.tidy(LATER)
    assert outsider.execute(sql, (4,)).fetchall() == [(9,)]
    outsider.close()


async def test_appends_go_on_between_the_steps(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """A round of many transactions does not keep an append waiting until it is over."""
    monkeypatch.setattr(tidying, "HOLD", 0.0)  # one batch for each
    monkeypatch.setattr(tidying, "ROWS", 10)
    await append(log, "t", START, *((b"k", b"%d" % n) for n in range(2_000)))
    round_ = asyncio.create_task(log.tidy(LATER))
    await asyncio.sleep(0)
    await append(log, "t", LATER, (b"other", b"x"))
    assert not round_.done()
    assert (await round_).superseded == 1_999
    assert await offsets(log) == [1_999, 2_000]


async def test_two_processes_may_tidy_at_once(log: Log, tmp_path: Path) -> None:
    """Each message is dropped once, whoever does it."""
    other = Log(tmp_path / "log.db")
    await append(log, "t", START, *((b"k%d" % (n % 7), b"%d" % n) for n in range(3_000)))
    dropped = await asyncio.gather(log.tidy(LATER), other.tidy(LATER))
    assert sum(one.superseded for one in dropped) == 2_993
    assert await offsets(log) == list(range(2_993, 3_000))
    await other.close()


async def test_what_is_free_is_used_again(log: Log, tmp_path: Path) -> None:
    """Ten keys written over and over fill no more pages after fifty rounds than after a few."""
    now, sizes = START, []
    for _ in range(50):
        await append(log, "t", now, *((b"k%d" % (n % 10), bytes(3_000)) for n in range(100)))
        now += MINUTE + 1
        await log.tidy(now)
        sizes.append(size(tmp_path / "log.db"))
    assert max(sizes[5:]) <= 1.2 * sizes[4]
    assert (tmp_path / "log.db").stat().st_size < 3_000_000  # 15 MB were sent


async def test_a_file_gives_back_much_free_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When most of it is free, a file becomes shorter; a part is kept for what comes."""
    monkeypatch.setattr(tidying, "FREE_PAGES", 50)
    log = Log(tmp_path / "log.db")
    await log.declare("t", 1, COMPACT)
    await append(log, "t", START, *((b"k", bytes(8_000)) for _ in range(1_000)))
    await log.tidy(LATER)
    with sqlite3.connect(tmp_path / "log.db") as connection:
        pages, free = (
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count")
        )
    await log.close()
    assert free <= max(50, pages // 4)
    assert pages < 200  # of 2,000


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from([b"a", b"b", b"c", b"d", None]),
            st.none() | st.integers(0, 99).map(lambda n: b"%d" % n),
        ),
        st.sampled_from([1.0, MINUTE + 1, DAY / 2, DAY + 1]),  # time goes by, and the log is tidied
    ),
    max_size=60,
)


@settings(max_examples=60)
@given(STEPS, st.integers(1, 5))
def test_folding_what_is_left_gives_what_folding_all_gives(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[bytes | None, bytes | None] | float],
    rows: int,
) -> None:
    """Whatever is appended and deleted, whenever it is tidied: the same last value for each key.

    And no more than that: at most one message for each key that is no longer young, each unkeyed one, in
    order, at its offset; the last message; the offsets of what comes.
    """

    async def run(path: Path) -> None:
        log, now = Log(path), START
        await log.declare("t", 1, COMPACT)
        sent: list[tuple[int, bytes | None, bytes | None]] = []
        for step in steps:
            if isinstance(step, float):
                now += step
                await log.tidy(now)
            else:
                (offset,) = await append(log, "t", now, step)
                sent.append((offset, *step))
        await log.tidy(now + MINUTE + 1)
        found = await kept(log)
        assert folded(found) == folded(sent)
        assert set(found) <= set(sent)
        assert found[-1:] == sent[-1:]
        assert [m for m in found if m[1] is None] == [m for m in sent if m[1] is None]
        keyed = [key for _, key, _ in found if key is not None]
        assert len(keyed) == len(set(keyed))
        assert await log.ends("t") == {0: len(sent)}
        assert await log.starts("t") == {0: found[0][0] if found else 0}
        await log.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tidying, "ROWS", rows)
        asyncio.run(run(tmp_path_factory.mktemp("fold") / "log.db"))

"""Copying a log to another: what comes along, where the worker goes on, and what is refused."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from agents.brokers.errors import PartitionsDiffer, Unusable
from agents.brokers.log import Log
from agents.brokers.message import Outgoing
from agents.copying.copy import runs
from agents.copying.ledger import refuse_half
from agents.copying.plan import plan, strangers
from agents.copying.refused import NotCopied
from tests.copying.made import (
    ARTICLES,
    ENTRIES,
    GROUP,
    POLLS,
    PREFIX,
    ROWS,
    SETTINGS,
    STORY_EVENTS,
    copied,
    drop,
    made,
    message,
    rows,
    unread,
    without_offsets,
)


@pytest_asyncio.fixture
async def source(tmp_path: Path) -> AsyncIterator[Log]:
    log = await made(tmp_path / "source.db")
    yield log
    await log.close()


@pytest_asyncio.fixture
async def target(tmp_path: Path) -> AsyncIterator[Log]:
    log = Log(tmp_path / "target.db")
    yield log
    await log.close()


def read_polls(found: tuple[object, ...]) -> bool:
    """A record of polls that the source's worker had read: it stays behind."""
    return found[:2] == (POLLS, 0) and int(str(found[2])) < 3


@pytest.mark.parametrize("batch", [1, 3, 500])
async def test_everything_comes_along(source: Log, target: Log, batch: int) -> None:
    """Keys, headers, values, times, order and partitions are the same; polls already read stay behind."""
    await copied(source, target, batch)
    wanted = [row for row in rows(source.path) if not read_polls(row)]
    assert without_offsets(rows(target.path)) == without_offsets(wanted)
    assert len(wanted) > 40


async def test_others_topics_stay(source: Log, target: Log) -> None:
    """What does not begin with our prefix is neither copied nor created."""
    await copied(source, target)
    assert "somebody.elses" not in await target.topics()


async def test_topics_are_declared_as_wanted(source: Log, target: Log) -> None:
    """Partitions are the source's, whatever the setting says; changelogs and states are compacted."""
    await copied(source, target)
    assert await target.partitions(ENTRIES) == 2 != SETTINGS.partitions
    assert (await target.describe(ROWS)).cleanup == "compact"
    assert (await target.describe(POLLS)).retention == 7 * 86_400


async def test_the_worker_goes_on(source: Log, target: Log) -> None:
    """What the group has not read in the source is what it has not read in the target."""
    _, done = await copied(source, target)
    places = await target.committed(GROUP)
    assert places == done.places
    assert set(places) == {(ENTRIES, 0), (ENTRIES, 1), (STORY_EVENTS, 0), (POLLS, 0)}
    assert places[POLLS, 0] == 0
    assert await unread(target, places) == await unread(source, await source.committed(GROUP))


@pytest.mark.parametrize("gone", [[0], [0, 1, 2], [1], [2], [3], [1, 2], [0, 1, 2, 3]])
@pytest.mark.parametrize("at", range(5))
async def test_the_worker_goes_on_across_gaps(source: Log, target: Log, gone: list[int], at: int) -> None:
    """Offsets shift where the source has gaps; the unread messages stay the same, also at a gap itself."""
    drop(source.path, ENTRIES, 0, gone)
    await source.commit(GROUP, {(ENTRIES, 0): at})
    await copied(source, target, 2)
    place = {(ENTRIES, 0): (await target.committed(GROUP))[ENTRIES, 0]}
    assert await unread(target, place) == await unread(source, {(ENTRIES, 0): at})
    assert without_offsets([row for row in rows(target.path) if row[0] == ENTRIES]) == without_offsets(
        [row for row in rows(source.path) if row[0] == ENTRIES]
    )


async def test_there_and_back(source: Log, target: Log, tmp_path: Path) -> None:
    """A copy of a copy is the same, and takes no record of the first copy along."""
    await copied(source, target)
    back = Log(tmp_path / "back.db")
    await copied(target, back)
    assert rows(back.path) == rows(target.path)
    assert await back.committed(GROUP) == await target.committed(GROUP)
    await back.close()


async def test_again_brings_what_is_new(source: Log, target: Log) -> None:
    """A source that went on is followed: only what is new is published, and the places move."""
    await copied(source, target)
    await source.publish([message(ENTRIES, n) for n in range(100, 106)])
    await source.commit(GROUP, {(ENTRIES, 0): 3, (ENTRIES, 1): 6})
    _, done = await copied(source, target)
    assert (done.messages, done.resumed) == ({ENTRIES: 6}, True)
    assert await unread(target, await target.committed(GROUP)) == await unread(
        source, await source.committed(GROUP)
    )


async def test_again_without_news_writes_nothing(source: Log, target: Log) -> None:
    """A copy that is whole stays as it is, its own records too."""
    await copied(source, target)
    before = await target.appended()
    await copied(source, target)
    assert await target.appended() == before


async def test_a_target_in_use_is_refused(source: Log, target: Log) -> None:
    """A target that holds messages of ours is left as it is; the error names where they are."""
    await target.declare(ARTICLES, 2)
    await target.publish([Outgoing(ARTICLES, b"k", b"v", partition=1)])
    with pytest.raises(NotCopied, match=r"holds messages already \(storywire.articles/1\)"):
        await copied(source, target)
    assert await target.topics() == [ARTICLES]


async def test_a_strange_topic_under_the_prefix_is_refused(source: Log, target: Log) -> None:
    """Messages on a topic that the source does not have are named too."""
    await target.declare(PREFIX + "events.golan", 1)
    await target.publish([Outgoing(PREFIX + "events.golan", b"k", b"v")])
    with pytest.raises(NotCopied, match=r"events\.golan"):
        await copied(source, target)


async def test_rows_of_another_generation_are_refused(source: Log, target: Log) -> None:
    """A changelog of ours is ours, whatever its generation."""
    strange = PREFIX + "worker-7-story-rows-changelog"
    await target.declare(strange, 1)
    await target.publish([Outgoing(strange, b"k", b"v")])
    with pytest.raises(NotCopied, match="worker-7-story-rows"):
        await copied(source, target)


async def test_an_installation_with_a_longer_prefix_is_no_hindrance(source: Log, target: Log) -> None:
    """What only begins like our names is another's: it is neither refused nor compared."""
    for name in ("articles", "worker-1-story-rows-changelog"):
        await target.declare(PREFIX + "b." + name, 1)
        await target.publish([Outgoing(PREFIX + "b." + name, b"k", b"v")])
    made, _ = await copied(source, target)
    assert await strangers(target, made) == []


async def test_declared_topics_are_no_hindrance(source: Log, target: Log) -> None:
    """Topics that were created before, and hold nothing, are taken."""
    await target.declare(ENTRIES, 2)
    await copied(source, target)
    assert sum((await target.ends(ENTRIES)).values()) == 8


async def test_another_number_of_partitions_is_refused(source: Log, target: Log) -> None:
    """Partitions are kept, so a topic that has others cannot be filled."""
    await target.declare(ENTRIES, 5)
    with pytest.raises(PartitionsDiffer, match="has 5 partitions"):
        await copied(source, target)


async def test_a_copy_of_another_source_is_refused(source: Log, target: Log, tmp_path: Path) -> None:
    """Two sources do not go into one target."""
    await copied(source, target)
    other = await made(tmp_path / "other.db")
    with pytest.raises(NotCopied, match="copy of another source"):
        await copied(other, target)
    await other.close()


async def test_a_target_that_went_on_is_refused(source: Log, target: Log) -> None:
    """Once a worker wrote to the target, the source has nothing to add to it."""
    await copied(source, target)
    await target.publish([message(ENTRIES, 200)])
    with pytest.raises(NotCopied, match=r"went on by itself.*storywire.entries/0"):
        await copied(source, target)


async def test_an_empty_source_is_refused(target: Log, tmp_path: Path) -> None:
    """A wrong prefix, or a log never used, is told before anything is written."""
    empty = Log(tmp_path / "empty.db")
    with pytest.raises(NotCopied, match=r"no topic that begins with 'storywire\.'"):
        await copied(empty, target)
    assert await target.topics() == []
    await empty.close()


async def test_no_worker_starts_on_half_a_copy(source: Log, target: Log) -> None:
    """A target is usable before a copy begins and after it is whole, and not in between."""
    await refuse_half(target, PREFIX)
    await target.declare(PREFIX + "copies", 1)
    await refuse_half(target, PREFIX)
    await target.publish([Outgoing(PREFIX + "copies", b"source", b'{"source":"x"}', partition=0)])
    with pytest.raises(Unusable, match="broken off"):
        await refuse_half(target, PREFIX)
    other = Log(target.path.with_name("whole.db"))
    await copied(source, other)
    await refuse_half(other, PREFIX)
    await other.close()


async def test_foreign_records_are_no_progress(source: Log, target: Log) -> None:
    """Something else on `copies` is named with its place, not guessed at."""
    await target.declare(PREFIX + "copies", 1)
    await target.publish([Outgoing(PREFIX + "copies", b"batch", b"{}", partition=0)])
    with pytest.raises(NotCopied, match=r"storywire.copies/0/0 is no record of a copy"):
        await copied(source, target)


async def test_runs_are_stretches_without_gaps(source: Log) -> None:
    """The offsets of a page are written as first offset and count."""
    drop(source.path, ARTICLES, 0, [1])
    page = await source.read(ARTICLES, 0, 0, 10)
    assert runs(page) == ((0, 1), (2, 2))


async def test_the_plan_has_the_changelogs_of_all_generations(source: Log) -> None:
    """Rows of earlier generations come along: they say what a story was then."""
    names = [topic.name for topic in (await plan(source, SETTINGS)).topics]
    assert ROWS in names and names == sorted(names)

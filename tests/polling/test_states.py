"""What is remembered of feeds, read from the end of the log."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from agents.brokers.log import Log
from agents.brokers.message import Outgoing
from agents.polling.states import backwards, latest_notes, latest_states, states_topic
from agents.scan import PAGE
from agents.topics import FEED_NOTES
from pipeline.codec import encode
from pipeline.poll.backoff import GONE_LONGEST, JITTER
from pipeline.poll.note import FeedNote, NoteKind
from pipeline.poll.policy import Policy
from pipeline.poll.state import Counts, FeedState

PREFIX = "t."
START = datetime(2024, 5, 4, tzinfo=UTC)
A, B, C = (f"https://{name}.example/feed" for name in "abc")


@pytest_asyncio.fixture
async def log(tmp_path: Path) -> AsyncIterator[Log]:
    opened = Log(tmp_path / "log.db")
    await opened.declare(states_topic(PREFIX), 4)
    await opened.declare(PREFIX + FEED_NOTES.name, 4)
    yield opened
    await opened.close()


def row(feed: str, polls: int) -> Outgoing:
    return Outgoing(states_topic(PREFIX), feed.encode(), encode(FeedState(feed, counts=Counts(polls=polls))))


async def test_the_last_state_of_each_feed_counts(log: Log) -> None:
    """Earlier rows of a feed are superseded; a feed never polled has no state, which is no shortcoming."""
    await log.publish([row(feed, polls) for polls in range(1, 6) for feed in (A, B)])
    found = await latest_states(log, PREFIX, [A, B, C])
    assert {feed: state.counts.polls for feed, state in found.found.items()} == {A: 5, B: 5}
    assert found.whole


async def test_the_search_ends_when_all_were_met(log: Log) -> None:
    """Feeds polled lately are found within their last records, however long the topic is."""
    await log.publish([row(A, polls) for polls in range(3_000)])
    found = await latest_states(log, PREFIX, [A], most=1)
    assert found.found[A].counts.polls == 2_999
    assert found.whole


async def test_a_search_that_ends_at_its_bound_says_so(log: Log) -> None:
    """Beyond the bound nothing is looked at, and the answer is not called whole."""
    rows = [row(B, 1), *(row(A, polls) for polls in range(50))]
    await log.publish([replace(each, partition=0) for each in rows])
    found = await latest_states(log, PREFIX, [A, B], most=10)
    assert not found.whole
    assert set(found.found) == {A}


async def test_a_row_of_another_version_says_nothing(log: Log) -> None:
    """What cannot be decoded, or was deleted, is as if the feed had never been polled."""
    topic = states_topic(PREFIX)
    await log.publish([row(A, 1), Outgoing(topic, A.encode(), b'{"shape": 9}'), row(B, 1)])
    await log.publish([Outgoing(topic, B.encode(), None)])
    assert (await latest_states(log, PREFIX, [A, B])).found == {}


async def test_without_a_topic_there_is_nothing(log: Log) -> None:
    """A log whose worker never polled."""
    assert (await latest_states(log, "other.", [A])).found == {}
    assert await latest_notes(log, "other.", 5) == []


async def test_backwards_gives_every_message_once(log: Log) -> None:
    """Pages smaller than the partitions: each message comes once, the newest of its partition first."""
    await log.publish([row(f"https://h{n}.example/f", n) for n in range(57)])
    found = [(m.partition, m.offset) async for m in backwards(log, states_topic(PREFIX), page=5)]
    assert len(found) == len(set(found)) == 57
    for partition in range(4):
        offsets = [offset for part, offset in found if part == partition]
        assert offsets == sorted(offsets, reverse=True)


async def test_the_search_ends_at_its_horizon(log: Log) -> None:
    """A partition ends with the page that reaches back far enough: old pages are not read for a feed that
    was never polled."""
    await log.publish([replace(row(A, polls), partition=0) for polls in range(50)])
    later = (await log.read(states_topic(PREFIX), 0, 49, 1))[0].time + 1
    found = [m.offset async for m in backwards(log, states_topic(PREFIX), since=later, page=10)]
    assert found == list(range(49, 39, -1))


async def test_a_feed_that_is_gone_is_found(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """A feed that answers 410 is asked once in a week and its jitter at last, and is shown as it is all the
    time, however many records others have left since."""
    with monkeypatch.context() as then:
        asked = time.time() - GONE_LONGEST * Policy().ceiling * (1 + JITTER)
        then.setattr("agents.brokers.log.time.time", lambda: asked)
        await log.publish([replace(row(B, 7), partition=0)])
        await log.publish([replace(row(A, polls), partition=0) for polls in range(PAGE)])
    await log.publish([replace(row(A, PAGE), partition=0)])
    found = await latest_states(log, PREFIX, [A, B])
    assert found.found[B].counts.polls == 7


async def test_the_latest_notes(log: Log) -> None:
    """The newest first, whatever partition they lie in, and no more than asked for."""
    notes = [
        FeedNote(feed, NoteKind.LOSS, START + timedelta(hours=n), None, f"note {n}")
        for n, feed in enumerate([A, B, C] * 4)
    ]
    await log.publish([Outgoing(PREFIX + FEED_NOTES.name, n.feed.encode(), encode(n)) for n in notes])
    found = await latest_notes(log, PREFIX, 5)
    assert [note.message for note in found] == [f"note {n}" for n in (11, 10, 9, 8, 7)]

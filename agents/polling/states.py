"""What the worker remembers of feeds, for commands beside it: read from the end of the log, page by page."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field

from agents.brokers.broker import Broker
from agents.brokers.message import Message
from agents.scan import PAGE
from agents.topics import FEED_NOTES, FEED_STATES
from pipeline.codec import CodecError, decode
from pipeline.poll.note import FeedNote
from pipeline.poll.state import FeedState

SPARSEST = 16
"""Times a page that one look may span where compaction left little of it."""

MOST = 400_000
"""Records that are looked at: two months of 200 feeds, a few seconds. Each poll of a feed leaves one."""


HORIZON = 10 * 86_400_000
"""Milliseconds before the newest record beyond which none is looked for: a worker asks each feed of its list
at least once a day, one that is gone at least every nine (a week and its jitter, in backoff), and one that
was stopped for longer asks all of them as soon as it runs again."""


@dataclass(frozen=True, slots=True)
class States:
    """States by feed. `whole` is False where the search ended at its bound with feeds not yet found."""

    found: dict[str, FeedState] = field(default_factory=dict)
    whole: bool = True


def states_topic(prefix: str) -> str:
    """Where the worker keeps the state of each feed."""
    return prefix + FEED_STATES.name


async def latest_states(broker: Broker, prefix: str, feeds: Iterable[str], most: int = MOST) -> States:
    """The last state of each of these feeds that is polled.

    A feed's newest record lies near the end, since each poll writes one: the reading goes backwards and
    ends when all feeds were met, at the beginning, at HORIZON, or after `most` records.
    """
    wanted = set(feeds)
    topic = states_topic(prefix)
    since = await _newest(broker, topic) - HORIZON
    found: dict[str, FeedState] = {}
    looked = 0
    async for message in backwards(broker, topic, since):
        if not wanted or looked == most:
            break
        looked += 1
        feed = (message.key or b"").decode("utf-8", "replace")
        if feed in wanted:
            wanted.discard(feed)
            state = _state(message.value)
            if state is not None:
                found[feed] = state
    return States(found, not wanted or looked < most)


async def latest_notes(broker: Broker, prefix: str, count: int) -> list[FeedNote]:
    """The last `count` notes, the newest first."""
    notes: list[FeedNote] = []
    topic = prefix + FEED_NOTES.name
    for partition, end in (await _ends(broker, topic)).items():
        for message in await _window(broker, topic, partition, max(0, end - count), end):
            note = _note(message.value)
            if note is not None:
                notes.append(note)
    notes.sort(key=lambda note: (note.at, note.feed, note.kind), reverse=True)
    return notes[:count]


async def backwards(broker: Broker, topic: str, since: int = 0, page: int = PAGE) -> AsyncIterator[Message]:
    """The messages of a topic, within each partition the newest first; the partitions page by page in turn.

    A partition ends with the page that reaches back to `since`, a time of sending in milliseconds. A topic
    that does not exist has no messages. Pages grow where little is left of what they span.
    """
    ends, starts = await _ends(broker, topic), await _starts(broker, topic)
    pages = dict.fromkeys(ends, page)
    while ends:
        for partition, end in list(ends.items()):
            start = max(starts[partition], end - pages[partition])
            found = await _window(broker, topic, partition, start, end)
            for message in reversed(found):
                yield message
            if start > starts[partition] and (not found or found[0].time >= since):
                ends[partition] = start
                pages[partition] = _next_page(pages[partition], len(found), page)
            else:
                del ends[partition]


def _next_page(span: int, found: int, page: int) -> int:
    """How many offsets to look at next: more where compaction left little, never so many that a dense
    stretch behind it would not fit."""
    return min(2 * span, SPARSEST * page) if 2 * found < page else page


async def _newest(broker: Broker, topic: str) -> int:
    """When the last message of a topic was sent, in milliseconds; 0 for none."""
    ends = await _ends(broker, topic)
    last = [await broker.read(topic, partition, end - 1, 1) for partition, end in ends.items()]
    return max((message.time for found in last for message in found), default=0)


async def _window(broker: Broker, topic: str, partition: int, start: int, end: int) -> list[Message]:
    """The messages from `start` up to `end`; one read gives no more bytes than are good for it."""
    found: list[Message] = []
    while start < end and (more := await broker.read(topic, partition, start, end - start)):
        found += more
        start = more[-1].offset + 1
    return [message for message in found if message.offset < end]


async def _ends(broker: Broker, topic: str) -> dict[int, int]:
    """The ends of partitions that hold something."""
    if topic not in await broker.topics():
        return {}
    starts = await broker.starts(topic)
    return {part: end for part, end in (await broker.ends(topic)).items() if end > starts[part]}


async def _starts(broker: Broker, topic: str) -> dict[int, int]:
    return await broker.starts(topic) if topic in await broker.topics() else {}


def _state(value: bytes | None) -> FeedState | None:
    """A row of another version says nothing to this one; the feed is polled anew."""
    try:
        return decode(FeedState, value) if value else None
    except CodecError:
        return None


def _note(value: bytes | None) -> FeedNote | None:
    try:
        return decode(FeedNote, value) if value else None
    except CodecError:
        return None

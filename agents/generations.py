"""Generations: a rebuild starts the worker's groups and tables anew, and everything says which one it is of.

The log's `generations` topic holds one record per generation; the first is written at the first start.
The worker's consumer group and its tables carry the number in their names, so that a new generation
reads `entries` from where it should and shares no row with the one before.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from agents.brokers.broker import Broker, Remote
from agents.brokers.errors import Unusable
from agents.brokers.message import Message, Outgoing, TopicPartition
from agents.envelope import attribute, knowledge_of
from agents.scan import scan
from agents.topics import ENTRIES, FEED_POLLS, GENERATIONS, STORIES, STORY_EVENTS
from pipeline.codec import CodecError, decode, encode
from pipeline.dates import Utc
from pipeline.rule_parts import rule_parts
from pipeline.rules import Rules

FIRST = 1


@dataclass(frozen=True, slots=True)
class Generation:
    """The current generation; `rules` holds digests of the configuration's parts that it was begun under.

    `versions` holds each story's last version before it, so that cursors only grow.
    """

    number: int = FIRST
    rules: dict[str, str] = field(default_factory=dict)
    entries_since: Utc | None = None
    versions: dict[str, int] = field(default_factory=dict)


def group(prefix: str, generation: Generation) -> str:
    """The consumer group of the worker, which is also the id of its Faust app."""
    return f"{prefix}worker-{generation.number}"


async def current(broker: Broker, prefix: str) -> Generation:
    """The generation that the log is in."""
    return (await history(broker, prefix))[-1]


async def history(broker: Broker, prefix: str) -> list[Generation]:
    """All generations of the log, the current one last; a log never used is in the first."""
    records = [message async for message in scan(broker, prefix + GENERATIONS.name)]
    return [_generation(message) for message in records] or [Generation()]


def _generation(message: Message) -> Generation:
    try:
        return decode(Generation, message.value or b"")
    except CodecError as error:
        raise Unusable(
            f"{message.topic}/{message.partition}/{message.offset} is no generation's record ({error}): "
            "upgrade storywire; if somebody else wrote there, replay into another topic_prefix"
        ) from None


async def ensure(broker: Broker, prefix: str, rules: Rules) -> Generation:
    """The generation that the log is in; the first one begins here, under `rules`, where there is none."""
    found = await current(broker, prefix)
    if found.rules:
        return found
    return await _record(broker, prefix, Generation(FIRST, rule_parts(rules)))


async def begun(broker: Broker, prefix: str) -> int:
    """When the log began, in milliseconds since 1970: of topics that were deleted and made anew another."""
    return (await broker.read(prefix + GENERATIONS.name, 0, 0, 1))[0].time


async def begin(broker: Broker, prefix: str, rules: Rules, since: datetime | None) -> Generation:
    """Start a new generation: `entries` again from `since` (None: from the beginning), no old events.

    The caller holds the worker's lock. Offsets are committed before the record is written: a crash
    in between leaves offsets of a group that nobody has, and the next call commits them again.
    """
    before = await current(broker, prefix)
    versions = before.versions | await _story_versions(broker, prefix)
    after = Generation(before.number + 1, rule_parts(rules), since, dict(sorted(versions.items())))
    kept = await _polls_read(broker, prefix, group(prefix, before))
    await broker.commit(group(prefix, after), kept | await _starts(broker, prefix, since))
    return await _record(broker, prefix, after)


async def _record(broker: Broker, prefix: str, generation: Generation) -> Generation:
    topic = prefix + GENERATIONS.name
    await broker.declare(topic, 1)
    await broker.publish([Outgoing(topic=topic, key=None, value=encode(generation), partition=0)])
    return generation


async def _starts(broker: Broker, prefix: str, since: datetime | None) -> dict[tuple[str, int], int]:
    known = await broker.topics()
    starts: dict[tuple[str, int], int] = {}
    if prefix + STORY_EVENTS.name in known:
        ends = await broker.ends(prefix + STORY_EVENTS.name)
        starts |= {(prefix + STORY_EVENTS.name, part): end for part, end in ends.items()}
    if since is not None and prefix + ENTRIES.name in known:
        for part in await broker.ends(prefix + ENTRIES.name):
            starts[(prefix + ENTRIES.name, part)] = await first_since(
                broker, prefix + ENTRIES.name, part, since
            )
    return starts


async def first_since(broker: Broker, topic: str, partition: int, since: datetime) -> int:
    """The first offset of a partition whose send time is not before `since`; its end if there is none.

    Halving is right because send times grow with offsets, up to the clock's steps. Where messages are gone
    it may be the offset of one of them; the next that is there counts.
    """
    if isinstance(broker, Remote):
        return await broker.since(topic, partition, since)
    low, high = 0, (await broker.ends(topic))[partition]
    wanted = since.timestamp() * 1_000
    while low < high:
        middle = (low + high) // 2
        found = await broker.read(topic, partition, middle, 1)
        if found and found[0].time < wanted:
            low = found[0].offset + 1
        else:
            high = middle
    return low


async def _polls_read(broker: Broker, prefix: str, before: str) -> dict[TopicPartition, int]:
    """How far the records of polls were read: what is remembered of feeds is of no generation."""
    committed = await broker.committed(before)
    return {place: offset for place, offset in committed.items() if place[0] == prefix + FEED_POLLS.name}


async def _story_versions(broker: Broker, prefix: str) -> dict[str, int]:
    latest: dict[str, int] = {}
    async for message in scan(broker, prefix + STORIES.name):
        with suppress(ValueError):  # a foreign message has no version
            story = (message.key or b"").decode()
            known = knowledge_of(attribute(message.headers, "sequence"))
            latest[story] = max(latest.get(story, 0), known)
    return latest

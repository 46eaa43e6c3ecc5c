"""Copying: partition by partition, in order, batch by batch, from where an earlier copy was broken off."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from agents.brokers.broker import Broker
from agents.brokers.message import Message, Outgoing, TopicPartition
from agents.copying.ledger import Batch, Ledger
from agents.copying.plan import CopiedTopic, Plan, strangers
from agents.copying.refused import NotCopied

BATCH = 500
"""Messages per batch: two round trips for each, and a record of some hundred bytes."""

Progress = Callable[[str, int, int], None]
"""Topic, offsets done, offsets in all."""


@dataclass(slots=True)
class Copied:
    """Messages published by this run, by topic, and where the worker goes on in the target."""

    messages: dict[str, int] = field(default_factory=dict)
    places: dict[TopicPartition, int] = field(default_factory=dict)
    resumed: bool = False


async def copy(source: Broker, target: Broker, plan: Plan, progress: Progress, batch: int = BATCH) -> Copied:
    """Bring `target` to where `source` stands. Raises NotCopied before anything is written where it cannot.

    The caller holds both workers' locks. Broken off at any moment it may be called again, and goes on.
    """
    copying = Copying(source, target, plan, progress, batch)
    await copying.prepare()
    for topic in plan.topics:
        await copying.topic(topic)
    await copying.settle()
    return copying.copied


class Copying:
    """One run: `prepare`, then every `topic`, then `settle`."""

    def __init__(self, source: Broker, target: Broker, plan: Plan, progress: Progress, batch: int) -> None:
        self._source, self._target, self._plan = source, target, plan
        self._progress, self._batch = progress, batch
        self._ledger = Ledger(target, plan.prefix, frozenset(t.name for t in plan.topics if t.read))
        self._ends: dict[TopicPartition, int] = {}
        self.copied = Copied()

    async def prepare(self) -> None:
        """Refuse what would not end well; declare every topic."""
        self.copied.resumed = await self._ledger.read(self._plan.identity)
        await self._refuse_others()
        if not self.copied.resumed:
            await self._ledger.begin(self._plan.identity)
        for topic in self._plan.topics:
            await self._target.declare(topic.name, topic.partitions, topic.config)
            ends = await self._target.ends(topic.name)
            self._ends |= {(topic.name, partition): end for partition, end in ends.items()}

    async def _refuse_others(self) -> None:
        found = await strangers(self._target, self._plan)
        known = await self._target.topics()
        for topic in (topic.name for topic in self._plan.topics if topic.name in known):
            for partition, end in (await self._target.ends(topic)).items():
                low, high = self._ledger.expected((topic, partition))
                if not low <= end <= high:
                    found.append(f"{topic}/{partition}")
        if found:
            raise NotCopied(_foreign(found, self.copied.resumed))

    async def topic(self, topic: CopiedTopic) -> None:
        """What is not there yet of one topic."""
        ends = await self._source.ends(topic.name)
        total, before = sum(ends.values()), 0
        self._progress(topic.name, 0, total)
        for partition, end in sorted(ends.items()):
            async for at in self._partition(topic, partition, end):
                self._progress(topic.name, before + at, total)
            before += end
            self._progress(topic.name, before, total)

    async def _partition(self, topic: CopiedTopic, partition: int, end: int) -> AsyncIterator[int]:
        """Copies up to `end`; yields the offset reached after each batch."""
        place = (topic.name, partition)
        at = self._ledger.onward(place, self._ends[place])
        if at > end:
            raise NotCopied(f"{topic.name}/{partition} of the source ends at {end}, but {at} were copied: it "
                            "is another one by now; name an empty target")  # fmt: skip
        at = max(at, self._plan.start(topic, partition))
        while at < end:
            page = await self._source.read(topic.name, partition, at, min(self._batch, end - at))
            page = [message for message in page if message.offset < end]
            if not page:
                break
            await self._publish(place, page)
            at = page[-1].offset + 1
            yield at

    async def _publish(self, place: TopicPartition, page: Sequence[Message]) -> None:
        topic, partition = place
        first = self._ends[place]
        await self._ledger.announce(Batch(topic, partition, first, runs(page)))
        offsets = await self._target.publish([_again(message) for message in page])
        self._ends[place] = first + len(page)
        if offsets != list(range(first, first + len(page))):
            raise NotCopied(f"somebody else writes to {topic}/{partition} of the target: stop it, then copy "
                            "into an empty target")  # fmt: skip
        self.copied.messages[topic] = self.copied.messages.get(topic, 0) + len(page)

    async def settle(self) -> None:
        """Set where the worker goes on, then say that the copy is whole."""
        for place, offset in self._plan.places.items():
            if place in self._ends:
                self.copied.places[place] = self._ledger.place(place, offset, self._ends[place])
        if self.copied.places:
            await self._target.commit(self._plan.group, self.copied.places)
        await self._ledger.complete()


def runs(page: Sequence[Message]) -> tuple[tuple[int, int], ...]:
    """The offsets of a page as (first, count) of each stretch without gaps."""
    breaks = [n + 1 for n, (one, other) in enumerate(pairwise(page)) if other.offset != one.offset + 1]
    bounds = pairwise((0, *breaks, len(page)))
    return tuple((page[start].offset, stop - start) for start, stop in bounds)


def _again(message: Message) -> Outgoing:
    return Outgoing(
        message.topic, message.key, message.value, message.headers, message.partition, message.time
    )


def _foreign(found: Sequence[str], resumed: bool) -> str:
    named = ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")
    if resumed:
        return (f"the target went on by itself since it was copied ({named} hold messages that no copy "
                "brought): name an empty target")  # fmt: skip
    return f"the target holds messages already ({named}): name an empty one, or another topic_prefix"

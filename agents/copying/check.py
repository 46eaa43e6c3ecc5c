"""Proof that two brokers hold the same: digests over every message in order, and what they add up to.

Of a compacted topic only the last message of each key counts, since either side may have dropped others,
and deletions. Of a topic with a retention what is past it, or will be within `SOON`, is left out. Offsets
are not compared: gaps may differ. Where the worker goes on is compared by what it has read and what not.
"""

import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from agents.brokers.broker import Broker
from agents.brokers.message import Message
from agents.copying.fingerprint import differing, fingerprint
from agents.copying.latest import Latest, Side
from agents.copying.plan import CopiedTopic, Plan, strangers
from agents.scan import scan_partition

SOON = 3_600.0
"""Seconds: longer than a check takes, so that no broker drops meanwhile what is compared."""

Progress = Callable[[str, int, int], None]
"""Topic, messages compared, offsets in all."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One partition, or its part that the worker has read or not. Digests are in hexadecimal.

    `difference` names the first message that is not the same; empty for none.
    """

    topic: str
    partition: int
    part: str
    messages: tuple[int, int]
    digests: tuple[str, str]
    difference: str = ""

    @property
    def same(self) -> bool:
        """Counts and digests agree."""
        return not self.difference


@dataclass(frozen=True, slots=True)
class Span:
    """Messages from `start` up to before `stop` (None: the end) of a partition."""

    broker: Broker
    topic: str
    partition: int
    start: int
    stop: int | None
    since: int

    async def messages(self) -> AsyncIterator[Message]:
        """Those not sent before `since`, in milliseconds since 1970."""
        async for message in scan_partition(self.broker, self.topic, self.partition, self.start):
            if self.stop is not None and message.offset >= self.stop:
                return
            if message.time >= self.since:
                yield message


class Check:
    """Compares `source` and `target` as they stand at `now`, in seconds since 1970; `folder` is scratch."""

    def __init__(
        self, source: Broker, target: Broker, plan: Plan, folder: Path, now: float, progress: Progress
    ) -> None:
        self._source, self._target, self._plan = source, target, plan
        self._folder, self._now, self._progress = folder, now, progress

    async def run(self) -> AsyncIterator[Compared]:
        """Every partition of every topic of the plan, then what only the target holds."""
        there = await self._target.committed(self._plan.group)
        known = await self._target.topics()
        for topic in self._plan.topics:
            total = sum((await self._source.ends(topic.name)).values())
            self._progress(topic.name, 0, total)
            if topic.name not in known or await self._target.partitions(topic.name) != topic.partitions:
                yield _absent(topic, "the target has no such topic of as many partitions")
                continue
            for partition in range(topic.partitions):
                place = (topic.name, partition)
                at = (self._plan.places.get(place, 0), there.get(place, 0))
                async for found in self._partition(topic, partition, at):
                    yield found
            self._progress(topic.name, total, total)
        for name in await strangers(self._target, self._plan):
            yield Compared(name, 0, "", (0, 0), ("", ""), f"{name}: only the target has messages there")

    async def _partition(
        self, topic: CopiedTopic, partition: int, at: tuple[int, int]
    ) -> AsyncIterator[Compared]:
        if topic.config.cleanup == "compact":
            yield await self._latest(topic, partition)
            return
        if topic.read and not topic.unread_only:
            yield await self._ordered(topic, partition, "read", (0, 0), at)
        if topic.read:
            yield await self._ordered(topic, partition, "waiting", at)
        else:
            yield await self._ordered(topic, partition, "", (0, 0))

    async def _ordered(
        self,
        topic: CopiedTopic,
        partition: int,
        part: str,
        starts: tuple[int, int],
        stops: tuple[int | None, int | None] = (None, None),
    ) -> Compared:
        since = self._since(topic)
        here = Span(self._source, topic.name, partition, starts[0], stops[0], since)
        there = Span(self._target, topic.name, partition, starts[1], stops[1], since)
        pair = Pair()
        async for one, other in pairs(here.messages(), there.messages()):
            pair.add(one, other)
        return Compared(topic.name, partition, part, pair.counts, pair.digests, pair.difference)

    async def _latest(self, topic: CopiedTopic, partition: int) -> Compared:
        sides: tuple[tuple[Side, Broker], ...] = (("source", self._source), ("target", self._target))
        with Latest(self._folder) as latest:
            for side, broker in sides:
                async for message in scan_partition(broker, topic.name, partition, 0):
                    latest.add(side, message)
            counts = (latest.count("source"), latest.count("target"))
            digests = (latest.digest("source").hex(), latest.digest("target").hex())
            found = latest.first_difference()
        said = "" if found is None else _of_key(topic.name, partition, *found)
        return Compared(topic.name, partition, "", counts, digests, said)

    def _since(self, topic: CopiedTopic) -> int:
        kept = topic.config.retention
        return -1 if kept is None else round((self._now - kept + SOON) * 1_000)


class Pair:
    """Counts and digests of two sides read side by side, and the first difference."""

    def __init__(self) -> None:
        self._counts = [0, 0]
        self._digests = (hashlib.sha256(), hashlib.sha256())
        self.difference = ""

    def add(self, one: Message | None, other: Message | None) -> None:
        """The next message of each side; None where a side has ended."""
        prints = [b"" if message is None else fingerprint(message) for message in (one, other)]
        for side, found in enumerate(prints):
            self._digests[side].update(found)
            self._counts[side] += bool(found)
        if not self.difference and prints[0] != prints[1]:
            self.difference = _difference(one, other)

    @property
    def counts(self) -> tuple[int, int]:
        """Messages on each side."""
        return self._counts[0], self._counts[1]

    @property
    def digests(self) -> tuple[str, str]:
        """Of each side, in hexadecimal."""
        return self._digests[0].hexdigest(), self._digests[1].hexdigest()


async def pairs(
    here: AsyncIterator[Message], there: AsyncIterator[Message]
) -> AsyncIterator[tuple[Message | None, Message | None]]:
    """The messages of both sides, one by one, until both have ended."""
    while True:
        one, other = await anext(here, None), await anext(there, None)
        if one is None and other is None:
            return
        yield one, other


def _difference(one: Message | None, other: Message | None) -> str:
    if one is not None and other is not None:
        return f"{_where(one)} in the source, offset {other.offset} in the target: {differing(one, other)}"
    if one is not None:
        return f"{_where(one)} in the source: not in the target"
    return "" if other is None else f"{_where(other)} in the target: not in the source"


def _where(message: Message) -> str:
    return f"{message.topic}/{message.partition}/{message.offset}"


def _of_key(topic: str, partition: int, key: bytes, here: int | None, there: int | None) -> str:
    where = f"{topic}/{partition}, last message of key {key.decode('utf-8', 'backslashreplace'):.200}"
    here_at, there_at = ("nothing" if offset is None else f"offset {offset}" for offset in (here, there))
    return f"{where}: {here_at} in the source, {there_at} in the target"


def _absent(topic: CopiedTopic, why: str) -> Compared:
    return Compared(topic.name, 0, "", (0, 0), ("", ""), f"{topic.name}: {why}")

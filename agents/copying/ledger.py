"""How far a copy has come, kept on the target's own topic `copies`, so that a copy can be gone on with.

Before a batch is published, a record says which messages of the source it holds and at which offset of the
target the first of them will lie. So after a kill at any moment the target's end alone says which of them
arrived, whatever retention or compaction removed meanwhile on either side. The same records say at which
offset of the target a message of the source lies.
"""

from bisect import bisect_right
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from agents.brokers.broker import Broker
from agents.brokers.errors import Unusable
from agents.brokers.message import Outgoing, TopicPartition
from agents.copying.refused import NotCopied
from agents.scan import scan
from agents.topics import COPIES
from pipeline.codec import CodecError, decode, encode

SOURCE, BATCH, WHOLE = b"source", b"batch", b"whole"


@dataclass(frozen=True, slots=True)
class Begun:
    """The first record: whose copy the target is."""

    source: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages of one partition. `runs` are (first offset, count) in the source, without gaps within each;
    in the target all lie side by side from `target` on."""

    topic: str
    partition: int
    target: int
    runs: tuple[tuple[int, int], ...]

    @property
    def end(self) -> int:
        """The target's end once all of it is there."""
        return self.target + sum(count for _, count in self.runs)

    def after(self, arrived: int) -> int:
        """The offset of the source at which to go on when so many of the batch are there."""
        for first, count in self.runs:
            if arrived < count:
                return first + arrived
            arrived -= count
        return sum(self.runs[-1])


@dataclass(frozen=True, slots=True)
class Stretch:
    """`count` messages that lie side by side on both sides."""

    source: int
    target: int
    count: int


class Ledger:
    """The records of one target. Memory grows with the gaps in the topics that the worker reads, and with
    nothing else."""

    def __init__(self, target: Broker, prefix: str, mapped: frozenset[str]) -> None:
        """mapped: full names of the topics for which `place` will be asked."""
        self._target = target
        self._topic = prefix + COPIES.name
        self._mapped = mapped
        self._last: dict[TopicPartition, Batch] = {}
        self._stretches: dict[TopicPartition, list[Stretch]] = {}
        self._whole = False

    async def read(self, source: str) -> bool:
        """Take in what is there; False for nothing. Raises NotCopied for a copy of another source."""
        begun = ""
        async for kind, value in records(self._target, self._topic):
            self._whole = kind == WHOLE
            if kind == SOURCE:
                begun = decode(Begun, value).source
            elif kind == BATCH:
                self._take(decode(Batch, value))
        if begun and begun != source:
            raise NotCopied(f"the target is a copy of another source ({begun}, not {source}): "
                            "name an empty target")  # fmt: skip
        return bool(begun)

    async def begin(self, source: str) -> None:
        """Say whose copy the target is."""
        await self._target.declare(self._topic, 1)
        await self._write(SOURCE, encode(Begun(source)))

    def expected(self, place: TopicPartition) -> tuple[int, int]:
        """Between which two offsets the target's end lies if nobody but the copy wrote to it."""
        batch = self._last.get(place)
        return (batch.target, batch.end) if batch else (0, 0)

    def onward(self, place: TopicPartition, end: int) -> int:
        """The offset of the source at which to go on, the target's end being `end`; 0 for the beginning."""
        batch = self._last.get(place)
        return batch.after(end - batch.target) if batch else 0

    async def announce(self, batch: Batch) -> None:
        """Durably say what is published next."""
        self._whole = False
        await self._write(BATCH, encode(batch))
        self._take(batch)

    async def complete(self) -> None:
        """Say that everything is there, and where the worker goes on; once."""
        if not self._whole:
            await self._write(WHOLE, b"{}")
            self._whole = True

    def place(self, place: TopicPartition, offset: int, end: int) -> int:
        """Where in the target, whose end is `end`, the first message lies that the source has at `offset` or
        behind it."""
        stretches = self._stretches.get(place, [])
        at = bisect_right(stretches, offset, key=lambda one: one.source + one.count)
        if at == len(stretches):
            return end
        return stretches[at].target + max(0, offset - stretches[at].source)

    def _take(self, batch: Batch) -> None:
        place = (batch.topic, batch.partition)
        self._last[place] = batch
        if batch.topic not in self._mapped:
            return
        kept = self._stretches.setdefault(place, [])
        _cut(kept, batch.target)
        for stretch in _stretches(batch):
            _join(kept, stretch)

    async def _write(self, kind: bytes, value: bytes) -> None:
        await self._target.publish([Outgoing(self._topic, kind, value, partition=0)])


def _stretches(batch: Batch) -> Iterator[Stretch]:
    target = batch.target
    for first, count in batch.runs:
        yield Stretch(first, target, count)
        target += count


def _cut(kept: list[Stretch], target: int) -> None:
    """Drop what was announced from `target` on: it never arrived."""
    while kept and kept[-1].target + kept[-1].count > target:
        last = kept.pop()
        if last.target < target:
            kept.append(Stretch(last.source, last.target, target - last.target))


def _join(kept: list[Stretch], stretch: Stretch) -> None:
    last = kept[-1] if kept else None
    if last and (last.source + last.count, last.target + last.count) == (stretch.source, stretch.target):
        kept[-1] = Stretch(last.source, last.target, last.count + stretch.count)
    else:
        kept.append(stretch)


async def records(broker: Broker, topic: str) -> AsyncIterator[tuple[bytes, bytes]]:
    """Kind and value of each record. Raises NotCopied for one that is none."""
    async for message in scan(broker, topic):
        kind, value = message.key or b"", message.value or b""
        try:
            decode({SOURCE: Begun, BATCH: Batch}.get(kind, dict), value)
        except CodecError as error:
            raise NotCopied(f"{topic}/0/{message.offset} is no record of a copy ({error}): "
                            "name an empty target") from None  # fmt: skip
        yield kind, value


async def refuse_half(broker: Broker, prefix: str) -> None:
    """Raise Unusable where `broker` holds a copy that was broken off: a worker would go on from nowhere."""
    topic = prefix + COPIES.name
    if topic not in await broker.topics():
        return
    end = (await broker.ends(topic))[0]
    last = await broker.read(topic, 0, end - 1, 1) if end else []
    if last and last[0].key != WHOLE:
        raise Unusable("a copy to this broker was broken off: `storywire copy` with the same FROM and TO "
                       "goes on with it, then the worker can start")  # fmt: skip

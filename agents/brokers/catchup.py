"""Bringing a table's rows up to date on an assignment, and putting right what a zombie left."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from agents.brokers.changelog import Changelog, Fence, Record, is_claim
from agents.brokers.statefile import StateFile

KEPT_SECONDS = 12 * 3600.0
"""A file not written for longer is begun anew: a deletion's record is dropped from a changelog after a day,
so a file that missed it would keep the row for ever."""


class Sender(Protocol):
    """What is used of a driver's producer."""

    lost: Any

    def send_row(
        self, topic: str, key: bytes, value: bytes | None, partition: int, durable: Callable[[int], None]
    ) -> None:
        """Write a record under the present claim; a failure is `lost`."""

    async def flush(self) -> None:
        """Wait until everything sent is durable or refused."""


@dataclass(slots=True)
class Part:
    """One partition while it is read.

    `ours` is the offset of our claim, `before` the highest number that stands before it; `given_up` if the
    group has us for a member no more. `stale` holds keys whose last record so far is of a worker that had
    lost the partition; from the first of these on the mark in the file stands still, until they are written
    again.
    """

    fence: Fence
    at: int
    ours: int
    before: int
    given_up: bool = False
    stale: set[bytes] = field(default_factory=set)
    stands: bool = False

    def take(self, records: Sequence[Record]) -> dict[bytes, bytes | None]:
        """The rows that these records make, in order."""
        rows: dict[bytes, bytes | None] = {}
        for record in records:
            if self.fence.admits(record):
                rows[record.key] = record.value
                self.stale.discard(record.key)
            elif not is_claim(record.key):
                self.stale.add(record.key)
            if record.offset < self.ours:
                self.before = self.fence.claim
        return rows


class CatchUp:
    """Of one table of one worker, into its state file."""

    def __init__(
        self, file: StateFile, table: str, topic: str, changelog: Changelog, producer: Sender
    ) -> None:
        self._file, self._table, self._topic = file, table, topic
        self._changelog, self._producer = changelog, producer
        self.remaining = 0
        """Offsets still to be read: that it falls is progress, however long all of it takes."""

    async def run(self, partitions: Sequence[int], generation: int) -> dict[int, int]:
        """Claim `partitions` and read all that came before; per partition the offset that our rows follow.

        Raises BrokerError.
        """
        parts: dict[int, Part] = {}
        lasts: dict[int, int] = {}
        numbers = dict.fromkeys(partitions, generation)
        while numbers:
            lasts |= await self._changelog.claim(self._topic, numbers)
            parts |= {partition: self._begin(partition, lasts[partition]) for partition in numbers}
            await self._read({p: parts[p] for p in numbers}, lasts)
            numbers = await self._outdone(numbers, parts)
        return await self._put_right(parts)

    def _begin(self, partition: int, last: int) -> Part:
        """Where the file goes on; from the start if it is too old, or knows more than there is."""
        mark = self._file.mark(self._topic, partition)
        if mark.offset > last or (mark.offset >= 0 and time.time() - mark.time > KEPT_SECONDS):
            self._file.drop_one(self._table, self._topic, partition)
            mark = self._file.mark(self._topic, partition)
        return Part(Fence(mark.claim), mark.offset + 1, last, mark.claim)

    async def _read(self, parts: Mapping[int, Part], lasts: Mapping[int, int]) -> None:
        behind = {p: part.at for p, part in parts.items() if part.at <= lasts[p]}
        if not behind:
            return
        ends = {p: lasts[p] for p in behind}
        self.remaining = sum(ends[p] + 1 - at for p, at in behind.items())
        async for partition, records in self._changelog.records(self._topic, behind, ends):
            self._apply(partition, parts[partition], records)

    def _apply(self, partition: int, part: Part, records: Sequence[Record]) -> None:
        rows = {key: (partition, value) for key, value in part.take(records).items()}
        after = records[-1].offset + 1
        self.remaining, part.at = max(0, self.remaining - (after - part.at)), after
        part.stands = part.stands or bool(part.stale)
        marks = {} if part.stands else {partition: part.at - 1}
        claims = {} if part.stands else {partition: part.fence.claim}
        self._file.write(self._table, rows, self._topic, marks, claims)

    async def _outdone(self, numbers: Mapping[int, int], parts: Mapping[int, Part]) -> dict[int, int]:
        """The partitions where our claim is not higher than all that stands before it, with the next number.

        A group's generations begin again when it was gone for long, and a worker may have been cut off
        between looking and claiming. One that is no member any more claims nothing higher, and what it
        writes counts for nobody: it is about to learn that these partitions are another's.
        """
        outdone = {
            p: parts[p] for p, n in numbers.items() if max(parts[p].before + 1, parts[p].fence.claim) > n
        }
        if outdone and not await self._changelog.is_ours():
            self._changelog.give_up(self._topic, outdone)
            for part in outdone.values():
                part.given_up = True
            return {}
        return {p: part.fence.claim + 1 for p, part in outdone.items()}

    async def _put_right(self, parts: Mapping[int, Part]) -> dict[int, int]:
        """Write again the rows that a late record would replace; only then the mark passes it."""
        durable = {p: self._followed(p, part) for p, part in parts.items()}
        wrong = {p: part for p, part in parts.items() if part.stands and not part.given_up}
        for partition, part in wrong.items():
            for key in sorted(part.stale):
                value = self._file.get(self._table, key)
                self._producer.send_row(self._topic, key, value, partition, _last(durable, partition))
        if wrong:
            await self._producer.flush()
            if self._producer.lost is not None:
                raise self._producer.lost
            claims = {p: part.fence.claim for p, part in wrong.items()}
            self._file.write(self._table, {}, self._topic, {p: durable[p] for p in wrong}, claims)
        return durable

    def _followed(self, partition: int, part: Part) -> int:
        """Where the mark goes on with our next row.

        Before our claim if it was given up: no row follows that, so that the mark never passes one which
        counts for nobody. Should the partition be ours again, such rows are read, and put right.
        """
        if part.given_up:
            return min(self._file.mark(self._topic, partition).offset, part.ours - 1)
        return max(part.ours, part.at - 1)


def _last(durable: dict[int, int], partition: int) -> Callable[[int], None]:
    def heard(offset: int) -> None:
        if offset == durable[partition] + 1:
            durable[partition] = offset

    return heard

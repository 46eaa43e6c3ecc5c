"""A table's changelog as its store reads it, and the claims that keep a worker's late records out of it.

Where partitions move between workers, one may be cut off and not know yet that it lost a partition; what
it still has to say then stands behind the records of the new owner. So every owner first writes a
*claim*, a record of a reserved key with a number: the generation of its group, or one more than the
highest claim where that is not higher. Each of its records names that number in a header. Whoever reads the
partition in order passes over records whose claim is lower than the highest seen so far (`Fence`).

A number has one owner: whoever finds, in what stands before its claim, one as high claims again (catchup.py).
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from typing import NamedTuple, Protocol

from agents.brokers.headers import Headers, decode_headers
from agents.brokers.log import Log
from agents.brokers.message import Message
from agents.brokers.reader import Stored

CLAIM_KEY = b"\x00claim"
"""No key of ours begins with a zero byte."""
CLAIM_HEADER = "claim"
NOBODY = 0
"""Lower than any claim: a group's first generation is 1."""

# Changelog records per transaction while catching up: about 20 ms, between which the loop is served.
CATCH_UP_ROWS = 1000


class Record(NamedTuple):
    """A changelog record; `claim` is the number it was written under, None where nobody claims."""

    offset: int
    key: bytes
    value: bytes | None
    claim: int | None = None


def is_claim(key: bytes | None) -> bool:
    """Whether a record of a changelog is a claim and no row: readers of changelogs skip it."""
    return key == CLAIM_KEY


def claim_value(number: int, worker: str) -> bytes:
    """What a claim record holds: its number and who made it."""
    return f"{number} {worker}".encode()


def claim_headers(number: int) -> Headers:
    """What each record written under a claim carries."""
    return ((CLAIM_HEADER, b"%d" % number),)


def claim_of(headers: Iterable[tuple[str, bytes | None]]) -> int | None:
    """The number of the claim that a record was written under."""
    found = [value for name, value in headers if name == CLAIM_HEADER]
    return _number(found[0]) if found else None


def _number(value: bytes | None) -> int | None:
    first = (value or b"").split(b" ")[0]
    return int(first) if first.isdigit() else None


class Fence:
    """Which records of one partition count, as they are read in order. `claim` is the highest seen.

    Rows raise it as well, since compaction drops a claim's record once a later claim is there.
    """

    def __init__(self, claim: int = -1) -> None:
        self.claim = claim

    def admits(self, record: Record) -> bool:
        """False for a claim, and for a record of a worker that had lost the partition."""
        if is_claim(record.key):
            self.claim = max(self.claim, -1 if (number := _number(record.value)) is None else number)
            return False
        if record.claim is None:
            return True
        counts = record.claim >= self.claim
        self.claim = max(self.claim, record.claim)
        return counts


class Fences:
    """For readers of a whole changelog: a fence for each partition, whose messages come in order."""

    def __init__(self) -> None:
        self._fences: dict[int, Fence] = {}

    def admits(self, message: Message) -> bool:
        """Whether the message is a row that counts."""
        return self._fences.setdefault(message.partition, Fence()).admits(record_of(message))


def record_of(message: Message) -> Record:
    """A message of a changelog as its record."""
    return Record(message.offset, message.key or b"", message.value, claim_of(message.headers))


class Changelog(Protocol):
    """The changelogs of one worker. `claim`, `records` and `is_ours` may raise BrokerError."""

    async def claim(self, topic: str, numbers: Mapping[int, int]) -> dict[int, int]:
        """Claim partitions, each with its number; per partition the offset of the last record there.

        What is written later is ours, or carries a lower claim, if nothing before is as high.
        """

    def give_up(self, topic: str, partitions: Iterable[int]) -> None:
        """From now on no record of ours counts there: the claims were another's before."""

    def records(
        self, topic: str, starts: Mapping[int, int], lasts: Mapping[int, int]
    ) -> AsyncIterator[tuple[int, list[Record]]]:
        """(partition, records in order) from `starts` on, to `lasts` or somewhat further."""

    async def is_ours(self) -> bool:
        """Whether this worker is a member of its group at this moment, by the broker's word."""

    def disturbed(self) -> None:
        """Somebody else wrote into a partition of ours: have all partitions assigned anew soon."""


class LogChangelog:
    """In the embedded log, which has one worker by its lock, so that nobody has to claim anything."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def claim(self, topic: str, numbers: Mapping[int, int]) -> dict[int, int]:
        ends = self._log.all_ends()
        return {partition: ends.get((topic, partition), 0) - 1 for partition in numbers}

    def give_up(self, topic: str, partitions: Iterable[int]) -> None:
        """The lock sees to it that there is nobody else."""

    async def records(
        self, topic: str, starts: Mapping[int, int], lasts: Mapping[int, int]
    ) -> AsyncIterator[tuple[int, list[Record]]]:
        for partition, last in lasts.items():
            at = starts[partition]
            while at <= last and (found := self._log.stored(topic, partition, at, CATCH_UP_ROWS)):
                yield partition, [_record(row) for row in found]
                at = found[-1][0] + 1

    async def is_ours(self) -> bool:
        return True

    def disturbed(self) -> None:
        """The lock sees to it that nobody does."""


def _record(row: Stored) -> Record:
    offset, _, key, headers, value = row
    return Record(offset, key or b"", value, claim_of(decode_headers(headers)) if headers else None)

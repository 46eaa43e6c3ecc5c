"""Sends what a replay found to `entries`, in the order in which the world saw it."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from agents.brokers.broker import Broker
from agents.brokers.errors import NeverError
from agents.brokers.message import Outgoing
from agents.dead_letters import LONGEST_VALUE, REPLAY, DeadLetter, outgoing, rejected
from agents.prepare import Prepared, Refused, prepare
from agents.replay.documents import find
from agents.replay.entries import Snapshots
from agents.replay.read import Snapshot, item_of, read
from agents.replay.spool import Item, Spool
from agents.topics import ENTRIES
from pipeline.article.publisher import Publishers
from pipeline.feed.entry import Entry
from pipeline.outcome import Reason, Rejected
from pipeline.rules import Rules

NAMED = 10
"""Refusals that are told one by one; of all there are counts, and dead letters."""
BATCH = 500
"""Messages per append: one disk flush each, and a bound on what is in memory."""


class Progress(Protocol):
    """Hears how far a replay is; counts of items read and sent."""

    def reading(self, items: int) -> None:
        """So many items of the files have been read."""

    def sending(self, sent: int, total: int) -> None:
        """So many of all items have been sent."""


@dataclass(slots=True)
class Report:
    """What became of a replay's input; `first` tells the first refusals in words."""

    sent: int = 0
    refused: Counter[Reason] = field(default_factory=Counter)
    first: list[str] = field(default_factory=list)
    unreadable: int = 0


async def send(
    paths: Sequence[Path], broker: Broker, prefix: str, rules: Rules, progress: Progress
) -> Report:
    """Send every entry of the documents below `paths`; what is refused becomes a dead letter.

    The topics exist. Sending again is harmless: an entry that is known already changes nothing.
    """
    report = Report()
    with tempfile.TemporaryDirectory(prefix="storywire-") as folder:
        spool = Spool(Path(folder) / "spool")
        try:
            await _collect(paths, spool, _Sender(broker, prefix, rules.publishers, report), progress)
            await _send(spool, _Sender(broker, prefix, rules.publishers, report), progress)
        finally:
            spool.close()
    return report


async def _collect(paths: Sequence[Path], spool: Spool, sender: "_Sender", progress: Progress) -> None:
    count = 0
    for found in _items(paths, sender.publishers):
        if isinstance(found, Refused):
            await sender.refuse(found)
        else:
            spool.add(found)
        count += 1
        if count % BATCH == 0:
            progress.reading(count)
            await asyncio.sleep(0)  # a worker may run in the same loop
    progress.reading(count)
    await sender.flush()


def _items(paths: Sequence[Path], publishers: Publishers) -> Iterator[Item | Refused]:
    for document in find(paths):
        if isinstance(document, Rejected):
            yield Refused(document, "")
            continue
        for found in read(document):
            yield _item(found, publishers)


def _item(found: Entry | Snapshot | Refused, publishers: Publishers) -> Item | Refused:
    """What the spool keeps: an entry ready to be sent, a snapshot to be compared in its turn."""
    if isinstance(found, Refused):
        return found
    if isinstance(found, Snapshot):
        return item_of(found)
    ready = prepare(found, publishers)
    if isinstance(ready, Refused):
        return ready
    return Item("entry", found.observed, found.feed, ready.key, ready.data)


async def _send(spool: Spool, sender: "_Sender", progress: Progress) -> None:
    total = len(spool)
    snapshots = Snapshots(sender.publishers)
    for count, item in enumerate(spool.ordered(), 1):
        if item.kind == "entry":
            await sender.entry(Prepared(item.key, item.data))
        else:
            await sender.snapshot(snapshots.entries(item))
        if count % BATCH == 0:
            progress.sending(count, total)
    progress.sending(total, total)
    await sender.flush()


class _Sender:
    """Gathers messages into batches and counts what became of them."""

    def __init__(self, broker: Broker, prefix: str, publishers: Publishers, report: Report) -> None:
        self.publishers = publishers
        self._broker = broker
        self._prefix = prefix
        self.report = report
        self._batch: list[Outgoing] = []

    async def snapshot(self, found: Iterable[Prepared | Refused]) -> None:
        for one in found:
            if isinstance(one, Refused):
                await self.refuse(one)
            else:
                await self.entry(one)

    async def entry(self, entry: Prepared) -> None:
        self.report.sent += 1
        await self._add(Outgoing(self._prefix + ENTRIES.name, entry.key, entry.data))

    async def refuse(self, refused: Refused) -> None:
        await self._add(self._letter(rejected(REPLAY, refused.why, refused.origin, refused.value)))

    def _letter(self, letter: DeadLetter) -> Outgoing:
        """The message of a dead letter, counted, and told while they are few."""
        self.report.refused[letter.reason] += 1
        if len(self.report.first) < NAMED:
            self.report.first.append(f"{letter.origin}: {letter.reason}: {letter.message}")
        return outgoing(self._prefix, letter)

    async def _add(self, message: Outgoing) -> None:
        self._batch.append(message)
        if len(self._batch) >= BATCH:
            await self.flush()

    async def flush(self) -> None:
        batch, self._batch = self._batch, []
        if not batch:
            return
        try:
            await self._broker.publish(batch)
        except NeverError:
            # One of them no broker takes; the others are sent again, harmlessly.
            for message in batch:
                await self._alone(message)

    async def _alone(self, message: Outgoing) -> None:
        try:
            await self._broker.publish([message])
        except NeverError as error:
            why = Rejected(Reason.OVERSIZE, f"no broker takes it: {error}")
            letter = rejected(REPLAY, why, "", (message.value or b"")[: LONGEST_VALUE // 2])
            await self._broker.publish([self._letter(letter)])

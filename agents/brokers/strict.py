"""Faust's consumer with its four silent losses repaired; a mixin, so that every transport can have it.

What stock faust-streaming 0.15.3 does, and what holds here instead:

1. A commit passes a message that is still in work when it is the first after the committed one
   (faust#606: `min(acked) - committed > 1`). Here: a partition's delivered offsets are kept in order,
   and the commit stops at the first that is not acknowledged.
2. After a rebalance or recovery messages delivered before the seek are thrown away, and then committed
   over (faust#596). Here: `perform_seek` stops the flow first and forgets what was delivered before.
3. `flush` gives up after 100 ms without progress, and the offsets are committed nevertheless.
   Here: the driver's `flush` waits until everything is durable.
4. A failed output or changelog record is a line in the log file; its source is committed. Here: nothing
   is committed any more after such a failure, and the process ends (`die`) to begin again before it.

Also: an exception that leaves an agent ends the process before the event is acknowledged; an event that a
stream skipped (it belongs to an earlier assignment), or whose agent was cancelled while at it, is not taken
for processed.
"""
# ruff: noqa: ARG002  the signatures are Faust's

import asyncio
import sys
from collections import defaultdict, deque
from collections.abc import Mapping
from typing import Any, Protocol

from faust.transport.consumer import Consumer
from faust.types import TP

from agents.brokers.errors import BrokerError


class Settling(Protocol):
    """A table store that writes rows to its file only when their changelog records are durable."""

    def mark(self) -> object:
        """Everything written so far, to be settled."""

    def settle(self, mark: Any) -> None:
        """What `mark` named is in the changelog for certain: write it."""


class StrictConsumer(Consumer):  # type: ignore[misc]  # Faust is not followed by mypy
    """Repairs over `faust.transport.consumer.Consumer`; the driver gives `transport.die`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._delivered: dict[TP, deque[int]] = defaultdict(deque)
        self._epoch = 0
        self._refused = ""

    # --- 1: what may be committed

    def _new_offset(self, tp: TP) -> int | None:
        """The offset after the last of the leading acknowledged messages; None if the first is not."""
        acked = self._acked_index[tp]
        self._acked[tp].clear()  # Faust's own list of the same; only its keys are used here
        last = None
        for offset in self._delivered[tp]:
            if offset not in acked:
                break
            last = offset
        return None if last is None else last + 1

    def _forget_committed(self, tp: TP, offset: int) -> None:
        delivered, acked = self._delivered[tp], self._acked_index[tp]
        while delivered and delivered[0] < offset:
            acked.discard(delivered.popleft())

    def ack(self, message: Any) -> bool:
        """As Faust's, for a message that was processed; some were not.

        One that no stream took in (not `tracked`) was skipped. One acknowledged while its generator is
        torn down (`take_events` does so for the batch in hand) belongs to an agent that was cancelled or
        has failed in the midst of it. One of an earlier assignment will come again, here or elsewhere.
        """
        torn_down = isinstance(sys.exc_info()[1], GeneratorExit | asyncio.CancelledError)
        stale = message.generation_id != self.app.consumer_generation_id
        if torn_down or stale or not message.tracked:
            message.acked = True
            self._unacked_messages.discard(message)
            return False
        return bool(super().ack(message))

    # --- 2: seeking

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Faust forgets what was acknowledged and then commits; here it commits first."""
        await self._on_partitions_revoked(revoked)
        self._active_partitions.difference_update(revoked)
        self._paused_partitions.difference_update(revoked)
        for kept in (self._delivered, self._acked, self._acked_index, self._read_offset):
            for tp in revoked:
                kept.pop(tp, None)
        for tp in revoked:
            self._committed_offset.pop(tp, None)

    async def perform_seek(self) -> None:
        """Go back to the committed offsets with the flow stopped; the caller resumes it."""
        self.stop_flow()
        self._epoch += 1
        for tp, offset in (await self.seek_to_committed()).items():
            self._delivered[tp].clear()
            self._acked[tp].clear()
            self._acked_index[tp].clear()
            self._committed_offset[tp] = offset or 0
            self._read_offset[tp] = offset or 0

    # --- 3 and 4: committing

    def refuse(self, why: str) -> None:
        """Commit nothing from now on, and end the process: what is uncommitted will come again."""
        if not self._refused:
            self._refused = why
            self.transport.die(why)

    async def _commit_offsets(self, offsets: Mapping[TP, int], start_new_transaction: bool = True) -> bool:
        assigned = self.assignment()
        offsets = {tp: offset for tp, offset in offsets.items() if tp in assigned}
        if not offsets or self._refused:
            return False
        marks, generation = self._marks(), self.app.consumer_generation_id
        try:
            await self.app.producer.flush()
            self._check_nothing_lost()
            taken = generation == self.app.consumer_generation_id and await self._commit(offsets)
        except BrokerError as error:
            self.refuse(f"nothing more is committed: {error}")
            return False
        if not taken:  # the group has rebalanced: these offsets are another worker's
            return False
        for store, mark in marks:
            store.settle(mark)
        self.app.tables.on_commit(offsets)
        self._committed_offset.update(offsets)
        for tp, offset in offsets.items():
            self._forget_committed(tp, offset)
        self.app.monitor.on_tp_commit(offsets)
        return True

    def _marks(self) -> list[tuple[Settling, object]]:
        stores = [table.data for table in self.app.tables.values() if hasattr(table.data, "settle")]
        return [(store, store.mark()) for store in stores]

    def _check_nothing_lost(self) -> None:
        lost = getattr(self.app.producer, "lost", None)
        if lost is not None:
            raise lost

    def _wanted(self, name: str) -> int:
        """The number of partitions this app is configured for; its changelogs must match their source."""
        channels = [c for c in self.app.topics if name in c.topics and c.partitions]
        return int(channels[0].partitions if channels else self.app.conf.topic_partitions)

    async def on_task_error(self, exc: BaseException) -> None:
        """An exception left an agent; Faust calls this before it acknowledges the event."""
        self.refuse(f"an agent failed: {exc!r}")

    async def on_stop(self) -> None:
        """Everything acknowledged is committed before the end, also what a commit under way just missed."""
        await super().on_stop()
        await self.maybe_wait_for_commit_to_finish()
        await self.commit()

    # --- delivering

    async def fetch(self) -> Mapping[TP, list[Any]]:
        """Records of active partitions, in order; waits for some, and may come back without any."""
        found: Mapping[TP, list[Any]] = await self._getmany(self._get_active_partitions(), timeout=1.0)
        return found

    def left_over(self, tp: TP, records: list[Any]) -> None:
        """These were fetched and not handed over, and no seek came between."""

    def delivered(self, tp: TP, offset: int) -> None:
        """A record is about to be handed to the streams: the driver's position moves behind it."""

    async def _drain_messages(self, fetcher: Any) -> None:
        """Faust's fetch loop without its two tasks per message (they cost as much as all the rest)."""
        try:
            while not (self.should_stop or fetcher.should_stop):
                await self._drain_once()
        except asyncio.CancelledError:
            if not self.app.should_stop:  # else the worker is ending, and this is how
                raise

    async def _drain_once(self) -> None:
        if not self.flow_active:
            await self.can_resume_flow.wait()
            return
        found = await self.fetch()
        epoch = self._epoch
        for tp, records in found.items():
            await self._deliver(tp, records, epoch)
            await asyncio.sleep(0)

    async def _deliver(self, tp: TP, records: list[Any], epoch: int) -> None:
        """Hand over until done, paused, or sought elsewhere; what is left is fetched again."""
        active, callback = self._active_partitions, self.callback
        kept = self._delivered[tp] if tp.topic in self.app.topics.acking_topics else None
        for at, record in enumerate(records):
            if epoch != self._epoch:
                return
            if not self.flow_active or tp not in active:
                self.left_over(tp, records[at:])
                return
            message = self._to_message(tp, record)
            if kept is not None:
                kept.append(message.offset)
            self.delivered(tp, message.offset)
            await callback(message)

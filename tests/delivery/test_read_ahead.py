"""What a driver has read ahead of the stages when its partitions are revoked: dropped, and read again.

Faust clears its buffers at a revocation, and in its recovery of tables resumes the flow before it seeks. What
was fetched before and outlives the revocation is then handed over, and committed over what was cleared.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from faust.types import TP

from agents.brokers.message import Outgoing
from agents.brokers.strict import StrictConsumer
from tests.delivery.conftest import drained, running
from tests.delivery.test_losses import assign_anew, numbered, until_true

DROPPED, KEPT = "dropped", "kept"
each = pytest.mark.parametrize("kind", [DROPPED, KEPT])


@each
async def test_what_was_read_ahead_of_a_revocation_is_dropped(place: Any, broker: Any, kind: str) -> None:
    """What waited behind a full buffer comes again in its turn; kept, it is committed over what went."""
    app = place.create_app(1, stream_buffer_maxsize=5)
    stage = Revoked(app)
    if kind == KEPT:
        keep_what_was_read_ahead(app)
    await numbered(broker, 20)
    async with stage.running():
        await until_true(lambda: app.consumer._buffered_partitions)  # it holds some of the 20
        stage.watch()
        await assign_anew(app)
        await drained(broker)
    assert (stage.seen == set(range(20))) == (kind == DROPPED)


@each
async def test_what_was_under_way_at_a_revocation_is_dropped(
    kafka_place: Any, broker: Any, kind: str
) -> None:
    """The answer to a fetch of before, coming under the next assignment, is not handed over; kept, it is."""
    app = kafka_place.create_app(1)
    stage = Revoked(app, late=5)
    if kind == KEPT:
        keep_what_was_read_ahead(app)
    await numbered(broker, 5)
    async with stage.running():
        await until_true(lambda: len(app.consumer._delivered[stage.source]) == 5)
        await broker.publish([Outgoing("in", b"k", b"%d" % n) for n in range(5, 10)])
        await asyncio.wait_for(stage.under_way.wait(), 10)
        stage.watch()
        await assign_anew(app)
        await drained(broker)
    assert (stage.seen == set(range(10))) == (kind == DROPPED)


def keep_what_was_read_ahead(app: Any) -> None:
    """Take the repair out: a revocation forgets neither what was fetched nor up to where."""
    methods = {"on_partitions_revoked": StrictConsumer.on_partitions_revoked}
    app.transport.Consumer = type("Consumer", (type(app.transport).Consumer,), methods)
    if app.prefix == "":
        app.consumer._position = Unforgetting()


class Unforgetting(dict[TP, int]):
    """Positions that stay."""

    def clear(self) -> None:
        pass


class Revoked:
    """A stage whose partition is revoked while it is at the first message, and more are in its buffer.

    With a table: it is in the recovery of tables that Faust resumes the flow before it has sought. Of a
    cluster's answers, the first from message `late` on comes when the flow is resumed, and what comes
    after the revocation waits for the seek.
    """

    def __init__(self, app: Any, late: int = sys.maxsize) -> None:
        self.app, self.source, self._late = app, TP(app.prefix + "in", 0), late
        self.seen: set[int] = set()
        self.under_way, self._go_on = asyncio.Event(), asyncio.Event()
        self._resumed, self._sought = asyncio.Event(), asyncio.Event()
        self._rounds = 0
        app.Table("seen", key_type=bytes, value_type=bytes)
        app.agent(app.topic(self.source.topic, key_type=bytes, value_type=bytes))(self._work)

    async def _work(self, stream: Any) -> None:
        async for event in stream.events():
            await self._go_on.wait()
            self.seen.add(event.message.offset)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The app; nothing is held back any longer when it ends."""
        if self.app.prefix:
            thread = self.app.consumer._thread
            self._fetch, thread.fetch = thread.fetch, self._answer
        async with running(self.app):
            try:
                yield
            finally:
                for event in (self._go_on, self._resumed, self._sought):
                    event.set()

    async def _answer(self, partitions: set[TP], seconds: float) -> Any:
        number, found = await self._fetch(partitions, seconds)
        if not self.under_way.is_set() and any(r[-1].offset >= self._late for r in found.values()):
            self.under_way.set()
            await self._resumed.wait()
        elif self._go_on.is_set():
            await self._sought.wait()
        return number, found

    def watch(self) -> None:
        """The stage goes on when its buffer is cleared; the seek comes when all handed over is done."""
        consumer = self.app.consumer
        self._empty, consumer.wait_empty = consumer.wait_empty, self._cleared
        self._seek, consumer.perform_seek = consumer.perform_seek, self._seek_late
        self._drain, consumer._drain_once = consumer._drain_once, self._counted

    async def _cleared(self) -> None:
        self._go_on.set()
        await self._empty()

    async def _counted(self) -> None:
        await self._drain()
        self._rounds += 1

    async def _seek_late(self) -> None:
        """Whatever the consumer hands over between being resumed and having sought is done and committed."""
        self._resumed.set()
        consumer, enough = self.app.consumer, self._rounds + 4
        async with asyncio.timeout(10):
            while self._rounds < enough or consumer._delivered[self.source]:
                consumer._woken.set()
                await asyncio.sleep(0.01)
                await consumer.commit()
        await self._seek()
        self._sought.set()

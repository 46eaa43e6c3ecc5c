"""`schedule`: orders the feeds that are due, once it is durable that they are asked."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from agents.brokers.message import Outgoing
from agents.polling.clock import Clock
from agents.polling.desk import Desk
from agents.polling.feeds_file import FeedsFile
from agents.polling.metrics import Metrics
from agents.polling.order import Order
from pipeline.codec import encode
from pipeline.outcome import Rejected
from pipeline.poll.opml import FeedList

log = logging.getLogger(__name__)

LOOK_AT_LIST = 2.0
"""Seconds between looks at the list of feeds: a person who adds one waits no longer."""


class Schedule:
    """Runs until cancelled, again after that. `send` confirms records; `put` begins with an order.

    `lease`: whether it is certain at this moment that no other worker may ask the feeds of the desk.
    """

    def __init__(
        self,
        desk: Desk,
        feeds: FeedsFile,
        clock: Clock,
        slots: int,
        asked: Callable[[str, bytes], Outgoing],
        send: Callable[[Sequence[Outgoing]], Awaitable[Any]],
        put: Callable[[Order], None],
        metrics: Metrics,
        lease: Callable[[], bool] = lambda: True,
    ) -> None:
        self._desk = desk
        self._feeds = feeds
        self._clock = clock
        self._slots = slots
        self._asked = asked
        self._send = send
        self._put = put
        self._metrics = metrics
        self._lease = lease
        self._looking: asyncio.Future[FeedList | Rejected | None] | None = None
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Something is free, or due: look again."""
        self._wake.set()

    async def run(self) -> None:
        """Follow the list of feeds, and ask whoever is due, as long as there are slots. Raises GiveUp."""
        last = next_list = self._clock.now()
        while True:
            now = self._clock.now()
            if now < last:  # the clock was set back: what was to come in an hour still does
                self._desk.roster.shift(now - last)
                next_list = now
            last = now
            if now >= next_list:
                await self._follow(now)
                next_list = now + timedelta(seconds=LOOK_AT_LIST)
            self._wake.clear()
            await self._order(now)
            await self._pause(next_list)

    async def _follow(self, now: datetime) -> None:
        if self._looking is None:  # 10,000 feeds take half a second
            self._looking = asyncio.ensure_future(asyncio.to_thread(self._feeds.changed))
        found = await asyncio.shield(self._looking)  # broken off, it is told to the next run
        self._looking = None
        if isinstance(found, Rejected):
            log.error("%s; the feeds known so far are polled", found.message)
        elif found is not None:
            for why in found.rejected:
                log.warning("list of feeds: %s: %s", why.where, why.message)
            self._desk.configure(found.feeds, now)

    async def _order(self, now: datetime) -> None:
        if not self._lease():
            return
        taken = self._desk.roster.take(now, self._desk.free_slots(self._slots))
        if not taken:
            return
        stamp = encode(now)
        await self._send([self._asked(feed, stamp) for feed in taken])
        for feed in taken:
            self._desk.stamp(feed, stamp)
            due = self._desk.state(feed).due
            self._metrics.late.observe(max(0.0, (now - due).total_seconds()) if due else 0.0)
            self._put(Order(feed, now))

    async def _pause(self, at_latest: datetime) -> None:
        """Until the next feed is due, the list is to be looked at, or somebody wakes us; by a clock that
        nobody sets no longer than twice that, for the other may be set at any moment."""
        able = self._lease() and self._desk.free_slots(self._slots) > 0
        due = self._desk.roster.next_at() if able else None
        moment = min(due, at_latest) if due else at_latest
        waiting = (
            asyncio.ensure_future(self._wake.wait()),
            asyncio.ensure_future(self._clock.until(moment)),
        )
        try:
            await asyncio.wait(waiting, timeout=2 * LOOK_AT_LIST, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waiting:
                one.cancel()

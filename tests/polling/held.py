"""Clocks of a whole worker in a test: one that stands until the test lets time pass, one that runs fast."""

import asyncio
import heapq
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday morning."""

PATIENCE = 20.0
"""Seconds of the machine's time within which what a test waits for has to happen."""


class HeldClock:
    """Time passes only up to where the test lets it, and only when everybody who is at work waits for a time.

    `busy`: pieces of work under way. `next_due`: when the schedule has something to do next; the looks at
    the list of feeds in between are left out, as if the machine had slept.
    """

    def __init__(self, start: datetime = START) -> None:
        self._now = self._end = start
        self._order = count()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._still = asyncio.Event()
        self.busy: Callable[[], int] = lambda: 0
        self.next_due: Callable[[], datetime | None] = lambda: None

    def now(self) -> datetime:
        """The time it has come to."""
        return self._now

    async def until(self, moment: datetime) -> None:
        """Wait for the moment."""
        if moment <= self._now:
            await asyncio.sleep(0)
            return
        sleeper = (moment, next(self._order), asyncio.get_running_loop().create_future())
        heapq.heappush(self._sleepers, sleeper)
        self._pass()
        await sleeper[2]

    async def reach(self, moment: datetime) -> None:
        """Let time pass up to the moment, and all that is due by then be done."""
        self._end = max(self._now, moment)
        self._still.clear()
        self._pass()
        async with asyncio.timeout(PATIENCE):
            await self._still.wait()

    def skip(self, **units: float) -> None:
        """Let time pass while nobody works."""
        self._now = self._end = self._now + timedelta(**units)

    def _pass(self) -> None:
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        waiting = sum(not future.done() for _, _, future in self._sleepers)
        if waiting <= self.busy():
            return
        moment, _, future = self._sleepers[0]
        if moment > self._end or self._now >= self._end:
            self._now = self._end
            self._still.set()
            return
        heapq.heappop(self._sleepers)
        self._now = max(self._now, self._slept_until(moment))
        future.set_result(None)

    def _slept_until(self, moment: datetime) -> datetime:
        if self.busy():
            return moment
        due = self.next_due()
        return max(moment, min(due or self._end, self._end))


class FastClock:
    """`speed` seconds pass in each of the machine's, from `start` at its time `begun` (None: now)."""

    def __init__(self, speed: float, start: datetime = START, begun: float | None = None) -> None:
        self._speed, self._start = speed, start
        self._begun = time.monotonic() if begun is None else begun

    def now(self) -> datetime:
        """The time it has come to."""
        return self._start + timedelta(seconds=(time.monotonic() - self._begun) * self._speed)

    async def until(self, moment: datetime) -> None:
        """Wait for the moment."""
        while (left := (moment - self.now()).total_seconds()) > 0:  # noqa: ASYNC110  nothing signals time
            await asyncio.sleep(left / self._speed)

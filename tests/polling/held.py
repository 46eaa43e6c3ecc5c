"""Clocks of a whole worker in a test: one that stands until the test lets time pass, one that runs fast."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.polling.virtual import JumpingClock

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday morning."""

PATIENCE = 20.0
"""Seconds of the machine's time within which what a test waits for has to happen."""


class HeldClock(JumpingClock):
    """Time passes only up to where the test lets it.

    `next_due`: when the schedule has something to do next; the looks at
    the list of feeds in between are left out, as if the machine had slept.
    """

    def __init__(self, start: datetime = START) -> None:
        super().__init__(start)
        self._end = start
        self._still = asyncio.Event()
        self.next_due: Callable[[], datetime | None] = lambda: None

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

    def _comes(self, moment: datetime) -> datetime | None:
        if moment > self._end or self._now >= self._end:
            self._now = self._end
            self._still.set()
            return None
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

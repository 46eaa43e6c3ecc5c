"""Clocks that jump: time passes only when everybody who is at work waits for it."""

import asyncio
import heapq
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from itertools import count


class JumpingClock(ABC):
    """`busy` tells how many pieces of work are under way; when more than those wait for a time, all do,
    for the schedule waits as well, and the earliest of the times comes if it may."""

    def __init__(self, start: datetime, busy: Callable[[], int] = lambda: 0) -> None:
        self._now = start
        self._order = count()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self.busy = busy

    def now(self) -> datetime:
        """The time it has come to."""
        return self._now

    async def until(self, moment: datetime) -> None:
        """Wait for the moment; one that may not come never does."""
        if moment <= self._now:
            await asyncio.sleep(0)
            return
        sleeper = (moment, next(self._order), asyncio.get_running_loop().create_future())
        heapq.heappush(self._sleepers, sleeper)
        self._pass()
        await sleeper[2]

    @abstractmethod
    def _comes(self, moment: datetime) -> datetime | None:
        """The time at which those who wait for `moment` are woken, or nothing if it may not come now."""

    def _pass(self) -> None:
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        waiting = sum(not future.done() for _, _, future in self._sleepers)
        if waiting <= self.busy():
            return
        moment, _, future = self._sleepers[0]
        woken = self._comes(moment)
        if woken is None:
            return
        heapq.heappop(self._sleepers)
        self._now = max(self._now, woken)
        future.set_result(None)


class VirtualClock(JumpingClock):
    """Time passes up to `end`; then it is `over`."""

    def __init__(
        self, start: datetime, busy: Callable[[], int] = lambda: 0, end: datetime | None = None
    ) -> None:
        super().__init__(start, busy)
        self.end = end
        self.over = asyncio.Event()

    def _comes(self, moment: datetime) -> datetime | None:
        if self.end is None or moment <= self.end:
            return moment
        self.over.set()
        return None

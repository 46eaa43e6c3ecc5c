"""A clock that jumps: time passes only when everybody who is at work waits for it."""

import asyncio
import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count


class VirtualClock:
    """`busy` tells how many pieces of work are under way; when more than those wait for a time, all do,
    for the schedule waits as well, and the earliest of the times comes."""

    def __init__(
        self, start: datetime, busy: Callable[[], int] = lambda: 0, end: datetime | None = None
    ) -> None:
        self._now = start
        self._order = count()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self.busy = busy
        self.end = end
        self.over = asyncio.Event()

    def now(self) -> datetime:
        """The time it has come to."""
        return self._now

    async def until(self, moment: datetime) -> None:
        """Wait for the moment; after `end` none comes any more."""
        if moment <= self._now:
            await asyncio.sleep(0)
            return
        sleeper = (moment, next(self._order), asyncio.get_running_loop().create_future())
        heapq.heappush(self._sleepers, sleeper)
        self._pass()
        await sleeper[2]

    def _pass(self) -> None:
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        waiting = sum(not future.done() for _, _, future in self._sleepers)
        if waiting <= self.busy():
            return
        moment, _, future = self._sleepers[0]
        if self.end is not None and moment > self.end:
            self.over.set()
            return
        heapq.heappop(self._sleepers)
        self._now = max(self._now, moment)
        future.set_result(None)

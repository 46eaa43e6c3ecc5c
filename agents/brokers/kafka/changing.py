"""Whether anything changed on a cluster: looked at a few times a second, and only while somebody waits."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

LOOK = 0.15
"""Seconds between two looks; each is a request to every leader."""

Positions: TypeAlias = Mapping[Any, int]


class Changing:
    """Counts changes of what `positions` gives. Between two looks many changes are one.

    `version` is of the last look: what changes after it is noticed by the next one, so nobody who reads
    `version` first and the cluster next can miss a change.
    """

    def __init__(self, positions: Callable[[], Awaitable[Positions]]) -> None:
        self._positions = positions
        self._seen: Positions | None = None
        self._lock = asyncio.Lock()
        self.version = 0

    async def changed(self, since: int) -> int:
        """Wait until `version` is another; also at once when nobody has ever looked."""
        while self.version == since:
            async with self._lock:
                if self.version == since:
                    await self._look()
            if self.version == since:
                await asyncio.sleep(LOOK)
        return self.version

    async def _look(self) -> None:
        found = await self._positions()
        if found != self._seen:
            self._seen = found
            self.version += 1

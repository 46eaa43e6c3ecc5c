"""Lets a plan's blows fall on workers and brokers, each at its moment."""

import asyncio
from collections import Counter
from collections.abc import Sequence

from tests.chaos.fleet import Fleet
from tests.chaos.watch import Watch
from tests.chaos.weather import Blow
from tests.kafka.cluster import Cluster


class Storm:
    """Lets the blows of a plan fall, each at its moment, and raises what fell again."""

    def __init__(
        self, blows: Sequence[Blow], workers: int, cluster: Cluster | None, fleet: Fleet, watch: Watch
    ) -> None:
        self._blows, self._workers, self._cluster = blows, workers, cluster
        self._fleet, self._watch = fleet, watch
        self._down: set[int] = set()
        self.fell: Counter[str] = Counter()
        self.missed = 0
        """Blows on what lay there already."""

    async def rage(self) -> None:
        """Returns when the last blow is over and everything stands."""
        async with asyncio.TaskGroup() as falling:
            for blow in self._blows:
                falling.create_task(self._at(blow))

    async def _at(self, blow: Blow) -> None:
        await asyncio.sleep(blow.at)
        struck = await (self._broker(blow) if blow.kind.startswith("broker") else self._worker(blow))
        if struck:
            self.fell[blow.kind] += 1
        else:
            self.missed += 1

    async def _worker(self, blow: Blow) -> bool:
        if blow.kind == "worker joins and leaves":
            return await self._guest(blow)
        if not self._fleet.runs(blow.who):
            return False
        self._watch.struck(blow)
        await (self._fleet.kill if blow.kind == "worker kill -9" else self._fleet.leave)(blow.who)
        await asyncio.sleep(blow.back)
        self._fleet.join(blow.who)
        return True

    async def _guest(self, blow: Blow) -> bool:
        """One worker more, on a machine of its own, for a while."""
        number = self._workers + blow.who
        if self._fleet.runs(number):
            return False
        self._watch.struck(blow)
        self._fleet.join(number)
        await asyncio.sleep(blow.back)
        await self._fleet.leave(number)
        return True

    async def _broker(self, blow: Blow) -> bool:
        assert self._cluster is not None
        if blow.who in self._down:
            return False
        self._down.add(blow.who)
        self._watch.struck(blow)
        down = self._cluster.kill if blow.kind == "broker kill -9" else self._cluster.terminate
        await asyncio.to_thread(down, blow.who)
        await asyncio.sleep(blow.back)
        await asyncio.to_thread(self._cluster.start_broker, blow.who)
        self._down.remove(blow.who)
        return True

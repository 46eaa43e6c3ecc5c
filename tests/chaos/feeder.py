"""Puts observations onto `entries` while the weather goes on, in bursts, until the broker has confirmed each.

A batch that a broker failed is sent again whole: some of it may then lie there twice, which is part of
the game. No batch holds two observations of one article, so that an article's always come in their order.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from agents.brokers.broker import Broker
from agents.brokers.errors import MaybeError
from agents.brokers.message import Outgoing
from tests.chaos.articles import Observed

BATCH = 500
PAUSE = 0.5
"""Seconds between two tries."""


class Feeder:
    """Counts what it has fed: `sent` observations of distinct `articles`, `again` batches tried again."""

    def __init__(self, broker: Broker, topic: str) -> None:
        self._broker, self._topic = broker, topic
        self.articles: set[bytes] = set()
        self.sent = self.again = 0

    async def feed(self, stream: Iterable[Observed], size: int, every: float) -> None:
        """Bursts of `size` articles, one begun every `every` seconds or as soon as it can be (0)."""
        started = asyncio.get_running_loop().time()
        for number, burst in groupby(stream, key=lambda one: one.behind // size):
            wait = started + number * every - asyncio.get_running_loop().time()
            await asyncio.sleep(max(0, wait))
            for batch in batches(burst):
                await self._confirmed(batch)

    async def _confirmed(self, batch: Sequence[Observed]) -> None:
        messages = [Outgoing(self._topic, one.entry.key, one.entry.data) for one in batch]
        while True:
            try:
                await self._broker.publish(messages)
                break
            except MaybeError:
                self.again += 1
                await asyncio.sleep(PAUSE)
        self.sent += len(batch)
        self.articles.update(one.entry.key for one in batch)


def batches(stream: Iterable[Observed]) -> Iterator[list[Observed]]:
    """The stream in order, in batches of at most BATCH, each of distinct articles."""
    batch: list[Observed] = []
    keys: set[bytes] = set()
    for one in stream:
        if one.entry.key in keys or len(batch) == BATCH:
            yield batch
            batch, keys = [], set()
        batch.append(one)
        keys.add(one.entry.key)
    if batch:
        yield batch

"""The feeds of the crowd: 300 publishers, each on a host of its own, on one server of loopback.

A worker reaches them all under an address of its own (127.0.0.N), so the server knows who asks.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.polling.held import FastClock
from tests.polling.world import START, Publisher, answer, world

SLOWEST = 0.4
"""Seconds that an answer takes at most, so that kills meet requests under way."""


@dataclass
class Request:
    """One request: virtual seconds since START of its first and last moment, and who asked for what."""

    feed: str
    worker: int
    begun: float
    ended: float | None = None


@dataclass
class Feeds:
    """All publishers, and all requests so far. From `frozen` on nothing new is published."""

    publishers: tuple[Publisher, ...]
    clock: FastClock
    luck: random.Random
    port: int = 0
    frozen: float | None = None
    requests: list[Request] = field(default_factory=list)
    served: dict[str, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._named = {one.host: one for one in self.publishers}

    def at(self) -> float:
        """Virtual seconds since START."""
        return (self.clock.now() - START).total_seconds()

    def url(self, publisher: Publisher) -> str:
        """Where it is asked."""
        return f"http://{publisher.host}:{self.port}/feed.xml"

    async def answered(self, request: web.Request) -> web.Response:
        """Noted before and after, also when the asker is killed meanwhile."""
        publisher = self._named[request.host.partition(":")[0]]
        name = request.transport.get_extra_info("sockname")[0] if request.transport else "0.0.0.0"
        noted = Request(self.url(publisher), int(name.rpartition(".")[2]), self.at())
        self.requests.append(noted)
        try:
            await asyncio.sleep(self.luck.uniform(0, SLOWEST))
            return self._reply(publisher, dict(request.headers))
        finally:
            noted.ended = self.at()

    def _reply(self, publisher: Publisher, headers: dict[str, str]) -> web.Response:
        moment = min(self.at(), self.frozen if self.frozen is not None else self.at())
        status, found, body = answer(publisher, moment, headers)
        if status == 200:
            self.served.setdefault(self.url(publisher), set()).update(publisher.listed(moment))
        return web.Response(status=status, headers=found, body=body)


def publishers(seed: int, count: int, days: float) -> tuple[Publisher, ...]:
    """As in the simulated week, each on a host of its own, and none of them down."""
    return tuple(
        replace(
            one, host=f"news{number}.example", url=f"https://news{number}.example/feed{number}.xml", down=()
        )
        for number, one in enumerate(world(seed, count, days))
    )


@asynccontextmanager
async def serving(feeds: Feeds, addresses: Sequence[str]) -> AsyncIterator[None]:
    """The server stands at one free port of all these addresses."""
    app = web.Application()
    app.router.add_get("/feed.xml", feeds.answered)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1)
    await runner.setup()
    try:
        for address in addresses:
            await web.TCPSite(runner, address, feeds.port).start()
            feeds.port = feeds.port or runner.addresses[0][1]
        yield
    finally:
        await runner.cleanup()


class OneAddress(AbstractResolver):
    """Every name is this address."""

    def __init__(self, address: str) -> None:
        self._address = address

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=self._address, port=port, family=family or 2, proto=0, flags=0)
        ]

    async def close(self) -> None:
        """Nothing is held."""

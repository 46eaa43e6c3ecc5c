"""Thousands of feeds that publish as those of a simulated world do, each host by its own name, on one port.

`python -m tests.bench.polling.living SEED FEEDS DAYS LOG` serves them. What time it is there every request
says itself (X-At, seconds since the world began), so they can be polled in simulated time as in real time.
Every request is a line of the file LOG, as tests/polling/judge.py reads it. A connection ends with its
answer: in a world of so many hosts none is kept open from one poll to the next.
"""

import asyncio
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import IO

import orjson
from aiohttp.abc import AbstractResolver, ResolveResult

from agents.http.fetcher import Fetcher, Get
from agents.polling.clock import Clock
from pipeline.poll.answer import Fetched, Unfetched
from tests.bench.polling.rounds import HOSTS
from tests.bench.polling.server import Reply, serve
from tests.polling.world import START, Publisher, answer, world

MARGIN = 0.1
"""Days that the world goes on after those that are simulated: the real minutes are in there."""


class Site:
    """The feeds of a world. The path names the feed by its number."""

    keeps = False

    def __init__(self, publishers: Sequence[Publisher], log: IO[bytes]) -> None:
        self._publishers = publishers
        self._log = log

    def told(self, command: str, words: Mapping[str, str]) -> None:
        """There is nothing to tell it."""
        raise ValueError(f"{command}: {words}")

    def answer(self, path: str, headers: Mapping[str, str]) -> Reply:
        """The feed at the time that the request says, logged before it is answered."""
        publisher, at = self._publishers[int(path[5:-4])], float(headers["x-at"])
        tag = headers.get("if-none-match", "")
        status, given, body = answer(publisher, at, {"If-None-Match": tag} if tag else {})
        url = f"http://{headers['host']}{path}"
        self._log.write(orjson.dumps([at, url, status, publisher.out(at), bool(tag)]) + b"\n")
        self._log.flush()
        return Reply(status, given, body)


class Names(AbstractResolver):
    """Every name is the server's."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [ResolveResult(hostname=host, host=HOSTS[0], port=port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        """There is nothing to close."""


class TellingFetcher:
    """Says in each request what time it is; an answer takes `delay` seconds more than it takes."""

    def __init__(self, fetcher: Fetcher, clock: Clock, delay: float) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._delay = delay

    async def fetch(self, request: Get) -> Fetched | Unfetched:
        """The answer."""
        at = repr((self._clock.now() - START).total_seconds())
        found = await self._fetcher.fetch(replace(request, headers={**request.headers, "X-At": at}))
        if self._delay:
            await self._clock.until(self._clock.now() + timedelta(seconds=self._delay))
        return found


def address(publisher: Publisher, port: int) -> str:
    """Where the server has this publisher's feed."""
    return f"http://{publisher.host}:{port}/{publisher.url.rpartition('/')[2]}"


def publishers(seed: int, feeds: int, days: float, port: int) -> tuple[Publisher, ...]:
    """The world, at the addresses at which it is served."""
    return tuple(replace(one, url=address(one, port)) for one in world(seed, feeds, days + MARGIN))


def main(seed: int, feeds: int, days: float, log: Path) -> None:
    """Serve until killed."""
    with log.open("ab") as file:
        asyncio.run(serve(Site(world(seed, feeds, days + MARGIN), file), HOSTS[:1]))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), Path(sys.argv[4]))

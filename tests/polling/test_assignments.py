"""A worker whose partitions are taken away and given back: its feeds are asked at their pace, alone."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest

from agents.drain import read_up
from agents.polling.desk import partition
from agents.polling.order import Delivery, Order
from agents.polling.polling import Polling
from agents.polling.remember import record
from pipeline.codec import encode
from tests.network.chaos import Asked, Reply, answer
from tests.polling.bodies import Paper, rss
from tests.polling.conftest import HOSTS
from tests.polling.house import House
from tests.polling.moving import hand_out

PARTITIONS = 4
SHORTEST = 300.0


@dataclass
class Moves:
    """The worker of a house, and the partitions it was given."""

    home: House
    app: Any
    polling: Polling
    urls: list[str]
    held: frozenset[int] = frozenset(range(PARTITIONS))
    wrong: list[str] = field(default_factory=list)

    async def to(self, *partitions: int) -> None:
        """Take everything away, and give these."""
        self.held = frozenset()
        handing = asyncio.create_task(hand_out(self.app, partitions))
        await self.home.pass_(seconds=1)
        await handing
        self.held = frozenset(partitions)
        await until(lambda: self.polling.desk._held == self.held)

    def of(self, *partitions: int) -> list[str]:
        """The feeds that lie there."""
        return [url for url in self.urls if partition(url, PARTITIONS) in partitions]

    def count(self, url: str) -> int:
        return len(self.home.asked(path_of(url)))


def path_of(url: str) -> str:
    return "/" + url.rpartition("/")[2]


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110  what is waited for is told to nobody
            await asyncio.sleep(0.005)


@asynccontextmanager
async def moving(home: House, feeds: int) -> AsyncIterator[Moves]:
    """A worker with so many feeds on as many hosts, that holds all partitions to begin with."""
    urls = [
        home.feed(f"/{number}", Paper(), f"127.0.0.{1 + number % (HOSTS - 1)}") for number in range(feeds)
    ]
    async with home.working(partitions=PARTITIONS, poll_shortest=SHORTEST, poll_longest=1_800):
        worker = home._worker
        assert worker is not None and worker.polling is not None
        moves = Moves(home, worker._app, worker.polling, urls)
        await home.pass_(minutes=1)
        yield moves


def too_soon(home: House) -> list[tuple[str, float]]:
    """Requests within a feed's pace, with the seconds since the one before."""
    paths = {path for path, _ in home.log}
    return [
        (path, gap)
        for path in sorted(paths)
        for one, other in pairwise(home.asked(path))
        if (gap := (other.at - one.at).total_seconds()) < SHORTEST
    ]


async def test_only_feeds_of_held_partitions_are_asked(home: House) -> None:
    """What is taken away is left alone, what stays goes on at its pace, what comes back is asked again."""
    async with moving(home, 24) as moves:
        assert all(moves.count(url) == 1 for url in moves.urls)
        await moves.to(0, 1)
        await home.pass_(hours=3)
        assert all(moves.count(url) == 1 for url in moves.of(2, 3))
        assert all(moves.count(url) >= 4 for url in moves.of(0, 1))
        assert moves.of(0, 1) and moves.of(2, 3)
        await moves.to(0, 1, 2, 3)
        await home.pass_(minutes=2)
        assert all(moves.count(url) == 2 for url in moves.of(2, 3)), "overdue, so asked at once"
        assert not too_soon(home)


async def test_any_sequence_of_assignments_keeps_every_pace(home: House) -> None:
    """Moves at drawn moments, to drawn partitions, also none: nothing is asked early or forgotten."""
    luck = random.Random(11)
    async with moving(home, 40) as moves:
        for _ in range(25):
            held = [number for number in range(PARTITIONS) if luck.random() < 0.6]
            before = {url: moves.count(url) for url in moves.urls}
            await moves.to(*held)
            await home.pass_(minutes=luck.choice((0.1, 1, 4, 9, 40)))
            assert all(moves.count(url) == before[url] for url in moves.urls if url not in moves.of(*held))
        await moves.to(*range(PARTITIONS))
        before = {url: moves.count(url) for url in moves.urls}
        await home.pass_(minutes=45)
        assert all(moves.count(url) > before[url] for url in moves.urls)
        assert not too_soon(home)
        for url in moves.urls:
            assert await home.numbers(url) == [1, 2, 3, 4, 5], url


async def test_what_is_in_work_ends_before_the_partitions_are_gone(home: House) -> None:
    """A request under way is broken off, a hub's delivery that waits for it is refused, and the feed counts
    as asked for whoever has it next."""
    arrived, gone = asyncio.Event(), asyncio.Event()

    async def hanging(_: Asked, reply: Reply) -> None:
        arrived.set()
        await reply.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")
        await gone.wait()

    async with moving(home, 4) as moves:
        url = moves.urls[0]
        home.on(path_of(url), hanging)
        passing = asyncio.create_task(home.pass_(hours=1))
        await asyncio.wait_for(arrived.wait(), 10)
        waiting: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        assert await moves.polling.submit(Order(url, home.clock.now(), Delivery(rss((1,))), done=waiting))
        await asyncio.wait_for(hand_out(moves.app, ()), 10)
        assert waiting.result() is False
        assert moves.polling.desk.roster.in_work == 0
        assert not moves.polling._orders._tasks
        assert not await moves.polling.submit(Order(url, home.clock.now(), Delivery(b"")))
        gone.set()
        home.on(path_of(url), answer(200, rss((5, 6))))
        await passing
        asked = len(home.asked(path_of(url)))
        await moves.to(*range(PARTITIONS))
        await home.pass_(hours=1)
        assert len(home.asked(path_of(url))) > asked
        assert 6 in await home.numbers(url)
        assert not too_soon(home)


async def test_a_state_of_before_the_move_changes_nothing(home: House) -> None:
    """A worker that was held up sends what it found long after: the record rests on an older request than the
    last, and is left out of the table and of the schedule."""
    async with moving(home, 2) as moves:
        url = moves.urls[0]
        old = home.state(url)
        stamp = moves.polling.desk.stamped(url)
        assert stamp
        state = await home.polled(url, 2)
        assert moves.polling.desk.stamped(url) != stamp
        place = partition(url, PARTITIONS)
        assert home._broker is not None
        await home._broker.publish([record("storywire.", "state", url, encode(old), place, stamp)])
        await read_up(home._broker, moves.app.conf.id, "storywire.feed-polls", [place])
        assert home.state(url) == state
        key = url.encode()
        assert moves.polling._rows["state"].read((key,)) == {key: encode(state)}


async def test_nothing_is_asked_without_a_lease(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that cannot be sure of its partitions orders nothing, and goes on as soon as it can."""
    leased = True
    monkeypatch.setattr("agents.worker.lease_of", lambda _app, _settings: lambda: leased)
    async with moving(home, 6) as moves:
        assert all(moves.count(url) == 1 for url in moves.urls)
        leased = False
        await home.pass_(hours=2)
        assert all(moves.count(url) == 1 for url in moves.urls)
        leased = True
        await home.pass_(minutes=1)
        assert all(moves.count(url) == 2 for url in moves.urls)
        assert not too_soon(home)

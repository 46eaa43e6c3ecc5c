"""The schedule: who is ordered when, also when the clock is set; and what becomes of a fault of our own."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agents.brokers.broker import open_broker
from agents.brokers.message import Outgoing
from agents.http.fetcher import Get
from agents.polling.clock import SystemClock
from agents.polling.desk import Desk, partition
from agents.polling.feeds_file import FeedsFile
from agents.polling.metrics import Metrics
from agents.polling.order import Order
from agents.polling.orders import Orders
from agents.polling.polling import Sources
from agents.polling.schedule import Schedule
from agents.polling.states import latest_states
from agents.topics import FEED_ASKED, FEED_STATES
from agents.worker import prepared, running
from config.load import load_rules
from pipeline.codec import encode
from pipeline.outcome import Reason, Rejected
from pipeline.poll.answer import Answer, Fetched, Unfetched
from pipeline.poll.opml import write_opml
from pipeline.poll.policy import Policy
from pipeline.poll.spec import FeedSpec
from pipeline.poll.state import FeedState
from pipeline.rules import Rules
from tests.polling.simulation import settings_of
from tests.polling.world import START
from tests.whole.site import rss

A, B = "https://a.example/feed", "https://b.example/feed"


class SetClock(SystemClock):
    """The machine's clock, as somebody may set it."""

    offset = timedelta()

    def now(self) -> datetime:
        return super().now() + self.offset


@dataclass
class Follower:
    """Does every order at once: the feed is due again a fifth of a second later."""

    desk: Desk
    clock: SetClock
    orders: list[Order] = field(default_factory=list)
    schedule: Schedule | None = None

    def put(self, order: Order) -> None:
        self.orders.append(order)
        now = self.clock.now()
        self.desk.remembered(FeedState(order.feed, asked=now, due=now + timedelta(seconds=0.2)), now)
        assert self.schedule is not None
        self.schedule.wake()


@asynccontextmanager
async def following(folder: Path, clock: SetClock) -> AsyncIterator[Follower]:
    (folder / "feeds.opml").write_bytes(write_opml([FeedSpec(A)], "Test"))
    desk = Desk(Policy(shortest=0.1, pace=0.05))
    follower = Follower(desk, clock)

    async def confirmed(_: Sequence[Outgoing]) -> None:
        """Durable at once."""

    schedule = Schedule(
        *(
            desk,
            FeedsFile(folder / "feeds.opml"),
            clock,
            4,
            lambda feed, at: Outgoing("t", feed.encode(), at),
        ),
        *(confirmed, follower.put, Metrics()),
    )
    follower.schedule = schedule
    running = asyncio.create_task(schedule.run())
    try:
        yield follower
    finally:
        assert not running.done()
        running.cancel()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110  what is waited for is told to nobody
            await asyncio.sleep(0.01)


async def more(follower: Follower) -> None:
    """Some orders later."""
    seen = len(follower.orders)
    await until(lambda: len(follower.orders) >= seen + 3)


@pytest.mark.parametrize("days", [-400, 400], ids=["back", "on"])
async def test_a_clock_that_is_set_stops_nothing(tmp_path: Path, days: int) -> None:
    """Set by more than a year while the schedule waits: feeds are asked on, the list is followed on."""
    clock = SetClock()
    async with following(tmp_path, clock) as follower:
        await more(follower)
        clock.offset = timedelta(days=days)
        await more(follower)
        (tmp_path / "feeds.opml").write_bytes(write_opml([FeedSpec(A), FeedSpec(B)], "Test"))
        await until(lambda: B in {order.feed for order in follower.orders})
        await more(follower)
        assert {order.feed for order in follower.orders} == {A, B}


async def test_waiting_ends_when_the_clock_is_set_back() -> None:
    """Who waits for a moment waits no longer than it was away."""
    clock = SetClock()
    waiting = asyncio.create_task(clock.until(clock.now() + timedelta(seconds=0.2)))
    await asyncio.sleep(0.05)
    clock.offset = timedelta(days=-1)
    await asyncio.wait_for(waiting, 10)
    assert waiting.done()


async def test_an_order_that_fails_is_told_and_the_others_go_on() -> None:
    """What an order raises goes to whoever ends the process; orders in work are broken off at a stop."""
    told: list[Exception] = []
    begun: list[str] = []

    async def work(order: Order) -> None:
        begun.append(order.feed)
        if order.feed == A:
            raise RuntimeError("a fault")
        await asyncio.Event().wait()

    orders = Orders(work, told.append)
    orders.put(Order(A, SystemClock().now()))
    orders.put(Order(B, SystemClock().now()))
    await asyncio.sleep(0.01)
    await asyncio.wait_for(orders.stop(), 10)
    assert begun == [A, B]
    assert [str(error) for error in told] == ["a fault"]


@dataclass
class Faulty:
    """A network on which one address reveals a fault of our own, and another answers."""

    clock: SystemClock

    async def fetch(self, request: Get) -> Fetched | Unfetched:
        now = self.clock.now()
        if request.url == A:
            raise ZeroDivisionError("nobody thought of this")
        if request.url == B:
            return Fetched(Answer(B, B, 200, now), rss("Harbour News", "One", "Two").body)
        return Unfetched(Rejected(Reason.DNS_FAILED, "no such host"), now)


async def states_after(folder: Path, until: Callable[[dict[str, FeedState]], bool]) -> dict[str, FeedState]:
    """The states that a worker on the faulty network comes to."""
    settings, rules = settings_of(folder), load_rules(settings_of(folder).config_dir)
    assert isinstance(rules, Rules)
    settings.feeds_file.write_bytes(write_opml([FeedSpec(A), FeedSpec(B)], "Test"))
    broker = open_broker(settings.broker)
    try:
        settings = await prepared(broker, settings, rules)
        sources = Sources(FeedsFile(settings.feeds_file), Faulty(SystemClock()), lambda: "token")
        async with running(settings, rules, broker, sources=sources) as worker:
            assert worker.polling is not None
            worker.polling.begin()
            async with asyncio.timeout(60):
                while True:
                    states = (await latest_states(broker, settings.topic_prefix, [A, B])).found
                    if until(states):
                        return states
                    await asyncio.sleep(0.02)
    finally:
        await broker.close()


async def test_a_fault_of_our_own_with_one_feed_is_its_outcome(tmp_path: Path) -> None:
    """The feed has a reason and is asked again later; the other is read, and the worker goes on."""
    states = await states_after(tmp_path, lambda states: len(states) == 2)
    assert states[A].failing is not None and states[A].failing.reason is Reason.STAGE_FAILED
    assert "ZeroDivisionError" in states[A].failing.message
    assert states[A].due is not None and states[A].asked is not None
    assert states[A].due >= states[A].asked + timedelta(hours=1)
    assert (states[B].outcome, states[B].counts.entries) == ("new", 2)


async def test_a_state_that_cannot_be_read_is_begun_anew(tmp_path: Path) -> None:
    """One row of another version is no reason not to start: that feed is polled as a new one."""
    await states_after(tmp_path, lambda states: len(states) == 2)
    settings = settings_of(tmp_path)
    broker = open_broker(settings.broker)
    try:
        rows = {FEED_STATES.name: b'{"feed": 7}', FEED_ASKED.name: encode(START)}
        place = partition(B, settings.partitions)
        for topic, row in rows.items():
            await broker.publish([Outgoing(settings.topic_prefix + topic, B.encode(), row, (), place)])
    finally:
        await broker.close()
    for table in (tmp_path / "state").glob("*.rows*"):
        table.unlink()
    states = await states_after(tmp_path, lambda states: B in states)
    assert states[B].counts.polls == 1

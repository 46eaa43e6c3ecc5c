"""A reader of feeds around the subscriber and the hub server, as small as one can be: orders are applied
one after the other to the state of their feed, and entries and states are what it remembers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from agents.http.session import open_fetcher
from agents.polling.callbacks import Callbacks
from agents.polling.hub_server import serve_hub
from agents.polling.intake import Bounds
from agents.polling.order import Order
from agents.polling.subscriber import Subscriber
from config.settings import Settings
from pipeline.feed.document import FeedDocument
from pipeline.feed.listing import Listing
from pipeline.outcome import Rejected
from pipeline.poll.answer import Answer
from pipeline.poll.look import Body, delivered, look
from pipeline.poll.poll import Poll
from pipeline.poll.spec import FeedSpec
from pipeline.poll.state import FeedState, Subscription
from pipeline.poll.websub import watched, works
from tests.polling.hub import Hub, serving_hub

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEED = "http://paper.example/feed"


@dataclass
class Moment:
    """A clock that goes where it is told."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **units: float) -> None:
        """Let so many hours, minutes, ... pass."""
        self.at += timedelta(**units)


@dataclass
class Readers:
    """What the worker is to the subscriber: states, a queue of orders, and what came of them.

    While `stuck` is cleared orders wait; while `full` none is taken.
    """

    now: Moment
    hub: Hub
    callbacks: Callbacks = field(default_factory=Callbacks)
    states: dict[str, FeedState] = field(default_factory=dict)
    listings: dict[str, Listing] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    dropped: list[tuple[str, Rejected]] = field(default_factory=list)
    orders: asyncio.Queue[Order] = field(default_factory=asyncio.Queue)
    stuck: asyncio.Event = field(default_factory=asyncio.Event)
    full: bool = False
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    subscriber: Subscriber = field(init=False)
    base: str = ""

    async def submit(self, order: Order) -> bool:
        if not self.full:
            await self.orders.put(order)
        return not self.full

    async def work(self) -> None:
        """Apply orders, one after the other, until cancelled."""
        while True:
            order = await self.orders.get()
            await self.stuck.wait()
            async with self.one_at_a_time:
                self._apply(order)
            if order.done is not None and not order.done.done():
                order.done.set_result(True)
            self.orders.task_done()

    def _apply(self, order: Order) -> None:
        state = self.state(order.feed)
        if order.change is not None:
            state = order.change(state)
        elif order.delivery is not None:
            body = Body(order.delivery.body, order.delivery.headers, order.asked, partial=True)
            state = self._seen(
                state, delivered(FeedSpec(order.feed), body, lambda: self._listing(order.feed))
            )
        self._remember(state)

    def state(self, feed: str = FEED) -> FeedState:
        return self.states.get(feed) or FeedState(feed)

    def held(self, feed: str = FEED) -> Subscription:
        """The feed's subscription, which there is."""
        held = self.state(feed).hub
        assert held is not None
        return held

    def works(self, feed: str = FEED) -> bool:
        return works(self.state(feed).hub, self.now())

    async def poll(self, *items: str, feed: str = FEED, hub: str | None = None) -> None:
        """An ordinary poll of a feed that offers the hub and lists these items; then what the hub does."""
        body = document(hub or self.hub.url, feed, *items)
        answer = Answer(feed, feed, 200, self.now(), {"content-type": "application/rss+xml"})
        async with self.one_at_a_time:
            found = look(FeedSpec(feed), self.state(feed), answer, body, lambda: self._listing(feed))
            await self._renew(self._seen(self.state(feed), found), found.document)
        await self.settled()

    async def unchanged(self, feed: str = FEED) -> None:
        """An ordinary poll that was answered 304."""
        async with self.one_at_a_time:
            await self._renew(replace(self.state(feed), answered=self.now()), None)
        await self.settled()

    async def _renew(self, state: FeedState, document: FeedDocument | None) -> None:
        self._remember(await self.subscriber.renewed(FeedSpec(state.feed), state, document, self.now()))

    async def settled(self) -> None:
        await self.hub.settled()
        await self.orders.join()

    def _listing(self, feed: str) -> Listing | None:
        return self.listings.get(feed)

    def _seen(self, state: FeedState, poll: Poll) -> FeedState:
        if poll.comparison is not None:
            self.listings[state.feed] = poll.comparison.listing
            self.titles += [entry.title.value for entry in poll.comparison.new if entry.title]
        hub = watched(state.hub, poll, state.answered) if state.hub else None
        return replace(state, hub=hub, answered=poll.at if poll.way == "asked" else state.answered)

    def _remember(self, state: FeedState) -> None:
        self.states[state.feed] = state
        self.callbacks.learn(state)


def document(hub: str, topic: str, *items: str) -> bytes:
    """An RSS feed that offers a hub; an item is "title" or "title|date"."""
    written = "".join(_item(*item.partition("|")[::2]) for item in items)
    return (
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Paper</title>'
        f'<link>http://paper.example/</link><atom:link rel="hub" href="{hub}"/>'
        f'<atom:link rel="self" href="{topic}"/>{written}</channel></rss>'
    ).encode()


def _item(title: str, date: str) -> str:
    dated = f"<pubDate>{date}</pubDate>" if date else ""
    return (
        f"<item><title>{title}</title><guid>http://paper.example/{title}</guid>"
        f"<link>http://paper.example/{title}</link>{dated}</item>"
    )


@asynccontextmanager
async def subscribing(
    bounds: Bounds | None = None, networks: tuple[str, ...] = ("127.0.0.0/8",)
) -> AsyncIterator[Readers]:
    """Readers and a hub that reach each other over loopback, through the worker's own fetcher."""
    now, numbers = Moment(), count(1)
    async with serving_hub(now) as hub, open_fetcher(Settings(allow_networks=networks)) as fetcher:
        readers = Readers(now, hub)
        readers.stuck.set()
        server = serve_hub(
            "127.0.0.1:0",
            readers.callbacks.find,
            readers.submit,
            now,
            lambda feed, why: readers.dropped.append((feed, why)),
            bounds,
        )
        async with server as (host, port):
            readers.base = f"http://{host}:{port}/below/any/path"
            readers.subscriber = Subscriber(
                fetcher, readers.base, lambda: f"luck-{next(numbers)}", readers.callbacks
            )
            working = asyncio.create_task(readers.work())
            try:
                yield readers
            finally:
                working.cancel()

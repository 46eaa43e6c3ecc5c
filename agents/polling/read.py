"""`read`: one order at a time, from the request to the record of what it brought.

    fetch -> look -> fill in pages -> confirm entries -> decide -> confirm notes and records

Whatever goes wrong with a feed is an outcome that is remembered; only a broker that takes nothing ends
the process. Entries are durable before the record that says they were seen.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agents.brokers.message import Outgoing
from agents.http.errors import plain
from agents.http.fetcher import Fetcher, Get
from agents.polling.clock import Clock
from agents.polling.desk import Desk, partition
from agents.polling.metrics import Metrics
from agents.polling.order import Delivery, Order
from agents.polling.outlet import Outlet
from agents.polling.pages import Pages
from agents.polling.remember import Kind, record
from agents.polling.subscriber import Subscriber
from agents.prepare import Refused, prepare
from agents.rows import Rows
from agents.sending import GiveUp
from agents.topics import ENTRIES
from pipeline.article.moves import with_moves
from pipeline.article.publisher import Publishers
from pipeline.codec import encode
from pipeline.feed.entry import Entry
from pipeline.feed.listing import Listing
from pipeline.feed.listing_pack import pack, unpack
from pipeline.outcome import Reason, Rejected
from pipeline.poll.answer import Fetched, Unfetched
from pipeline.poll.decide import decide, undecided
from pipeline.poll.look import Body, Remembered, delivered, look
from pipeline.poll.note import FeedNote
from pipeline.poll.policy import Policy
from pipeline.poll.poll import Poll
from pipeline.poll.spec import FeedSpec
from pipeline.poll.state import FeedState
from pipeline.poll.validators import request_headers
from pipeline.urls import host_of

log = logging.getLogger(__name__)

IN_THREAD = 200_000
"""Bytes of a body that is parsed beside the event loop: about 10 ms of the quick reader's time, more of
the tolerant one's."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What `read` works with."""

    desk: Desk
    fetcher: Fetcher
    outlet: Outlet
    listings: Rows
    publishers: Publishers
    policy: Policy
    clock: Clock
    metrics: Metrics
    partitions: int
    pages: Pages
    subscriber: Subscriber | None = None
    lease: Callable[[], bool] = lambda: True
    """Whether it is certain at this moment that no other worker may ask our feeds."""


class Reader:
    """Works on orders; safe to call concurrently for different feeds, and the desk sees to that."""

    def __init__(self, parts: Reading) -> None:
        self._parts = parts
        self._desk = parts.desk

    async def __call__(self, order: Order) -> None:
        """Do what is ordered and remember it. Raises GiveUp when the broker takes nothing."""
        spec = self._desk.spec(order.feed)
        if spec is None:  # taken off the list meanwhile
            self._desk.roster.done(order.feed, self._parts.clock.now())
            order.resolve(False)
            return
        before = self._desk.state(order.feed)
        if order.polls and not self._parts.lease():
            self._desk.postpone(order.feed, order.asked, self._parts.clock.now())
            return
        try:
            await self._done(spec, before, order)
            order.resolve(True)
        except GiveUp:
            raise
        except Exception as error:  # a fault of ours with this feed is no reason to stop the others
            log.exception("a feed could not be read: %s", plain(spec.url))
            why = Rejected(Reason.STAGE_FAILED, f"{type(error).__name__}: {error}")
            await self._remember(undecided(before, order.asked, why, self._parts.policy), None, ())
            order.resolve(False)

    async def _done(self, spec: FeedSpec, before: FeedState, order: Order) -> None:
        if order.change is not None:
            await self._remember(order.change(before), None, ())
        else:
            await self._conclude(spec, before, await self._poll(spec, before, order))

    # --- what it brought

    async def _poll(self, spec: FeedSpec, before: FeedState, order: Order) -> Poll:
        """The look at the feed, its entries sent."""
        found = replace(await self._found(spec, before, order), asked=order.asked)
        if found.comparison is None:
            return found
        sent, unsent = await self._sent(spec, with_moves(found.comparison, self._parts.publishers))
        return replace(found, sent=sent, unsent=unsent)

    async def _found(self, spec: FeedSpec, before: FeedState, order: Order) -> Poll:
        if order.delivery is not None:
            body = _delivered_body(order.delivery, order.asked)
            return await self._looked(spec, len(body.data), lambda known: delivered(spec, body, known))
        request = Get(before.address or spec.url, headers=request_headers(before))
        result = await self._parts.fetcher.fetch(request)
        self._book(request.url, result)
        if isinstance(result, Unfetched):
            return Poll(order.asked, answer=result.answer, why=result.why)
        return await self._looked(
            spec, len(result.body), lambda known: look(spec, before, result.answer, result.body, known)
        )

    def _book(self, asked: str, result: Fetched | Unfetched) -> None:
        """A redirect to another host was a request there, which counts for its pace."""
        if result.answer and result.answer.hops:
            there = host_of(result.answer.url).lower()
            if there != host_of(asked).lower():
                self._desk.roster.reserve(there, self._parts.clock.now())

    async def _looked(self, spec: FeedSpec, size: int, step: Callable[[Remembered], Poll]) -> Poll:
        """A step that takes long for what it reads in a thread, else at once. The row that it may want is
        read before: tables belong to the event loop's thread."""
        key, read = spec.url.encode(), self._parts.listings.read
        if size <= IN_THREAD:
            return step(lambda: _listing(spec.url, read([key]).get(key)))
        row = read([key]).get(key)
        return await asyncio.to_thread(step, lambda: _listing(spec.url, row))

    # --- what it leads to

    async def _sent(self, spec: FeedSpec, entries: Sequence[Entry]) -> tuple[int, tuple[Rejected, ...]]:
        """Confirm the entries, each as soon as it is complete; how many, and why others were not."""
        sent, unsent = 0, []
        async for ready in self._completed(spec, entries):
            messages = []
            for entry in ready:
                found = prepare(entry, self._parts.publishers)
                if isinstance(found, Refused):
                    unsent.append(found.why)
                    messages.append(self._parts.outlet.dead_letter(found))
                else:
                    messages.append(self._parts.outlet.message(ENTRIES, found.key, found.data))
                    sent += 1
            await self._parts.outlet.confirm(messages)
        return sent, tuple(unsent)

    async def _completed(self, spec: FeedSpec, entries: Sequence[Entry]) -> AsyncIterator[Sequence[Entry]]:
        """The entries in parts that can go: all at once, or one by one as their pages come."""
        if not spec.full_text:
            yield entries
            return
        pages = self._parts.pages.filled_all(entries)
        while True:
            with self._desk.resting():
                filled = await anext(pages, None)
            if filled is None:
                return
            entry, why = filled
            if why is not None:
                self._parts.metrics.rejected.labels(why.reason).inc()
            yield (entry,)

    async def _conclude(self, spec: FeedSpec, before: FeedState, poll: Poll) -> None:
        """Decide, subscribe where a hub is offered, and remember."""
        decision = decide(spec, before, poll, self._parts.policy)
        after = decision.state
        if self._parts.subscriber is not None:
            after = await self._parts.subscriber.renewed(spec, after, poll.document, poll.at)
        listing = poll.comparison.listing if poll.comparison else None
        self._count(poll, after, decision.notes)
        await self._remember(after, listing, decision.notes)

    async def _remember(self, state: FeedState, listing: Listing | None, notes: Iterable[FeedNote]) -> None:
        """Notes, listing, state, in this order: after a crash only what is not remembered is said again."""
        place = partition(state.feed, self._parts.partitions)
        messages = [self._parts.outlet.note(note) for note in notes]
        if listing is not None:
            messages.append(self._record("listing", state.feed, pack(listing), place))
        data = encode(state)
        self._desk.announce(data, state)
        messages.append(self._record("state", state.feed, data, place))
        await self._parts.outlet.confirm(messages)

    def _record(self, kind: Kind, feed: str, value: bytes, place: int) -> Outgoing:
        return record(self._parts.outlet.prefix, kind, feed, value, place, self._desk.stamped(feed))

    def _count(self, poll: Poll, after: FeedState, notes: Sequence[FeedNote]) -> None:
        metrics = self._parts.metrics
        metrics.polls.labels(after.outcome).inc()
        metrics.entries.inc(poll.sent)
        lost = poll.document.rejected if poll.document else ()
        for why in (*lost, *poll.unsent):
            metrics.rejected.labels(why.reason).inc()
        for note in notes:
            metrics.notes.labels(note.kind).inc()
            log.warning("%s: %s: %s", plain(note.title or note.feed), note.kind, plain(note.message))


def _listing(feed: str, row: bytes | None) -> Listing | None:
    found = None if row is None else unpack(row)
    if isinstance(found, Rejected):  # then all of it counts as new, which changes nothing that is known
        log.error("what %s listed last cannot be read: %s", feed, found.message)
        return None
    return found


def _delivered_body(delivery: Delivery, at: datetime) -> Body:
    return Body(delivery.body, delivery.headers, at, partial=True)

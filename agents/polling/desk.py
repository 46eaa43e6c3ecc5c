"""Desk: what the worker holds of its feeds in memory: their list, their states, and who is in work."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from agents.brokers.partitioner import partition_for_key
from agents.polling.callbacks import Callbacks
from agents.polling.order import Order
from pipeline.poll.policy import Policy
from pipeline.poll.roster import Roster
from pipeline.poll.spec import FeedSpec
from pipeline.poll.state import FeedState
from pipeline.urls import host_of

WAITING = 8
"""Orders that wait for a feed in work; a hub that delivers faster is told to come again."""

RESTING = 4
"""Times the slots that orders in work may be, if they rest: each holds the entries of one look."""


class Desk:
    """Specs from the list of feeds, states from the table; the roster says who is next."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._specs: dict[str, FeedSpec] = {}
        self._states: dict[str, FeedState] = {}
        self._fresh: dict[str, tuple[bytes, FeedState]] = {}
        self._waiting: dict[str, deque[Order]] = {}
        self._resting = 0
        self.roster = Roster(policy.pace)
        self.callbacks = Callbacks()

    # --- what is configured, and what is remembered

    def recover(self, states: Iterable[FeedState], asked: Mapping[str, datetime], now: datetime) -> None:
        """Take over the tables as they stand. A feed whose request got no answer before the process ended
        counts as asked: it is not asked again before its shortest interval is over."""
        self._states = {state.feed: self._caught_up(state, asked.get(state.feed), now) for state in states}
        for feed, at in asked.items():
            if feed not in self._states:
                self._states[feed] = self._caught_up(FeedState(feed), at, now)
        for feed, state in self._states.items():
            self.callbacks.learn(state)
            if state.asked is not None:
                self.roster.book(host(feed, state), state.asked + timedelta(seconds=self._policy.pace))

    def _caught_up(self, state: FeedState, asked: datetime | None, now: datetime) -> FeedState:
        if asked is not None and (state.asked is None or asked > state.asked):
            earliest = asked + timedelta(seconds=self._policy.shortest)
            state = replace(state, asked=asked, due=max(state.due or earliest, earliest))
        if state.asked is not None and state.asked > now:  # the clock was ahead when that was written
            due = state.due and state.due - (state.asked - now)
            state = replace(state, asked=now, due=due)
        return state

    def configure(self, feeds: Iterable[FeedSpec], now: datetime) -> None:
        """Follow the list: what is new is due at once, what is no longer in it is not asked again."""
        wanted = {spec.url: spec for spec in feeds}
        for feed in self._specs.keys() - wanted.keys():
            self.roster.drop(feed)
            self.callbacks.forget(feed)
            self._refuse(feed)
        added = [feed for feed in wanted if feed not in self._specs]
        self._specs = wanted
        for feed in added:
            state = self.state(feed)
            self.callbacks.learn(state)
            self.roster.put(feed, host(feed, state), state.due or now)

    def spec(self, feed: str) -> FeedSpec | None:
        """The feed as it is configured; None if it is no longer in the list."""
        return self._specs.get(feed)

    def state(self, feed: str) -> FeedState:
        """What is remembered of the feed."""
        return self._states.get(feed) or FeedState(feed)

    def states(self) -> list[FeedState]:
        """Of all feeds of the list, in its order."""
        return [self.state(feed) for feed in self._specs]

    # --- the way of a state: announced by `read`, applied by `remember`

    def announce(self, data: bytes, state: FeedState) -> None:
        """`read` has sent this state as these bytes, so that `remember` need not decode them."""
        self._fresh[state.feed] = (data, state)

    def announced(self, feed: str, data: bytes) -> FeedState | None:
        """The state that these bytes are, if this process sent them."""
        known, state = self._fresh.pop(feed, (None, None))
        return state if known == data else None

    def remembered(self, state: FeedState, now: datetime) -> Order | None:
        """The state is in the table: the feed is free again, or has the order that waited for it."""
        self._states[state.feed] = state
        self.roster.done(state.feed, now)
        if state.feed not in self._specs:
            return None
        self.callbacks.learn(state)
        self.roster.put(state.feed, host(state.feed, state), state.due or now)
        queue = self._waiting.get(state.feed)
        if not queue or not self.roster.hold(state.feed):
            return None
        order = queue.popleft()
        if not queue:
            del self._waiting[state.feed]
        return order

    def released(self, feed: str, now: datetime) -> None:
        """Nothing was done for a feed that is no longer in the list."""
        self.roster.done(feed, now)

    def _refuse(self, feed: str) -> None:
        """What waited for the feed is not done any more."""
        for order in self._waiting.pop(feed, ()):
            order.resolve(False)

    # --- slots

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Within it an order waits for the pace of pages, and needs none of the slots."""
        self._resting += 1
        try:
            yield
        finally:
            self._resting -= 1

    def free_slots(self, slots: int) -> int:
        """How many more may be asked at once: `slots` at work, and some times as many that rest."""
        in_work = self.roster.in_work
        return min(slots - (in_work - self._resting), RESTING * slots - in_work)

    def booked(self, name: str, now: datetime) -> datetime:
        """When a host may be asked for a page; nobody else asks it within its pace after that."""
        return self.roster.reserve(name, now)

    # --- orders of others than the schedule

    def admit(self, order: Order) -> bool | None:
        """Whether an order may go on at once (True), has to wait for its feed (None), or is one too many."""
        if order.feed not in self._specs:
            return False
        if self.roster.hold(order.feed):
            return True
        queue = self._waiting.setdefault(order.feed, deque())
        if len(queue) >= WAITING:
            return False
        queue.append(order)
        return None


def partition(feed: str, partitions: int) -> int:
    """Where the records of a feed lie: by the host of its id, which never changes, also when it moved."""
    return partition_for_key(host_of(feed).lower().encode(), partitions)


def host(feed: str, state: FeedState) -> str:
    """The host that a feed is asked at, which is paced as one."""
    return host_of(state.address or feed).lower()

"""Desk: what the worker holds of its feeds in memory: their list, their states, and who is in work."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from agents.brokers.partitioner import partition_for_key
from agents.polling.callbacks import Callbacks
from agents.polling.order import Order
from pipeline.codec import encode
from pipeline.poll.policy import Policy
from pipeline.poll.roster import Roster
from pipeline.poll.spec import FeedSpec
from pipeline.poll.state import FeedState
from pipeline.poll.websub import moved
from pipeline.urls import host_of

WAITING = 8
"""Orders that wait for a feed in work; a hub that delivers faster is told to come again."""

RESTING = 4
"""Times the slots that orders in work may be, if they rest: each holds the entries of one look."""


class Desk:
    """Specs from the list of feeds, states from the table; the roster says who is next.

    Only feeds whose partition is held are taken up: all of them to begin with, until the first `release`.
    """

    def __init__(self, policy: Policy, partitions: int = 1, callback: str = "") -> None:
        self._policy = policy
        self._partitions = partitions
        self._callback = callback
        self._held = frozenset(range(partitions))
        self._listed: dict[str, FeedSpec] = {}
        self._specs: dict[str, FeedSpec] = {}
        self._stamps: dict[str, bytes] = {}
        self._states: dict[str, FeedState] = {}
        self._fresh: dict[str, tuple[bytes, FeedState]] = {}
        self._waiting: dict[str, deque[Order]] = {}
        self._resting = 0
        self.roster = Roster(policy.pace)
        self.callbacks = Callbacks()

    # --- what is configured, and what is remembered

    def recover(
        self,
        states: Iterable[FeedState],
        asked: Mapping[str, datetime],
        now: datetime,
        held: Iterable[int] | None = None,
    ) -> None:
        """Take over the tables as they stand, for the partitions `held` (None: as before), and begin with
        the feeds of the list that lie there. A feed whose request got no answer before the process ended, or
        the partition moved, counts as asked: it is not asked again before its shortest interval is over."""
        self._held = self._held if held is None else frozenset(held)
        self._states = {state.feed: self._caught_up(state, asked.get(state.feed), now) for state in states}
        self._stamps = {feed: encode(at) for feed, at in asked.items()}
        for feed, at in asked.items():
            if feed not in self._states:
                self._states[feed] = self._caught_up(FeedState(feed), at, now)
        self._states = {feed: self._subscribed_here(state) for feed, state in self._states.items()}
        for feed, state in self._states.items():
            self.callbacks.learn(state)
            if state.asked is not None:
                self.roster.book(host(feed, state), state.asked + timedelta(seconds=self._policy.pace))
        self._take_up(now)

    def release(self) -> None:
        """Hold no feed from now on; nothing of theirs is in work any more. The list stays, and hosts keep
        their pace."""
        self._held = frozenset()
        for feed in tuple(self._waiting):
            self._refuse(feed)
        for held in (self._specs, self._states, self._stamps, self._fresh):
            held.clear()
        self.roster.clear()
        self.callbacks.clear()

    @property
    def whole(self) -> bool:
        """Whether every feed there is would be known here."""
        return len(self._held) == self._partitions

    def holds(self, feed: str) -> bool:
        """Whether the feed lies in a partition of this worker's."""
        return partition(feed, self._partitions) in self._held

    def _subscribed_here(self, state: FeedState) -> FeedState:
        """A hub that delivers to another worker does not deliver: the feed is polled at its usual pace."""
        return replace(state, hub=moved(state.hub, self._callback)) if state.hub else state

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
        self._listed = {spec.url: spec for spec in feeds}
        self._take_up(now)

    def _take_up(self, now: datetime) -> None:
        """Follow the list as far as its feeds are held."""
        wanted = {feed: spec for feed, spec in self._listed.items() if self.holds(feed)}
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
        """The feed as it is configured; None if it is no longer in the list, or another worker's."""
        return self._specs.get(feed)

    def state(self, feed: str) -> FeedState:
        """What is remembered of the feed."""
        return self._states.get(feed) or FeedState(feed)

    def states(self) -> list[FeedState]:
        """Of all feeds of the list that this worker holds, in its order."""
        return [self.state(feed) for feed in self._specs]

    @property
    def listed(self) -> int:
        """How many feeds the list has, whoever holds them."""
        return len(self._listed)

    # --- asking

    def stamp(self, feed: str, stamp: bytes) -> None:
        """It is durable that the feed is asked, as this record says."""
        self._stamps[feed] = stamp

    def stamped(self, feed: str) -> bytes:
        """The last record that the feed is asked; empty for none."""
        return self._stamps.get(feed, b"")

    def postpone(self, feed: str, asked: datetime, now: datetime) -> None:
        """The request that was to begin at `asked` did not: the feed counts as asked all the same."""
        self.roster.done(feed, now)
        state = self._states[feed] = self._caught_up(self.state(feed), asked, now)
        if feed in self._specs:
            self.roster.put(feed, host(feed, state), state.due or now)

    # --- the way of a state: announced by `read`, applied by `remember`

    def announce(self, data: bytes, state: FeedState) -> None:
        """`read` has sent this state as these bytes, so that `remember` need not decode them."""
        self._fresh[state.feed] = (data, state)

    def announced(self, feed: str, data: bytes) -> FeedState | None:
        """The state that these bytes are, if this process sent them."""
        known, state = self._fresh.get(feed, (None, None))
        if known != data:
            return None
        del self._fresh[feed]
        return state

    def overheard(self, state: FeedState, now: datetime) -> None:
        """A state that this process did not send is in the table: of the worker that had the feed before."""
        feed = state.feed
        if feed not in self._specs or self.roster.works_on(feed):
            return  # read from the table when the feed is taken up, or overtaken by what is in work
        found = self._caught_up(state, self.state(feed).asked, now)
        self._states[feed] = found = self._subscribed_here(found)
        self.callbacks.learn(found)
        self.roster.put(feed, host(feed, found), found.due or now)

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

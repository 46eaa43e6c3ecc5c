"""Roster: which feeds may be asked now: due, nobody at work on them, their host free and its pace kept.

A host stands in the queue of hosts at the moment since which it could be asked: the latest of its next
feed's due time, its pace, and the end of its last request. So whoever has waited longest is next, and a
host with thousands of overdue feeds stands behind the others again after each of its requests.

Heaps with lazy deletion: an entry holds only as long as its feed or host still points to it; a heap
that is more than half waste is built anew. All operations take O(log n) amortised, but `shift`.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush

WASTE = 16
"""Lapsed entries that any heap may hold beyond as many as live ones."""

_Turn = tuple[datetime, str]
"""A feed in its host's queue: when it is due, and which it is."""
_Ready = tuple[datetime, datetime, str]
"""A host in the queue of hosts: since when it could be asked, its next feed's due time, and its name."""


@dataclass(slots=True)
class _Host:
    name: str
    queue: list[_Turn] = field(default_factory=list)
    waiting: int = 0
    """Feeds in the queue that hold."""
    free: datetime | None = None
    """No request before this moment."""
    asked: str | None = None
    """The feed that is being asked there."""
    ready: _Ready | None = None


@dataclass(slots=True)
class _Feed:
    host: str
    due: datetime
    turn: _Turn | None = None
    """Its place in the host's queue; None while it is in work."""


@dataclass(slots=True)
class _Work:
    host: _Host | None
    """The host that is in use for it, until done."""
    open: bool = True
    """Not done yet; of a held feed, too, which uses no host."""
    again: bool = False
    """It was put meanwhile: it waits again as soon as it is done."""


class Roster:
    """Feeds by host. `pace`: seconds from the beginning of a request to a host to that of the next."""

    def __init__(self, pace: float) -> None:
        self._pace = timedelta(seconds=pace)
        self._feeds: dict[str, _Feed] = {}
        self._work: dict[str, _Work] = {}
        self._hosts: dict[str, _Host] = {}
        self._ready: list[_Ready] = []
        self._waiting = 0
        self._latest: datetime | None = None
        self._most_hosts = WASTE

    # --- scheduling

    def put(self, feed: str, host: str, due: datetime) -> None:
        """Schedule a feed, or schedule it anew. One that is in work waits again once that is done; with it
        done already, it is idle with this."""
        known = self._feeds.get(feed)
        if known is None:
            known = self._feeds[feed] = _Feed(host, due)
        else:
            self._withdraw(known, host)
            known.host, known.due = host, due
        work = self._work.get(feed)
        if work is not None and work.open:
            work.again = True
            return
        self._work.pop(feed, None)
        self._enqueue(feed, known)

    def drop(self, feed: str) -> None:
        """Forget a feed. One that is in work stays so, with its host, until it is done."""
        known = self._feeds.pop(feed, None)
        if known is not None:
            self._withdraw(known, None)
        work = self._work.get(feed)
        if work is not None:
            work.again = False
            if not work.open:
                del self._work[feed]

    def clear(self) -> None:
        """Forget all feeds, and whatever is in work; hosts keep their pace, counted from its beginning."""
        self._feeds.clear()
        self._work.clear()
        self._ready.clear()
        self._waiting = 0
        for host in self._hosts.values():
            host.queue, host.waiting, host.asked, host.ready = [], 0, None, None

    def shift(self, by: timedelta) -> None:
        """The clock was set, by so much: what was to come in an hour still does."""
        for host in self._hosts.values():
            host.queue, host.ready = [], None
            host.free = None if host.free is None else host.free + by
        for name, known in self._feeds.items():
            known.due += by
            if known.turn is not None:
                known.turn = (known.due, name)
                self._hosts[known.host].queue.append(known.turn)
        self._ready = []
        for host in self._hosts.values():
            heapify(host.queue)
            self._offer(host)

    def book(self, host: str, until: datetime) -> None:
        """No request to the host before `until`; it may be one that no feed is at."""
        known = self._host(host)
        if known.free is None or known.free < until:
            known.free = until
            self._offer(known)

    def reserve(self, host: str, now: datetime) -> datetime:
        """The next moment at which the host may be asked, by somebody who is no feed; it is booked."""
        free = self._host(host).free
        start = now if free is None else max(now, free)
        self.book(host, start + self._pace)
        return start

    # --- asking

    def take(self, now: datetime, limit: int) -> list[str]:
        """Up to `limit` feeds to ask now, who could have been asked first comes first; they are in work."""
        self._latest = now
        taken: list[str] = []
        while len(taken) < limit and (ready := self._first()) is not None and ready[0] <= now:
            taken.append(self._begin(self._hosts[ready[2]], now))
        return taken

    def hold(self, feed: str) -> bool:
        """Mark an idle feed as in work, due or not; its host is not in use. False: in work, or unknown."""
        known = self._feeds.get(feed)
        if known is None or feed in self._work:
            return False
        self._withdraw(known, None)
        self._work[feed] = _Work(None)
        return True

    def done(self, feed: str, now: datetime) -> None:
        """The feed's host is free again, its pace counted from the request's beginning. The feed itself
        stays in work until it is put, unless it was put or dropped meanwhile."""
        work = self._work.get(feed)
        if work is None:
            return
        host, work.host, work.open = work.host, None, False
        known = self._feeds.get(feed)
        if known is None or work.again:
            del self._work[feed]
        if host is not None:
            host.asked = None
            host.free = now if host.free is None else max(host.free, now)
            self._offer(host)
        if known is not None and work.again:
            self._enqueue(feed, known)

    # --- questions

    def works_on(self, feed: str) -> bool:
        """Whether the feed was taken or held, and neither put nor dropped since."""
        return feed in self._work

    def next_at(self) -> datetime | None:
        """When `take` may give something; None while nothing is scheduled, or all that is, is in work."""
        ready = self._first()
        return ready[0] if ready else None

    @property
    def waiting(self) -> int:
        """Feeds that are idle."""
        return self._waiting

    @property
    def in_work(self) -> int:
        """Feeds that were taken or held, and neither put nor dropped since."""
        return len(self._work)

    # --- heaps

    def _host(self, name: str) -> _Host:
        known = self._hosts.get(name)
        if known is None:
            if len(self._hosts) >= self._most_hosts:
                self._forget_hosts()
            known = self._hosts[name] = _Host(name)
        return known

    def _forget_hosts(self) -> None:
        """Drop the hosts of which nothing is to be remembered any more."""
        now = self._latest
        self._hosts = {
            name: host
            for name, host in self._hosts.items()
            if host.waiting or host.asked or (host.free is not None and (now is None or host.free > now))
        }
        self._most_hosts = 2 * len(self._hosts) + WASTE

    def _enqueue(self, feed: str, known: _Feed) -> None:
        host = self._host(known.host)
        known.turn = (known.due, feed)
        host.waiting += 1
        self._waiting += 1
        heappush(host.queue, known.turn)
        self._offer(host)

    def _withdraw(self, known: _Feed, to: str | None) -> None:
        """Take a feed out of its host's queue; the host moves up, unless the feed comes back at once."""
        if known.turn is None:
            return
        known.turn = None
        self._waiting -= 1
        host = self._hosts[known.host]
        host.waiting -= 1
        if len(host.queue) > 2 * host.waiting + WASTE:
            host.queue = [turn for turn in host.queue if self._holds(turn)]
            heapify(host.queue)
        if to != known.host:
            self._offer(host)

    def _holds(self, turn: _Turn) -> bool:
        known = self._feeds.get(turn[1])
        return known is not None and known.turn is turn

    def _begin(self, host: _Host, now: datetime) -> str:
        """The host's next feed is in work from now on, and the host with it."""
        feed = heappop(host.queue)[1]
        self._feeds[feed].turn = None
        self._waiting -= 1
        host.waiting -= 1
        host.asked, host.ready, host.free = feed, None, now + self._pace
        self._work[feed] = _Work(host)
        return feed

    def _offer(self, host: _Host) -> None:
        """Give the host its place in the queue of hosts."""
        queue = host.queue
        while queue and not self._holds(queue[0]):
            heappop(queue)
        if host.asked is not None or not queue:
            host.ready = None
            return
        due = queue[0][0]
        since = due if host.free is None or host.free < due else host.free
        ready = host.ready
        if ready is not None and ready[0] == since and ready[1] == due:
            return
        host.ready = (since, due, host.name)
        if len(self._ready) > 2 * len(self._hosts) + WASTE:
            self._ready = [one.ready for one in self._hosts.values() if one.ready is not None]
            heapify(self._ready)
        else:
            heappush(self._ready, host.ready)

    def _first(self) -> _Ready | None:
        """The first host in the queue of hosts that still stands there."""
        while self._ready:
            ready = self._ready[0]
            host = self._hosts.get(ready[2])
            if host is not None and host.ready is ready:
                return ready
            heappop(self._ready)
        return None

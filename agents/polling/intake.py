"""Intake: how much of what hubs deliver is held at once, so that no hub takes the worker's memory."""

from collections import Counter
from dataclasses import dataclass

from pipeline.feed.limits import LIMITS


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bytes and seconds. `body` holds before and after decompression; `per_feed`, `overall` and `held`
    bound the deliveries, and their bytes, that are not yet durable. `body_within` is how long a delivery
    may take to come, `durable_within` how long a hub waits for its answer (hubs give up after 10 to 30 s);
    `idle` ends connections on which nothing is asked. `lost`: an order unanswered that long is none."""

    body: int = LIMITS.body
    per_feed: int = 8
    overall: int = 64
    held: int = 64_000_000
    body_within: float = 20
    durable_within: float = 10
    idle: float = 75
    lost: float = 600


class Full(Exception):
    """There is no room for a delivery now; the hub is to come again."""


class Place:
    """One delivery's place, from its first byte until it is durable."""

    __slots__ = ("feed", "since", "size")

    def __init__(self, feed: str, since: float) -> None:
        self.feed = feed
        self.since = since
        self.size = 0


class Intake:
    """The places there are. `now` is a monotonic clock's, in seconds."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._places: set[Place] = set()
        self._of: Counter[str] = Counter()
        self._held = 0

    def enter(self, feed: str, now: float) -> Place:
        """A place for a delivery to a feed. Raises Full."""
        if len(self._places) >= self._bounds.overall or self._of[feed] >= self._bounds.per_feed:
            self._drop_lost(now)
        if len(self._places) >= self._bounds.overall or self._of[feed] >= self._bounds.per_feed:
            raise Full
        place = Place(feed, now)
        self._places.add(place)
        self._of[feed] += 1
        return place

    def grow(self, place: Place, size: int) -> None:
        """So many bytes more are held, or fewer if negative. Raises Full."""
        if place not in self._places or self._held + size > self._bounds.held:
            raise Full
        self._held += size
        place.size += size

    def leave(self, place: Place) -> None:
        """The delivery is done, or was dropped; leaving twice is leaving."""
        if place not in self._places:
            return
        self._places.remove(place)
        self._held -= place.size
        self._of[place.feed] -= 1
        if not self._of[place.feed]:
            del self._of[place.feed]

    def _drop_lost(self, now: float) -> None:
        """Orders get lost (a rebalance clears their channel); their places do not."""
        for place in [one for one in self._places if one.since + self._bounds.lost < now]:
            self.leave(place)

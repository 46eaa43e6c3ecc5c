"""FeedState: what is remembered of a feed between polls, but for what it lists (`pipeline.feed.listing`)."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any

from pipeline.dates import Utc
from pipeline.outcome import Reason
from pipeline.poll.note import NoteKind


@dataclass(frozen=True, slots=True)
class Validators:
    """What the origin gave with the last body, verbatim, and our hash of that body, once it parsed.

    `conditional` counts the polls in a row that sent validators: now and then one goes without. `whole` is
    when an answer last rested on none. `stuck`: the content changed while they did not, so they are not sent.
    """

    etag: str | None = None
    last_modified: str | None = None
    body: str | None = None
    conditional: int = 0
    whole: Utc | None = None
    stuck: bool = False


@dataclass(frozen=True, slots=True)
class Habit:
    """When a feed publishes: decayed counts of entries, and of hours watched, by hour of day (UTC).

    `entries` and `hours` have 24 numbers each, as of `at`; `burst` is the decayed rate of the last hours,
    in entries per hour. See habit.py.
    """

    entries: tuple[float, ...] = ()
    hours: tuple[float, ...] = ()
    at: Utc | None = None
    burst: float = 0.0


@dataclass(frozen=True, slots=True)
class Failing:
    """Failures in a row: since when, how many, their weight (hard 1, soft .5, DNS .25), and the last one."""

    since: Utc
    count: int
    weight: float
    reason: Reason
    message: str


@dataclass(frozen=True, slots=True)
class Moving:
    """A permanent redirect that has not yet been confirmed over days."""

    url: str
    since: Utc
    seen: int = 1


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of all polls of this feed so far. `lost` counts the occasions, not the entries."""

    polls: int = 0
    not_modified: int = 0
    same_body: int = 0
    failures: int = 0
    deliveries: int = 0
    entries: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Subscription:
    """A WebSub subscription. `secret` signs deliveries and is never shown; `token` names the callback.

    `asked` is the last request to the hub, `leaving` when it was asked to end the subscription. `failures`
    counts requests in a row without a verification, `trouble` is what the hub said to the last one.
    `missed` counts polls since `delivered`, the last delivery, that found what the hub had not brought.
    `callback` is where the worker that asked is reached, below which the token is; empty where not known.
    """

    hub: str
    topic: str
    token: str
    secret: str
    asked: Utc
    verified: Utc | None = None
    expires: Utc | None = None
    failures: int = 0
    missed: int = 0
    leaving: Utc | None = None
    delivered: Utc | None = None
    trouble: str | None = None
    callback: str = ""


@dataclass(frozen=True, slots=True)
class FeedState:
    """One feed between two polls. `address` is where it is asked, where that is no longer its own url.

    `asked` is the last request, `answered` the last answer that could be used, `due` the next request.
    `interval` is what the habit called for (seconds). `newest` is the latest plausible date of an entry,
    `fresh` when an entry was last new. `lags` are minutes from an entry's own date to our seeing it, the
    last ones first. `noted` are the conditions that were noted and are not over. `hinted`: seconds that
    the last document asked to wait. `gone`: since when the feed answers 410. `lull`: the most entries that
    its habit let expect, lately, in a silence that ended (a weekend). `left`: where it moved to, while that
    fails for long and its own url is asked in turn; it is forgotten once that gives the feed.
    `turns`: documents in a row whose entries all had other ids than those of the one before.
    """

    feed: str
    address: str | None = None
    asked: Utc | None = None
    answered: Utc | None = None
    due: Utc | None = None
    interval: float = 0.0
    validators: Validators = field(default_factory=Validators)
    habit: Habit = field(default_factory=Habit)
    failing: Failing | None = None
    moving: Moving | None = None
    gone: Utc | None = None
    title: str | None = None
    link: str | None = None
    version: str | None = None
    size: int = 0
    newest: Utc | None = None
    fresh: Utc | None = None
    first: Utc | None = None
    lags: tuple[int, ...] = ()
    noted: dict[NoteKind, Utc] = field(default_factory=dict)
    damage: str | None = None
    outcome: str = ""
    counts: Counts = field(default_factory=Counts)
    hub: Subscription | None = None
    hinted: float | None = None
    lull: float = 0.0
    left: str | None = None
    turns: int = 0


_NAMES = tuple(one.name for one in fields(FeedState))
_PLACES = {name: place for place, name in enumerate(_NAMES)}
_values = attrgetter(*_NAMES)
_SETTERS: tuple[Callable[[FeedState, Any], None], ...] = tuple(
    getattr(FeedState, name).__set__ for name in _NAMES
)


def changed(state: FeedState, **parts: Any) -> FeedState:
    """`dataclasses.replace` in 4 microseconds, not 10: most polls find nothing new, and this was the larger
    part of what deciding so costs. The slots are filled as the generated `__init__` of a frozen dataclass
    does it, past `__setattr__`. Raises KeyError for a name that is no field."""
    values = list(_values(state))
    for name, value in parts.items():
        values[_PLACES[name]] = value
    copy = object.__new__(FeedState)
    for fill, value in zip(_SETTERS, values, strict=True):
        fill(copy, value)
    return copy

"""turn: nothing of what a feed listed is left: entries passed unseen, or it is an old copy, or other ids."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from pipeline.dates import Utc
from pipeline.feed.listing import AHEAD, Listed, own_urls
from pipeline.feed.moment import is_placeholder

RETURNED = 0.5
"""Share of known entries that came back, from which a list is the one of earlier: in between an old copy of
the feed had been served, for 25 minutes in a feed watched for ten months."""


PINNED, LONG = 2, 10
"""So many entries of a list of at least so many may stay on top for years: they hide no loss of others."""


class Turn(Enum):
    """What stands where nothing is left of what was listed before. NEWER: all of it is later, by its dates.
    OTHER: nothing says so. EARLIER: what is older, or was listed before that: a copy. SAME: pages of before
    under other ids. LATEST: one entry, where there was one. More may have passed unseen with the first two.
    """

    NEWER = auto()
    OTHER = auto()
    EARLIER = auto()
    SAME = auto()
    LATEST = auto()


@dataclass(frozen=True, slots=True)
class Gap:
    """Nothing of what the feed listed at `before` is in what it listed at `after`, but for what is pinned."""

    before: Utc | None
    after: Utc | None
    turn: Turn = Turn.NEWER

    @property
    def lost(self) -> bool:
        """Whether more may have passed unseen."""
        return self.turn in (Turn.NEWER, Turn.OTHER)

    def __str__(self) -> str:
        return f"entries were probably lost between {_time(self.before)} and {_time(self.after)}"


def turned(before: Sequence[Listed], now: Sequence[Listed], returned: int, at: Utc | None) -> Turn:
    """What it means that no entry of a list is in the next one, `returned` of which were listed earlier."""
    urls = own_urls(one.url for one in before)
    if not urls.isdisjoint(own_urls(one.url for one in now)):
        return Turn.SAME
    if max(len(before), len(now)) == 1:
        return Turn.LATEST
    if returned >= RETURNED * len(now):
        return Turn.EARLIER
    known, dates = _plausible(before, at), _plausible(now, at)
    if known and dates and _latest(dates) <= max(known):
        return Turn.EARLIER
    return Turn.NEWER if known and dates and min(dates) > max(known) else Turn.OTHER


def pinned(before: Sequence[Listed], now: Sequence[Listed], both: set[str]) -> bool:
    """Whether of a long list nothing is left but `both`, a few entries older than everything around them: as
    lists grow on top the oldest leave first."""
    if not 0 < len(both) <= PINNED or min(len(before), len(now)) < LONG:
        return False
    dates = [(one.date, one.id in both) for one in (*before, *now) if one.date]
    kept, others = ([date for date, stays in dates if stays is which] for which in (True, False))
    return len(kept) == 2 * len(both) and bool(others) and max(kept) < min(others)


def _plausible(those: Iterable[Listed], at: Utc | None) -> list[Utc]:
    dates = (one.date for one in those)
    return [
        date
        for date in dates
        if date and not (is_placeholder(date) or (at is not None and date - at > AHEAD))
    ]


def _latest(dates: list[Utc]) -> Utc:
    """Until when these were published at most: one that is midnight names a day."""
    latest = max(dates)
    return latest + timedelta(days=1) if not (latest.hour or latest.minute or latest.second) else latest


def _time(moment: Utc | None) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else "an unknown time"

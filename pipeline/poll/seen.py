"""seen: what a document shows of its feed: the newest entry, how late entries come, how many it lists."""

from collections.abc import Iterable
from datetime import timedelta

from pipeline.dates import Utc
from pipeline.feed.entry import Entry
from pipeline.feed.listing import AHEAD
from pipeline.feed.moment import is_placeholder
from pipeline.feed.turn import Turn
from pipeline.poll import habit as habits
from pipeline.poll.poll import Poll
from pipeline.poll.state import FeedState, Habit

LAGS = 24
"""Lags kept: a day of an hourly feed."""

LONGEST_LAG = timedelta(days=2)
"""Beyond it a date says that the entry is an old one, or nothing; clocks are off by hours."""


TURNS = 3
"""Documents in a row with other ids throughout, though not newer by their dates, from which nothing is
concluded from an id: the feed makes them anew for each answer, or lists what comes to its mind."""


def own_date(entry: Entry) -> Utc | None:
    """When an entry says that it was published, else updated; None where that stands for no date."""
    date = entry.published or entry.updated
    return None if date is None or is_placeholder(date) else date


def newest(before: Utc | None, dates: Iterable[Utc], at: Utc) -> Utc | None:
    """The latest plausible date seen so far."""
    latest = before
    for date in dates:
        if date <= at + AHEAD and (latest is None or date > latest) and not is_placeholder(date):
            latest = date
    return latest


def lags(before: tuple[int, ...], new: Iterable[Entry], at: Utc) -> tuple[int, ...]:
    """Minutes from the own dates of new entries to `at`, before those known; negative for the future."""
    found = [at - date for date in map(own_date, new) if date is not None and abs(at - date) <= LONGEST_LAG]
    return (*(int(lag / timedelta(minutes=1)) for lag in found), *before)[:LAGS]


def size(before: int, poll: Poll) -> int:
    """How many entries the feed lists; what shows only a part of it does not tell."""
    document, comparison = poll.document, poll.comparison
    if document is None or comparison is None or is_part(poll):
        return before
    if document.complete or document.cut:
        return len(comparison.listing.entries)
    return before or document.size


def is_part(poll: Poll) -> bool:
    """Whether the body shows what changed and not what is listed: a delta, or what a hub delivered."""
    return poll.way == "delivered" or (poll.answer is not None and poll.answer.delta)


def turns(before: FeedState, poll: Poll) -> int:
    """Documents in a row, up to this look, whose entries had other ids than those of the one before and,
    as far as one can see, are not just newer."""
    document, found = poll.document, poll.comparison
    if document is None or found is None or not document.complete or is_part(poll):
        return before.turns
    turned = bool(found.renamed)
    if found.gap is not None:
        turned = found.gap.turn not in (Turn.NEWER, Turn.LATEST) and len(found.new) > len(found.reappeared)
    return before.turns + 1 if turned else 0


def restless(before: FeedState, poll: Poll) -> bool:
    """Whether the feed's entries have other ids at each look, so that those tell nothing."""
    return turns(before, poll) >= TURNS


def news(before: FeedState, poll: Poll) -> tuple[Entry, ...]:
    """The new entries; where all are and ids tell nothing, those dated after the last look."""
    found, since = poll.comparison, before.answered
    if found is None:
        return ()
    if since is None or found.gap is None or not restless(before, poll):
        return found.new
    return tuple(entry for entry in found.new if (date := own_date(entry)) is not None and date > since)


def lost(before: FeedState, poll: Poll) -> bool:
    """Whether nothing is left of what was listed before, so that more may have passed unseen. One new entry
    says nothing of the kind: a feed of one shows the latest, and its date no distance to another."""
    found = poll.comparison
    if found is None or found.gap is None or is_part(poll) or restless(before, poll):
        return False
    return found.gap.lost and len(found.new) > 1


def learned(before: FeedState, poll: Poll, at: Utc) -> Habit:
    """The habit after what this look brought."""
    new = news(before, poll)
    if not new and before.habit.at is not None:
        return habits.watched(before.habit, at)
    dates = [own_date(entry) for entry in new]
    if lost(before, poll):
        return habits.learn_window(before.habit, dates, at)
    return habits.learn(before.habit, dates, at)

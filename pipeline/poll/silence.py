"""silence: a feed that answers and has nothing new: quiet against its own habit, or frozen in the past.

How much silence is strange. By a Poisson law no entry comes where 12 are expected in 6 of a million cases.
News comes in clumps, of up to three say, so three times as many must be expected. The habit knows the hours
of the day and not the days of the week: what a feed did not publish over a weekend, and then went on, is
remembered as its lull, and twice that must be missing before its silence is strange. In 2,400 simulated days
of feeds with 1 to 200 entries a day, in clumps, with nights and weekends, that gave no false alarm.
"""

from datetime import timedelta
from itertools import pairwise
from statistics import median

from pipeline.dates import Utc
from pipeline.feed.document import FeedDocument
from pipeline.poll.condition import Condition, Finding, Look, Sign, noted, plausible_dates
from pipeline.poll.habit import expected
from pipeline.poll.note import NoteKind
from pipeline.poll.note_text import counted, lasting, moment

HOUR = timedelta(hours=1)

SHORTEST = timedelta(hours=3)
"""No silence is strange before: a front page that is not touched over dinner."""

MISSING = 36.0
"""Entries that must be expected and missing: exp(-36 / 3) is 6 in a million."""

BEYOND_LULL = 2.0
"""A first weekend is measured by a habit of few days, which takes it for less than the next ones."""

LULL_FADES = 0.98
"""Per night, about: of a weekend's lull 90 % are left by the next."""

LONGEST_LULL = timedelta(days=4)
"""What is learned of a longer silence: a long weekend is no reason to accept a fortnight."""

KNOWN = timedelta(days=10)
"""After which a feed was seen through a weekend, whatever day it was added."""

WEEKEND = timedelta(hours=66)
"""From Friday 18:00 to Monday noon: so long may be silent what was never seen through a weekend."""

FROZEN = timedelta(days=14)

FROZEN_UNKNOWN = timedelta(days=30)
"""The same, where neither the habit nor the dates listed say how often it publishes."""

SPACINGS = 5
"""How many times its usual distance between entries a slow feed may be late: exp(-5) is 7 in a thousand, for
a feed that is late by weeks."""


def _quiet(look: Look) -> Sign:
    fresh, since = look.after.fresh, look.before.noted.get(NoteKind.QUIET)
    if fresh is None or look.poll.why is not None:
        return Sign.UNKNOWN
    if since is not None:
        return Sign.FINE if fresh > since else Sign.HOLDS
    if look.at - fresh < SHORTEST or look.poll.way != "asked" or not _hour_passed(look, fresh):
        return Sign.UNKNOWN
    return Sign.HOLDS if _strange(look, fresh) else Sign.UNKNOWN


def _hour_passed(look: Look, since: Utc) -> bool:
    """Whether a further hour of the silence was completed since the last look: only then it is judged."""
    answered = look.before.answered
    return answered is None or (look.at - since) // HOUR != (answered - since) // HOUR


def _strange(look: Look, fresh: Utc) -> bool:
    """Whether more is missing than chance, a night or a weekend explain."""
    known = look.after.first is not None and look.at - look.after.first >= KNOWN
    if not known and look.at - fresh < WEEKEND:
        return False
    missing = expected(look.after.habit, fresh, look.at)
    return missing >= max(MISSING, BEYOND_LULL * look.before.lull)


def _tell_quiet(look: Look) -> Finding:
    fresh = look.after.fresh or look.at
    missing = round(expected(look.after.habit, fresh, look.at))
    silent = lasting(look.at - fresh)
    message = f"It has listed nothing new since {moment(fresh)}, for {silent}, though it answers. "
    message += f"By its habit about {counted(missing, 'entry', 'entries')} would have come in that time."
    seconds = round((look.at - fresh).total_seconds())
    return Finding(fresh, message, {"expected": missing, "seconds": seconds})


def lull(look: Look) -> float:
    """What to remember as the feed's lull: the entries that were expected, and missing, up to the last
    look that still found nothing new, before it went on."""
    fresh, looked = look.before.fresh, look.before.answered
    if fresh is None or looked is None or look.after.fresh == fresh or looked - fresh < SHORTEST:
        return look.before.lull
    missing = expected(look.before.habit, fresh, min(looked, fresh + LONGEST_LULL))
    return round(max(missing, look.before.lull * LULL_FADES), 1)


def _frozen(look: Look) -> Sign:
    if look.poll.why is not None:
        return Sign.UNKNOWN
    document = look.poll.document
    if document is not None:
        return _frozen_list(look, document) if look.whole else Sign.UNKNOWN
    newest = look.after.newest
    if newest is None or look.at - newest <= FROZEN:
        return Sign.UNKNOWN
    if noted(look, NoteKind.FROZEN):
        return Sign.HOLDS
    return Sign.HOLDS if _hour_passed(look, newest) and _overdue(look, newest) else Sign.UNKNOWN


def _frozen_list(look: Look, document: FeedDocument) -> Sign:
    """By the dates of what is listed, and how far apart these are."""
    dates = plausible_dates(document, look.at)
    if any(look.at - date <= FROZEN for date in dates):
        return Sign.FINE
    return Sign.HOLDS if dates and look.at - max(dates) > _patience(dates) else Sign.UNKNOWN


def _patience(dates: list[Utc]) -> timedelta:
    """By the days on which entries appeared: an issue of ten articles is one."""
    days = sorted({date.date() for date in dates})
    if len(days) < 2:
        return FROZEN_UNKNOWN
    return timedelta(days=SPACINGS * median((later - earlier).days for earlier, later in pairwise(days)))


def _overdue(look: Look, newest: Utc) -> bool:
    """By the habit, where no document is there to say."""
    habit = look.after.habit
    if sum(habit.entries) < 1:
        return look.at - newest > FROZEN_UNKNOWN
    return expected(habit, newest, look.at) >= SPACINGS


def _newest(look: Look) -> Utc | None:
    """Of what it lists, as far as this look shows it."""
    document = look.poll.document
    dates = plausible_dates(document, look.at) if document is not None else []
    return max(dates, default=look.after.newest)


def _tell_frozen(look: Look) -> Finding:
    newest = _newest(look) or look.at
    message = f"It answers, but the newest entry it lists is of {moment(newest)}, {lasting(look.at - newest)}"
    message += " ago."
    return Finding(newest, message, {"seconds": round((look.at - newest).total_seconds())})


SILENCE = (
    Condition(NoteKind.QUIET, _quiet, _tell_quiet, "It publishes again"),
    Condition(NoteKind.FROZEN, _frozen, _tell_frozen, "It lists entries of these days again"),
)
"""Judged at each look that succeeded."""

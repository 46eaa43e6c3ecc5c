"""habit: when a feed publishes, learned from its entries' own dates where they can be true.

A rate is entries per hour *watched*, and every hour between two looks was watched, for what was published
meanwhile is listed at the second. So one late look teaches what several punctual ones would have.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import log

from pipeline.dates import Utc
from pipeline.poll.state import Habit

HALF_LIFE = timedelta(days=14)
"""After which a look counts half: two weeks hold each weekday twice, and follow a change of season."""

BURST_HALF_LIFE = 1.0
"""Hours after which an entry counts half in the present rate. Ten entries within minutes make it 7 an hour;
six hours later, with nothing more, it is 0.1."""

WINDOW = timedelta(days=7)
"""How far back one look can teach: a week holds each weekday once."""

BELATED = timedelta(days=1)
"""An entry dated up to so long before the last look was published late, or by a clock that is off (three
hours were seen): its time is unknown. An older one is an old entry that was listed, no news."""

PRIOR_ENTRIES, PRIOR_HOURS = 0.25, 1.0
"""What is believed of a feed before anything is known: as if it had been watched for an hour, at a rate
that calls for the longest interval."""

NEIGHBOURS = 2.0
"""Hours for which the mean of the day stands in each hour of the day: with 2 watched, they count the same."""

LAZY = timedelta(hours=6)
"""Time watched without news is added once it comes to this: a quarter of a day moves a rate by 1 or 2 %,
and 24 numbers need not be written at each "not modified"."""

ANYTIME = 3
"""From this many dates on, all at one time of the day, they name days and no time."""

_DECAY = log(2) / BURST_HALF_LIFE


def rate(habit: Habit, hour: int) -> float:
    """Entries that an hour at this `hour` of the day (UTC) brings, by the habit of the past weeks."""
    mean = (sum(habit.entries) + PRIOR_ENTRIES) / (sum(habit.hours) + PRIOR_HOURS)
    return _rate(habit, hour, mean)


def burst(habit: Habit, now: Utc) -> float:
    """The rate of the last hours as of `now`, in entries per hour."""
    if habit.at is None or not habit.burst:
        return 0.0
    return habit.burst * _faded(_hours(habit.at, now))


def hours_watched(habit: Habit, now: Utc) -> float:
    """How long the feed has been watched, of late: the dates of a first document count as watched."""
    return sum(habit.hours) + (_hours(habit.at, now) if habit.at else 0.0)


def expected(habit: Habit, since: Utc, until: Utc) -> float:
    """How many new entries the habit lets expect between two moments, whatever the last hours were like."""
    mean = (sum(habit.entries) + PRIOR_ENTRIES) / (sum(habit.hours) + PRIOR_HOURS)
    shares = _shares(since, until)
    return sum(_rate(habit, hour, mean) * share for hour, share in enumerate(shares) if share)


def hours_until(habit: Habit, wanted: float, now: Utc, most: float) -> float:
    """Hours until `wanted` entries are expected, at most `most`: walks through the hours of the day ahead,
    at their rate or that of the last hours, whichever is higher."""
    mean = (sum(habit.entries) + PRIOR_ENTRIES) / (sum(habit.hours) + PRIOR_HOURS)
    present, hour, passed = burst(habit, now), now.hour, 0.0
    span = 1.0 - (now.minute * 60 + now.second) / 3_600
    while passed < most:
        speed = max(_rate(habit, hour, mean), present * _faded(passed))
        if speed * span >= wanted:
            return min(passed + wanted / speed, most)
        wanted -= speed * span
        passed, hour, span = passed + span, (hour + 1) % 24, 1.0
    return most


def watched(habit: Habit, now: Utc) -> Habit:
    """The habit after a look that found nothing new: the same one, until LAZY has passed since it changed."""
    if habit.at is not None and now - habit.at >= LAZY:
        return learn(habit, (), now)
    return habit


def learn(habit: Habit, dates: Sequence[Utc | None], now: Utc) -> Habit:
    """The habit after a look at `now` that found new entries, of these dates, and missed none.

    A date between the last look and now is believed; one a little older, one in the future or none at all
    says only that the entry came meanwhile. The first look of all learns as `learn_window` does.
    """
    if habit.at is None:
        return learn_window(habit, dates, now)
    since = min(max(habit.at, now - WINDOW), now)
    news = [date for date in dates if date is None or date > since - BELATED]
    known = [date for date in news if date is not None and since < date <= now]
    return _added(habit, since, now, known, float(len(news) - len(known)))


def learn_window(habit: Habit, dates: Sequence[Utc | None], now: Utc) -> Habit:
    """The habit after a look that shares nothing with the one before, or has none before.

    Then only the time was watched through which the listed entries reach back, and their dates say which:
    the oldest tenth is left out, since a feed may keep old entries on top. Without usable dates a first
    look teaches nothing; a later one, that at least twice as many entries came since the last.
    """
    usable = sorted((date for date in dates if date is not None and date <= now), reverse=True)
    if len(usable) * 2 <= len(dates):
        return _added(habit, habit.at or now, now, [], 2.0 * len(dates) if habit.at else 0.0)
    reach = usable[: max(len(usable) * 9 // 10, 1)]
    since = max(reach[-1], now - WINDOW, habit.at or reach[-1])
    known = [date for date in reach if date >= since]
    if len(known) >= ANYTIME and len({date.time() for date in known}) == 1:
        return _added(habit, since, now, [], float(len(known)))
    return _added(habit, since, now, known, 0.0)


def _added(habit: Habit, since: datetime, now: datetime, known: list[Utc], spread: float) -> Habit:
    """Count the time from `since` to `now`, entries at `known` moments, and `spread` more evenly between."""
    kept = 0.5 ** (max(now - habit.at, timedelta()) / HALF_LIFE) if habit.at else 1.0
    shares = _shares(since, now)
    elapsed = _hours(since, now)
    each = spread / elapsed if elapsed else 0.0
    entries = [was * kept + each * share for was, share in zip(habit.entries or _NONE, shares, strict=True)]
    hours = [was * kept + share for was, share in zip(habit.hours or _NONE, shares, strict=True)]
    for date in known:
        entries[date.hour] += 1.0
    if not elapsed:
        entries[now.hour] += spread
    present = burst(habit, now) + _DECAY * sum(_faded(_hours(date, now)) for date in known)
    present += each * (1.0 - _faded(elapsed)) if elapsed else spread * _DECAY
    return Habit(tuple(entries), tuple(hours), max(now, habit.at or now), present)


_NONE = (0.0,) * 24


def _rate(habit: Habit, hour: int, mean: float) -> float:
    if not habit.hours:
        return mean
    return (habit.entries[hour] + NEIGHBOURS * mean) / (habit.hours[hour] + NEIGHBOURS)


def _shares(since: datetime, until: datetime) -> list[float]:
    """Hours between two moments, by hour of the day."""
    shares = [0.0] * 24
    for hour, share in _walk(since, until):
        shares[hour] += share
    return shares


def _walk(since: datetime, until: datetime) -> Iterator[tuple[int, float]]:
    """Whole days at once, then hour by hour."""
    left = _hours(since, until)
    if days := left // 24:
        yield from ((hour, days) for hour in range(24))
        left -= days * 24
    hour = since.hour
    span = 1.0 - (since.minute * 60 + since.second + since.microsecond / 1e6) / 3_600
    while left > 0:
        yield hour, min(span, left)
        left, hour, span = left - span, (hour + 1) % 24, 1.0


def _hours(since: datetime, until: datetime) -> float:
    return max((until - since).total_seconds() / 3_600, 0.0)


def _faded(hours: float) -> float:
    """What is left of the present rate after so many hours."""
    return float(0.5 ** (hours / BURST_HALF_LIFE))

"""Reckoning: which days a phrase means, read from a day and with the tense of its sentence."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipeline.event.days.phrase import Phrase, Turn
from pipeline.event.days.tense import Tense
from pipeline.event.event import Assumed

_LEAP_CYCLE = 8
"""Years in which 29 February comes at least once (1896 to 1904)."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """First and last day, both included, and how they were found."""

    first: date
    last: date
    assumed: Assumed


def reckoned(phrase: Phrase, day: date, tense: Tense) -> Reckoned | None:
    """The days of a phrase; None where there are no such days (31 June, the year 0)."""
    ahead = looks_ahead(phrase, tense)
    try:
        if phrase.count is not None:
            return _counted(phrase, day, tense)
        if phrase.day is not None or phrase.month is not None:
            return _in_year(phrase, day, ahead)
        if phrase.year is not None:
            return Reckoned(date(phrase.year, 1, 1), date(phrase.year, 12, 31), "nothing")
        return _weekday(phrase.weekday, phrase.turn, day, ahead) if phrase.weekday else None
    except (ValueError, OverflowError):
        return None


def looks_ahead(phrase: Phrase, tense: Tense) -> bool:
    """Is what is to come meant? A modifier says so before the verb does."""
    return phrase.turn == "next" or (phrase.turn != "last" and tense == "future")


def counted_from(phrase: Phrase, day: date) -> Reckoned | None:
    """The days that lie so many units after a day that was named before."""
    try:
        return _counted(replace(phrase, turn=None), day, "future")
    except (ValueError, OverflowError):
        return None


def _weekday(weekday: int, turn: Turn | None, day: date, ahead: bool) -> Reckoned:
    """The nearest such day; the day itself is one, unless the phrase says last or next."""
    itself = int(turn in {"last", "next"})
    if ahead:
        distance = (weekday - day.isoweekday() - itself) % 7 + itself
        return _one(day + timedelta(distance), "after")
    distance = (day.isoweekday() - weekday - itself) % 7 + itself
    return _one(day - timedelta(distance), "before")


def _one(day: date, assumed: Assumed) -> Reckoned:
    return Reckoned(day, day, assumed)


def _in_year(phrase: Phrase, day: date, ahead: bool) -> Reckoned | None:
    """A day, days or a month, in the year told or the nearest; of two the one whose weekday is told."""
    if phrase.year is not None:
        return _of(phrase, phrase.year, "nothing")
    if phrase.years is not None:
        return _of(phrase, day.year + phrase.years, "counted")
    near, other = _nearest(phrase, day, ahead), _nearest(phrase, day, not ahead)
    if (
        phrase.weekday
        and near
        and other
        and near.first.isoweekday() != phrase.weekday == other.first.isoweekday()
    ):
        return other
    return near


def _nearest(phrase: Phrase, day: date, ahead: bool) -> Reckoned | None:
    """The nearest on one side."""
    step = 1 if ahead else -1
    for year in range(day.year, day.year + step * _LEAP_CYCLE, step):
        found = _of(phrase, year, "year") if _exists(phrase, year) else None
        if found is not None and _on_side(found, phrase.turn, day, ahead):
            return found
    return None


def _exists(phrase: Phrase, year: int) -> bool:
    """Does the year have these days? Only 29 February comes and goes."""
    days = monthrange(year, phrase.month or 1)[1]
    return (phrase.last_day or phrase.day or 1) <= days


def _on_side(found: Reckoned, turn: Turn | None, day: date, ahead: bool) -> bool:
    """Is it not yet over, or begun already? "Last May" is over, "next May" has not begun."""
    if ahead:
        return found.first > day if turn == "next" else found.last >= day
    return found.last < day if turn == "last" else found.first <= day


def _of(phrase: Phrase, year: int, assumed: Assumed) -> Reckoned:
    month = phrase.month or 1
    if phrase.day is None:
        return Reckoned(date(year, month, 1), date(year, month, monthrange(year, month)[1]), assumed)
    last = date(year, month, phrase.last_day or phrase.day)
    return Reckoned(date(year, month, phrase.day), last, assumed)


def _counted(phrase: Phrase, day: date, tense: Tense) -> Reckoned | None:
    count = phrase.count or 0
    if phrase.turn == "next" and tense != "future":
        return None
    if phrase.either:
        count = abs(count) if tense == "future" else -abs(count)
    if phrase.unit == "day":
        return _one(day + timedelta(count), "counted")
    if phrase.unit == "weekend" and phrase.turn is None:
        return _weekend(day, tense)
    found = _unit(phrase, day, count)
    if phrase.weekday is not None:
        return _one(found.first + timedelta(phrase.weekday - 1), "counted")
    if phrase.day is not None:
        last = found.first.replace(day=phrase.last_day or phrase.day)
        return Reckoned(found.first.replace(day=phrase.day), last, "counted")
    return found


def _weekend(day: date, tense: Tense) -> Reckoned:
    """The weekend without more: the nearest."""
    monday = day - timedelta(day.weekday())
    if tense != "future" and day.isoweekday() < 6:
        monday -= timedelta(7)
    return Reckoned(monday + timedelta(5), monday + timedelta(6), "after" if tense == "future" else "before")


def _unit(phrase: Phrase, day: date, count: int) -> Reckoned:
    """The week (Monday to Sunday), weekend, month or year that lies `count` of its kind from this one."""
    if phrase.unit == "year":
        return Reckoned(date(day.year + count, 1, 1), date(day.year + count, 12, 31), "counted")
    if phrase.unit == "month":
        years, month = divmod(day.year * 12 + day.month - 1 + count, 12)
        return Reckoned(
            date(years, month + 1, 1), date(years, month + 1, monthrange(years, month + 1)[1]), "counted"
        )
    monday = day - timedelta(day.weekday()) + timedelta(7 * count)
    first = monday + timedelta(5) if phrase.unit == "weekend" else monday
    return Reckoned(first, monday + timedelta(6), "counted")

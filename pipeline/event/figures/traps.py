"""Traps: numbers with a unit behind them that are ages, years, times of day or part of a name."""

from pipeline.event.figures.line import Line, key
from pipeline.event.figures.numbers import Number
from pipeline.event.figures.units import MEASURES, TIME, Noun

YEARS = range(1900, 2101)
"""Four digits that are a year where nothing says otherwise."""


HOURS_OF_A_DAY = 24
"""No clock shows more: "à 48 heures" is no time of day."""

_CLOSING = frozenset({")", ",", ".", ""})
"""What closes an age behind a name: ", 84 ans,"; the last is the end of the line."""


def is_no_figure(line: Line, number: Number, noun: Noun) -> bool:
    """Whether the number does not count what stands behind it."""
    named = noun.unit not in MEASURES and _named(line, number)
    if number.plain and (named or _year(line, number, noun)):
        return True
    if _ratio(line, number) or _of_clock(line, number, noun):
        return True
    if noun.fate and _behind_article_aged(line, number):
        return True
    timed = noun.unit in {"hours", "minutes"} and number.value <= HOURS_OF_A_DAY
    if timed and line.cue_before(number.first, "clock") is not None:
        return True
    return noun.unit in TIME and _age(line, number, noun)


def _named(line: Line, number: Number) -> bool:
    """Route 60, resolution 2728, May 5."""
    if line.cue_before(number.first, "naming") is not None or line.word(number.first - 1) in {"№", "#"}:
        return True
    month = line.cue_before(number.first, "month-first")
    return month is not None and number.value <= 31 and line.kind(line.at(month.start) - 1) != "digits"


def _of_clock(line: Line, number: Number, noun: Noun) -> bool:
    """ "в 16 часов 40 минут": the minutes behind the hours of a clock."""
    if noun.unit != "minutes":
        return False
    hours = line.cue_before(number.first, "unit")
    if hours is None or key(hours) != "hours":
        return False
    first = line.at(hours.start) - 1
    return line.kind(first) == "digits" and line.cue_before(first, "clock") is not None


def _behind_article_aged(line: Line, number: Number) -> bool:
    """ "בת ה-34": an age whose years are left out, behind an article with its hyphen."""
    first = number.first - 1
    if not number.plain or not line.hyphen(first) or len(line.word(first - 1)) != 1:
        return False
    return line.cue_before(first - 1, "aged") is not None


def _year(line: Line, number: Number, noun: Noun) -> bool:
    """Four bare digits behind "in" or before "years"; "2,000 people" has a sign in it."""
    if number.end - number.start != 4 or number.value not in YEARS:
        return False
    behind = number.qualifier is None and line.cue_before(number.first, "year", "month") is not None
    return noun.unit == "years" or behind


def _age(line: Line, number: Number, noun: Noun) -> bool:
    """ "85 years old", "aged 85", "ему 11 лет", "(84 ans)", ", 84 ans,": unless something lasts them."""
    first = _first(line, line.at(number.qualifier[0]) if number.qualifier is not None else number.first)
    behind = line.after(noun.end)
    behind += line.hyphen(behind)
    if line.cue(behind, "old") is not None:
        return True
    if noun.unit == "years" and line.word(first - 1) in {"(", ","} and line.word(behind) in _CLOSING:
        return True
    if noun.unit == "years" and (of := line.cue(behind, "old-of")) is not None:
        if line.cue(behind, "no-age") is not None:
            return False
        return not _lasts_soon(line, line.after(of.end))
    aged = line.cue_before(first, "aged", *(("aged-years",) if noun.unit == "years" else ()))
    return aged is not None and line.cue_before(line.at(aged.start), "lasting") is None


def _first(line: Line, at: int) -> int:
    """The first of numbers that "and" joins: "aged 6 and 9"."""
    joint = line.cue_before(at, "between-and")
    before = line.at(joint.start) - 1 if joint is not None and line.prefix(joint) == "" else -1
    return before if _counts(line, before) else at


def _counts(line: Line, at: int) -> bool:
    """Whether the piece is a number or the only word of one."""
    if line.kind(at) == "digits":
        return True
    cue = line.cue(at, "value")
    return cue is not None and line.after(cue.end) == at + 1


def _ratio(line: Line, number: Number) -> bool:
    """ "Seven in ten homes": the ten are no homes."""
    joint = line.cue_before(number.first, "ratio")
    return joint is not None and _counts(line, line.at(joint.start) - 1)


def _lasts_soon(line: Line, at: int) -> bool:
    return any(line.cue(i, "lasting") is not None for i in range(at, at + 3))

"""Dates that a sentence states in full: day, month and year, readable without a clock."""

from datetime import date

from pipeline.event.figures.digits import value_of
from pipeline.event.figures.line import Line, key
from pipeline.event.lexicon import Cue

BETWEEN = 2
"""Pieces between a day, its month and the year: a preposition, a stop, the month's other name behind a
stroke."""


def stated_date(line: Line) -> date | None:
    """The date behind "as of", "on" or "by" when the line states exactly one; None else."""
    found = {
        day for first, last, day in [*_worded(line), *_written(line)] if _counted_then(line, first, last)
    }
    return found.pop() if len(found) == 1 else None


def _counted_then(line: Line, first: int, last: int) -> bool:
    """Whether the date is said to be that of the figures."""
    first -= line.hyphen(first - 1) or line.word(first - 1) == ":"
    return line.cue_before(first, "as-of") is not None or line.cue(last, "as-of-behind") is not None


def _worded(line: Line) -> list[tuple[int, int, date]]:
    """Dates with a month in words: the first and the last piece's number, and the day."""
    return [found for month in line.cues("month") if (found := _around(line, month)) is not None]


def _around(line: Line, month: Cue) -> tuple[int, int, date] | None:
    at, behind = line.at(month.start), line.after(month.end)
    before = _digits(line, range(at - 1, at - 2 - BETWEEN, -1), 2)
    year = _digits(line, range(behind, behind + 1 + BETWEEN), 4)
    if before is not None and year is not None:
        return _day(before, year + 1, _number(line, year), int(key(month)), _number(line, before))
    day = _digits(line, range(behind, behind + 1), 2)
    year = _digits(line, range(behind + 1, behind + 3 + BETWEEN), 4)
    if day is None or year is None:
        return None
    return _day(at, year + 1, _number(line, year), int(key(month)), _number(line, day))


def _written(line: Line) -> list[tuple[int, int, date]]:
    """Dates in digits: 2024-05-03."""
    found = []
    for at, piece in enumerate(line.pieces):
        parts = [line.word(i) for i in (at, at + 2, at + 4)]
        if piece.kind != "digits" or [len(part) for part in parts] != [4, 2, 2]:
            continue
        if line.hyphen(at + 1) and line.hyphen(at + 3) and all(part.isdigit() for part in parts):
            day = _day(at, at + 5, *[int(part) for part in parts])
            found += [day] if day is not None else []
    return found


def _digits(line: Line, pieces: range, most: int) -> int | None:
    """The first of the pieces that are digits, if they are a day's (up to two) or a year's (four)."""
    for at in pieces:
        if line.kind(at) == "digits":
            length = len(line.word(at))
            return at if (length == 4 if most == 4 else length <= most) else None
    return None


def _number(line: Line, at: int) -> int:
    return int(value_of(line.word(at), point=False) or 0)


def _day(first: int, last: int, year: int, month: int, day: int) -> tuple[int, int, date] | None:
    try:
        return first, last, date(year, month, day)
    except ValueError:
        return None

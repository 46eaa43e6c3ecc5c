"""Few: one or two of something, as a dual or with the number behind its noun."""

from pipeline.event.figures.line import Line, key
from pipeline.event.figures.numbers import Number, letters
from pipeline.event.figures.ranges import behind_and, number_at, upper_start
from pipeline.event.figures.units import Noun, noun_at
from pipeline.event.lexicon import Cue

Few = tuple[Number, Noun]
"""The number, and the noun that it is said with."""


def dual(line: Line, two: Cue) -> Few:
    """A dual with the word for two behind it, or an end of a range: "يومين إلى ثلاثة أيام"."""
    at = line.at(two.start)
    number = Number(at, line.after(two.end), two.start, two.end, 2)
    ranged = _lower_end(line, two, number)
    if ranged is not None:
        return ranged
    start = _bare_lower(line, two)
    if start is not None:
        number = Number(line.at(start), number.last, start, two.end, 1, 2)
        return number, Noun(key(two), at, two.start, two.end)
    behind = line.cue(number.last, "two-behind")
    end = behind.end if behind is not None else two.end
    return Number(at, line.after(end), two.start, end, 2), Noun(key(two), at, two.start, end)


def _lower_end(line: Line, two: Cue, low: Number) -> Few | None:
    """The range whose lower end is the dual: "to three days" behind it, or "and three" behind "between"."""
    opening = line.cue_before(low.first, "between")
    start = upper_start(line, low.last)
    upper = number_at(line, start) if start is not None else behind_and(line, low) if opening else None
    noun = noun_at(line, upper) if upper is not None and upper.high is None else None
    if upper is None or noun is None or noun.unit != key(two) or upper.value <= 2:
        return None
    begin = opening.start if opening is not None else two.start
    return Number(line.at(begin), upper.last, begin, upper.end, 2, upper.value), noun


def _bare_lower(line: Line, two: Cue) -> int | None:
    """Where a range begins whose upper end is the dual, its lower end a unit without a number."""
    at = line.at(two.start)
    joint = line.cue_before(at, "join")
    behind = at - 1 if line.hyphen(at - 1) else line.at(joint.start) if joint is not None else None
    lettered = line.prefix(two) in letters(line, "between-and")
    unit = line.cue_before(at if behind is None else behind, "unit")
    if unit is None or key(unit) != key(two):
        return None
    opening = line.cue_before(line.at(unit.start), "between")
    if behind is None and not (lettered and opening is not None):
        return None
    return opening.start if opening is not None else unit.start


def number_behind(line: Line, behind: Cue) -> Few | None:
    """One or two, where the number stands behind its noun: "חייל אחד"."""
    at = line.at(behind.start)
    unit = line.cue_before(at, "unit")
    if unit is None or line.prefix(behind):
        return None
    if line.cue_before(line.after(behind.end), "once") is not None:
        return None
    value = line.cue(at, "value")
    if value is not None and value.end > behind.end:
        return None
    few = 1 if behind.role == "one-behind" else 2
    first, start, end = line.at(unit.start), unit.start, behind.end
    return Number(first, line.after(end), start, end, few), Noun(key(unit), first, start, end)

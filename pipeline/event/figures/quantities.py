"""Figures: quantities of a sentence with their units, as rows of the claim ledger.

A number counts only with a unit (units.py): dates, years, times, ordinals, ages, scores and telephone
numbers have none (traps.py). Nothing is computed beyond the value that the words name. The words are those
of the language (config/grammar/figures); docs/grammar.md tells their roles.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.event.figures import counted, traps
from pipeline.event.figures.digits import rounded, value_of
from pipeline.event.figures.few import dual, number_behind
from pipeline.event.figures.glued import Glue, glue_of, glued
from pipeline.event.figures.line import DIGIT, Line, cues_of, key
from pipeline.event.figures.numbers import Number, qualified
from pipeline.event.figures.ranges import number_at
from pipeline.event.figures.signs import MONEY
from pipeline.event.figures.sums import smallest_scale
from pipeline.event.figures.units import MEASURES, TIME, Noun, noun_at, sign_before
from pipeline.event.lexicon import Cue, Lexicon
from pipeline.event.reading import Reading

MOST = 12
"""Figures kept of one sentence, the first ones; a sentence with more is a table."""


OPENING = frozenset({"value", "fraction", "vague", "between", "two", "one-behind", "two-behind", "half"})
"""Roles of the words that a figure can begin with; digits and glued words are the others."""


HALVED = TIME | {"kilometres", "miles", "metres", "tonnes", "kilograms", "litres"}
"""Units of which one and a half may be said without the one."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, as spans of the reading's text."""

    number: Number
    unit: str
    start: int
    end: int
    counted: tuple[int, int] | None


def line_of(reading: Reading, words: Lexicon) -> Line | None:
    """The reading's part as a line; None where there is nothing that a figure begins with."""
    stretch = reading.stretch if words.roles else None
    if stretch is None:
        return None
    first, last = stretch
    cues = cues_of(reading.text, words, first, last)
    if DIGIT.search(reading.text, first, last) is None and glue_of(words) is None and not _opened(cues):
        return None
    return Line(reading.text, words, cues, first, last)


def _opened(cues: Sequence[Cue]) -> bool:
    return any(cue.role.partition(".")[0] in OPENING for cue in cues)


def quantities(reading: Reading, line: Line) -> tuple[Quantity, ...]:
    """The quantities of a reading, by its line, from left to right, at most MOST, none overlapping."""
    found: list[Quantity] = []
    for quantity in _each(reading, line):
        if found and quantity.start < found[-1].end:
            continue  # "20 % 30": the sign is taken
        found.append(quantity)
        if len(found) == MOST:
            break
    return tuple(found)


def _each(reading: Reading, line: Line) -> Iterator[Quantity]:
    at, glue = 0, glue_of(line.words)
    while at < len(line.pieces):
        if not _begins(line, at, glue):
            at += 1
            continue
        quantity, following = _at(reading, line, at)
        if quantity is not None:
            yield quantity
            following = line.after(quantity.end)
        at = max(following, at + 1)


def _begins(line: Line, at: int, glue: Glue | None) -> bool:
    """Whether a quantity may begin at the piece: no more than that is asked of most."""
    kind = line.pieces[at].kind
    if kind == "digits" or line.begins(at, OPENING):
        return True
    return glue is not None and kind == "word" and glued(line.word(at), glue) is not None


def _at(reading: Reading, line: Line, at: int) -> tuple[Quantity | None, int]:
    """The quantity that begins at a piece, and the piece to go on with where there is none."""
    two = line.cue(at, "two")
    behind = line.cue(at, "one-behind", "two-behind")
    few = dual(line, two) if two is not None else number_behind(line, behind) if behind is not None else None
    if few is not None:
        loose = qualified(line, few[0], few[0].start)
        return _quantity(reading, line, loose, few[1]), max(loose.last, at + 1)
    half = line.cue(at, "half")
    if half is not None and (quantity := _and_half(reading, line, half)) is not None:
        return quantity, line.after(half.end)
    stem = _stem(line, at)
    if stem is not None:
        return _lasting(line, *stem), stem[0].last
    number_ = number_at(line, at)
    if number_ is None:
        return None, at + 1
    return _measured(reading, line, number_), number_.last


def _and_half(reading: Reading, line: Line, half: Cue) -> Quantity | None:
    """One and a half, where one is not said or is an article: "ساعة ونصف", "an hour and a half"."""
    at = line.at(half.start)
    unit = line.cue_before(at, "unit")
    if unit is None or key(unit) not in HALVED or line.prefix(unit):
        return None
    article = line.cue_before(line.at(unit.start), "article")
    start = unit.start if article is None else article.start
    number = Number(line.at(start), at, start, unit.end, 1)
    noun = Noun(key(unit), line.at(unit.start), unit.start, unit.end)
    return _quantity(reading, line, qualified(line, number, start), noun)


def _stem(line: Line, at: int) -> tuple[Number, str] | None:
    """The number and unit of an adjective: "sechswöchige", "40-дневное", "42-tägige"."""
    piece = line.pieces[at]
    if piece.kind == "word":
        glue = glue_of(line.words)
        found = glued(line.word(at), glue) if glue is not None else None
        if found is None or found[1] is None:
            return None
        return Number(at, at + 1, piece.start, piece.end, rounded(found[0])), found[1]
    if piece.kind != "digits" or not line.hyphen(at + 1):
        return None
    stem = line.cue(at + 2, "stem")
    value = value_of(line.word(at), "decimal-point" in line.words.roles)
    if stem is None or value is None or not (line.joined(at + 1) and line.joined(at + 2)):
        return None
    return Number(at, line.after(stem.end), piece.start, stem.end, value), key(stem)


def _lasting(line: Line, number: Number, unit: str) -> Quantity | None:
    """A duration that is an adjective; in years it is somebody's age, unless something lasts them."""
    number = qualified(line, number, number.start)
    lasts = counted.lasting_behind(line, number.last)
    if unit == "years" and lasts is None:
        return None
    return Quantity(number, unit, _begin(number), number.end, lasts)


def _measured(reading: Reading, line: Line, number: Number) -> Quantity | None:
    """The quantity of a number, or None where it counts nothing known."""
    if number.sign is not None:
        loose = qualified(line, number, number.start)
        return Quantity(loose, number.sign, _begin(loose), loose.end, None)
    sign = sign_before(line, number)
    if sign is not None and (sign[0] in MONEY or sign[0] == "percent"):
        number = qualified(line, number, sign[1])
        start = number.qualifier[0] if number.qualifier else sign[1]
        return Quantity(number, sign[0], start, number.end, None)
    number = qualified(line, number, number.start)
    noun = noun_at(line, number)
    if noun is None or traps.is_no_figure(line, number, noun):
        return None
    return _quantity(reading, line, number, noun)


def _quantity(reading: Reading, line: Line, number: Number, noun: Noun) -> Quantity:
    number, end = _completed(line, number, noun)
    start = _begin(number)
    if noun.unit in TIME:
        return Quantity(number, noun.unit, start, end, counted.lasting(line, number, noun))
    if noun.unit in MEASURES:
        return Quantity(number, noun.unit, start, end, counted.load(line, noun))
    first = max(line.pieces[noun.first].start, number.start) if noun.first >= number.last else noun.start
    end = end if noun.fate else counted.described(line, end)
    spanned = (min(first, noun.start), max(end, counted.postmodified(reading, line, noun.end)))
    return Quantity(number, noun.unit, start, end, spanned)


def _completed(line: Line, number: Number, noun: Noun) -> tuple[Number, int]:
    """What stands behind the noun and is part of the figure: "and a half", "at least"."""
    end = noun.end
    half = line.cue(line.after(end), "half")
    if half is not None and number.high is None:
        end = half.end
        number = Number(
            number.first,
            number.last,
            number.start,
            number.end,
            rounded(number.value + _half(number)),
            None,
            number.qualifier,
        )
    behind = line.cue(line.after(end), "loosely-last")
    if behind is not None and number.qualifier is None:
        end = behind.end
        number = Number(
            number.first,
            number.last,
            number.start,
            number.end,
            number.value,
            number.high,
            (behind.start, end),
        )
    return number, end


def _half(number: Number) -> float:
    """What "and a half" behind the unit adds: half of the scale, "ملياري دولار ونصف"."""
    return smallest_scale(number.scale) / 2 if number.scale > 1 else 0.5


def _begin(number: Number) -> int:
    """Where the figure begins: at its qualifier, without which it would claim more than the text."""
    return min(number.start, number.qualifier[0]) if number.qualifier is not None else number.start

"""Figures: quantities of an English sentence with their units, as rows of the claim ledger.

A number counts only with a unit (units.py): dates, years, times, ordinals, ages, scores and telephone
numbers have none. Nothing is computed beyond the value that the words name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipeline.event import units
from pipeline.event.calendar import stated_date
from pipeline.event.numbers import SMALL, TENS, Number, number_at, qualifier_before
from pipeline.event.reading import Reading
from pipeline.event.vocabulary import words

MOST = 12
"""Figures kept of one sentence, the first ones; a sentence with more is a table."""

GAP = 3
"""Words that may stand between a number and its noun ("40 elderly Israeli women hostages")."""

BEING = words("have has had been were was are is being still already")
"""Auxiliaries and adverbs between those counted and what became of them."""

_STARTS = words("between a an half tens dozens scores hundreds thousands millions").union(SMALL, TENS)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, as spans of the reading's text."""

    number: Number
    unit: str
    start: int
    end: int
    counted: tuple[int, int] | None


def quantities(reading: Reading) -> tuple[Quantity, ...]:
    """The quantities of a reading from left to right, at most MOST, none overlapping."""
    found: list[Quantity] = []
    for quantity in _each(reading):
        found.append(quantity)
        if len(found) == MOST:
            break
    return tuple(found)


def as_of(reading: Reading) -> date | None:
    """The one date with day, month and year that the reading's tokens give, else None."""
    if not reading.tokens:
        return None
    return stated_date(reading.text[reading.tokens[0].start : reading.tokens[-1].end])


def _each(reading: Reading) -> Iterator[Quantity]:
    at, tokens = 0, reading.tokens
    while at < len(tokens):
        low = tokens[at].low
        quantity = None
        if low in _STARTS or low[0].isdigit():
            number = number_at(reading, at)
            quantity = _quantity(reading, number) if number is not None else None
        if quantity is None:
            at += 1
            continue
        yield quantity
        while at < len(tokens) and tokens[at].start < quantity.end:
            at += 1


def _quantity(reading: Reading, number: Number) -> Quantity | None:
    """The quantity of a number, or None where it counts nothing known."""
    if _dated(reading, number):
        return None
    money = _money(reading, number)
    if money is not None:
        return money
    noun = _noun(reading, number)
    if noun is None or _aged(reading, noun):
        return None
    return _counting(reading, number, noun)


def _dated(reading: Reading, number: Number) -> bool:
    """Whether the number belongs to a date or time: beside a month or "am", or a bare year."""
    tokens = reading.tokens
    before = tokens[number.first - 1].low if number.first else ""
    after = tokens[number.last].low if number.last < len(tokens) else ""
    if before in units.MONTHS and before != "may":
        return True
    if before == "may" and reading.text[tokens[number.first - 1].start] == "M":
        return True
    if after in units.MONTHS - {"may", "march"} or after in {"am", "pm", ":", "th", "st", "nd", "rd"}:
        return True
    digits = tokens[number.first].low
    year = number.last == number.first + 1 and len(digits) == 4 and digits.isdigit() and digits[0] in "12"
    return before == ":" or (year and before in {"in", "since", "of", "from", "by", "until", ",", "the"})


def _money(reading: Reading, number: Number) -> Quantity | None:
    tokens = reading.tokens
    sign = tokens[number.first - 1] if number.first else None
    if sign is None or sign.low not in units.CURRENCIES or sign.end != tokens[number.first].start:
        return None
    first = number.first - 1
    qualified = _qualified(reading, number, first)
    start = qualified.qualifier[0] if qualified.qualifier else sign.start
    end = tokens[number.last - 1].end
    return Quantity(qualified, units.CURRENCIES[sign.low], start, end, None)


def _qualified(reading: Reading, number: Number, first: int) -> Number:
    if number.qualifier is not None:
        return number
    qualifier = qualifier_before(reading, first)
    return Number(number.first, number.last, number.value, number.high, qualifier)


def _loosened(reading: Reading, number: Number) -> int:
    """Where the figure begins: at its qualifier, without which it would claim more than the text."""
    return number.qualifier[0] if number.qualifier is not None else reading.tokens[number.first].start


def _noun(reading: Reading, number: Number) -> int | None:
    """The token of the unit noun behind the number, behind at most GAP adjectives."""
    tokens = reading.tokens
    at = number.last + (number.last < len(tokens) and tokens[number.last].low in {"-", "‑"})
    for i in range(at, min(len(tokens), at + GAP + 1)):
        low = tokens[i].low
        if low in units.TIME or low in units.THINGS or low in units.PEOPLE:
            return _furthest(reading, i)
        if low == "per" and i + 1 < len(tokens) and tokens[i + 1].low == "cent":
            return i + 1
        partitive = low == "of" and i == at and number.value > 1
        if low not in units.ADJECTIVES and not partitive:
            return _fate(reading, i) if i == at else None
    return None


def _furthest(reading: Reading, i: int) -> int:
    """The last of nouns in a row: "Israeli women hostages" counts hostages."""
    tokens = reading.tokens
    while i + 1 < len(tokens) and tokens[i + 1].low in units.PEOPLE and tokens[i + 1].low not in units.FATES:
        i += 1
    return i


def _fate(reading: Reading, i: int) -> int | None:
    """The participle of "40 were killed": people, though the noun is left out."""
    tokens = reading.tokens
    while i < len(tokens) and tokens[i].low in {
        "were",
        "was",
        "have",
        "had",
        "been",
        "are",
        "being",
        "still",
    }:
        i += 1
    return i if i < len(tokens) and tokens[i].low in units.FATES else None


def _aged(reading: Reading, noun: int) -> bool:
    """ "85-year-old", "85 years old", "aged 85 years": an age is no figure."""
    tokens = reading.tokens
    if tokens[noun].low not in units.TIME:
        return False
    return any(token.low in {"old", "olds"} for token in tokens[noun + 1 : noun + 3])


def _counting(reading: Reading, number: Number, noun: int) -> Quantity:
    tokens = reading.tokens
    low = tokens[noun].low
    qualified = _qualified(reading, number, number.first - (tokens[number.first - 1].low == "between"))
    start, end = _loosened(reading, qualified), tokens[noun].end
    if low in units.TIME:
        return Quantity(qualified, units.TIME[low], start, end, _lasting(reading, number, noun))
    if low == "cent":
        return Quantity(qualified, "percent", start, end, None)
    unit = units.THINGS.get(low) or units.GROUPS.get(low, "people")
    if unit in units.MEASURES:
        return Quantity(qualified, unit, start, end, _measured(reading, noun))
    first = number.last + (tokens[number.last].low in {"-", "of"})
    return Quantity(qualified, unit, start, end, (tokens[first].start, _postmodified(reading, noun)))


def _measured(reading: Reading, noun: int) -> tuple[int, int] | None:
    """The noun behind "of": "200 tonnes of food"."""
    tokens = reading.tokens
    if noun + 2 < len(tokens) and tokens[noun + 1].low == "of" and tokens[noun + 2].low.isalpha():
        return tokens[noun + 2].start, tokens[noun + 2].end
    return None


def _postmodified(reading: Reading, noun: int) -> int:
    """Where what is counted ends: behind "killed", "held in Gaza", "have sought refuge in Rafah"."""
    tokens = reading.tokens
    i = noun + 1
    while i < len(tokens) and tokens[i].low in BEING:
        i += 1
    behind = [token.low for token in tokens[i : i + 2]]
    if behind[:1] and behind[0] in units.FATES:
        return _placed(reading, i)
    if behind[:1] in (["sought"], ["seeking"]) and behind[1:] in (["refuge"], ["shelter"]):
        return _placed(reading, i + 1)
    return _placed(reading, i - 1)


def _placed(reading: Reading, last: int) -> int:
    """The end of the token, or of the place named right behind it ("in Rafah", "out of Gaza")."""
    tokens = reading.tokens
    i = last + 1
    while i < len(tokens) and tokens[i].low in {"in", "inside", "from", "into", "out", "of"}:
        i += 1
    at = tokens[i].start if last + 1 < i < len(tokens) else -1
    return next((n.end for n in reading.named if n.start == at and n.place is not None), _full(reading, last))


def _full(reading: Reading, last: int) -> int:
    """The end of the token, without a verb of being that nothing follows."""
    tokens = reading.tokens
    while tokens[last].low in BEING:
        last -= 1
    return tokens[last].end


def _lasting(reading: Reading, number: Number, noun: int) -> tuple[int, int] | None:
    """What a duration counts: "40-day pause in hostilities", "a truce of 40 days", "40 days of calm"."""
    tokens = reading.tokens
    first = noun + 1
    if first < len(tokens) and tokens[first].low in {"of", "-", "long"}:
        first += 1
    for i in range(first, min(len(tokens), first + GAP)):
        if tokens[i].low in units.LASTING:
            return tokens[first].start, _of_what(reading, i)
        if not tokens[i].low.isalpha() or tokens[i].low in {
            "in",
            "for",
            "to",
            "and",
            "of",
            "after",
            "before",
        }:
            break
    before = number.first - 1 - (number.qualifier is not None)
    if (
        before > 0
        and tokens[before].low in {"of", "for", "lasting"}
        and tokens[before - 1].low in units.LASTING
    ):
        return tokens[before - 1].start, tokens[before - 1].end
    return None


def _of_what(reading: Reading, i: int) -> int:
    """The end of the lasting noun with "in (the) hostilities", "-fire" or another such noun behind it."""
    tokens = reading.tokens
    while i + 1 < len(tokens) and tokens[i + 1].low in units.LASTING | {"-", "fire"}:
        i += 1
    if i + 2 < len(tokens) and tokens[i + 1].low in {"in", "of", "to"}:
        last = i + 2 + (tokens[i + 2].low == "the" and i + 3 < len(tokens))
        if tokens[last].low in {"hostilities", "fighting", "war", "fire", "combat", "violence", "offensive"}:
            return tokens[last].end
    return tokens[i].end

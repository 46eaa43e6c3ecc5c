"""Days counted from today: yesterday, two days ago, last week."""

from dataclasses import replace

from pipeline.event.days.phrase import TURNS, Found, Phrase, Turn, Unit, either_side
from pipeline.event.days.terms import Terms


def relative(terms: Terms, index: int) -> Found | None:
    """Yesterday and its kin, with the weekday's name behind it."""
    day, either = terms.role(index, "day"), terms.role(index, "either")
    value = day or either
    if value is None:
        return None
    end = index + 1
    if terms.sign(end, "(") and terms.sign(end + 2, ")") and terms.role(end + 1, "weekday"):
        return end + 3, Phrase(count=int(value), either=day is None)
    comma = terms.sign(end, ",")
    named = terms.role(terms.past(end + comma, "the"), "weekday")
    weekday = int(named) if named else None
    if weekday is not None:
        end = terms.past(end + comma, "the") + 1
    return end, Phrase(count=int(value), either=day is None, weekday=weekday)


def counted(terms: Terms, index: int) -> Found | None:
    """Two days ago, vor drei Wochen, दो दिन पहले; in three days."""
    for sign, role in ((-1, "ago"), (1, "ahead"), (1, "later")):
        start = terms.past(index, f"{role}_before")
        amount = _amount(terms, start)
        if amount is None:
            continue
        end, count, unit = amount
        if start == index:
            start, end = end, terms.past(end, role)
            if start == end:
                continue
        turn: Turn | None = "next" if role == "later" else None
        return end, Phrase(count=sign * count, unit=unit, turn=turn)
    return None


def _amount(terms: Terms, index: int) -> tuple[int, int, Unit] | None:
    """A number of units: "two days", a dual, a unit alone where that means one."""
    both = terms.role(index, "counted")
    if both is not None and terms[index + 1].number is None:
        name, _, count = both.partition(".")
        return index + 1, int(count), _unit(name)
    word = terms.role(index, "number")
    number = int(word) if word else terms[index].number
    name = terms.role(index + 1, "unit") or ""
    if number is None or name not in {"day", "week", "month", "year"}:
        return None
    return index + 2, number, _unit(name)


def _unit(name: str) -> Unit:
    units: dict[str, Unit] = {"week": "week", "month": "month", "year": "year", "weekend": "weekend"}
    return units.get(name, "day")


def whole_unit(terms: Terms, index: int) -> Found | None:
    """Last week, this month, next year, the weekend."""
    value = terms.role(index, "whole")
    if value is not None:
        name, _, count = value.partition(".")
        return index + 1, Phrase(count=int(count), unit=_unit(name), turn="this")
    found = either_side(terms, index, _bare_unit)
    if found is None:
        return None
    end, phrase = found
    if phrase.turn is None:
        return (end, phrase) if phrase.unit == "weekend" else None
    return end, replace(phrase, count=TURNS.index(phrase.turn) - 1, turn="this")


def _bare_unit(terms: Terms, index: int) -> Found | None:
    name = terms.role(index, "unit")
    if name is None or name == "day" or "every" in terms[index - 1].roles:
        return None
    return index + 1, Phrase(count=0, unit=_unit(name))

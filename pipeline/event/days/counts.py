"""Days counted from today: yesterday, two days ago, last week."""

from dataclasses import replace

from pipeline.event.days.phrase import TURNS, Found, Phrase, Turn, Unit, either_side
from pipeline.event.days.terms import Terms

_ARTICLES = 3
"""Terms between the end and what it is the end of: "à la fin de l’année"."""


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
    """Two days ago, vor drei Wochen, दो दिन पहले; in three days; two days later."""
    for sign, role in ((-1, "ago"), (1, "ahead"), (1, "later"), (1, "after")):
        start = terms.past(index, f"{role}_before")
        behind = terms.past(behind_particle(terms, start), "about") if start > index else start
        amount = _amount(terms, behind)
        if amount is None:
            continue
        end, count, unit = amount
        if start == index:
            start, end = end, terms.past(end, role)
            if start == end:
                continue
        after = not terms[index].roles.keys().isdisjoint({"after_before"}) or "after" in terms[end - 1].roles
        turn: Turn | None = "next" if role == "later" else None
        return end, Phrase(count=sign * count, unit=unit, turn=turn, after=after)
    return None


def behind_particle(terms: Terms, index: int) -> int:
    """The index behind a particle that is written together with the count: بعد ذلك بيومين."""
    particle = terms[index].plain and len(terms[index].word) == 1 and terms[index + 1].glued
    return index + particle


def _amount(terms: Terms, index: int) -> tuple[int, int, Unit] | None:
    """A number of units: "two days", a dual, a unit alone where that means one."""
    both = terms.role(index, "counted")
    if both is not None and terms[index + 1].number is None:
        name, _, count = both.partition(".")
        return index + 1, int(count), _unit(name)
    word = terms.role(index, "number")
    number = int(word) if word else terms[index].number
    name = terms.role(index + 1, "unit") or terms.role(index + 1, "units") or ""
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
    if phrase.turn is None and phrase.unit != "weekend" and _part(terms, index, end):
        return end, replace(phrase, turn="this")
    if phrase.turn is None:
        return (end, phrase) if phrase.unit == "weekend" else None
    return end, replace(phrase, count=TURNS.index(phrase.turn) - 1, turn="this")


def _part(terms: Terms, first: int, end: int) -> bool:
    """Is the beginning, middle or end of the unit told, in front of it or behind?"""
    before = first - 1
    while (
        first - before <= _ARTICLES
        and (terms[before].roles.keys() & {"the", "of"} or terms.sign(before, "’'"))
        and "part" not in terms[before].roles
    ):
        before -= 1
    return "part" in terms[before].roles or "part_behind" in terms[terms.past(end, "of")].roles


def _bare_unit(terms: Terms, index: int) -> Found | None:
    name = terms.role(index, "unit")
    if name is None or name == "day" or "every" in terms[index - 1].roles:
        return None
    return index + 1, Phrase(count=0, unit=_unit(name))

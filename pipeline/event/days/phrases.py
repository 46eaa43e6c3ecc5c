"""Phrases of days: what the terms from one place on say, not yet which days those are.

Which words come in which order is the data's business: a modifier ("next", "الماضي") stands on either side of
what it modifies, and prepositions or postpositions on theirs.
"""

from dataclasses import replace

from pipeline.event.days.counts import behind_particle, counted, relative, whole_unit
from pipeline.event.days.dates import DASHES, calendar_date, digits_date, month_name, with_year, year_number
from pipeline.event.days.phrase import Found, Phrase, either_side
from pipeline.event.days.terms import Terms

_OPENING = frozenset((
    "weekday", "weekday_if", "weekday_next", "short_weekday", "month", "month_word", "year_word", "number",
    "day", "either", "whole", "unit", "counted", "last", "this", "next", "ago_before", "ahead_before",
    "later_before", "after_before",
))  # fmt: skip
"""Roles of the words that a phrase begins with."""


def phrase_at(terms: Terms, index: int) -> Found | None:
    """The longest phrase that begins with this term."""
    first = terms[index]
    digits = first.number is not None or first.date is not None or first.short is not None
    if not digits and first.roles.keys().isdisjoint(_OPENING):
        return None
    found = [one for way in _WAYS if (one := way(terms, index)) is not None]
    return max(found, key=lambda one: one[0], default=None)


def weekday(terms: Terms, index: int) -> Found | None:
    """A weekday with its modifier, its date or the week that it is of."""
    found = either_side(terms, index, _bare_weekday)
    if found is None or "every" in terms[index - 1].roles:
        return None
    end, phrase = found
    start = terms.past(end + terms.sign(end, ",("), "the")
    dated = calendar_date(terms, start) or digits_date(terms, start)
    if dated is not None and dated[1].day is not None and dated[1].last_day is None:
        closed = dated[0] + (terms.sign(end, "(") and terms.sign(dated[0], ")"))
        return closed, replace(dated[1], weekday=phrase.weekday)
    if "short_weekday" in terms[index].roles or _surname(terms, index):
        return None
    return _of_week(terms, index) or found


def _of_week(terms: Terms, index: int) -> Found | None:
    """A weekday with the week that it is of: "Tuesday last week", "יום שלישי בשבוע שעבר"."""
    found = _bare_weekday(terms, index)
    if found is None:
        return None
    start = behind_particle(terms, terms.past(terms.past(found[0], "of"), "the"))
    week = whole_unit(terms, start)
    if week is None or week[1].unit != "week":
        return None
    return week[0], replace(week[1], weekday=found[1].weekday)


def _bare_weekday(terms: Terms, index: int) -> Found | None:
    value = terms.role(index, "weekday") or terms.role(index, "short_weekday")
    glued = terms[index].glued and terms[index - 1].word in terms.words.roles.get(
        "written.weekday_particle", ()
    )
    if value is None and (glued or "at" in terms[index - 1].roles):
        value = terms.role(index, "weekday_if")
    if value is None and _behind_weekday(terms, index):
        value = terms.role(index, "weekday_next")
    return (index + 1, Phrase(weekday=int(value))) if value else None


def _behind_weekday(terms: Terms, index: int) -> bool:
    """Does another weekday stand right before it, with "and" or "to" between: יום שני עד רביעי?"""
    for before in (index - 2, index - 3):
        if "weekday" in terms[before].roles:
            return all(
                terms[between].roles.keys() & {"to", "and", "or"} or terms[between + 1].glued
                for between in range(before + 1, index)
            )
    return False


def _surname(terms: Terms, index: int) -> bool:
    """Is it somebody's name: a title or first name stands in front ("Judge Friday", "Ulrike Sonntag")?"""
    before = terms[index - 1]
    if "title" in before.roles:
        return True
    if "surname" not in terms[index].roles or not before.plain or not before.capital:
        return False
    return not terms[index - 2].word[:1].islower() or "at" not in terms[index - 2].roles


def _month_alone(terms: Terms, index: int) -> Found | None:
    """A month with its modifier or year, or beside a word that says it is one."""
    start = terms.past(index, "month_word")
    found = either_side(terms, start, _bare_month)
    if found is None or _surname(terms, start):
        return None
    end, phrase = found
    told = start > index or phrase.turn or phrase.year or phrase.years is not None
    if told or _told(terms, index, end, "month"):
        return end, phrase
    return None


def _bare_month(terms: Terms, index: int) -> Found | None:
    month = month_name(terms, index)
    return with_year(terms, month[0], Phrase(month=month[1])) if month else None


def _told(terms: Terms, first: int, end: int, what: str) -> bool:
    """Does a preposition, postposition or particle say that this is a time?"""
    before, behind = terms[first - 1], terms[end]
    beside = {"at", "in", "since", "until", "between", f"at_{what}"}
    if before.roles.keys() & beside or behind.roles.keys() & {"post", f"post_{what}"}:
        return True
    if "the" in before.roles and terms[first - 2].roles.keys() & beside:
        return True
    glue = terms[first - 2] if terms.sign(first - 1, DASHES) else before
    if glue.roles.keys() & beside or _attributive(terms, first, end, what) or _another(terms, first, what):
        return True
    return glue.word in terms.words.roles.get("written.particle", ()) and glue.end >= terms[first].start - 1


def _another(terms: Terms, first: int, what: str) -> bool:
    """Is it a second month, behind "and" and the first: מרץ ואפריל?"""
    if what != "month" or "month" not in terms[first - 2].roles:
        return False
    return bool(terms[first - 1].roles.keys() & {"and", "or"}) or (
        terms[first - 1].plain and terms[first].glued
    )


def _attributive(terms: Terms, first: int, end: int, what: str) -> bool:
    """Is it a year between an article and a noun ("the 2014 war"), where the language writes so?"""
    if what != "year" or not terms.written("year_inside") or "the" not in terms[first - 1].roles:
        return False
    return terms[end].plain and "measure" not in terms[end].roles


def _year_first(terms: Terms, index: int) -> Found | None:
    """A year counted from this one in front of its month or day: पिछले साल मार्च."""
    year = whole_unit(terms, index)
    if year is None or year[1].unit != "year":
        return None
    start = terms.past(year[0], "of")
    found = calendar_date(terms, start) or _bare_month(terms, start)
    return (found[0], replace(found[1], years=year[1].count)) if found and found[1].year is None else None


def _week_first(terms: Terms, index: int) -> Found | None:
    """A week in front of its weekday: पिछले हफ़्ते मंगलवार."""
    week = whole_unit(terms, index)
    if week is None or week[1].unit != "week":
        return None
    day = _bare_weekday(terms, terms.past(week[0], "of"))
    return (day[0], replace(week[1], weekday=day[1].weekday)) if day else None


def _year_alone(terms: Terms, index: int) -> Found | None:
    found = year_number(terms, index)
    if found is None:
        return None
    end, year = found
    named = bool(terms[index].roles.keys() & {"year_word"}) or "year_behind" in terms[end - 1].roles
    named = named or terms[end - 1].word in terms.words.roles.get("written.suffix", ())
    bracketed = terms.sign(index - 1, "(") and terms.sign(end, ")")
    if (
        named
        or bracketed
        or _second_year(terms, index)
        or _first_year(terms, end)
        or _told(terms, index, end, "year")
        or _free(terms, index, end)
    ):
        return end, Phrase(year=year)
    return None


def _second_year(terms: Terms, index: int) -> bool:
    """Is it the second of two years: between 2014 and 2021?"""
    joined = terms[index - 1].roles.keys() & {"to", "and"} or terms.sign(index - 1, DASHES)
    before = year_number(terms, index - 2)
    return bool(joined) and before is not None and _told(terms, index - 2, before[0], "year")


def _first_year(terms: Terms, end: int) -> bool:
    """Is it the first of two years of which the second is told to be one: 1948 और 1967 में?"""
    if not terms[end].roles.keys() & {"and", "to"}:
        return False
    second = year_number(terms, end + 1)
    return second is not None and _told(terms, end + 1, second[0], "year")


def _free(terms: Terms, index: int, end: int) -> bool:
    """A year that needs no preposition ("begann 2014"): beside a verb, and nothing that it might count."""
    if not terms.written("bare_year"):
        return False
    behind, tense = terms[end], {"future", "past"}
    counted = behind.plain or behind.roles.keys() & {"measure"}
    verb = terms[index - 1].roles.keys() & tense or (index == 0 and behind.roles.keys() & tense)
    return bool(verb) and not counted


_WAYS = (
    relative,
    weekday,
    calendar_date,
    digits_date,
    counted,
    whole_unit,
    _month_alone,
    _year_alone,
    _year_first,
    _week_first,
)

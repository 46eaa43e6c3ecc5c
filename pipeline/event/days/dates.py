"""Dates of the calendar as phrases: a day or days of a month with or without a year, and dates in digits."""

from dataclasses import replace

from pipeline.event.days.counts import whole_unit
from pipeline.event.days.phrase import Found, Phrase, either_side
from pipeline.event.days.terms import Terms

FIRST_YEAR, LAST_YEAR = 1900, 2100
DASHES = "-–—־‑"


def day_number(terms: Terms, index: int) -> tuple[int, int] | None:
    """The index behind a day of the month in digits or words, and the day."""
    word = terms.role(index, "number")
    day = int(word) if word else terms[index].number
    if day is None or not 1 <= day <= 31:
        return None
    end = index + 1
    if not word and terms.written("point") and terms.sign(end, "."):
        end += 1
    elif terms.sign(end, DASHES + ".") and terms[end + 1].word in terms.words.roles.get("written.suffix", ()):
        end += 2
    return end, day


def _span(terms: Terms, index: int) -> tuple[int, int, int | None] | None:
    """The index behind a day or a range of days, and both days."""
    first = day_number(terms, index)
    if first is None:
        return None
    start = joint(terms, index, first[0])
    second = day_number(terms, start) if start is not None else None
    if second is None and "and" in terms[first[0]].roles:
        second = day_number(terms, terms.past(first[0] + 1, "the"))
        second = second if second is not None and second[1] == first[1] + 1 else None
    if second is not None and second[1] > first[1]:
        return second[0], first[1], second[1]
    return *first, None


def joint(terms: Terms, first: int, index: int) -> int | None:
    """The index behind what joins two days to a range, the first of them at `first`: "to", a dash, and behind
    "between" the "and"."""
    between = any("between" in terms[first - back].roles for back in (1, 2, 3))
    joins = {"to", "and"} if between else {"to"}
    glued = between and terms[index].plain and terms[index + 1].glued
    if not (terms[index].roles.keys() & joins or terms.sign(index, DASHES) or glued):
        return None
    index += 1
    while terms.sign(index, DASHES) or terms[index].roles.keys() & {"the", "to"}:
        index += 1
    return index


def month_name(terms: Terms, index: int) -> tuple[int, int] | None:
    """The index behind a month, its second name ("نيسان/أبريل") included, and its number."""
    value = terms.role(index, "month")
    if value is None:
        return None
    end = index + 1
    if terms.sign(end, "/(") and terms.role(end + 1, "month") == value:
        end += 3 if terms.sign(end, "(") and terms.sign(end + 2, ")") else 2
    elif terms.sign(end, ".") and len(terms[index].word) <= 4 and terms[end].start == terms[index].end:
        end += 1 if terms[end + 1].number is not None else 0
    return end, int(value)


def year_number(terms: Terms, index: int) -> tuple[int, int] | None:
    """The index behind a year in digits, with the word for year on either side, and the year."""
    start = terms.past(index, "year_word")
    number, digits = terms[start].number, terms[start].word
    if number is None or not FIRST_YEAR <= number <= LAST_YEAR or not digits[:4].isdigit():
        return None
    end = start + 1
    if terms.sign(end, DASHES) and terms[end + 1].word in terms.words.roles.get("written.suffix", ()):
        end += 2
    if start == index:
        behind = terms.past(end, "year_behind")
        end = behind + 1 if behind > end and terms.sign(behind, ".") and len(terms[end].word) == 1 else behind
    return end, number


def with_year(terms: Terms, index: int, phrase: Phrase) -> Found:
    """The phrase with the year that stands behind it ("2024", "of last year"), if one does."""
    start = terms.past(terms.past(index, "of") + terms.sign(index, ","), "of", "the")
    start = terms.past(start, "the")
    start += terms.sign(start, "’'")
    year = year_number(terms, start)
    if year is not None:
        return year[0], replace(phrase, year=year[1])
    whole = whole_unit(terms, start)
    if whole is not None and whole[1].unit == "year":
        return whole[0], replace(phrase, years=whole[1].count)
    return index, phrase


def _dated(terms: Terms, index: int) -> Found | None:
    """A day of a month, in either order, without its modifier."""
    found = _day_month(terms, index) or _month_day(terms, index)
    return with_year(terms, *found) if found else _day_of_unit(terms, index)


def _day_of_unit(terms: Terms, index: int) -> Found | None:
    """A day of this month, of the last or the next one: الرابع من الشهر الجاري."""
    span = _span(terms, index)
    start = terms.past(terms.past(span[0], "of"), "the") if span is not None else index
    month = whole_unit(terms, start) if span is not None and start > span[0] else None
    if span is None or month is None or month[1].unit != "month":
        return None
    return month[0], replace(month[1], day=span[1], last_day=span[2])


def _day_month(terms: Terms, index: int) -> Found | None:
    span = _span(terms, index)
    if span is None:
        return None
    end, day, last = span
    end = terms.past(terms.past(terms.past(end, "of"), "the"), "month_word")
    while terms[end].word in _PARTICLES and terms[end + 1].glued:
        end += 1
    month = month_name(terms, end)
    return (month[0], Phrase(day=day, last_day=last, month=month[1])) if month else None


def _month_day(terms: Terms, index: int) -> Found | None:
    """May 4, where the language writes so; "in May 4 people" is none."""
    month = month_name(terms, index) if terms.written("month_first") else None
    if month is None or "in" in terms[index - 1].roles:
        return None
    span = _span(terms, terms.past(month[0], "the"))
    return (span[0], Phrase(day=span[1], last_day=span[2], month=month[1])) if span else None


_PARTICLES = "בלמהו"
"""Hebrew particles that stand between a day and its month."""


def calendar_date(terms: Terms, index: int) -> Found | None:
    return either_side(terms, index, _dated)


def digits_date(terms: Terms, index: int) -> Found | None:
    """A date in digits; the day first, unless only the other order makes a date."""
    parts = terms[index].date
    if parts is None:
        return _short(terms, index)
    if terms.sign(index - 1, "/") or terms.sign(index + 1, "/"):
        return None
    one, two, three = parts
    if one > 31:
        return index + 1, Phrase(year=one, month=two, day=three)
    year = three + 2000 if three < 100 else three
    day, month = (two, one) if two > 12 and terms.written("month_first") else (one, two)
    end = terms.past(index + 1, "year_behind")
    if end > index + 1 and len(terms[index + 1].word) == 1 and terms.sign(end, "."):
        end += 1
    return end, Phrase(year=year, month=month, day=day)


def _short(terms: Terms, index: int) -> Found | None:
    """A day and month in digits without a year, behind a word that a date is told with."""
    parts, before = terms[index].short, index - 1
    if parts is None or "/" in terms[index].word or not terms.written("short"):
        return None
    if terms.sign(before, DASHES):
        before -= 1
    told = terms[before].roles.keys() & {"short_at"}
    if (
        not told
        or len(terms[index].word) < 4
        or "measure" in terms[index + 1].roles
        or terms.sign(index + 1, "%")
    ):
        return None
    return index + 1, Phrase(day=parts[0], month=parts[1])

"""Runs: expressions of days that are told together, as a range ("Monday to Wednesday") or as a list."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from pipeline.event.days.dates import joint
from pipeline.event.days.phrase import Phrase
from pipeline.event.days.phrases import phrase_at
from pipeline.event.days.reckoning import Reckoned, looks_ahead, reckoned
from pipeline.event.days.tense import Tense
from pipeline.event.days.terms import Terms

_JOINING = frozenset(("and", "or", "the", "at", "in"))
"""Roles of what stands between two weekdays of a list, besides commas and particles."""
_GAP = 4
"""Terms between two weekdays of a list: a comma, "and", "on", "the"."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The terms `[first:end]` that say `phrase`; of a range `upto` is its other end."""

    first: int
    end: int
    phrase: Phrase
    upto: Phrase | None = None


Run = tuple[Spoken, ...]
"""One expression, or weekdays of a list."""


def runs(terms: Terms) -> Iterator[Run]:
    """All expressions of a sentence in order, weekdays of a list together."""
    run: list[Spoken] = []
    for one in _spoken(terms):
        if run and not (_listed(run[-1], one) and _joined(terms, run[-1].end, one.first)):
            yield tuple(run)
            run = []
        run.append(one)
    if run:
        yield tuple(run)


def _spoken(terms: Terms) -> Iterator[Spoken]:
    index = 0
    while index < len(terms):
        found = phrase_at(terms, index)
        if found is None:
            index += 1
            continue
        upper = _upper(terms, index, *found)
        yield upper or Spoken(index, found[0], found[1])
        index = upper.end if upper else found[0]


def _upper(terms: Terms, first: int, end: int, phrase: Phrase) -> Spoken | None:
    """The range that begins with this phrase, if one does."""
    start = joint(terms, first, end)
    if start is None:
        return None
    start = terms.past(start, "at", "in", "the")
    while len(terms[start].word) == 1 and terms[start].plain and terms[start + 1].glued:
        start += 1
    found = phrase_at(terms, start)
    if found is None or not _alike(phrase, found[1]):
        return None
    return Spoken(first, found[0], phrase, found[1])


def _alike(low: Phrase, high: Phrase) -> bool:
    """Are both dates, weekdays, months or years? Ranges within themselves are none of it."""
    kinds = [_kind(low), _kind(high)]
    return kinds[0] is not None and kinds[0] == kinds[1]


def _kind(phrase: Phrase) -> str | None:
    if phrase.count is not None or phrase.last_day is not None:
        return None
    if phrase.day is not None:
        return "date"
    if phrase.month is not None:
        return "month"
    return "weekday" if phrase.weekday is not None else "year"


def _listed(one: Spoken, other: Spoken) -> bool:
    ranges = one.upto is not None or other.upto is not None
    return not ranges and _kind(one.phrase) == _kind(other.phrase) == "weekday"


def _joined(terms: Terms, end: int, first: int) -> bool:
    """Do only a comma, "and", an article or a particle stand between two weekdays?"""
    if not 0 < first - end <= _GAP:
        return False
    return all(
        terms.sign(index, ",،")
        or bool(terms[index].roles.keys() & _JOINING)
        or (terms[index].plain and terms[index + 1].glued)
        for index in range(end, first)
    )


def reckoned_run(run: Run, day: date, tense: Tense) -> Iterator[Reckoned | None]:
    """The days of each expression of a run, read from `day`."""
    if len(run) == 1:
        yield _ranged(run[0].phrase, run[0].upto, day, tense)
        return
    turn = next((one.phrase.turn for one in run if one.phrase.turn), None)
    phrases = [replace(one.phrase, turn=turn) for one in run]
    ahead = looks_ahead(phrases[0], tense)
    found: list[Reckoned | None] = []
    for phrase in phrases if ahead else reversed(phrases):
        near = found[-1] if found else None
        found.append(_beside(phrase, near.first, ahead) if near else reckoned(phrase, day, tense))
    yield from found if ahead else reversed(found)


def _ranged(low: Phrase, high: Phrase | None, day: date, tense: Tense) -> Reckoned | None:
    """From the one to the other: ahead the nearest end that is not over, else the nearest beginning."""
    if high is None:
        return reckoned(low, day, tense)
    low, high = _same_turn(*_same_year(low, high))
    weekdays, ahead = low.day is None and low.month is None, looks_ahead(low, tense)
    first: Reckoned | None
    last: Reckoned | None
    if ahead == weekdays:
        first = reckoned(low, day, tense)
        last = _beside(high, first.first, True) if first else None
    else:
        last = reckoned(high, day, tense)
        first = _beside(low, last.first, False) if last else None
    if first is None or last is None or first.first > last.last:
        return None
    return replace(first, last=last.last)


def _beside(phrase: Phrase, day: date, ahead: bool) -> Reckoned | None:
    """The nearest such days after another, or before it."""
    return reckoned(replace(phrase, turn=None), day, "future" if ahead else "past")


def _same_turn(low: Phrase, high: Phrase) -> tuple[Phrase, Phrase]:
    turn = low.turn or high.turn
    return replace(low, turn=turn), replace(high, turn=turn)


def _same_year(low: Phrase, high: Phrase) -> tuple[Phrase, Phrase]:
    """A year that stands once counts for both, over its turn too ("25 December to 5 January 2024")."""
    over = int((low.month or 0, low.day or 0) > (high.month or 0, high.day or 0))
    if low.year is None and low.years is None:
        year = None if high.year is None else high.year - over
        years = None if high.years is None else high.years - over
        return replace(low, year=year, years=years), high
    if high.year is None and high.years is None:
        year = None if low.year is None else low.year + over
        years = None if low.years is None else low.years + over
        return low, replace(high, year=year, years=years)
    return low, high

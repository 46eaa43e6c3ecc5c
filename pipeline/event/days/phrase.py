"""What a phrase of days tells, and the modifiers that stand on either side of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.event.days.terms import Terms

Turn = Literal["last", "this", "next"]
Unit = Literal["day", "week", "month", "year", "weekend"]
TURNS: tuple[Turn, ...] = ("last", "this", "next")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Of a calendar date what is told: `weekday` (1 is Monday), `day` to `last_day`, `month`, `year` or the
    year counted from this one (`years`). Or a count: `count` of `unit` from today (`whole`: the whole unit,
    "last week"). `turn` says on which side; `either`: the tense says it (Hindi kal); `after`: the count may
    be from another day ("two days later")."""

    weekday: int | None = None
    day: int | None = None
    last_day: int | None = None
    month: int | None = None
    year: int | None = None
    years: int | None = None
    count: int | None = None
    unit: Unit = "day"
    turn: Turn | None = None
    either: bool = False
    after: bool = False


Found = tuple[int, Phrase]
"""The index behind the phrase, and what it says."""


def turned(terms: Terms, index: int) -> tuple[int, Turn | None]:
    """The index behind a modifier that stands here, and which it is."""
    for turn in TURNS:
        if turn in terms[index].roles:
            return index + 1, turn
    return index, None


def either_side(terms: Terms, index: int, inner: Callable[[Terms, int], Found | None]) -> Found | None:
    """What `inner` reads, with a modifier in front of it or behind."""
    start, turn = turned(terms, index)
    found = inner(terms, start)
    if found is None:
        return None
    end, phrase = found
    if turn is None:
        end, turn = turned(terms, end)
    return end, replace(phrase, turn=turn) if turn else phrase

"""Tense: whether a sentence speaks of what is past or to come where it names a day."""

from typing import Literal

from pipeline.event.days.terms import Terms

Tense = Literal["future", "past", "unknown"]

REACH = 40
"""Terms to each side in which a verb is looked for: longer sentences are lists."""
_BORDER = 6
"""What the border of a clause counts in words: a verb behind it must be as much nearer."""
_FAR = 20
"""A verb that is further away, as two borders of clauses and a few words are, says nothing of the day."""
_SIDE = 2
"""What it costs that a verb stands on the other side than verbs of the language do: a day belongs to the
verb in front of it ("seized on Monday will be freed"), in Hindi to the one behind."""
_SIGNS = ',;:()—–"«»“”؛،।'
_PARTING = ";:؛।—–"
_AUXILIARY = 4
"""Terms from "will" within which a participle is its own ("will then be released")."""


def tense_at(terms: Terms, first: int, end: int) -> Tense:
    """The tense of the verb next to the terms `[first:end]`, clauses counted."""
    cost, tense = min(_verbs(terms, first, end), default=(0, "unknown"))
    return tense if cost <= _FAR else "unknown"


def past_in_clause(terms: Terms, first: int, end: int) -> bool:
    """Does the clause itself have a verb of the past?"""
    return any(cost < _BORDER and tense == "past" for cost, tense in _verbs(terms, first, end))


def _verbs(terms: Terms, first: int, end: int) -> list[tuple[int, Tense]]:
    """The next verb to each side, with what it costs to get there."""
    found: list[tuple[int, Tense]] = []
    last = terms.written("verb_last")
    for step, start, more in ((-1, first - 1, _SIDE * last), (1, end, _SIDE * (not last))):
        cost, index = more, start
        while 0 <= index < len(terms) and abs(index - start) < REACH:
            if not (step > 0 and index == end and _fronted(terms, first, end)):
                cost += (len(terms[index].word) > 1) + _BORDER * _border(terms, index)
            tense = _told(terms, index)
            if tense is not None:
                found.append((cost, tense))
                break
            index += step
    return found


def _border(terms: Terms, index: int) -> int:
    """How many borders the term counts as: what parts two statements parts more than a comma does."""
    if terms.sign(index, _PARTING):
        return 2
    return int("border" in terms[index].roles or terms.sign(index, _SIGNS))


def _fronted(terms: Terms, first: int, end: int) -> bool:
    """Does it open its clause, with a comma behind it ("On Monday, they will meet")?"""
    before = first - 1 if terms[first - 1].roles or len(terms[first - 1].word) == 1 else first
    return terms.sign(end, ",،") and (before <= 0 or bool(_border(terms, before - 1)))


def _told(terms: Terms, index: int) -> Tense | None:
    """The tense that the term tells. The first of a chain of verbs governs: "will be released", "had been
    due", "was to leave"."""
    roles = terms[index].roles
    if "future" not in roles and "past" not in roles:
        return None
    own: Tense = "future" if "future" in roles else "past"
    weak = "ending" in (roles.get("future"), roles.get("past"))
    if own == "past" and weak:
        for before in range(index - 1, index - 1 - _AUXILIARY, -1):
            if "future" in terms[before].roles:
                return "future"
            if terms[before].roles.keys().isdisjoint({"link", "to", "past"}):
                break
    if own == "future" and "turns_past" in terms[index - 1].roles:
        return "past"
    if own == "past" and terms.written("verb_last") and "future" in terms[index + 1].roles:
        return "future"
    return own

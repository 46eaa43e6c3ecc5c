"""Tense: whether a sentence speaks of what is past or to come where it names a day."""

from typing import Literal

from pipeline.event.dayterms import Terms

Tense = Literal["future", "past", "unknown"]

REACH = 40
"""Terms to each side in which a verb is looked for: longer sentences are lists."""
_BORDER = 6
"""What the border of a clause counts in words: a verb behind it must be as much nearer."""
_SIGNS = ',;:()—–"«»“”؛،।'
_AUXILIARY = 4
"""Terms from "will" within which a participle is its own ("will then be released")."""


def tense_at(terms: Terms, first: int, end: int) -> Tense:
    """The tense of the verb next to the terms `[first:end]`, clauses counted."""
    found: list[tuple[int, int, Tense]] = []
    for side, step, start in ((1, -1, first - 1), (0, 1, end)):
        cost, index = 0, start
        while 0 <= index < len(terms) and abs(index - start) < REACH:
            cost += 1 + _BORDER * _border(terms, index)
            tense = _told(terms, index)
            if tense is not None:
                found.append((cost, side, tense))
                break
            index += step
    return min(found)[2] if found else "unknown"


def _border(terms: Terms, index: int) -> bool:
    return "border" in terms[index].roles or terms.sign(index, _SIGNS)


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
            if _border(terms, before):
                break
            if "future" in terms[before].roles:
                return "future"
    if own == "future" and "turns_past" in terms[index - 1].roles:
        return "past"
    if own == "past" and terms.written("verb_last") and "future" in terms[index + 1].roles:
        return "future"
    return own

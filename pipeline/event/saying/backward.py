"""Backward: the subject in front of its verb."""

from pipeline.event.saying.clause import OPENING, Clause
from pipeline.event.saying.phrase import (
    BOUNDS,
    BREAKS,
    FAR,
    LONGEST,
    NAME_WORDS,
    Phrase,
    forward,
    leads,
    past_times,
    phrase,
)
from pipeline.event.saying.titled import titled

TITLES = ("official", "speaker", "source", "person", "group", "attribute", "inner", "article")
"""Roles of what stands in front of a name and belongs to it."""

OFFICES = ("official", "speaker", "person")
"""Roles of what may stand in front of a first name."""

OPENING_NAME = 8
"""Within how many tokens the name with which a clause opens ends."""


def run_start(clause: Clause, at: int) -> int:
    """Where the run of words that may hold the subject of the verb at the token begins."""
    first = at
    while first > 0 and at - first < FAR:
        before = first - 1
        if before in clause.names and not clause.hard(before):
            first -= 1
        elif clause.hard(before) or (clause.has(before, *BREAKS) and not clause.has(before, "inner")):
            break
        else:
            first -= 1
    return first


def trailing(clause: Clause, first: int, at: int) -> int:
    """Where the subject before the verb ends: before auxiliaries, adverbs and times."""
    while at > first and at - 1 not in clause.names:
        soft = clause.sign(at - 1) and not clause.hard(at - 1)
        timely = clause.has(at - 1, "adjunct") and clause.has(at, "time")
        if clause.has(at - 1, "aux") and _proper(clause, at - 1):
            break
        if not (soft or timely or clause.has(at - 1, "aux", "adverb", "time", "clitic")):
            break
        at -= 1
    return at


def _proper(clause: Clause, at: int) -> bool:
    """Whether a capital inside the sentence makes a name of the word ("Afrique de l'Est")."""
    inside = at > 0 and not clause.hard(at - 1)
    return inside and clause.reading.text[clause.tokens[at].start].isupper()


def backward(clause: Clause, at: int) -> Phrase | None:
    """The subject before the verb at the token."""
    if "mark" in clause.lexicon.roles:
        return before_mark(clause, at)
    first = run_start(clause, at)
    end = trailing(clause, first, at)
    if end > first and clause.has(end - 1, "and"):
        if first == end - 1 and clause.sign(first - 1) in (",", "،"):
            first, end = run_start(clause, first - 1), first
        return _of_the_sentence(clause, first, end - 1)
    begin = _past_leads(clause, first, end)
    if "title" in clause.lexicon.roles:
        return titled(clause, first if begin is None else begin, end)
    if begin is None:
        return _last_name(clause, first, end)
    return forward(clause, begin, end)


def _past_leads(clause: Clause, first: int, end: int) -> int | None:
    """The token with which a subject begins, behind what the clause begins with; None: nobody knows."""
    while first < end and first not in clause.names and leads(clause, first):
        first += 1
    if first in clause.names or not (
        clause.has(first, "adjunct", "aux") or clause.has(first - 1, "according")
    ):
        return first
    if clause.has(first, "within") and _institution(clause, first + 1):
        return first + 1
    done = past_times(clause, first, end)
    if done > first:
        return _past_leads(clause, done, end)
    aux = next((k for k in range(first, end) if clause.has(k, "aux") and k not in clause.names), None)
    if aux is not None:
        return aux + 1
    if first + 1 in clause.names and clause.names[first + 1].place is not None:
        return (
            first
            + 1
            + sum(1 for k in range(first + 1, end) if clause.names.get(k) == clause.names[first + 1])
        )
    return None


def _institution(clause: Clause, at: int) -> bool:
    """Whether an office or an organisation that is no place stands there ("in the ministry they said")."""
    named = clause.names.get(at)
    return clause.has(at, "official") or (
        named is not None and named.actor is not None and named.place is None
    )


def _last_name(clause: Clause, first: int, end: int) -> Phrase | None:
    """The name right before the verb."""
    named = clause.names.get(end - 1)
    if named is None or named.actor is None or named.form == "demonym" or end <= first:
        return None
    begin = next(k for k in range(first, end) if clause.names.get(k) == named)
    if begin and clause.has(begin - 1, "adjunct"):
        return None
    return phrase(clause, begin, end)


def _of_the_sentence(clause: Clause, first: int, end: int) -> Phrase | None:
    """The subject of a verb behind "and": the name with which the clause opens, its titles included."""
    begin = _past_leads(clause, first, end)
    if begin is None:
        return None
    last = begin
    for at in range(begin, min(end, begin + OPENING_NAME)):
        if at in clause.names:
            last = at + 1
        elif not clause.has(at, "article", "official", "group", "speaker", "attribute"):
            break
    named = clause.names.get(last - 1)
    if last == begin or named is None or named.actor is None or named.form == "demonym":
        return None
    return None if clause.has(last, "and") else phrase(clause, begin, last)


def before_mark(clause: Clause, at: int) -> Phrase | None:
    """The subject in front of the word that marks it ("ने"), or right before a verb that needs none."""
    end = at
    while end > 0 and at - end < FAR and not clause.has(end - 1, "mark", "self"):
        if clause.hard(end - 1) or clause.has(end - 1, *BREAKS):
            end = 0
            break
        end -= 1
    if end and clause.has(end - 1, "self"):
        return phrase(clause, end - 1, end)
    if not end or not clause.has(end - 1, "mark"):
        verb = next((v for v in clause.verbs if v.first == at), None)
        if verb is None or "say.unmarked" not in verb.roles:
            return None
        end = at + 1
    return ending(clause, end - 1)


def ending(clause: Clause, end: int) -> Phrase | None:
    """The noun phrase that ends before the token, in a language that sets its particles behind."""
    first = end
    while first > 0 and end - first < LONGEST:
        before = first - 1
        if clause.hard(before):
            break
        held = before in clause.names or clause.has(before, "inner", "document", "source")
        if not held and clause.has(before, *BOUNDS) and not clause.has(before, "article"):
            break
        first -= 1
    while first < end and first not in clause.names and clause.has(first, "and", "adverb"):
        first += 1
    return phrase(clause, _own_titles(clause, first, end), end)


def _own_titles(clause: Clause, first: int, end: int) -> int:
    """Where the name that ends before the token begins with its titles, behind an object in front of it."""
    named = clause.names.get(end - 1)
    if named is None or named.actor is None or named.form == "demonym":
        return first
    at = next(k for k in range(first, end) if clause.names.get(k) == named)
    if at - 1 == first or (at > first and clause.has(at - 2, *OFFICES)):
        at -= 1
    elif at - 2 >= first and clause.has(at - 3, *OFFICES):
        at -= 2  # two given names
    while at > first and (at - 1 in clause.names or clause.has(at - 1, *TITLES)):
        at -= 1
    return at


def with_apposition(clause: Clause, at: int) -> Phrase | None:
    """The subject before "NP, apposition," that ends with the comma before the token: with the apposition
    where that is a name."""
    comma = at - 1
    opening = comma - 1
    while opening > 0 and comma - opening < LONGEST and clause.sign(opening) not in (",", "،"):
        if clause.hard(opening) and clause.sign(opening) not in OPENING:
            return None
        opening -= 1
    if opening <= 0 or clause.sign(opening) not in (",", "،"):
        return None
    outer = backward(clause, opening)
    if outer is None or outer.last < opening:
        return None
    named = clause.names.get(opening + 1)
    known = named is not None and named.actor is not None and named.form != "demonym"
    whole = named is not None and clause.token_at(named.end - 1) + 1 == comma
    if (known and whole) or _stranger(clause, opening + 1, comma):
        return Phrase(outer.first, comma, outer.start, clause.tokens[comma - 1].end)
    return outer


def apposed(clause: Clause, opening: int) -> int | None:
    """The comma that ends the name between it and the comma at the token ("the ombudswoman, Iris Marín,")."""
    if clause.sign(opening) not in (",", "،"):
        return None
    last = min(opening + LONGEST, len(clause.tokens))
    comma = next((k for k in range(opening + 1, last) if clause.hard(k)), None)
    if comma is None or clause.sign(comma) not in (",", "،"):
        return None
    return comma if _stranger(clause, opening + 1, comma) else None


def _stranger(clause: Clause, first: int, last: int) -> bool:
    """Whether the tokens are the name of somebody nobody configured: two to four capitalised words."""
    text = clause.reading.text
    words = list(clause.words(first, last))
    return 2 <= len(words) <= NAME_WORDS and all(text[clause.tokens[k].start].isupper() for k in words)

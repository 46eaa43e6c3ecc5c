"""Parties: who does an act, whom it is done to or addressed, and who mediates.

A party is a configured actor that is named, or the words for somebody else. What stands behind a preposition
is nobody who acts; the markers that tell the parties of a passive, the addressed and the mediators are listed
by language (config/grammar/acts).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from pipeline.event.clauses import COMMA, Told
from pipeline.event.event import ActType, Party
from pipeline.event.gazetteer import Named
from pipeline.event.lexicon import Cue

NEAR = 2
"""Words between a marker and the name it marks: an article, a title."""

OWNED = 4
"""Words between a noun of action and whose action it is ("इसराइल के युद्धविराम से इनकार")."""

LONGEST = 6
"""Words of a party that is not named: longer stretches are seldom one noun phrase."""

FREE = frozenset(("adverb", "and", "aux", "passive", "opens", "not"))
"""What may stand around a subject and is no part of it."""

DIRECT = frozenset(("REQUEST", "DEMAND", "ACCUSE", "THREATEN", "CONSULT", "COERCE", "ASSAULT"))
"""Acts whose object is the party they are done to."""

WORDED = frozenset(("by", "to.AID"))
"""Markers behind which a party that no list has is told, too."""

TAKEN = frozenset(("COERCE", "ACCUSE"))
"""Acts whose object is told even if no list has it: who is abducted, who is accused."""

QUOTES = " \n\t«»“”„\"'’"


@dataclass(frozen=True, slots=True)
class Doing:
    """An act in its clause: `kind` is how its cue is listed ("verb", "first", "end", "noun", ...)."""

    sentence: Told
    cue: Cue
    type: ActType
    kind: str
    mention: tuple[int, int]
    clause: tuple[int, int]
    passive: bool


@dataclass(frozen=True, slots=True)
class At:
    """A party and where it stands."""

    start: int
    end: int
    party: Party


def subject(doing: Doing) -> At | None:
    """Who acts, in the active or as the doer of a noun ("Israel's rejection")."""
    if doing.kind == "noun":
        return _beside(doing)
    marked = _postponed(doing, "by")
    if marked is not None:
        return marked
    return _before(doing) or _after(doing)


def agent(doing: Doing) -> At | None:
    """Who acts, in the passive."""
    marked = _marked(doing, "by") or _postponed(doing, "by")
    if marked is not None:
        return marked
    if doing.kind == "passive" and doing.type not in ("CONCEDE", "AID"):
        near = [one for one in _named(doing, doing.cue.end, 0) if not _behind(doing, one.start)]
        return _party(doing.sentence, near[0]) if near else None
    return None


def receiver(doing: Doing, by: At | None) -> At | None:
    """Whom it is done to or addressed."""
    for role in (f"to.{doing.type}", "to"):
        found = _marked(doing, role, by) or _postponed(doing, role, by)
        if found is not None:
            return found
    if doing.passive:
        return _before(doing) if doing.type == "COERCE" else _dative(doing, by)
    if doing.kind != "noun" and doing.type in DIRECT:
        return _object(doing, by)
    return _dative(doing, by) if doing.kind != "noun" else None


def mediator(doing: Doing) -> Party | None:
    """Who brokers it, if exactly one is named."""
    alone = [one for one in _mediators(doing.sentence) if not _listed(doing.sentence, one)]
    return _party(doing.sentence, alone[0]).party if alone else None


def _listed(sentence: Told, one: Named) -> bool:
    """Is the name one of several ("Oman and Saudi Arabia", of whom the lists need not know all)?"""
    behind, before = sentence.text[one.end :], sentence.text[: one.start]
    ands = sentence.of("and")
    after = any(cue.start >= one.end and not sentence.count(one.end, cue.start) for cue in ands)
    ahead = any(cue.end <= one.start and not sentence.count(cue.end, one.start) for cue in ands)
    glued = re.match(r"\s+و\w|\s+ו\w", behind) is not None or before.endswith((" و", " ו"))
    return after or ahead or glued


def _party(sentence: Told, one: Named) -> At:
    return At(one.start, one.end, Party(sentence.text[one.start : one.end], one.actor))


def _acts(doing: Doing, one: Named) -> bool:
    """Does the naming stand for somebody who acts? A demonym does before or behind an office."""
    if one.actor is None or (one.start < doing.mention[1] and doing.mention[0] < one.end):
        return False
    sentence = doing.sentence
    return one.form != "demonym" or any(
        sentence.between((one.start, one.end), (cue.start, cue.end)) == 0 for cue in sentence.of("official")
    )


def _named(doing: Doing, start: int, most: int) -> list[Named]:
    """The actors named behind `start`, with at most so many words in between."""
    sentence = doing.sentence
    return [
        one
        for one in sentence.named
        if start <= one.start and one.end <= doing.clause[1] and sentence.count(start, one.start) <= most
        if _acts(doing, one)
    ]


def _behind(doing: Doing, start: int) -> bool:
    """Is the name at `start` the object of a preposition, before or behind it?"""
    sentence = doing.sentence
    for cue in sentence.of("apart"):
        if ".after" in cue.role:
            named = next((one for one in sentence.named if one.start == start), None)
            if named is not None and named.end <= cue.start and not sentence.count(named.end, cue.start):
                return True
        elif cue.end <= start and sentence.count(cue.end, start) <= 1 and not _cut(sentence, cue.end, start):
            return True
    return _mediates(doing, start)


def _mediates(doing: Doing, start: int) -> bool:
    """Is the name at `start` the one that a word for mediation marks?"""
    return any(one.start == start for one in _mediators(doing.sentence))


def _mediators(sentence: Told) -> list[Named]:
    """The name next to each word for mediation, before or behind it as the language has it."""
    found: list[Named] = []
    for cue in sentence.of("mediated"):
        after = cue.role.endswith(".after")
        near = [
            one
            for one in sentence.named
            if one.actor is not None
            and (one.end <= cue.start if after else one.start >= cue.end)
            and sentence.between((one.start, one.end), (cue.start, cue.end)) <= NEAR
        ]
        found += near[-1:] if after else near[:1]
    return found


def _cut(sentence: Told, start: int, end: int) -> bool:
    return COMMA.search(sentence.text, start, end) is not None


def _marked(doing: Doing, role: str, other: At | None = None) -> At | None:
    """The party behind a marker of exactly this role, not the `other` one."""
    marks = [
        cue
        for cue in doing.sentence.of(role, *doing.clause)
        if cue.role == role
        and (doing.kind == "end" or cue.start > doing.cue.start)
        and (cue.start >= doing.mention[1] or cue.end <= doing.mention[0])
    ]
    for cue in marks:
        for one in _named(doing, cue.end, NEAR):
            if other is None or one.start != other.start:
                return _party(doing.sentence, one)
    if role not in WORDED:
        return None
    found = [_words(doing, cue.end, doing.clause[1]) for cue in marks]
    return next((one for one in found if one is not None), None)


def _postponed(doing: Doing, role: str, other: At | None = None) -> At | None:
    """The party in front of a postposition."""
    sentence = doing.sentence
    marks = [cue for cue in sentence.of(f"{role}.after", *doing.clause) if cue.role == f"{role}.after"]
    for mark in marks:
        near = [
            one
            for one in sentence.named
            if doing.clause[0] <= one.start and one.end <= mark.start and _acts(doing, one)
            if sentence.count(one.end, mark.start) <= NEAR and not _mediates(doing, one.start)
            if other is None or one.start != other.start
        ]
        if near:
            return _party(sentence, near[-1])
        if other is not None and other.start < mark.start <= other.end + 1:
            continue
        start = max([doing.clause[0], *(end for end in _ends(doing, mark.start))])
        if role.startswith("by") or (doing.type in TAKEN and role == f"to.{doing.type}"):
            found = _phrase(doing, start, mark.start)
            if found is not None:
                return found
    return None


def _ends(doing: Doing, before: int) -> Iterator[int]:
    """Where a noun phrase that stands before an offset can begin at the earliest."""
    sentence = doing.sentence
    for mark in COMMA.finditer(sentence.text, doing.clause[0], before):
        yield mark.end()
    for cue in sentence.cues:
        closes = cue.role.split(".")[0] in ("by", "to", "adverb") or cue.role == "apart.after"
        if closes and doing.clause[0] <= cue.start and cue.end < before:
            yield cue.end


def _before(doing: Doing) -> At | None:
    """The subject in front of the verb: of the nearest stretch between commas that is no mere adverbial."""
    sentence = doing.sentence
    end = next((start for start, stop in sentence.words if start <= doing.cue.start < stop), doing.cue.start)
    bounds = [doing.clause[0], *(m.end() for m in COMMA.finditer(sentence.text, doing.clause[0], end)), end]
    for low, high in reversed(list(pairwise(bounds))):
        start, stop = _trimmed(doing, low, high)
        if start >= stop:
            continue
        free = [
            one for one in sentence.named
            if start <= one.start and one.end <= stop and _acts(doing, one) and not _behind(doing, one.start)
        ]  # fmt: skip
        if free:
            return _party(sentence, free[0] if doing.kind == "end" else free[-1])
        if any(cue.start == start for cue in sentence.of("apart")):
            continue
        return _phrase(doing, start, _auxiliary(doing, start, stop))
    return None


def _auxiliary(doing: Doing, start: int, stop: int) -> int:
    """Where the subject ends of a verb that stands far behind its auxiliary ("sie haben ... entführt")."""
    if doing.kind != "end":
        return stop
    return min([stop, *(cue.start for cue in doing.sentence.of("aux", start, stop))])


def _trimmed(doing: Doing, start: int, end: int) -> tuple[int, int]:
    """The bounds without auxiliaries and adverbs at the edges."""
    sentence = doing.sentence
    free = [cue for cue in sentence.cues if cue.role.split(".")[0] in FREE]
    moved = True
    while moved:
        moved = False
        while start < end and sentence.text[start] in QUOTES:
            start += 1
        while start < end and sentence.text[end - 1] in QUOTES:
            end -= 1
        for cue in free:
            if cue.start <= start < cue.end <= end:
                start, moved = cue.end, True
            elif start <= cue.start < end <= cue.end:
                end, moved = cue.start, True
    return start, end


def _phrase(doing: Doing, start: int, end: int) -> At | None:
    """The words of `[start:end]` as a party, if they can be one noun phrase."""
    sentence = doing.sentence
    start, end = _trimmed(doing, start, end)
    begun = doing.mention[0] <= start < doing.mention[1]
    held = any(start <= cue.start < end and cue.role.split(".")[0].isupper() for cue in sentence.cues)
    if start >= end or begun or held or not 0 < sentence.count(start, end) <= LONGEST:
        return None
    return At(start, end, Party(sentence.text[start:end]))


def _after(doing: Doing) -> At | None:
    """The subject behind the verb, where the verb comes first."""
    sentence = doing.sentence
    if doing.kind == "end":
        return None
    most = 3 if doing.kind == "first" else 1
    for one in _named(doing, doing.cue.end, most):
        if not _behind(doing, one.start):
            return _party(sentence, one)
    return _words(doing, doing.cue.end, doing.clause[1]) if doing.kind == "first" else None


def _words(doing: Doing, start: int, end: int) -> At | None:
    """The words from `start` to the next preposition, comma, adverb or mention."""
    sentence = doing.sentence
    stops = [end, *(mark.start() for mark in COMMA.finditer(sentence.text, start, end))]
    while start < end and sentence.text[start].isspace():
        start += 1
    stops += [
        cue.start
        for cue in sentence.cues
        if cue.role.split(".")[0] in ("apart", "adverb", "aux", "to", "by", "border", "opens", "passive")
        if start < cue.start < end
    ]
    stops += [at for at in doing.mention[:1] if at > start]
    if any(cue.start == start and cue.role.split(".")[0] in ("apart", "to", "by") for cue in sentence.cues):
        return None
    stop = next((first for first, last in sentence.words if first <= min(stops) < last), min(stops))
    return _phrase(doing, start, stop)


def _beside(doing: Doing) -> At | None:
    """The actor nearest to a noun of action, before or behind it."""
    sentence = doing.sentence
    own = (doing.cue.start, doing.cue.end)
    near = [
        (apart, one.start, one)
        for one in sentence.named
        if _acts(doing, one) and (apart := sentence.between((one.start, one.end), own)) <= OWNED
    ]
    return _party(sentence, min(near)[2]) if near else None


def _object(doing: Doing, by: At | None) -> At | None:
    """The party that is the verb's object."""
    sentence = doing.sentence
    start = doing.cue.end
    if by is not None and (doing.kind == "end" or by.start >= start):
        start = by.end
    for one in _named(doing, start, 1):
        if (by is None or one.start != by.start) and not _behind(doing, one.start):
            return _party(sentence, one)
    if doing.type in TAKEN and doing.kind != "end":
        return _words(doing, start, doing.clause[1])
    return None


def _dative(doing: Doing, by: At | None) -> At | None:
    """The receiver that a case alone marks: an actor named right behind the verb of giving."""
    if doing.type not in ("CONCEDE", "AID") or doing.kind not in ("verb", "passive", "split"):
        return None
    start = max(doing.cue.end, by.end if by else 0)
    found = [one for one in _named(doing, start, 0) if by is None or one.start != by.start]
    return _party(doing.sentence, found[0]) if found else None

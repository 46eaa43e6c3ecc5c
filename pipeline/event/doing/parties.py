"""Parties: who does an act, whom it is done to or addressed, and who mediates.

The markers that tell the parties of a passive, the addressed and the mediators are listed by language
(config/grammar/acts).
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.event.doing.clauses import COMMA, Told
from pipeline.event.doing.doing import (
    DIRECT,
    NEAR,
    STOPS,
    At,
    Doing,
    may_act,
    mediates,
    mediators,
    named_behind,
    named_party,
    oblique,
    phrase,
    trimmed,
    words_behind,
)  # fmt: skip
from pipeline.event.doing.inverted import behind, fronted, within
from pipeline.event.doing.stance import ORDER, captive
from pipeline.event.event import Party
from pipeline.event.lexicon import Cue
from pipeline.event.world.gazetteer import Named

OWNED = 4
"""Words between a noun of action and whose action it is ("इसराइल के युद्धविराम से इनकार")."""

WORDED = frozenset(("by", "to.AID"))
"""Markers behind which a party that no list has is told, too."""

OF_THINGS = frozenset(("AGREE", "REJECT", "SUPPORT", "REQUEST", "DEMAND"))
"""Acts that things do not do: a thing in front of the verb is the object, and the doer stands behind it."""

TAKEN = frozenset(("COERCE", "ACCUSE"))
"""Acts whose object is told even if no list has it: who is abducted, who is accused."""


def subject(doing: Doing) -> At | None:
    """Who acts, in the active or as the doer of a noun ("Israel's rejection")."""
    if doing.kind == "noun":
        return _beside(doing)
    marked = _postponed(doing, "by")
    if marked is not None:
        return marked
    found, decided = _before(doing)
    return found if decided else _after(doing)


def agent(doing: Doing) -> At | None:
    """Who acts, in the passive."""
    marked = _marked(doing, "by") or _postponed(doing, "by")
    if marked is not None:
        return marked
    if doing.kind == "passive" and doing.type not in ("CONCEDE", "AID"):
        near = [one for one in named_behind(doing, doing.cue.end, 0) if not oblique(doing, one.start)]
        return named_party(doing.sentence, near[0]) if near else None
    return None


def receiver(doing: Doing, by: At | None) -> At | None:
    """Whom it is done to or addressed."""
    for role in (f"to.{doing.type}", "to"):
        found = _marked(doing, role, by) or _postponed(doing, role, by)
        if found is not None:
            return found
    if doing.passive:
        return _patient(doing, by)
    if doing.kind != "noun" and doing.type in DIRECT:
        return _object(doing, by)
    return _dative(doing, by) if doing.kind != "noun" else None


def _patient(doing: Doing, by: At | None) -> At | None:
    """Whom a passive is about: its subject; of one that gives the receiver."""
    if doing.type not in DIRECT:
        return _dative(doing, by)
    apart = doing.cue.end <= doing.mention[0] or doing.mention[1] <= doing.cue.start
    if apart and doing.type in ("COERCE", "ASSAULT") and captive(doing.sentence, doing.mention):
        return None
    found = _before(doing)[0]
    listed = found is not None and found.party is not None and found.party.actor is not None
    same = found is not None and by is not None and found.start == by.start
    return found if (listed or doing.type == "COERCE") and not same else None


def mediator(doing: Doing) -> Party | None:
    """Who brokers it, if exactly one is named."""
    alone = [one for one in mediators(doing.sentence) if not _listed(doing.sentence, one)]
    return named_party(doing.sentence, alone[0]).party if alone else None


def _listed(sentence: Told, one: Named) -> bool:
    """Is the name one of several ("Oman and Saudi Arabia", of whom the lists need not know all)?"""
    behind, before = sentence.text[one.end :], sentence.text[: one.start]
    ands = sentence.of("and")
    after = any(cue.start >= one.end and not sentence.count(one.end, cue.start) for cue in ands)
    ahead = any(cue.end <= one.start and not sentence.count(cue.end, one.start) for cue in ands)
    glued = re.match(r"\s+و\w|\s+ו\w", behind) is not None or before.endswith((" و", " ו"))
    return after or ahead or glued


def _marked(doing: Doing, role: str, other: At | None = None) -> At | None:
    """The party behind a marker of exactly this role, not the `other` one."""
    marks = [
        cue
        for cue in doing.sentence.of(role, *doing.clause)
        if cue.role == role
        and (doing.kind == "end" or cue.start > doing.cue.start)
        and (cue.start >= doing.mention[1] or cue.end <= doing.mention[0])
        and (role != "by" or _framed(doing, cue))
    ]
    for cue in marks:
        for one in named_behind(doing, cue.end, NEAR):
            if other is None or one.start != other.start:
                return named_party(doing.sentence, one)
    if role not in WORDED:
        return None
    found = [
        words_behind(doing, cue.end, _reach(doing, cue.end)) or _mentioned(doing, cue.end, role)
        for cue in marks
    ]
    return next((one for one in found if one is not None), None)


def _reach(doing: Doing, start: int) -> int:
    """How far the words behind a marker can go: to the verb, if it stands behind them."""
    return doing.cue.start if doing.cue.start > start else doing.clause[1]


def _mentioned(doing: Doing, start: int, role: str) -> At | None:
    """The people mentioned, with their article, as those who are given something."""
    sentence, (first, last) = doing.sentence, doing.mention
    if role == "by" or first < start or sentence.count(start, first) > NEAR:
        return None
    if any(start <= cue.start < last and cue.role.split(".")[0] in STOPS for cue in sentence.cues):
        return None
    start = next((begin for begin, _ in sentence.words if begin >= start), last)
    return At(start, last, Party(sentence.text[start:last])) if start < last else None


def _framed(doing: Doing, mark: Cue) -> bool:
    """Does the mark of a doer stand behind the auxiliary, where the verb ends the clause of both?"""
    if doing.kind != "end":
        return True
    ahead = doing.sentence.of("passive", doing.clause[0], doing.cue.start)
    return not ahead or ahead[0].end <= mark.start


def _postponed(doing: Doing, role: str, other: At | None = None) -> At | None:
    """The party in front of a postposition."""
    sentence = doing.sentence
    marks = [cue for cue in sentence.of(f"{role}.after", *doing.clause) if cue.role == f"{role}.after"]
    for mark in marks:
        near = [
            one
            for one in sentence.named
            if doing.clause[0] <= one.start and one.end <= mark.start and may_act(doing, one)
            if sentence.count(one.end, mark.start) <= NEAR and not mediates(doing, one.start)
            if other is None or one.start != other.start
        ]
        if near:
            return named_party(sentence, near[-1])
        if other is not None and other.start < mark.start <= other.end + 1:
            continue
        start = max([doing.clause[0], *(end for end in _ends(doing, mark.start))])
        if role.startswith("by") or (doing.type in TAKEN and role == f"to.{doing.type}"):
            found = phrase(doing, start, mark.start)
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


def _before(doing: Doing) -> tuple[At | None, bool]:
    """The subject in front of the verb: of the nearest stretch between commas that is no mere adverbial; and
    whether there is such a stretch, for then the subject stands nowhere else."""
    sentence = doing.sentence
    end = next((start for start, stop in sentence.words if start <= doing.cue.start < stop), doing.cue.start)
    bounds = [doing.clause[0], *(m.end() for m in COMMA.finditer(sentence.text, doing.clause[0], end)), end]
    for low, high in reversed(list(pairwise(bounds))):
        start, stop = trimmed(doing, low, high)
        if not any(letter.isalpha() for letter in sentence.text[start:stop]):
            continue  # nothing, or a year
        if low > bounds[0] and (inserted := _inserted(doing, low, high, end)):
            if inserted == "relative":
                return None, True
            continue
        free = [
            one
            for one in sentence.named
            if start <= one.start and one.end <= stop
            if may_act(doing, one) and not oblique(doing, one.start) and not _object_only(sentence, one)
        ]
        if free and doing.kind == "end" and doing.type in DIRECT and (ahead := _ahead(doing, start, free[0])):
            return (ahead if _somebody(sentence, ahead) else None), True
        if free:
            return named_party(sentence, free[0] if doing.kind == "end" else free[-1]), True
        if _itself(doing, start, stop) or _freed(doing, start, stop) or sentence.of("object", start, stop):
            return None, False
        if _adverbial(sentence, start) or _relative(sentence, low, start):
            continue
        found = phrase(doing, start, _auxiliary(doing, start, stop))
        return found, doing.kind != "first" or _behind_that(doing, low)
    return None, False


def _behind_that(doing: Doing, low: int) -> bool:
    """Does "that" open the stretch, behind which the subject stands first in Arabic, too?"""
    return low == doing.clause[0] and any(cue.start == low for cue in doing.sentence.of("opens", low))


def _itself(doing: Doing, start: int, stop: int) -> bool:
    """Is what stands in front the thing mentioned, which nobody has ever seen reject or accept anything?"""
    sentence, (first, last) = doing.sentence, doing.mention
    articles = [cue.end for cue in sentence.of("article", start, first)]
    bare = not sentence.count(max([start, *articles]), first) and not sentence.count(last, stop)
    return doing.type in OF_THINGS and start <= first < stop and bare and not captive(sentence, doing.mention)


def _ahead(doing: Doing, start: int, named: Named) -> At | None:
    """The noun phrase in front of the auxiliary, where the first actor is named behind that: no list has it,
    but it acts, and the actor is who it is done to ("Die Ministerin hat Hamas aufgefordert")."""
    edge = _auxiliary(doing, start, named.start)
    if edge == named.start or start <= doing.mention[0] < edge:
        return None
    who = phrase(doing, start, edge)
    words = [one for one in doing.sentence.words if who is not None and who.start <= one[0] < who.end]
    return who if words and doing.sentence.text[words[-1][0]].isupper() and len(words) > 1 else None


def _somebody(sentence: Told, who: At) -> bool:
    """Is an office in it, or a first name and a name?"""
    words = [sentence.text[first:last] for first, last in sentence.words if who.start <= first < who.end]
    return bool(sentence.of("official", who.start, who.end)) or all(word[0].isupper() for word in words[-2:])


def _inserted(doing: Doing, low: int, high: int, end: int) -> str:
    """What a stretch is that an article opens behind a comma: "inserted" where a comma closes it behind a
    small letter ("Iran, the group's ally, praised"; "Der Iran, der sie stützt, lobte"), "relative" where
    it ends with the verb itself (", die Baku unterstützt,"), else ""."""
    sentence = doing.sentence
    if not any(not sentence.count(low, cue.start) for cue in sentence.of("article", low, high)):
        return ""
    last = next((one for one in reversed(sentence.words) if low <= one[0] and one[1] <= high), None)
    if high < end and last is not None and sentence.text[last[0]].islower():
        return "inserted"
    closed = sentence.text[doing.cue.end :].lstrip()[:1] == ","
    return "relative" if high == end and closed and doing.kind == "verb" else ""


def _freed(doing: Doing, start: int, stop: int) -> bool:
    """Do captives stand right in front of what is done to them ("заложников освободили")?"""
    last = doing.mention[1]
    done = doing.type in ("CONCEDE", "COERCE") and doing.kind in ("verb", "first")
    return done and start < last == stop and captive(doing.sentence, doing.mention)


def _object_only(sentence: Told, one: Named) -> bool:
    """Is the name in a case in which nobody acts?"""
    return bool(sentence.of("object", one.start, one.end))


def _adverbial(sentence: Told, start: int) -> bool:
    """Does a preposition or a time open the stretch?"""
    return any(cue.start == start for role in ("apart", "time") for cue in sentence.of(role))


def _relative(sentence: Told, low: int, start: int) -> bool:
    """Does a word like "which" open the stretch?"""
    return any(low <= cue.start < start for cue in sentence.of("opens"))


def _auxiliary(doing: Doing, start: int, stop: int) -> int:
    """Where the subject ends of a verb that stands far behind its auxiliary ("sie haben ... entführt")."""
    if doing.kind != "end":
        return stop
    return min([stop, *(cue.start for cue in doing.sentence.of("aux", start, stop))])


def _after(doing: Doing) -> At | None:
    """The subject behind the verb, where the verb comes first."""
    if doing.kind == "end":
        return fronted(doing)
    unlisted = within(doing) or behind(doing)
    if unlisted is not None:
        return unlisted
    for one in named_behind(doing, doing.cue.end, 3 if doing.kind == "first" else 1):
        if not oblique(doing, one.start) and not _object_only(doing.sentence, one):
            return named_party(doing.sentence, one)
    return words_behind(doing, doing.cue.end, doing.clause[1]) if doing.kind == "first" else None


def _beside(doing: Doing) -> At | None:
    """The actor nearest to a noun of action, before or behind it."""
    sentence = doing.sentence
    own = (doing.cue.start, doing.cue.end)
    near = [
        (apart, one.start, one)
        for one in sentence.named
        if may_act(doing, one) and (apart := sentence.between((one.start, one.end), own)) <= OWNED
    ]
    return named_party(sentence, min(near)[2]) if near else None


def _object(doing: Doing, by: At | None) -> At | None:
    """The party that is the verb's object."""
    sentence = doing.sentence
    start = doing.cue.end
    if by is not None and (doing.kind == "end" or by.start >= start):
        start = by.end
    for one in named_behind(doing, start, 1):
        if any(start <= cue.start < one.start and cue.role.split(".")[0] in ORDER for cue in sentence.cues):
            break
        if by is not None and one.place is None and _holder(doing, by, one.start):
            break
        if (by is None or one.start != by.start) and not oblique(doing, one.start):
            return named_party(sentence, one)
    if doing.type in TAKEN and doing.kind != "end":
        return words_behind(doing, start, doing.clause[1])
    return None


def _holder(doing: Doing, by: At, start: int) -> bool:
    """May the name right behind an office and its party be who holds it, not who is asked?"""
    office = bool(doing.sentence.of("official", by.start, by.end))
    listed = any(by.start <= one.start and one.end <= by.end for one in doing.sentence.named)
    asks = doing.kind == "first" and doing.type in ("REQUEST", "DEMAND", "CONSULT")
    return asks and office and listed and not doing.sentence.count(by.end, start)


def _dative(doing: Doing, by: At | None) -> At | None:
    """The receiver that a case alone marks: an actor named right behind the verb of giving."""
    if doing.type not in ("CONCEDE", "AID") or doing.kind not in ("verb", "passive", "split"):
        return None
    start = max(doing.cue.end, by.end if by else 0)
    found = [one for one in named_behind(doing, start, 0) if by is None or one.start != by.start]
    if doing.passive and found and named_behind(doing, found[0].end, 0):
        return None  # one gave and one was given, and only their cases tell which
    return named_party(doing.sentence, found[0]) if found else None

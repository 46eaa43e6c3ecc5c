"""Doing: an act in its clause, and the noun phrases and names around it that can be a party.

A party is a configured actor that is named, or the words for somebody else. What stands behind a preposition
is nobody who acts, nor is who mediates.
"""

from dataclasses import dataclass
from itertools import pairwise

from pipeline.event.doing.clauses import COMMA, Told
from pipeline.event.event import ActType, Party
from pipeline.event.lexicon import Cue
from pipeline.event.world.gazetteer import Named

NEAR = 2
"""Words between a marker and the name it marks: an article, a title."""

LONGEST = 6
"""Words of a party that is not named: longer stretches are seldom one noun phrase."""

DIRECT = frozenset(("REQUEST", "DEMAND", "ACCUSE", "THREATEN", "CONSULT", "COERCE", "ASSAULT"))
"""Acts whose object is the party they are done to."""

FREE = frozenset(("adverb", "and", "aux", "passive", "opens", "not"))
"""What may stand around a subject and is no part of it."""

STOPS = frozenset(("apart", "adverb", "aux", "to", "by", "border", "opens", "passive", "time", "number"))
"""Where the words of a party end."""

SINGULAR = frozenset(
    ("الأمين", "الصين", "اليمين", "التأمين", "السجين", "الدين", "الحين", "الثمين", "التموين")
)
"""Arabic words that end as duals and plurals in the accusative do."""

QUOTES = " \n\t.:;,|–—-…«»“”„\"'’"


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
    """A party and where it stands; `party` is None where it is not sure how far somebody's words go."""

    start: int
    end: int
    party: Party | None


def named_party(sentence: Told, one: Named) -> At:
    return At(one.start, one.end, Party(sentence.text[one.start : one.end], one.actor))


def may_act(doing: Doing, one: Named) -> bool:
    """Does the naming stand for somebody who acts? A demonym does before or behind an office."""
    if one.actor is None or (one.start < doing.mention[1] and doing.mention[0] < one.end):
        return False
    sentence = doing.sentence
    return one.form != "demonym" or any(
        sentence.between((one.start, one.end), (cue.start, cue.end)) == 0 for cue in sentence.of("official")
    )


def named_behind(doing: Doing, start: int, most: int) -> list[Named]:
    """The actors named behind `start`, with at most so many words in between."""
    sentence = doing.sentence
    return [
        one
        for one in sentence.named
        if start <= one.start and one.end <= doing.clause[1] and sentence.count(start, one.start) <= most
        if may_act(doing, one)
    ]


def oblique(doing: Doing, start: int) -> bool:
    """Is the name at `start` the object of a preposition, before or behind it?"""
    sentence = doing.sentence
    for cue in sentence.of("apart"):
        if ".after" in cue.role:
            named = next((one for one in sentence.named if one.start == start), None)
            if named is not None and named.end <= cue.start and _listed_to(sentence, named, cue):
                return True
        elif cue.end <= doing.cue.start < start:
            continue  # the verb itself stands in between
        elif (
            cue.end <= start and sentence.count(cue.end, start) <= 1 and not _ended(sentence, cue.end, start)
        ):
            return True
    return mediates(doing, start)


def _ended(sentence: Told, start: int, end: int) -> bool:
    """Has the preposition its object in `[start:end]`: a time, a place, all up to a comma?"""
    times = sentence.of("time") + sentence.of("adverb")
    return (
        COMMA.search(sentence.text, start, end) is not None
        or any(start < one.end <= end for one in times)
        or any(one.actor is None and start <= one.start and one.end <= end for one in sentence.named)
    )


def _listed_to(sentence: Told, named: Named, mark: Cue) -> bool:
    """Does the postposition follow the name, or the name joined to it by "and"?"""
    at = named.end
    for cue in sentence.of("and", named.end, mark.start):
        if sentence.count(at, cue.start):
            break
        at = next((one.end for one in sentence.named if one.start >= cue.end), at)
    return at <= mark.start and not sentence.count(at, mark.start)


def mediates(doing: Doing, start: int) -> bool:
    """Is the name at `start` the one that a word for mediation marks?"""
    return any(one.start == start for one in mediators(doing.sentence))


def mediators(sentence: Told) -> list[Named]:
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


def trimmed(doing: Doing, start: int, end: int) -> tuple[int, int]:
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
        for cue in (*free, *sentence.of("time", start, end)):
            if cue.role == "time" and cue.start != start:
                continue
            if cue.start <= start < cue.end <= end:
                start, moved = cue.end, True
            elif start <= cue.start < end <= cue.end:
                end, moved = cue.start, True
    return start, end


def phrase(doing: Doing, start: int, end: int) -> At | None:
    """The words of `[start:end]` as a party, if they can be one noun phrase."""
    sentence = doing.sentence
    start, end = trimmed(doing, start, end)
    begun = doing.mention[0] <= start < doing.mention[1] and not _owns(doing)
    held = any(start <= cue.start < end and cue.role.split(".")[0].isupper() for cue in sentence.cues)
    roles = ("border", "opens", "apart.after") if doing.kind == "end" else ("border", "opens")
    nobody = _nobody(sentence, start, end)
    cut = any(cue.role in roles and start <= cue.start < end for cue in sentence.cues)
    oblique_ = any(
        (cue.role == "apart" and cue.start == start)
        or (cue.role.startswith("apart.after") and cue.end == end)
        for cue in sentence.cues
    )
    if (
        start >= end
        or sentence.text[start] in ")]"  # what stands in front of the brackets is lost
        or begun
        or held
        or cut
        or oblique_
        or nobody
        or not 0 < sentence.count(start, end) <= LONGEST
    ):
        return None
    return At(start, end, Party(sentence.text[start:end]))


def _owns(doing: Doing) -> bool:
    """Does a postposition make the mention the first words of a longer phrase ("बंधकों के परिजन")?"""
    sentence, last = doing.sentence, doing.mention[1]
    marks = sentence.of("apart.after.of", last) + sentence.of("topic.after", last)
    return any(not sentence.count(last, cue.start) for cue in marks)


PAIR = 2
"""Words of somebody that begin with a pronoun ("all three"); of more the first is a clause's subject."""


def _nobody(sentence: Told, start: int, end: int) -> bool:
    """Is it a time, fire, a mere number or a pronoun, and so nobody who acts?"""
    if any(start < cue.end and cue.start < end for role in ("time", "fire") for cue in sentence.of(role)):
        return True
    if sentence.count(start, end) > PAIR and any(cue.start == start for cue in sentence.of("pronoun")):
        return True
    blank = list(sentence.text[start:end])
    for cue in (one for role in ("pronoun", "number", "article") for one in sentence.of(role, start, end)):
        blank[cue.start - start : cue.end - start] = " " * (cue.end - cue.start)
    return not any(letter.isalpha() for letter in blank)


def accusatives(sentence: Told, start: int, end: int) -> list[int]:
    """Where Arabic duals and plurals in the accusative begin behind a noun that they do not agree with: the
    object of a verb in front ("خطف مسلحون طبيبين")."""
    found = []
    for (first, last), (begin, stop) in pairwise(
        one for one in sentence.words if start <= one[0] and one[1] <= end
    ):
        noun, word = sentence.text[first:last], sentence.text[begin:stop]
        both = noun.startswith("ال") and word.startswith("ال")
        if word.endswith("ين") and word not in SINGULAR and (both or noun.endswith(("ون", "ان"))):
            found.append(begin)
    return found


def words_behind(doing: Doing, start: int, end: int) -> At | None:
    """The words from `start` to the next preposition, comma, adverb or mention."""
    sentence = doing.sentence
    stops = [end, *(mark.start() for mark in COMMA.finditer(sentence.text, start, end))]
    while start < end and sentence.text[start].isspace():
        start += 1
    stops += [
        cue.start for cue in sentence.cues if cue.role.split(".")[0] in STOPS if start < cue.start < end
    ]
    stops += [at for at in doing.mention[:1] if at > start]
    stops += accusatives(sentence, start, min(stops))[:1]
    if any(
        cue.start == start and cue.role.split(".")[0] in ("apart", "to", "by", "opens")
        for cue in sentence.cues
    ):
        return None
    stop = next((first for first, last in sentence.words if first <= min(stops) < last), min(stops))
    return phrase(doing, start, stop)

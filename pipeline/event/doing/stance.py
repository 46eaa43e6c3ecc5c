"""Stance: what a sentence tells of a thing mentioned in it, and the word that loosens it.

The words are those of `stance` by role (config/grammar/stance); docs/labels.md orders the polarities. A
negator turns what it stands nearest to: a truce that "did not collapse" is in force.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from pipeline.event.doing.clauses import Told
from pipeline.event.doing.second import before_second, behind
from pipeline.event.doing.supposed import conceded, conditional
from pipeline.event.event import Polarity
from pipeline.event.lexicon import Cue
from pipeline.event.vocabulary import words

EVIDENTIAL = words(
    "reportedly allegedly purportedly supposedly unconfirmed apparently rumored rumoured alleged"
)
"""Hedges that a listing of statements shows beside them."""

ORDER: tuple[Polarity, ...] = get_args(Polarity)

TURNED: Mapping[str, Polarity] = {
    "violated": "in-force",
    "in-force": "denied",
    "asserted": "denied",
    "being": "denied",
    "ended": "in-force",
}
"""What a negation makes of it; of what is not here it makes nothing ("not ruled out")."""

UNTRUE: Mapping[Polarity, Polarity] = {
    "denied": "in-force",
    "violated": "in-force",
    "in-force": "denied",
    "asserted": "denied",
}

TOLD = frozenset((*TURNED, *ORDER)) - {"conditional"}
"""Roles of what is told of a thing by itself."""

UNCERTAIN = frozenset(("asserted", "in-force", "violated", "denied"))
"""What "may" and "will" leave open."""

AWAY = frozenset(("denied", "violated"))
"""What is told of the object of one verb, and not of that of a second verb that asks for it."""

OVER = frozenset(("demanded",))
"""What is told of a thing in the clause that follows: "demand that the hostages be freed"."""

NEGATED, CLOSE, DOUBTED = 6, 2, 4
"""Words between a negator and what it negates, between "no" and its noun, between "may" and its verb:
the longest that are common in the languages read."""

INTO_QUOTE = re.compile(r":\s*[\"“«„]")
"""What goes on behind a denial with a colon and a quotation is what they say who deny it."""

LEFT = 2
"""By how many words a negator prefers what follows it."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stance:
    """`hedge` as written, or None."""

    polarity: Polarity = "unknown"
    hedge: str | None = None


def stance(sentence: Told, start: int, end: int) -> Stance:
    """What the sentence tells of `[start:end]` of it."""
    clause = sentence.clause(start, end)
    return Stance(_polarity(sentence, (start, end), clause), _hedge(sentence, clause))


def _hedge(sentence: Told, clause: Span) -> str | None:
    """A word of evidence anywhere in the sentence, else one of doubt in the clause."""
    doubts = [] if sentence.of("denied.sure", *clause) else _doubts(sentence, clause)
    for cue in (*sentence.of("hedge"), *doubts):
        end = cue.end
        if cue.role.endswith(".first"):
            end = next(last for first, last in sentence.words if last > cue.start)
        return sentence.text[cue.start : end]
    return None


def _doubts(sentence: Told, clause: Span) -> list[Cue]:
    """Words of doubt; one with a capital inside a sentence is a name, as May is; what cannot be is sure."""
    first = sentence.words[0][0] if sentence.words else 0
    return [
        cue
        for cue in sentence.of("doubt", *clause)
        if (cue.start == first or not sentence.text[cue.start].isupper()) and not _unable(sentence, cue)
    ]


def _unable(sentence: Told, cue: Cue) -> bool:
    """Is it a verb of ability beside a negator ("kann keine")?"""
    negators = sentence.of("not") + sentence.of("no") if cue.role == "doubt.able" else []
    return any(sentence.between((one.start, one.end), (cue.start, cue.end)) <= 1 for one in negators)


def _polarity(sentence: Told, mention: Span, clause: Span) -> Polarity:
    if conceded(sentence, mention[0]):
        return "unknown"
    if conditional(sentence, mention[0]):
        return "conditional"
    if asked(sentence) or _topic(sentence, mention) or _needed(sentence, mention):
        return "unknown"
    false = untrue(sentence, mention)
    found = set(_found(sentence, mention, clause, false))
    if false:
        found = {UNTRUE.get(one, "unknown") for one in found}
    return next((one for one in ORDER if one in found), "unknown")


def _needed(sentence: Told, mention: Span) -> bool:
    """Is something else denied as long as it is missing ("no deal without a truce")?"""
    low, high = sentence.stretch(*mention)
    for no in sentence.of("no.without", low, mention[0]):
        others = [
            one
            for one in (*sentence.of("not", low, high), *sentence.of("no", low, high))
            if not _same(one, no)
        ]
        near = any(sentence.between((one.start, one.end), (no.start, no.end)) <= NEGATED for one in others)
        if near and denies(sentence, no, mention) is not None:
            return True
    return False


def untrue(sentence: Told, mention: Span) -> bool:
    """Is what is told of the mention called untrue, in front of it or, where verbs stand last, behind it?
    No further than words like "and accused" or "after the begin of", behind which nothing is denied."""
    _, high = sentence.stretch(*mention)
    ended = max((cue.end for cue in sentence.of("undenied", 0, mention[1])), default=0)
    before = [
        cue
        for cue in sentence.of("untrue", ended, mention[0])
        if not cue.role.endswith(".after") and not INTO_QUOTE.search(sentence.text, cue.end, mention[0])
    ]
    return bool(before or sentence.of("untrue.after", mention[1], high))


def asked(sentence: Told) -> bool:
    """Is it a question?"""
    return sentence.text.rstrip(" \n\"”»“'’").endswith(("?", "؟")) or bool(sentence.of("asked"))


def _topic(sentence: Told, mention: Span) -> bool:
    """Is the thing only what talks or a committee are about?"""
    for cue in sentence.of("topic.before"):
        near = cue.end <= mention[0] and sentence.count(cue.end, mention[0]) <= CLOSE
        if near and not _told_between(sentence, cue.end, mention[0]):
            return True
    return any(
        cue.start >= mention[1] and sentence.count(mention[1], cue.start) == 0
        for cue in sentence.of("topic.after")
    )


def _told_between(sentence: Told, start: int, end: int) -> bool:
    """Does something that is told of a thing stand between ("families of the captives demand a truce")?"""
    return any(
        start <= cue.start and cue.end <= end and cue.role.split(".")[0] in ORDER for cue in sentence.cues
    )


def _found(sentence: Told, mention: Span, clause: Span, false: bool) -> Iterator[Polarity]:
    """Each polarity that a cue of the clause gives the mention; none of a refusal that is `false`: who
    denies having refused has not agreed."""
    cues = [cue for cue in _cues(sentence, mention, clause) if _stands(sentence, cue, mention, clause)]
    turned, denied = negated(sentence, cues, mention, clause)
    if denied:
        yield "denied"
    loose = _doubts(sentence, clause) + sentence.of("future", *clause)
    lost = [cue.end for cue in turned if cue.role.split(".")[0] not in TURNED and cue.end <= mention[0]]
    for cue in cues:
        name = cue.role.split(".")[0]
        if cue in turned:
            if name in TURNED:
                yield TURNED[name]
            continue
        polarity = next((one for one in ORDER if one == name), None)
        if polarity is None or (false and polarity == "denied"):
            continue
        if polarity == "asserted" and any(end <= cue.start < mention[0] for end in lost):
            continue  # "did not demand the release of the hostages" releases none
        sure = cue.role.endswith(".sure")
        if not sure and polarity in UNCERTAIN and any(_near(sentence, one, cue) for one in loose):
            continue
        yield polarity


def _near(sentence: Told, loose: Cue, cue: Cue) -> bool:
    """Does the word of doubt or of the future bear on the cue?"""
    if loose.role.endswith(".next"):
        return loose.end <= cue.start and sentence.count(loose.end, cue.start) == 0
    return sentence.between((loose.start, loose.end), (cue.start, cue.end)) <= DOUBTED


def _cues(sentence: Told, mention: Span, clause: Span) -> Iterator[Cue]:
    """What may be told of the mention: in its clause, or in the one that the clause depends on."""
    low, _ = sentence.stretch(*mention)
    aside, people = sentence.aside(mention[0]), captive(sentence, mention)
    for cue in sentence.cues:
        name = cue.role.partition(".")[0]
        if name not in TOLD or not _fits(cue, people):
            continue
        inside = clause[0] <= cue.start and cue.end <= clause[1]
        over = low <= cue.start and cue.end <= clause[0] and _governs(sentence, cue, name, clause)
        if not (inside or over):
            continue
        other = behind(sentence, cue, mention) or (name in AWAY and before_second(sentence, cue, mention))
        if not (other or sentence.elsewhere(cue.start, aside)):
            yield cue


def captive(sentence: Told, mention: Span) -> bool:
    """Are people mentioned?"""
    people = sentence.of("captive") + sentence.of("in-force.held")
    return any(one.start < mention[1] and mention[0] < one.end for one in people)


def _fits(cue: Cue, people: bool) -> bool:
    """Is it told of such a thing? Captives are held, they do not begin."""
    if not cue.role.startswith("in-force"):
        return True
    return cue.role == "in-force.any" or cue.role.endswith(".held") == people


def _governs(sentence: Told, cue: Cue, name: str, clause: Span) -> bool:
    """Is it told of what the following clause says ("demand that", and right before it "ruled out that")?"""
    return name in OVER or (name == "denied" and not sentence.count(cue.end, clause[0]))


def _stands(sentence: Told, cue: Cue, mention: Span, clause: Span) -> bool:
    """Does the cue stand where its role wants it?"""
    _, _, place = cue.role.partition(".")
    if place == "before":
        return cue.start < mention[0]
    if place == "after":
        return cue.end > mention[1]
    if place == "beside":
        return sentence.between((cue.start, cue.end), mention) <= CLOSE
    if place.startswith("split."):
        return parted(sentence, cue, place.removeprefix("split."), clause[1])
    return True


def parted(sentence: Told, cue: Cue, particle: str, last: int) -> bool:
    """Does the particle of a verb ("lehnt ... ab") stand behind it, up to `last`?"""
    return any(
        sentence.text[start:end] == particle
        for start, end in sentence.words
        if cue.end <= start and end <= last
    )


def negated(sentence: Told, cues: list[Cue], mention: Span, clause: Span) -> tuple[set[Cue], bool]:
    """Those of the cues that a negator turns, and whether one denies the mention itself. Each negator has
    one thing to negate: the nearest."""
    turned: set[Cue] = set()
    denied = False
    low, _ = sentence.stretch(*mention)  # "nothing that resembles a truce" stands across two clauses
    aside = sentence.aside(mention[0])
    for no in (*sentence.of("not", *clause), *sentence.of("no", low, clause[1])):
        if sentence.elsewhere(no.start, aside) or behind(sentence, no, mention):
            continue
        near = [
            (cost, n)
            for n, cue in enumerate(cues)
            if not _same(no, cue) and (cost := _cost(sentence, no, cue)) <= NEGATED
        ]
        own = denies(sentence, no, mention)
        if own is not None and all(cost >= own for cost, _ in near):
            denied = True
        elif near:
            one = cues[min(near)[1]]
            turned |= {cue for cue in cues if (cue.start, cue.end) == (one.start, one.end)}
    return turned, denied


def _same(no: Cue, cue: Cue) -> bool:
    """Is the negator the cue itself ("refused to"), not a word in its midst ("schloss ... nicht aus")?"""
    return no.start < cue.end and cue.start < no.end and "..." not in cue.phrase


def _cost(sentence: Told, no: Cue, cue: Cue) -> int:
    """How far a negator is from what it may negate, in words; what follows it is nearer."""
    apart = sentence.between((no.start, no.end), (cue.start, cue.end))
    behind = cue.end <= no.start and not no.role.endswith(".after")
    return apart + (LEFT if behind else 0)


def denies(sentence: Told, no: Cue, mention: Span) -> int | None:
    """How many words are between a word for "no" and the mention as its noun; None if it is not."""
    if not no.role.startswith("no.") and no.role != "no":
        return None
    after = no.role == "no.after"
    start, end = (mention[1], no.start) if after else (no.end, mention[0])
    if start > end or sentence.of("apart", start, end):
        return None
    apart = sentence.count(start, end)
    return apart if apart <= CLOSE else None

"""Act: what somebody does about a thing mentioned, in the vocabulary of PLOVER.

The outermost verb of the mention's clause that is listed as an act decides; config/grammar/acts has the verbs
by type and by where their subject stands. An act that is negated, planned, doubted, conditional, asked about
or called untrue is none, and one by nobody is one only in the passive.
"""

from bisect import bisect_right
from collections.abc import Iterator
from typing import get_args

from pipeline.event.doing.clauses import COMMA, Told
from pipeline.event.doing.doing import Doing
from pipeline.event.doing.parties import agent, mediator, receiver, subject
from pipeline.event.doing.second import behind
from pipeline.event.doing.stance import Span, asked, denies, parted, untrue
from pipeline.event.doing.supposed import conceded, conditional
from pipeline.event.event import Act, ActType
from pipeline.event.lexicon import Cue

TYPES: tuple[ActType, ...] = get_args(ActType)
NAMES = frozenset[str](TYPES)

MATRIX = frozenset(("REQUEST", "DEMAND", "ACCUSE", "THREATEN", "REJECT", "SUPPORT"))
"""Acts of words, which are done to what the clause behind them tells ("demanded that the hostages ...")."""

GIVING = frozenset(("CONCEDE", "AID"))
"""Acts of giving; who hands over a reply gives nothing."""

VERBS = frozenset(("verb", "participle", "first", "end", "passive", "split", "broke"))

FORMING = frozenset("لابسלבמה")
"""Arabic and Hebrew letters that make an infinitive, a noun, an adjective or a future of what follows."""

BLOCKING, AUXILIARY, NOUN = 4, 3, 5
"""Words between a blocking word and the verb, an auxiliary and its verb, a noun of action and the mention."""


def act(sentence: Told, start: int, end: int, offset: int = 0) -> Act | None:
    """What is done about `[start:end]` of the sentence, or None; offsets of the cue count from `-offset`."""
    mention = (start, end)
    if asked(sentence) or untrue(sentence, mention) or _supposed(sentence, start):
        return None
    clause = sentence.clause(start, end)
    chosen = _chosen(sentence, mention, clause)
    if chosen is None or _supposed(sentence, chosen.start) or _open(sentence, chosen, mention):
        return None
    if untrue(sentence, (chosen.start, chosen.end)):
        return None
    doing = _doing(sentence, chosen, mention)
    if doing.type in GIVING and sentence.of("paper", *doing.clause) and not sentence.of("captive", *clause):
        return None
    by = agent(doing) if doing.passive else subject(_led(doing))
    if by is None and not doing.passive:
        return None
    to = receiver(doing, by)
    return Act(
        doing.type, sentence.text[chosen.start : chosen.end], offset + chosen.start, offset + chosen.end,
        by.party if by else None, to.party if to else None, mediator(doing),
    )  # fmt: skip


def _chosen(sentence: Told, mention: Span, clause: Span) -> Cue | None:
    """The governing word: the first verb, of those that "and" joins in front of the mention the last, where
    verbs end the clause the last one; a noun of action beside the mention where it comes first."""
    cues = list(_cues(sentence, mention, clause))
    verbs = [cue for cue in cues if cue.role.split(".")[1] in VERBS]
    final = [cue for cue in verbs if ".end" in cue.role and cue.end > mention[0]]
    nouns = [cue for cue in cues if cue.role.endswith(".noun") and _beside(sentence, cue, mention)]
    if final and len(final) == len(verbs):
        return final[-1]
    second = [cue for cue in verbs if cue.end <= mention[0] and sentence.second(cue) is not None]
    return min(
        [*verbs, *nouns],
        key=lambda cue: (
            cue not in second[-1:],
            cue.start,
            -cue.end,
            ".split." not in cue.role,
            _final(sentence, cue, mention) != (".end" in cue.role),
        ),
        default=None,
    )


def _final(sentence: Told, cue: Cue, mention: Span) -> bool:
    """Of what may be a participle or not: does it end its clause, behind the mention or an auxiliary?"""
    low, _ = sentence.stretch(cue.start, cue.end)
    ahead = sentence.of("aux", low, cue.start) + sentence.of("passive", low, cue.start)
    framed = any(COMMA.search(sentence.text, one.end, cue.start) is None for one in ahead)
    return framed or cue.start >= mention[1]


def _cues(sentence: Told, mention: Span, clause: Span) -> Iterator[Cue]:
    """The words for acts in the mention's clause, and those for acts of words in front of it."""
    low, high = sentence.stretch(*mention)
    aside = sentence.aside(mention[0])
    for cue in sentence.cues:
        name, _, rest = cue.role.partition(".")
        if name not in NAMES or cue.start < low or cue.end > high:
            continue
        if cue.start < clause[0] and name not in MATRIX:
            continue
        if sentence.elsewhere(cue.start, aside) or behind(sentence, cue, mention):
            continue
        if rest != "noun" and not _finite(sentence, cue):
            continue
        if rest.startswith("split.") and not parted(sentence, cue, rest.rpartition(".")[2], high):
            continue
        if rest.endswith(".start") and not _starts(sentence, cue):
            continue
        if (rest == "passive" and _counted(sentence, cue)) or (
            rest == "participle" and not _passive(sentence, cue, rest)
        ):
            continue
        if rest.endswith("broke") and not sentence.of("fire"):
            continue
        yield cue


def _finite(sentence: Told, cue: Cue) -> bool:
    """Is nothing but a conjunction written together with the verb? Behind ל or ال it is no finite verb."""
    at = bisect_right(sentence.words, (cue.start, len(sentence.text))) - 1
    return at < 0 or not set(sentence.text[sentence.words[at][0] : cue.start]) & FORMING


def _counted(sentence: Told, cue: Cue) -> bool:
    """Is the form a noun, right behind a number or an article ("nueve secuestrados", "los secuestrados")?"""
    ahead = sentence.of("number", 0, cue.start) + sentence.of("article", 0, cue.start)
    number = sentence.text[: cue.start].rstrip()[-1:].isdigit()
    return number or any(not sentence.text[one.end : cue.start].strip() for one in ahead)


def _starts(sentence: Told, cue: Cue) -> bool:
    """Does the word begin its clause, as a verb does where the same letters make a noun, too?"""
    at = next((start for start, end in sentence.words if start <= cue.start < end), cue.start)
    low, _ = sentence.stretch(cue.start, cue.end)
    comma = [mark.end() for mark in COMMA.finditer(sentence.text, low, at)]
    free = [one.end for role in ("opens", "aux", "border", "adverb") for one in sentence.of(role, low, at)]
    named = [one.end for one in sentence.named if one.actor is not None and low <= one.start < at]
    return any(not sentence.count(one, at) for one in [low, *comma, *free, *named])


def _beside(sentence: Told, cue: Cue, mention: Span) -> bool:
    return sentence.between((cue.start, cue.end), mention) <= NOUN


def _led(doing: Doing) -> Doing:
    """The first of the verbs that "and" joins: its subject is that of the second."""
    sentence, cue = doing.sentence, doing.cue
    joined = sentence.second(cue)
    first = [
        one
        for one in _cues(sentence, doing.mention, sentence.clause(*doing.mention))
        if joined is not None and one.end <= joined.start and one.role.split(".")[1] in VERBS
    ]
    return _doing(sentence, first[0], doing.mention) if first else doing


def _supposed(sentence: Told, at: int) -> bool:
    return conceded(sentence, at) or conditional(sentence, at)


def _open(sentence: Told, cue: Cue, mention: Span) -> bool:
    """Is the act not done: negated, planned, doubted, done to none of them?"""
    if any(denies(sentence, one, mention) is not None for one in sentence.of("no.any")):
        return True
    bounds = sentence.stretch(cue.start, cue.end)
    return any(
        _blocks(sentence, one, cue)
        for role in ("not", "planned", "doubt")
        for one in sentence.of(role)
        if bounds[0] <= one.start < bounds[1] and not sentence.elsewhere(one.start, sentence.aside(cue.start))
    )


def _blocks(sentence: Told, one: Cue, cue: Cue) -> bool:
    """Does the blocking word bear on the verb: part of it, right before it, or near it on its side?"""
    place = one.role.partition(".")[2]
    if place == "aux" and ".end" in cue.role:
        return _frames(sentence, one, cue)
    if place == "inside":
        return one.start < cue.end and cue.start < one.end
    if place == "next":
        return (
            not cue.role.endswith(".noun") and one.end <= cue.start and not sentence.count(one.end, cue.start)
        )
    before = one.start <= cue.start or place == "after" or ".split" in cue.role
    span, own = (one.start, one.end), (cue.start, cue.end)
    return before and span != own and sentence.between(span, own) <= BLOCKING


def _frames(sentence: Told, one: Cue, cue: Cue) -> bool:
    """Does an auxiliary frame the clause whose last word the verb is? Of a passive it plans nothing."""
    if any((cue.start, cue.end) == (one.start, one.end) for cue in sentence.of("passive.end")):
        return False
    return one.end <= cue.start and COMMA.search(sentence.text, one.end, cue.start) is None


def _doing(sentence: Told, cue: Cue, mention: Span) -> Doing:
    """The act with what it takes to find its parties."""
    name, _, kind = cue.role.partition(".")
    low, high = sentence.stretch(cue.start, cue.end)
    opened = [
        one.start
        for one in sentence.of("opens", low, cue.start)
        if COMMA.search(sentence.text, one.end, cue.start) is None  # else what it opened has ended
    ]
    clause = (max([low, *opened]), high)
    type_ = next(one for one in TYPES if one == name)
    return Doing(sentence, cue, type_, kind.split(".")[0], mention, clause, _passive(sentence, cue, kind))


def _passive(sentence: Told, cue: Cue, kind: str) -> bool:
    if kind.startswith("passive"):
        return True
    return any(_auxiliary(sentence, one, cue) for one in sentence.of("passive"))


def _auxiliary(sentence: Told, one: Cue, cue: Cue) -> bool:
    """Does an auxiliary of the passive belong to the verb: before it, right behind it, or its last words?"""
    if ".end" in cue.role and one.end <= cue.start:
        return COMMA.search(sentence.text, one.end, cue.start) is None
    if one.role == "passive.end":
        return False
    if one.end <= cue.start:
        return sentence.count(one.end, cue.start) <= AUXILIARY
    return one.end > cue.end and sentence.count(cue.end, one.start) == 0

"""Inverted: the subject behind its verb, where nobody's lists have it.

Who stands bare right behind a verb that comes first is the one who acts, and the actor named behind them the
object ("اتهم كوربين حماس", "Acusó Corbyn a Hamás"). Where it is not sure what those words are, it is told of
nobody.
"""

from pipeline.event.doing.clauses import COMMA
from pipeline.event.doing.doing import (
    DIRECT,
    LONGEST,
    STOPS,
    At,
    Doing,
    accusatives,
    may_act,
    named_party,
    oblique,
    phrase,
    trimmed,
)
from pipeline.event.doing.stance import ORDER


def within(doing: Doing) -> At | None:
    """Somebody between the first word of an expression and its others ("قدمت قطر مقترحا")."""
    sentence, cue = doing.sentence, doing.cue
    ahead, gap, rest = cue.phrase.partition("...")
    inside = [one for one in sentence.words if cue.start < one[1] <= cue.end]
    first, last = len(ahead.split()), len(inside) - len(rest.split()) + 1  # the rest begins with how many
    if not gap or first >= last or doing.kind != "first":
        return None
    start, end = inside[first][0], inside[last - 1][1]
    for one in sentence.named:
        if start <= one.start and one.end <= end and may_act(doing, one):
            return named_party(sentence, one)
    return phrase(doing, start, end)


def behind(doing: Doing) -> At | None:
    """Somebody in no list right behind the verb; without a party if their words have no sure end."""
    sentence = doing.sentence
    start, end, named = _gap(doing)
    if start >= end or _title(doing, start, end, named):
        return None
    if doing.kind != "first" and not (_object_follows(doing, end, named) and _noun(doing, start, end)):
        return None
    if sentence.count(start, end) > LONGEST:
        return At(start, end, None) if named else None
    return phrase(doing, start, end)


def fronted(doing: Doing) -> At | None:
    """The one actor named behind a participle that opens its clause ("Abgelehnt hat die Ruhe Israel")."""
    sentence = doing.sentence
    if sentence.count(doing.clause[0], doing.cue.start):
        return None
    found = [
        one
        for one in sentence.named
        if doing.cue.end <= one.start and one.end <= doing.clause[1]
        if may_act(doing, one) and not oblique(doing, one.start)
    ]
    return named_party(sentence, found[0]) if len(found) == 1 else None


def _gap(doing: Doing) -> tuple[int, int, bool]:
    """The bare words right behind the verb, and whether an actor is named right behind them."""
    sentence = doing.sentence
    start = next((last for first, last in sentence.words if last >= doing.cue.end), doing.cue.end)
    start, last = trimmed(doing, start, doing.clause[1])
    names = [one.start for one in sentence.named if one.start >= start and may_act(doing, one)]
    stops = [mark.start() for mark in COMMA.finditer(sentence.text, start, last)]
    roles = STOPS | set(ORDER)  # a proposal, a deal: what is done, and not who does it
    stops += [
        cue.start
        for cue in sentence.cues
        if cue.role.split(".")[0] in roles and cue.start >= start + (cue.role == "number")
    ]
    stops += [doing.mention[0]] if doing.mention[0] >= start else []
    stops += accusatives(sentence, start, min([last, *stops]))[:1]
    end = min([last, *stops, *names])
    named = end in names
    word = next((first for first, close in sentence.words if first <= end < close), end)
    start, end = trimmed(doing, start, min(word, end))
    for cue in sentence.of("article", start, end):
        if cue.end == end:
            start, end = trimmed(doing, start, cue.start)
    return start, end, named


def _title(doing: Doing, start: int, end: int, named: bool) -> bool:
    """Are the words only the title of the name that follows?"""
    return named and any(cue.end == end for cue in doing.sentence.of("official", start, end))


def _object_follows(doing: Doing, end: int, named: bool) -> bool:
    """Does what the verb is done to stand right behind the words?"""
    sentence = doing.sentence
    marks = [cue for cue in sentence.of(f"to.{doing.type}") if cue.start >= end]
    return doing.type in DIRECT and (named or any(not sentence.count(end, cue.start) for cue in marks))


def _noun(doing: Doing, start: int, end: int) -> bool:
    """Do the words look like somebody: behind an article, or with a capital where there are such?"""
    text = doing.sentence.text
    last = next((first for first, close in doing.sentence.words if close >= end), start)
    small = text[last].islower()
    return not small or any(cue.start == start for cue in doing.sentence.of("article", start, end))

"""Supposed: what a sentence tells only under a condition, or in spite of what may be.

A condition bears on its own clause and on the one that depends on it: the clause in front of it, or, where
the condition comes first, the one behind it. What a concession supposes ("even if Hamas accepts") is told of
nobody, and the main clause holds whatever comes of it.
"""

from pipeline.event.doing.clauses import COMMA, Told
from pipeline.event.lexicon import Cue

Span = tuple[int, int]


def conditional(sentence: Told, at: int) -> bool:
    """Is what stands at the offset told under a condition?"""
    if "conditional" not in sentence.roles:
        return False
    scopes = [_scope(sentence, cue) for cue in _conditions(sentence)]
    return any(low <= at < high for low, high in scopes)


def conceded(sentence: Told, at: int) -> bool:
    """Is the offset in a clause that only supposes?"""
    if "concessive" not in sentence.roles:
        return False
    return bool(sentence.of("concessive", *sentence.stretch(at, at)))


def _conditions(sentence: Told) -> list[Cue]:
    """The words of conditions; inverted verbs only where they begin a clause, and not in a question."""
    question = sentence.text.rstrip(" \n\"”»“'’").endswith(("?", "؟"))
    return [
        cue
        for cue in sentence.of("conditional")
        if not cue.role.endswith(".first") or (not question and _opening(sentence, cue) is not None)
    ]


def _scope(sentence: Told, cue: Cue) -> Span:
    """What the condition bears on."""
    low, high = sentence.stretch(cue.start, cue.end)
    opened = _opening(sentence, cue)
    if opened is None:
        return low, high
    if opened == low and COMMA.match(sentence.text, low):
        return sentence.stretch(low - 1, low)[0], high
    if COMMA.match(sentence.text, high):
        high = sentence.stretch(high, high + 1)[1]
    return opened, high


def _opening(sentence: Told, cue: Cue) -> int | None:
    """Where the clause begins that the word opens, alone or behind a conjunction; None if it opens none."""
    low, _ = sentence.stretch(cue.start, cue.end)
    for role in ("opens", "and", "border"):
        for one in sentence.of(role, low, cue.start):
            if not sentence.count(one.end, cue.start):
                return one.start
    return low if not sentence.count(low, cue.start) else None

"""Second: of two verbs that "and" joins each has its own object ("rejected it all and demanded a truce")."""

from typing import get_args

from pipeline.event.doing.clauses import Told
from pipeline.event.event import Polarity
from pipeline.event.lexicon import Cue

POLARITIES = frozenset(get_args(Polarity))

ASKING = frozenset(("REQUEST", "DEMAND", "SUPPORT"))

Span = tuple[int, int]


def behind(sentence: Told, cue: Cue, mention: Span) -> bool:
    """Does the cue tell of something else: a second verb with its object, behind an "and" and the mention,
    which is the first verb's?"""
    joined = sentence.joined(cue) if cue.start >= mention[1] else None
    if joined is None or joined.start < mention[1]:
        return False
    low, _ = sentence.stretch(*mention)
    return any(
        _tells(one) or (one.role == "apart" and sentence.count(one.end, mention[0]) <= 1)
        for one in sentence.cues
        if low <= one.start and one.end <= mention[0]
    )


def before_second(sentence: Told, cue: Cue, mention: Span) -> bool:
    """Has the cue an object of its own, and the mention a second verb that asks for it ("rejected the charge
    and demanded a truce")?"""
    seconds = [
        joined
        for one in sentence.cues
        if cue.end <= one.start and one.end <= mention[0] and one.role.split(".")[0] in ASKING
        if (joined := sentence.second(one)) is not None
    ]
    return any(cue.end <= one.start and sentence.count(cue.end, one.start) for one in seconds)


def _tells(cue: Cue) -> bool:
    name = cue.role.split(".")[0]
    return name in POLARITIES or name.isupper()

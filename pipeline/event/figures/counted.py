"""What a quantity counts: the noun with what is said of it, what lasts a time, what a load is of."""

from pipeline.event.figures.line import Line
from pipeline.event.figures.numbers import Number
from pipeline.event.figures.units import LOADS, Noun
from pipeline.event.reading import Reading

NEAR = 3
"""Words between a duration and what lasts it ("40 days of calm", "40-day humanitarian pause")."""

Span = tuple[int, int]


def lasting(line: Line, number: Number, noun: Noun) -> Span | None:
    """What a duration counts: "40-day pause in hostilities", "a truce of 40 days"."""
    behind = lasting_behind(line, line.after(noun.end))
    if behind is not None:
        return behind
    first = line.at(number.qualifier[0]) if number.qualifier is not None else number.first
    joint = line.cue_before(first, "lasting-join")
    before = line.cue_before(line.at(joint.start), "lasting") if joint is not None else None
    return (before.start, before.end) if before is not None else None


def lasting_behind(line: Line, at: int) -> Span | None:
    """What lasts, behind a duration and at most NEAR words, none of them a preposition or conjunction."""
    if line.hyphen(at):
        at += 1
    joint = line.cue(at, "of", "lasting-of")
    first = at = line.after(joint.end) if joint is not None else at
    for i in range(at, at + NEAR):
        cue = line.cue(i, "lasting")
        if cue is not None:
            return line.pieces[first].start if line.prefix(cue) == "" else cue.start, cue.end
        if line.kind(i) != "word" or line.cue(i, "barrier") is not None or line.cue(i, "of") is not None:
            return None
    return None


def load(line: Line, noun: Noun) -> Span | None:
    """The noun behind a measure: "200 tonnes of food", "500 Tonnen Mehl", "60% зданий"."""
    if noun.unit not in LOADS:
        return None
    at = line.after(noun.end)
    of = line.cue(at, "of")
    if of is not None:
        at = line.after(of.end)
    elif "load-bare" not in line.words.roles and not _particle_of(line, at):
        return None
    while (cue := line.cue(at, "the")) is not None:
        at = line.after(cue.end)
    if line.kind(at) != "word" or line.cue(at, "barrier") is not None:
        return None
    return line.pieces[at].start, line.pieces[at].end


def _particle_of(line: Line, at: int) -> bool:
    """Whether "of" is written in front of the word, as Hebrew does."""
    return line.kind(at) == "word" and line.word(at).startswith(line.words.roles.get("of-letter", ()))


def described(line: Line, end: int) -> int:
    """Where the noun ends with the adjectives behind it: "prisonniers palestiniens"."""
    while (behind := _adjective_behind(line, line.after(end))) is not None:
        end = behind
    return end


def _adjective_behind(line: Line, at: int) -> int | None:
    """The end of an adjective that stands behind its noun, listed or known by its ending."""
    cue = line.cue(at, "adjective-behind")
    if cue is not None:
        return cue.end
    if line.kind(at) != "word" or line.cue(at, "barrier", "loosely-last", "two") is not None:
        return None
    endings = line.words.roles.get("ending-behind", ())
    return line.pieces[at].end if line.word(at).endswith(endings) else None


def postmodified(reading: Reading, line: Line, end: int) -> int:
    """Where what is counted ends: behind "killed", "held in Gaza", "have fled"."""
    at = line.after(end)
    last = end
    while (being := line.cue(at, "being")) is not None:
        at = line.after(being.end)
    fate = line.cue(at, "fate")
    if fate is not None:
        last = fate.end
    elif at > line.after(end) and line.cue(at, "in") is not None:
        last = line.pieces[at - 1].end
    return _placed(reading, line, last)


def _placed(reading: Reading, line: Line, last: int) -> int:
    """The end, or that of the place named right behind it ("in Rafah", "out of Gaza")."""
    at = line.after(last)
    first = at
    while (cue := line.cue(at, "in")) is not None:
        at = line.after(cue.end)
    if at == first or line.kind(at) is None:
        return last
    start = line.pieces[at].start
    return next((one.end for one in reading.named if one.start == start and one.place is not None), last)

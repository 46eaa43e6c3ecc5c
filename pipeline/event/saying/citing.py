"""Citing: an official whom an agency names for its words ("Reuters reported, citing an official")."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.event.saying.backward import ending
from pipeline.event.saying.clause import Clause, Verb
from pipeline.event.saying.hearsay import according, according_behind, source
from pipeline.event.saying.said import trimmed
from pipeline.event.saying.saying import Saying
from pipeline.event.saying.titled import cut_off


def cited(clause: Clause, found: Sequence[Saying]) -> Iterator[Saying]:
    """The sayings, those that somebody is cited for as his by way of who cites him; where nobody is found to
    cite him, the words beside him as if he were named alone."""
    own = list(found)
    for verb in clause.verbs:
        if "citing" not in verb.roles:
            continue
        beside = _beside(clause, verb, own)
        if beside is None:
            own += according_behind(clause, verb) if _behind(verb) else according(clause, verb)
        elif (said := _by_way(clause, verb, beside)) is not None:
            own[own.index(beside)] = said
    yield from own


def _behind(verb: Verb) -> bool:
    return "citing.behind" in verb.roles


def _beside(clause: Clause, verb: Verb, found: Sequence[Saying]) -> Saying | None:
    """The saying of the same sentence whose verb is nearest."""
    first = clause.tokens[clause.sentence_start(verb.first)].start
    last = next((k for k in range(verb.last, len(clause.tokens)) if clause.stops(k)), len(clause.tokens))
    end = clause.tokens[last - 1].end
    near = [one for one in found if first <= one.verb[0] < end and one.who is not None]
    return min(near, key=lambda one: abs(one.verb[0] - verb.start), default=None)


def _by_way(clause: Clause, verb: Verb, one: Saying) -> Saying | None:
    who = ending(clause, verb.first) if _behind(verb) else source(clause, verb.last)
    if who is None or cut_off(clause, who):
        return None
    end = verb.start if one.start < verb.start < one.end else one.end
    span = trimmed(clause.reading.text, one.start, end)
    if span is None:
        return None
    made = replace(one, who=who, verb=(verb.start, verb.end), hearsay=True, cited=one.who)
    return replace(made, start=span[0], end=span[1])

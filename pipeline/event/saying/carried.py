"""Carried: what goes on in a participle behind a comma (", adding that"), by whoever spoke before."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.event.saying.asked import asking
from pipeline.event.saying.backward import backward
from pipeline.event.saying.clause import Clause, Verb
from pipeline.event.saying.leading import leading
from pipeline.event.saying.phrase import Phrase
from pipeline.event.saying.saying import Saying


def carried(clause: Clause, verb: Verb, earlier: Sequence[Saying]) -> list[Saying]:
    """What the participle adds to the saying before it in its sentence, or to the topic addressed there."""
    opens = clause.sentence_start(verb.first)
    edge = clause.tokens[opens].start
    before = [one for one in earlier if edge <= one.verb[0] < verb.start]
    if before:
        who, topic = (None if before[-1].hearsay else before[-1].who), None
    else:
        who, topic = _addressed(clause, opens, verb.first)
    if who is None:
        return []
    marked = "ask" in verb.roles
    found = leading(clause, verb, marked=marked, who=who)
    found = found or (asking(clause, verb, who=who) if marked else [])
    return [replace(one, topic=topic) for one in found]


def _addressed(clause: Clause, first: int, last: int) -> tuple[Phrase | None, tuple[int, int] | None]:
    """Who addressed a topic before, and the topic."""
    at = next((k for k in range(first, last) if clause.has(k, "topic") and k not in clause.names), None)
    who = None if at is None else backward(clause, at)
    if at is None or who is None:
        return None, None
    return who, (clause.tokens[at].end, clause.tokens[last - 1].start)


def goes_on(clause: Clause, verb: Verb) -> bool:
    """Whether a comma stands before the participle."""
    at = verb.first
    while clause.has(at - 1, "adverb", "and"):
        at -= 1
    return clause.sign(at - 1) in (",", "،")


def progressive(clause: Clause, verb: Verb) -> bool:
    """Whether the participle is a verb of its own behind an auxiliary ("is urging")."""
    at = verb.first
    while clause.has(at - 1, "adverb"):
        at -= 1
    return clause.has(at - 1, "aux")

"""Saying: who is credited with which words of a reading, and who may be credited at all."""

from dataclasses import dataclass

from pipeline.event.saying.backward import run_start
from pipeline.event.saying.clause import Clause, Verb
from pipeline.event.saying.phrase import Phrase


@dataclass(frozen=True, slots=True)
class Saying:
    """Who says it (None: a subject left out), the letters of the verb, and the words as a span of the
    reading's text. `hearsay`: a source passes it on; `cited`: who cites the speaker.
    `topic` is what the speaker addressed before ("addressed the truce, stating that ...")."""

    who: Phrase | None
    verb: tuple[int, int]
    start: int
    end: int
    quoted: bool
    hearsay: bool = False
    cited: Phrase | None = None
    topic: tuple[int, int] | None = None

    def about(self, position: int) -> bool:
        """Whether the words, or what they are about, hold the position."""
        return self.covers(position) or (self.topic is not None and self.topic[0] <= position < self.topic[1])

    def covers(self, position: int) -> bool:
        """Whether the words hold the position."""
        return self.start <= position < self.end


def capable(clause: Clause, who: Phrase) -> bool:
    """Whether the phrase is of somebody who speaks for himself: a name, an office, a group, a pronoun."""
    if any(
        clause.has(at, "official", "speaker", "group", "pronoun", "person")
        for at in range(who.first, who.last)
    ):
        return True
    return any(
        at in clause.names and clause.names[at].actor is not None and clause.names[at].form != "demonym"
        for at in range(who.first, min(who.last, who.first + 3))
    ) or (two_capitals(clause, who) or acronym(clause, who))


def two_capitals(clause: Clause, who: Phrase) -> bool:
    text = clause.reading.text
    words = list(clause.words(who.first, who.last))[:2]
    return len(words) == 2 and all(
        text[clause.tokens[at].start].isupper() and not clause.has(at, "article", "indefinite")
        for at in words
    )


def acronym(clause: Clause, who: Phrase) -> bool:
    """Whether one of the first words is written in capitals alone ("La UE")."""
    text = clause.reading.text
    heads = [clause.tokens[at] for at in clause.words(who.first, min(who.last, who.first + 2))]
    return any(one.end - one.start > 1 and text[one.start : one.end].isupper() for one in heads)


def as_before(clause: Clause, verb: Verb, who: Phrase | None) -> bool:
    first = min(verb.first, who.first) if who is not None else verb.first
    return clause.has(first - 1, "as")


def subordinate(clause: Clause, verb: Verb) -> bool:
    """Whether the verb stands in a clause of time or a relative one, behind which the sentence goes on."""
    if verb.prefix and verb.prefix in clause.lexicon.roles.get("relativeprefix", ()):
        return True
    first = run_start(clause, verb.first)
    comma = clause.sign(first - 2) in (",", "،")
    if clause.has(first - 1, "relative") or clause.has(first, "relative"):
        return True
    if comma and clause.has(first - 1, "that"):
        return True
    opens = clause.sentence_start(verb.first)
    return clause.has(first - 1, "stop.subordinate") and first - 1 <= opens + 1

"""Voices: who is credited with the words around a place of a text, resolved to actors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from pipeline.event.event import Attribution
from pipeline.event.reading import before
from pipeline.event.saying.clause import Clause
from pipeline.event.saying.phrase import Phrase, forward, phrase
from pipeline.event.saying.saying import Saying
from pipeline.event.saying.sayings import sayings
from pipeline.event.world.actor import Actor, Kind
from pipeline.event.world.gazetteer import Named

PERSON: frozenset[Kind] = frozenset(("person",))
THINGS: frozenset[Kind] = frozenset(("organisation", "state", "office"))

AHEAD = ("article", "adverb", "time", "and", "group", "official", "adjunct")
"""Roles of what may stand before the name with which a sentence begins."""


class Voices(Protocol):
    """What is credited to whom in a reading. Positions are offsets in the reading's text."""

    def around(self, position: int) -> Attribution | None:
        """Whose words hold the position, or are about what stands there."""

    def holding(self, position: int) -> Attribution | None:
        """Whose words hold the position itself."""


@dataclass(frozen=True)
class Speakers:
    """The voices of a reading by the lexicon of its language. `whole` and `named` are the field's."""

    clause: Clause
    actors: Mapping[str, Actor]
    whole: str
    named: Sequence[Named]

    @cached_property
    def _sayings(self) -> tuple[Saying, ...]:
        return sayings(self.clause)

    def holding(self, position: int) -> Attribution | None:
        """Whose words hold the position: the outermost speaker's, unless a source passes on what another
        said who is known."""
        covering = [one for one in self._sayings if one.covers(position)]
        covering.sort(key=lambda one: (one.start - one.end, one.verb))
        if not covering:
            return None
        chosen, via = covering[0], covering[0].cited
        if self._passes_on(chosen):
            inner = next((one for one in covering[1:] if self._is_somebody(one)), None)
            if inner is not None:
                chosen, via = inner, chosen.who
        return self._credited(chosen, via or self._cited(chosen))

    around = holding

    def _passes_on(self, one: Saying) -> bool:
        """Whether a source that is nobody configured speaks of what others say."""
        who, clause = one.who, self.clause
        if who is None or self._actor(who) is not None:
            return False
        report = any(v.start == one.verb[0] and "say.report" in v.roles for v in clause.verbs)
        return one.hearsay or report or any(clause.has(k, "source") for k in range(who.first, who.last))

    def _is_somebody(self, one: Saying) -> bool:
        return one.who is not None and (one.hearsay is False) and self._speaker(one) is not None

    def _cited(self, one: Saying) -> Phrase | None:
        """Who is said to cite the speaker, in the same sentence behind it."""
        clause = self.clause
        at = clause.token_at(one.verb[0])
        while not clause.stops(at):
            if clause.has(at, "cited"):
                while clause.has(at, "cited"):
                    at += 1
                return forward(clause, at, len(clause.tokens))
            at += 1
        return None

    def _credited(self, one: Saying, via: Phrase | None) -> Attribution | None:
        speaker = self._speaker(one)
        if speaker is None:
            return None
        reading = self.clause.reading
        return Attribution(
            speaker[0], reading.text[slice(*one.verb)], one.quoted, reading.text[one.start : one.end],
            reading.start + one.start, reading.start + one.end, speaker[1],
            None if via is None else reading.text[via.start : via.end],
        )  # fmt: skip

    def _speaker(self, one: Saying) -> tuple[str, str | None] | None:
        """The speaker as written and its actor; None where nobody knows whom a pronoun means."""
        if one.who is None:
            return self._back(PERSON) or self._back(THINGS)
        kinds = self._refers_to(one.who)
        back = next((found for kind in kinds if (found := self._back(kind)) is not None), None)
        if back is not None:
            return back
        office = any(self.clause.has(k, "person", "official") for k in range(one.who.first, one.who.last))
        if kinds and not office:
            return None
        return self.clause.reading.text[one.who.start : one.who.end], self._actor(one.who)

    def _refers_to(self, who: Phrase) -> tuple[frozenset[Kind], ...]:
        """What kinds of actor a phrase that names nobody may mean; none where it names somebody."""
        clause = self.clause
        words = list(clause.words(who.first, who.last))
        if any(k in clause.names or clause.has(k, "indefinite") for k in words):
            return ()
        if all(clause.has(k, "pronoun") for k in words):
            return (PERSON, THINGS)
        bare = [k for k in words if not clause.has(k, "article")]
        if bare and clause.has(bare[0], "group") and all(clause.has(k, "group", "attribute") for k in bare):
            return (THINGS,)
        if len(bare) == 1 and clause.has(bare[0], "person"):
            return (PERSON,)
        return ()

    @cached_property
    def _before(self) -> Clause | None:
        """The sentence before the reading."""
        reading = before(self.clause.reading, self.whole, self.named)
        return None if reading is None else Clause(reading, self.clause.lexicon)

    def _back(self, kinds: frozenset[Kind]) -> tuple[str, str | None] | None:
        """The one actor of these kinds in the sentence before, else the one that it begins with."""
        clause = self._before
        if clause is None:
            return None
        fitting = [
            one for one in clause.reading.named
            if one.actor is not None and one.form != "demonym" and self.actors[one.actor].kind in kinds
        ]  # fmt: skip
        opens = [one for one in fitting if _opens(clause, one)]
        if kinds == THINGS and not opens and any(one.place is None for one in fitting):
            fitting = [one for one in fitting if one.place is None]
        if len({one.actor for one in opens or fitting}) != 1:
            return None
        one = (opens or fitting)[0]
        return clause.reading.text[_article(clause, one) : one.end], one.actor

    def _actor(self, who: Phrase) -> str | None:
        """The actor that the phrase names, or that the one who speaks stands for."""
        inside = [
            one for one in self.clause.reading.named
            if one.actor is not None and one.start >= who.start and one.end <= who.end
        ]  # fmt: skip
        people = {one.actor for one in inside if one.form != "demonym" and self._is_person(one)}
        if people:
            return people.pop() if len(people) == 1 else None
        named = [one for one in inside if one.form != "demonym"]
        for one in named:
            if self._only(who, one):
                return one.actor
        clause = self.clause
        if not any(clause.has(k, "official") for k in range(who.first, who.last)):
            return None
        parties = list(dict.fromkeys(one.actor for one in named or inside))
        return parties[0] if len(parties) == 1 or named else None

    def _is_person(self, one: Named) -> bool:
        return one.actor is not None and self.actors[one.actor].kind == "person"

    def _only(self, who: Phrase, one: Named) -> bool:
        """Whether the phrase is the name with no more than articles and its attributes."""
        clause = self.clause
        rest = (k for k in clause.words(who.first, who.last) if clause.names.get(k) != one)
        return all(clause.has(k, "article", "group", "attribute") for k in rest)


def _opens(clause: Clause, one: Named) -> bool:
    """Whether the sentence begins with the name, with adverbs, conjunctions and offices in front at most."""
    ahead = clause.words(0, clause.token_at(one.start))
    return all(clause.has(k, *AHEAD) for k in ahead)


def _article(clause: Clause, one: Named) -> int:
    """Where the name begins, its article included."""
    at = clause.token_at(one.start)
    found = phrase(clause, at - 1, at) if at and clause.has(at - 1, "article") else None
    return one.start if found is None else found.start

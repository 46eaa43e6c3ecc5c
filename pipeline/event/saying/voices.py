"""Voices: who is credited with the words around a place of a text, resolved to actors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from pipeline.event.event import Attribution
from pipeline.event.saying.clause import Clause
from pipeline.event.saying.hearsay import without_prefix
from pipeline.event.saying.phrase import Phrase, forward
from pipeline.event.saying.pointing import THINGS, Pointing
from pipeline.event.saying.saying import Saying
from pipeline.event.saying.sayings import sayings
from pipeline.event.saying.titled import head_end
from pipeline.event.world.actor import Actor
from pipeline.event.world.gazetteer import Named


class Voices(Protocol):
    """What is credited to whom in a reading. Positions are offsets in the reading's text."""

    def around(self, start: int, end: int) -> Attribution | None:
        """Whose words hold what stands at `[start:end]`, or are about it."""

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
    def _pointing(self) -> Pointing:
        return Pointing(self.clause, self.actors, self.whole, self.named)

    @cached_property
    def _sayings(self) -> tuple[Saying, ...]:
        return sayings(self.clause)

    def around(self, start: int, end: int) -> Attribution | None:
        """Whose words hold what stands at `[start:end]`, or are about it: its first letter or, behind a
        preposition that is written in front of it, its last."""
        first = self._chosen([one for one in self._sayings if one.about(start)])
        return first or self._chosen([one for one in self._sayings if one.about(end - 1)])

    def holding(self, position: int) -> Attribution | None:
        """Whose words hold the position itself."""
        return self._chosen([one for one in self._sayings if one.covers(position)])

    def _chosen(self, covering: list[Saying]) -> Attribution | None:
        """The outermost speaker, unless a source passes on what another said who is known."""
        covering.sort(key=lambda one: (one.start - one.end, one.verb))
        if not covering:
            return None
        chosen, via = covering[0], covering[0].cited
        if self._passes_on(chosen):
            inner = next((one for one in covering[1:] if self._is_somebody(one)), None)
            if inner is not None:
                chosen, via = inner, chosen.who
        return self._credited(chosen, via or self._cited(chosen))

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
        if one.who is not None:
            at = min(at, one.who.last)
        while not clause.stops(at):
            if clause.has(at, "cited"):
                while clause.has(at, "cited"):
                    at += 1
                by = forward(clause, at, len(clause.tokens))
                return None if by is None else without_prefix(clause, by, "citedprefix")
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
            return self._pointing.left_out()
        pointed = self._pointing.meant(one.who)
        if pointed is not None:
            return pointed
        kinds = self._pointing.kinds(one.who)
        if kinds and (THINGS in kinds or not self._office(one.who)):
            return None
        return self.clause.reading.text[one.who.start : one.who.end], self._actor(one.who)

    def _office(self, who: Phrase) -> bool:
        return any(self.clause.has(k, "person", "official") for k in range(who.first, who.last))

    def _actor(self, who: Phrase) -> str | None:
        """The actor that the phrase names, or that the one who speaks stands for."""
        inside = [
            one for one in self.clause.reading.named
            if one.actor is not None and one.start >= who.start and one.end <= who.end
        ]  # fmt: skip
        people = {one.actor for one in inside if one.form != "demonym" and self._is_person(one)}
        if people:
            return people.pop() if len(people) == 1 else None
        clause = self.clause
        named = [one for one in inside if one.form != "demonym"]
        head = head_end(clause, who)
        for one in named:
            if self._only(who, one) or one.end == head:
                return one.actor
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
        return all(
            clause.has(k, "article", "group", "attribute", "within") and not clause.has(k, "group.part")
            for k in rest
        )

"""Wire: the voices of an English reading, by the patterns of wire copy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.event.event import Attribution
from pipeline.event.lexicon import EMPTY
from pipeline.event.reading import Reading
from pipeline.event.saying.clause import Clause
from pipeline.event.saying.sayings import headline
from pipeline.event.wire.attribution import Statement, around, passes_on, statements
from pipeline.event.wire.reference import name_before, naming_of, speaker_of
from pipeline.event.wire.speakers import named_in, refers_back, written
from pipeline.event.world.actor import Actor
from pipeline.event.world.gazetteer import Named


@dataclass(frozen=True)
class Wire:
    """The voices of an English reading. `whole` and `named` are the field's."""

    reading: Reading
    actors: Mapping[str, Actor]
    whole: str
    named: Sequence[Named]

    @cached_property
    def _statements(self) -> tuple[Statement, ...]:
        return statements(self.reading)

    def around(self, position: int) -> Attribution | None:
        """Whose words or topic hold the position."""
        return self._credited(around(self._statements, position), position)

    def holding(self, position: int) -> Attribution | None:
        """Whose words hold the position itself."""
        covering = around(self._statements, position)
        return self._credited([one for one in covering if one.start <= position < one.end], position)

    def _credited(self, found: Sequence[Statement], position: int) -> Attribution | None:
        """The outermost speaker answers for the words, unless it is an unnamed source that passes on what a
        configured actor said."""
        if not found:
            return self._headline(position)
        chosen, via = found[0], None
        if len(found) > 1 and passes_on(self.reading, chosen) and self._actor(chosen) is None:
            inner = found[1]
            if self._actor(inner) is not None:
                chosen, via = inner, self._speaker(chosen)
        speaker = self._speaker(chosen)
        if speaker is None:
            return None
        reading = self.reading
        verb = reading.text[reading.tokens[chosen.verb].start : reading.tokens[chosen.verb_end - 1].end]
        return Attribution(
            speaker, verb, chosen.quoted, reading.text[chosen.start : chosen.end],
            reading.start + chosen.start, reading.start + chosen.end, self._actor(chosen), via,
        )  # fmt: skip

    def _headline(self, position: int) -> Attribution | None:
        """Who is named before the colon of a headline."""
        reading = self.reading
        found = next(headline(Clause(reading, EMPTY)), None)
        if found is None or found.who is None or not found.covers(position):
            return None
        who, words = found.who, reading.text[found.start : found.end]
        actor = next((one.actor for one in reading.named if one.end == who.end), None)
        start, end = reading.start + found.start, reading.start + found.end
        return Attribution(reading.text[who.start : who.end], ":", found.quoted, words, start, end, actor)

    def _speaker(self, statement: Statement) -> str | None:
        """Who speaks, as written; a pronoun or "the group" of which nobody knows who it is names nobody."""
        who, actor = statement.who, self._actor(statement)
        if not refers_back(self.reading, who) and (actor is None or named_in(self.reading, who)):
            return written(self.reading, who)
        if actor is None:
            return name_before(self.reading, who, self.whole, self.named)
        pointed = naming_of(self.reading, who, actor, self.whole, self.named)
        return pointed or written(self.reading, who)

    def _actor(self, statement: Statement) -> str | None:
        return speaker_of(self.reading, statement.who, self.actors, self.whole, self.named)

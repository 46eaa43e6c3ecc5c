"""Wire: the voices of an English reading, by the patterns of wire copy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.event.actor import Actor
from pipeline.event.attribution import Statement, around, statements
from pipeline.event.event import Attribution
from pipeline.event.gazetteer import Named
from pipeline.event.reading import Reading
from pipeline.event.reference import name_before, speaker_of
from pipeline.event.speakers import refers_back, written


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
        return self._credited(around(self._statements, position))

    def holding(self, position: int) -> Attribution | None:
        """Whose words hold the position itself."""
        covering = around(self._statements, position)
        return self._credited([one for one in covering if one.start <= position < one.end])

    def _credited(self, found: Sequence[Statement]) -> Attribution | None:
        """The outermost speaker answers for the words, unless it is an unnamed source that passes on what a
        configured actor said."""
        if not found:
            return None
        chosen, via = found[0], None
        if chosen.hearsay and len(found) > 1 and self._actor(chosen) is None:
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

    def _speaker(self, statement: Statement) -> str | None:
        """Who speaks, as written; a pronoun or "the group" of which nobody knows who it is names nobody."""
        who = statement.who
        if not refers_back(self.reading, who) or self._actor(statement) is not None:
            return written(self.reading, who)
        return name_before(self.reading, who, self.whole, self.named)

    def _actor(self, statement: Statement) -> str | None:
        return speaker_of(self.reading, statement.who, self.actors, self.whole, self.named)

"""Context: what the sentence of a mention says around it, as the findings of an event."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pipeline.event import figures
from pipeline.event.actor import Actor
from pipeline.event.attribution import Statement, around, statements
from pipeline.event.clauses import Told, told
from pipeline.event.event import Attribution, Figure, Finding
from pipeline.event.gazetteer import Named
from pipeline.event.lexicon import EMPTY, Lexicon
from pipeline.event.reading import Reading, narrowed, read, within
from pipeline.event.reference import name_before, speaker_of
from pipeline.event.speakers import refers_back, written
from pipeline.event.stance import stance
from pipeline.mention.mention import Field, Mention, Sentence
from pipeline.mention.normal import fold

LONGEST = 1_000
"""Characters of a sentence kept around a mention; what is longer is a list, a table or hostile."""

SIDE = 450


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence read for attribution and figures: what all mentions in it share.

    `alone` is the reading without the sentences that a quotation adds to it.
    """

    reading: Reading
    alone: Reading
    statements: tuple[Statement, ...]
    quantities: tuple[figures.Quantity, ...]
    as_of: date | None


@dataclass(frozen=True, slots=True)
class Context:
    """A title and text with the namings in them; gives the finding of each mention.

    Sentences are read for attribution, figures and stance in English only; in other languages a
    finding has its actors and places. `body` is where the text's prose begins: no reading for
    attribution and figures reaches back into the dateline before it. `words` are the lexicons of the
    text's language by capability; `day` is what "on Saturday" is read from.
    """

    title: str
    text: str
    language: str | None
    named: tuple[tuple[Named, ...], tuple[Named, ...]]
    actors: Mapping[str, Actor]
    body: int = 0
    words: Mapping[str, Lexicon] = field(default_factory=dict)
    day: date | None = None
    _read: dict[tuple[Field, int, int], _Said] = field(default_factory=dict)
    _told: dict[tuple[Field, int, int], Told] = field(default_factory=dict)

    def finding(self, mention: Mention) -> Finding:
        """The mention with what its sentence says."""
        sentence = _bounded(mention, self._whole(mention.field))
        inside = within(self._names(mention.field), sentence.start, sentence.end)
        about = (
            mention.field, mention.start, mention.end, mention.surface, mention.alias, sentence,
            _ids([named.actor for named in inside]), _ids([named.place for named in inside]),
        )  # fmt: skip
        clauses = self._clauses(sentence)
        stands = stance(clauses, mention.start - sentence.start, mention.end - sentence.start)
        if self.language is None or not self.language.lower().startswith("en"):
            return Finding(*about, hedge=stands.hedge, polarity=stands.polarity)
        said = self._said(sentence)
        start = mention.start - said.reading.start
        return Finding(
            *about,
            self._attribution(said, around(said.statements, start)),
            stands.hedge,
            stands.polarity,
            tuple([self._figure(said, one) for one in said.quantities]),
        )

    def _clauses(self, sentence: Sentence) -> Told:
        """The sentence cut into clauses once, with the words of stance and acts in it."""
        key = (sentence.field, sentence.start, sentence.end)
        known = self._told.get(key)
        if known is None:
            folded = fold(sentence.text)
            cues = [self.words[name].cues(folded) for name in ("stance", "acts") if name in self.words]
            names = within(self._names(sentence.field), sentence.start, sentence.end)
            known = told(sentence.text, cues, names)
            self._told[key] = known
        return known

    def _said(self, sentence: Sentence) -> _Said:
        """The sentence read once, however many mentions stand in it."""
        key = (sentence.field, sentence.start, sentence.end)
        known = self._read.get(key)
        if known is None:
            whole, names = self._whole(sentence.field), self._names(sentence.field)
            body = 0 if sentence.field == "title" else self.body
            reading = read(sentence.field, whole, key[1:], names, body)
            alone = narrowed(reading, sentence.start, sentence.end)
            words = self.words.get("figures", EMPTY)
            quantities = figures.quantities(alone, words)
            known = _Said(
                reading, alone, statements(reading), quantities,
                figures.as_of(alone, words) if quantities else None,
            )  # fmt: skip
            self._read[key] = known
        return known

    def _attribution(self, said: _Said, found: Sequence[Statement]) -> Attribution | None:
        """Whose words hold the mention. The outermost speaker answers for them, unless it is an unnamed
        source that passes on what a configured actor said."""
        if not found:
            return None
        chosen, via = found[0], None
        if chosen.hearsay and len(found) > 1 and self._actor(said, chosen) is None:
            inner = found[1]
            if self._actor(said, inner) is not None:
                chosen, via = inner, self._speaker(said, chosen)
        speaker = self._speaker(said, chosen)
        if speaker is None:
            return None
        reading = said.reading
        verb = reading.text[reading.tokens[chosen.verb].start : reading.tokens[chosen.verb_end - 1].end]
        return Attribution(
            speaker, verb, chosen.quoted, reading.text[chosen.start : chosen.end],
            reading.start + chosen.start, reading.start + chosen.end, self._actor(said, chosen), via,
        )  # fmt: skip

    def _speaker(self, said: _Said, statement: Statement) -> str | None:
        """Who speaks, as written; a pronoun or "the group" of which nobody knows who it is names nobody."""
        reading, who = said.reading, statement.who
        if not refers_back(reading, who) or self._actor(said, statement) is not None:
            return written(reading, who)
        field = reading.field
        return name_before(reading, who, self._whole(field), self._names(field))

    def _actor(self, said: _Said, statement: Statement) -> str | None:
        field = said.reading.field
        return speaker_of(said.reading, statement.who, self.actors, self._whole(field), self._names(field))

    def _figure(self, said: _Said, one: figures.Quantity) -> Figure:
        """A quantity as a row of the ledger: offsets in the article, claimant by the words that hold it."""
        reading, number = said.reading, one.number
        holding = [s for s in around(said.statements, one.start) if s.start <= one.start < s.end]
        claim = self._attribution(said, holding)
        return Figure(
            number.value, one.unit, reading.text[one.start : one.end],
            reading.start + one.start, reading.start + one.end, number.high,
            _cut(reading, number.qualifier), _cut(reading, one.counted),
            claim.speaker if claim else None, claim.actor if claim else None, said.as_of,
        )  # fmt: skip

    def _whole(self, field: Field) -> str:
        return self.title if field == "title" else self.text

    def _names(self, field: Field) -> tuple[Named, ...]:
        return self.named[0] if field == "title" else self.named[1]


def _cut(reading: Reading, span: tuple[int, int] | None) -> str | None:
    return reading.text[span[0] : span[1]] if span is not None else None


def _ids(idents: Iterable[str | None]) -> tuple[str, ...]:
    """Ids in order of appearance, each once."""
    return tuple(dict.fromkeys(ident for ident in idents if ident is not None))


def _bounded(mention: Mention, whole: str) -> Sentence:
    """The mention's sentence, or a stretch of it around the mention when it is too long to publish."""
    sentence = mention.sentence
    if sentence.end - sentence.start <= LONGEST:
        return sentence
    start = max(sentence.start, mention.start - SIDE)
    if start > sentence.start:
        start = max(start, whole.find(" ", start, mention.start) + 1)
    end = min(sentence.end, max(mention.end, mention.start + LONGEST - SIDE))
    if end < sentence.end and (blank := whole.rfind(" ", mention.end, end)) >= 0:
        end = blank
    return Sentence(sentence.field, start, end, whole[start:end])

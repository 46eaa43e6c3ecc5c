"""Context: what the sentence of a mention says around it, as the findings of an event."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from pipeline.event.days.days import days
from pipeline.event.doing.act import act
from pipeline.event.doing.clauses import Told, told
from pipeline.event.doing.stance import stance
from pipeline.event.event import Days, Figure, Finding
from pipeline.event.figures import quantities as figures
from pipeline.event.figures.calendar import stated_date
from pipeline.event.lexicon import EMPTY, Lexicon
from pipeline.event.reading import Reading, narrowed, read, within
from pipeline.event.saying.clause import Clause
from pipeline.event.saying.voices import Speakers, Voices
from pipeline.event.world.actor import Actor
from pipeline.event.world.gazetteer import Named
from pipeline.mention.mention import Field, Mention, Sentence

LONGEST = 1_000
"""Characters of a sentence kept around a mention; what is longer is a list, a table or hostile."""

SIDE = 450


@dataclass(frozen=True, slots=True)
class _Said:
    """What all mentions in a sentence share. `reading` may be longer: a quotation runs over sentences."""

    reading: Reading
    voices: Voices
    clauses: Told
    figures: tuple[Figure, ...]
    days: tuple[Days, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """A title and text with the namings in them; gives the finding of each mention.

    Sentences are read by the words of the text's language; in a language without any, a finding has
    its actors and places. `body` is where the text's prose begins: no reading for
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

    def finding(self, mention: Mention) -> Finding:
        """The mention with what its sentence says."""
        sentence = _bounded(mention, self._whole(mention.field))
        inside = within(self._names(mention.field), sentence.start, sentence.end)
        about = (
            mention.field, mention.start, mention.end, mention.surface, mention.alias, sentence,
            _ids([named.actor for named in inside]), _ids([named.place for named in inside]),
        )  # fmt: skip
        said = self._said(sentence)
        start, end = mention.start - sentence.start, mention.end - sentence.start
        stands = stance(said.clauses, start, end)
        return Finding(
            *about,
            said.voices.around(mention.start - said.reading.start, mention.end - said.reading.start),
            stands.hedge,
            stands.polarity,
            said.figures,
            act(said.clauses, start, end, sentence.start),
            said.days,
        )

    def _said(self, sentence: Sentence) -> _Said:
        """The sentence read once, however many mentions stand in it."""
        key = (sentence.field, sentence.start, sentence.end)
        known = self._read.get(key)
        if known is None:
            whole, names = self._whole(sentence.field), self._names(sentence.field)
            body = 0 if sentence.field == "title" else self.body
            reading = read(sentence.field, whole, key[1:], names, body)
            voices = self._voices(reading)
            figured = self._figures(narrowed(reading, sentence.start, sentence.end), voices)
            known = _Said(reading, voices, self._clauses(sentence), figured, self._days(sentence))
            self._read[key] = known
        return known

    def _clauses(self, sentence: Sentence) -> Told:
        """The sentence cut into clauses, with the words of stance and acts in it."""
        cues = [self.words[name].cues_in(sentence.text) for name in ("stance", "acts") if name in self.words]
        return told(sentence.text, cues, within(self._names(sentence.field), sentence.start, sentence.end))

    def _days(self, sentence: Sentence) -> tuple[Days, ...]:
        """The days that the sentence names, by their place in the article."""
        if self.day is None:
            return ()
        found = days(sentence.text, self.words.get("dates", EMPTY), self.day)
        return tuple(
            replace(one, start=one.start + sentence.start, end=one.end + sentence.start) for one in found
        )

    def _voices(self, reading: Reading) -> Voices:
        """Who is credited in a reading, by the lexicon of its language."""
        whole, names = self._whole(reading.field), self._names(reading.field)
        return Speakers(Clause(reading, self.words.get("attribution", EMPTY)), self.actors, whole, names)

    def _figures(self, reading: Reading, voices: Voices) -> tuple[Figure, ...]:
        """The quantities of the sentence as rows of the ledger."""
        words = self.words.get("figures", EMPTY)
        line = figures.line_of(reading, words)
        if line is None:
            return ()
        quantities = figures.quantities(reading, line)
        as_of = stated_date(line) if quantities else None
        return tuple([_figure(reading, voices, one, as_of) for one in quantities])

    def _whole(self, field: Field) -> str:
        return self.title if field == "title" else self.text

    def _names(self, field: Field) -> tuple[Named, ...]:
        return self.named[0] if field == "title" else self.named[1]


def _figure(reading: Reading, voices: Voices, one: figures.Quantity, as_of: date | None) -> Figure:
    """Offsets in the article, claimant by the words that hold it."""
    number, claim = one.number, voices.holding(one.start)
    return Figure(
        number.value, one.unit, reading.text[one.start : one.end],
        reading.start + one.start, reading.start + one.end, number.high,
        _cut(reading, number.qualifier), _cut(reading, one.counted),
        claim.speaker if claim else None, claim.actor if claim else None, as_of,
    )  # fmt: skip


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

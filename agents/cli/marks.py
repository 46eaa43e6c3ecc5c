"""Marks: what was found in a title and a text, as stretches of them that a person is shown."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from agents.cli.finding_text import act_text, days_text, figure_text, mention_text
from pipeline.event.event import Attribution, Finding
from pipeline.event.events import Content, Found
from pipeline.mention.mention import Field

Kind = Literal["words", "speaker", "source", "verb", "hedge", "figure", "days", "act", "mention"]
"""In the order in which marks of the same stretch contain each other, the outermost first."""

RANKS: Mapping[Kind, int] = {kind: rank for rank, kind in enumerate(get_args(Kind))}

NEAR = 1_000
"""Characters around what is said in which its speaker is looked for: so far a sentence is read for one."""


@dataclass(frozen=True, slots=True)
class Card:
    """A mention with what its sentence says, numbered from 1 in the order of reading, title first."""

    number: int
    subject: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch `[start:end]` of a field. `tag` is what a reader is shown beside it ("40 days"), `subject`
    and `card` are of mentions; a mention beyond those that an event has room for has no card."""

    field: Field
    start: int
    end: int
    kind: Kind
    tag: str = ""
    subject: str = ""
    card: int | None = None


def cards(found: Found) -> tuple[Card, ...]:
    """The findings of all subjects in the order of reading."""
    listed = [(subject, one) for subject, findings in found.findings.items() for one in findings]
    listed.sort(key=lambda pair: (pair[1].field != "title", pair[1].start, pair[0]))
    return tuple(Card(number, subject, one) for number, (subject, one) in enumerate(listed, 1))


def fields(content: Content) -> tuple[tuple[Field, str], tuple[Field, str]]:
    """Title and text under their names."""
    return ("title", content.title), ("text", content.text)


def marks(content: Content, found: Found, listed: Iterable[Card]) -> tuple[Mark, ...]:
    """Each stretch once, in no order, for the cards of what was found. Linear in mentions and findings."""
    whole = dict(fields(content))
    drawn: dict[Mark, None] = {}
    for card in listed:
        drawn.update(dict.fromkeys(_of_card(card, whole[card.finding.field])))
    drawn.update(dict.fromkeys(_without_card(found)))
    return tuple(drawn)


def _of_card(card: Card, whole: str) -> Iterator[Mark]:
    one = card.finding
    field = one.field
    yield Mark(
        field, one.start, one.end, "mention", mention_text(card.subject, one), card.subject, card.number
    )
    if one.attribution is not None:
        yield from _of_attribution(one.attribution, one, whole)
    if one.hedge is not None:
        near = _Near(field, whole, (one.start, one.end), (_sentence(one),))
        yield from near.marks(one.hedge, "hedge", "hedge")
    for figure in one.figures:
        yield Mark(field, figure.start, figure.end, "figure", figure_text(figure))
    for days in one.days:
        yield Mark(field, days.start, days.end, "days", days_text(days))
    if one.act is not None:
        yield Mark(field, one.act.start, one.act.end, "act", act_text(one.act))


def _of_attribution(said: Attribution, one: Finding, whole: str) -> Iterator[Mark]:
    """The words, and around them the speaker, the verb and the source, which have no offsets of their own."""
    around = (max(0, said.start - NEAR), said.end + NEAR)
    near = _Near(one.field, whole, (said.start, said.end), (_sentence(one), around))
    yield Mark(one.field, said.start, said.end, "words")
    yield from near.marks(said.speaker, "speaker", "speaker")
    yield from near.marks(said.verb, "verb")
    if said.via is not None:
        yield from near.marks(said.via, "source", "source")


def _sentence(one: Finding) -> tuple[int, int]:
    return one.sentence.start, one.sentence.end


@dataclass(frozen=True, slots=True)
class _Near:
    """The neighbourhood of a stretch: the windows in which words are looked for, the first that has them."""

    field: Field
    whole: str
    span: tuple[int, int]
    windows: tuple[tuple[int, int], ...]

    def marks(self, words: str, kind: Kind, tag: str = "") -> Iterator[Mark]:
        """The words where they stand nearest to the stretch without overlapping it, if they do."""
        places = next(filter(None, (self._places(words, *window) for window in self.windows)), None)
        if places:
            start = min(places)[1]
            yield Mark(self.field, start, start + len(words), kind, tag)

    def _places(self, words: str, first: int, last: int) -> list[tuple[int, int]]:
        """Distance and start of the nearest place before the stretch and of that behind it."""
        before = self.whole.rfind(words, first, self.span[0])
        after = self.whole.find(words, self.span[1], last)
        return [
            (distance, start)
            for start, distance in (
                (before, self.span[0] - before - len(words)),
                (after, after - self.span[1]),
            )
            if words and start >= 0
        ]


def _without_card(found: Found) -> Iterator[Mark]:
    """Mentions beyond the findings of their subject, which are its first ones."""
    for subject, mentions in found.mentions.items():
        for mention in mentions[len(found.findings[subject]) :]:
            yield Mark(mention.field, mention.start, mention.end, "mention", subject, subject)

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


def marks(content: Content, found: Found, listed: Iterable[Card]) -> tuple[Mark, ...]:
    """Each stretch once, in no order, for the cards of what was found. Linear in mentions and findings."""
    whole: Mapping[Field, str] = {"title": content.title, "text": content.text}
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
        yield from _of_attribution(one.attribution, field, whole)
    sentence = (one.sentence.start, one.sentence.end)
    if one.hedge is not None:
        yield from _nearest(field, whole, one.hedge, (one.start, one.end), sentence, "hedge", "hedge")
    for figure in one.figures:
        yield Mark(field, figure.start, figure.end, "figure", figure_text(figure))
    for days in one.days:
        yield Mark(field, days.start, days.end, "days", days_text(days))
    if one.act is not None:
        yield Mark(field, one.act.start, one.act.end, "act", act_text(one.act))


def _of_attribution(said: Attribution, field: Field, whole: str) -> Iterator[Mark]:
    """The words, and around them the speaker, the verb and the source, which have no offsets of their own."""
    span = (said.start, said.end)
    around = (max(0, said.start - NEAR), said.end + NEAR)
    yield Mark(field, said.start, said.end, "words")
    yield from _nearest(field, whole, said.speaker, span, around, "speaker", "speaker")
    yield from _nearest(field, whole, said.verb, span, around, "verb", "")
    if said.via is not None:
        yield from _nearest(field, whole, said.via, span, around, "source", "source")


def _nearest(
    field: Field, whole: str, words: str, span: tuple[int, int], within: tuple[int, int], kind: Kind, tag: str
) -> Iterator[Mark]:
    """The mark of the words where they stand nearest to the span without overlapping it, if they do."""
    before = whole.rfind(words, within[0], span[0])
    after = whole.find(words, span[1], within[1])
    places = [
        (distance, at)
        for at, distance in ((before, span[0] - before - len(words)), (after, after - span[1]))
        if at >= 0
    ]
    if words and places:
        at = min(places)[1]
        yield Mark(field, at, at + len(words), kind, tag)


def _without_card(found: Found) -> Iterator[Mark]:
    """Mentions beyond the findings of their subject, which are its first ones."""
    for subject, mentions in found.mentions.items():
        for mention in mentions[len(found.findings[subject]) :]:
            yield Mark(mention.field, mention.start, mention.end, "mention", subject, subject)

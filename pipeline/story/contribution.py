"""Contribution: what one row brings to its story, worked out once when the row arrives.

Deriving a summary then only chooses, groups and sorts. Sentences, figures and attributions are the
event's own objects; words are interned and shared between rows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pipeline.event.event import Attribution, Ended, Event, Figure, Finding, Polarity
from pipeline.mention.mention import Sentence
from pipeline.story.provenance import LONGEST_CITED, LONGEST_NAME, Provenance, provenance, title_of
from pipeline.story.row import StoryRow, place
from pipeline.story.words import content_words, digest, is_specific, name_key, quantity_words

CANDIDATES = 2
"""Sentences per row that may lead: an article of three subjects brings up to six, more only repeat it."""
SALIENCE, WITH_FIGURE, ATTRIBUTED, OPENING = 0.6, 0.15, 0.15, 0.1
"""Weight of a candidate: the event's salience first; a number, a named voice and the opening lift it.
They add to 1. Chosen, not fitted: what the story is about weighs more than how it is told."""
OPENING_END = 400
"""Characters of a text that count as its opening: about the first two sentences of a news report."""

Value = tuple[int | float, int | float | None]
"""A figure's value and, for a range, its upper end."""
Place = tuple[str, str, int]
"""Where a sentence stands: article id, field, start."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may lead or stand for its day, with its weight (0..1) and words."""

    sentence: Sentence
    weight: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reported:
    """A figure in its sentence. `quantity` groups it, `specific` tells whether others of it are comparable.

    `by` is None where the publisher itself claims it.

    `order` sorts reports by the day (ordinal) they speak of, as-of or the article's own, then by moment,
    article id and place. `value` is value and upper end, which make two reports claim the same.
    """

    order: tuple[int, int, str, str, int]
    quantity: str
    specific: bool
    by: str | None
    value: Value
    figure: Figure
    sentence: Sentence
    source: Provenance


@dataclass(frozen=True, slots=True)
class Said:
    """An attributed statement in its sentence; `same` tells statements that read the same.

    `order` sorts statements by moment, then article id and place.
    """

    order: tuple[int, str, str, int]
    by: str
    attribution: Attribution
    hedge: str | None
    polarity: Polarity
    sentence: Sentence
    same: int
    source: Provenance


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a row brings: its place among rows (see row.Standing), its source, and what it says."""

    place: str
    article: str
    subject: str
    revision: str
    sequence: str
    version: int
    observed: datetime | None
    ended: Ended | None
    retracted: bool
    source: Provenance
    salience: float
    in_title: bool
    candidates: tuple[Candidate, ...]
    figures: tuple[Reported, ...]
    statements: tuple[Said, ...]
    holds: tuple[int, ...]


def contribution(row: StoryRow) -> Contribution:
    """The contribution of a row. Cost: about 50 µs for a row of three findings."""
    event = row.event
    source = provenance(event.article)
    findings = sorted(event.mentions, key=_reading_order)
    figures = tuple(_figures(findings, event.subject, source))
    statements = tuple(_statements(findings, source))
    return Contribution(
        place=place(source.article, event.subject),
        article=source.article,
        subject=event.subject,
        revision=source.revision,
        sequence=row.sequence,
        version=row.version,
        observed=event.article.observed,
        ended=event.ended,
        retracted=event.retracted,
        source=source,
        salience=event.salience,
        in_title=any(finding.field == "title" for finding in findings),
        candidates=_candidates(event, findings),
        figures=figures,
        statements=statements,
        holds=_holds(source, findings, figures, statements),
    )


def _reading_order(finding: Finding) -> tuple[bool, int, int]:
    """The text before the title: its sentences say more, and a title repeats one of them."""
    return finding.field == "title", finding.start, finding.end


def _candidates(event: Event, findings: Iterable[Finding]) -> tuple[Candidate, ...]:
    best: dict[tuple[str, int], tuple[float, Finding]] = {}
    for finding in findings:
        if finding.sentence.end - finding.sentence.start > LONGEST_CITED:
            continue
        key = (finding.field, finding.sentence.start)
        weight = _weight(event.salience, finding)
        if key not in best or weight > best[key][0]:
            best[key] = (weight, finding)
    inside = {key: found for key, found in best.items() if key[0] == "text"} or best
    ranked = sorted(inside.items(), key=lambda item: (-item[1][0], item[0]))[:CANDIDATES]
    return tuple(
        Candidate(finding.sentence, weight, content_words(finding.sentence.text))
        for _, (weight, finding) in ranked
    )


def _weight(salience: float, finding: Finding) -> float:
    return (
        SALIENCE * salience
        + (WITH_FIGURE if finding.figures else 0.0)
        + (ATTRIBUTED if finding.attribution else 0.0)
        + (OPENING if finding.field == "text" and finding.sentence.start < OPENING_END else 0.0)
    )


def _figures(findings: Iterable[Finding], subject: str, source: Provenance) -> Iterator[Reported]:
    seen: set[tuple[str, int, int]] = set()
    for finding in findings:
        for figure in finding.figures:
            key = (finding.field, figure.start, figure.end)
            if key not in seen:
                seen.add(key)
                yield _reported(finding, figure, subject, source)


def _reported(finding: Finding, figure: Figure, subject: str, source: Provenance) -> Reported:
    counted = quantity_words(figure.counted or "")
    about = source.day if figure.as_of is None else figure.as_of.toordinal()
    return Reported(
        order=(about, source.moment, source.article, finding.field, figure.start),
        quantity=f"{figure.unit}: {counted}" if counted else f"{figure.unit} ({subject})",
        specific=is_specific(figure.unit, figure.counted or "", counted),
        by=_claimant(figure),
        value=(figure.value, figure.high),
        figure=figure,
        sentence=_cited(finding, figure.start, figure.surface),
        source=source,
    )


def _claimant(figure: Figure) -> str | None:
    if figure.actor:
        return f"actor:{figure.actor}"
    return f"name:{name_key(figure.claimant)[:LONGEST_NAME]}" if figure.claimant else None


def _statements(findings: Iterable[Finding], source: Provenance) -> Iterator[Said]:
    """The first statement of each speaker: an article says first what is new in it."""
    seen: set[str] = set()
    for finding in findings:
        said = finding.attribution
        by = _speaker(said) if said else None
        if said is None or by is None or by in seen:
            continue
        seen.add(by)
        yield Said(
            order=(source.moment, source.article, finding.field, said.start),
            by=by,
            attribution=said,
            hedge=finding.hedge,
            polarity=finding.polarity,
            sentence=_cited(finding, said.start, said.words),
            same=digest(said.words),
            source=source,
        )


def _speaker(said: Attribution) -> str | None:
    """Who holds a position: a configured actor, or somebody named with at least two capitalised words.

    "Officials" and "the group" hold none: two articles do not mean the same people by them.
    """
    if said.actor:
        return f"actor:{said.actor}"
    named = sum(1 for word in said.speaker.split() if word[:1].isupper())
    return f"name:{name_key(said.speaker)[:LONGEST_NAME]}" if named >= 2 else None


def _cited(finding: Finding, start: int, words: str) -> Sentence:
    """The finding's sentence, or the span alone where the sentence is too long to show."""
    if finding.sentence.end - finding.sentence.start <= LONGEST_CITED:
        return finding.sentence
    span = words[:LONGEST_CITED]
    return Sentence(finding.field, start, start + len(span), span)


def _holds(
    source: Provenance, findings: Iterable[Finding], figures: Iterable[Reported], statements: Iterable[Said]
) -> tuple[int, ...]:
    """Digests of every sentence that a summary could cite from this row."""
    spans = {finding.sentence.text for finding in findings}
    spans.add(title_of(source).text)
    spans.update(reported.sentence.text for reported in figures)
    spans.update(said.sentence.text for said in statements)
    return tuple(sorted({digest(span) for span in spans}))

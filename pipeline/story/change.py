"""Change: what is different between two summaries of a story, named and cited on both sides.

The same pure function writes the `story-changes` topic and answers what changed since a reader's
cursor. What only moved (a sentence that made room for a better one) is no change.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from pipeline.codec import encode
from pipeline.event.event import Ended
from pipeline.story.limits import LARGEST
from pipeline.story.shown import Shown, citations, holds
from pipeline.story.summary import (
    ArticleLine,
    Citation,
    Claim,
    EndedLine,
    Position,
    Quantity,
    Statement,
    Summary,
)


@dataclass(frozen=True, slots=True)
class EndedArticle:
    """An article no longer speaks of a subject, and how that came."""

    ended: EndedLine
    kind: Literal["ended-article"] = "ended-article"


@dataclass(frozen=True, slots=True)
class WithdrawnStatement:
    """A sentence that the summary rested on fell with its article. `how` is None for a retracted revision."""

    before: Citation
    how: Ended | None
    kind: Literal["withdrawn-statement"] = "withdrawn-statement"


@dataclass(frozen=True, slots=True)
class CorrectedStatement:
    """A sentence that the summary rested on is not in its article's current revision.

    `after` is what the summary cites from that revision now, where it cites it.
    """

    before: Citation
    after: Citation | None
    kind: Literal["corrected-statement"] = "corrected-statement"


@dataclass(frozen=True, slots=True)
class ChangedFigure:
    """A claimant gives another value for a quantity, by a newer report or because the older one fell.

    `quantity`, `unit` and `counted` are those of the Quantity.
    """

    quantity: str
    before: Claim
    after: Claim
    kind: Literal["changed-figure"] = "changed-figure"
    unit: str = ""
    counted: str | None = None


@dataclass(frozen=True, slots=True)
class NewFigure:
    """A claimant gives a value for a quantity (see ChangedFigure) for the first time."""

    quantity: str
    after: Claim
    kind: Literal["new-figure"] = "new-figure"
    unit: str = ""
    counted: str | None = None


@dataclass(frozen=True, slots=True)
class NewPosition:
    """An actor said something new on a subject; `before` is the statement it stood by until then."""

    by: str
    actor: str | None
    subject: str
    before: Statement | None
    after: Statement
    kind: Literal["new-position"] = "new-position"


@dataclass(frozen=True, slots=True)
class NewFact:
    """A sentence of lead or timeline that no article of the story held before."""

    after: Citation
    kind: Literal["new-fact"] = "new-fact"


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article joined the story."""

    article: ArticleLine
    kind: Literal["new-article"] = "new-article"


Change = Annotated[
    EndedArticle
    | WithdrawnStatement
    | CorrectedStatement
    | ChangedFigure
    | NewFigure
    | NewPosition
    | NewFact
    | NewArticle,
    Field(discriminator="kind"),
]


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed in a story: what fell, what came, who spoke, figures.

    `omitted` changes of the end did not fit one message.
    """

    story: str
    title: str
    note: str | None
    changes: tuple[Change, ...]
    omitted: int = 0


def changes(before: Summary | None, after: Summary) -> Changes:
    """The changes from one summary of a story to a later one; without the former, all is new."""
    was, now = Shown.of(before), Shown.of(after)
    found: list[Change] = [
        *_ended(was, after),
        *_fallen(was, now, after),
        *_articles(was, after),
        *_facts(was, after),
        *_positions(was, after),
        *_figures(was, after),
    ]
    return _fitting(after, found)


def _fitting(after: Summary, found: list[Change]) -> Changes:
    kept = len(found)
    while True:
        made = Changes(after.story, after.title, after.note, tuple(found[:kept]), len(found) - kept)
        if kept <= 1 or len(encode(made)) <= LARGEST:
            return made
        kept //= 2


def _ended(was: Shown, after: Summary) -> Iterator[EndedArticle]:
    """Endings of articles that the reader may have seen."""
    known = {(line.article, line.subject, line.revision) for line in was.summary.ended} if was.summary else ()
    for line in after.ended:
        seen = line.article in was.articles or not was.complete
        if seen and (line.article, line.subject, line.revision) not in known:
            yield EndedArticle(line)


def _fallen(was: Shown, now: Shown, after: Summary) -> Iterator[WithdrawnStatement | CorrectedStatement]:
    """Citations of the former summary that their articles no longer bear out, each place once."""
    if was.summary is None:
        return
    seen: set[tuple[str, str, int, int]] = set()
    for citation in citations(was.summary):
        place = (citation.article, citation.field, citation.start, citation.end)
        if place not in seen:
            seen.add(place)
            yield from _fate(citation, now, after)


def _fate(
    citation: Citation, now: Shown, after: Summary
) -> Iterator[WithdrawnStatement | CorrectedStatement]:
    line = now.articles.get(citation.article)
    if line is None:
        if citation.article in now.ended:
            yield WithdrawnStatement(citation, now.ended[citation.article])
        elif not now.may_have(citation.revision):
            yield WithdrawnStatement(citation, None)
    elif line.revision != citation.revision and not holds(line, citation):
        yield CorrectedStatement(citation, _instead(citation, after))


def _instead(before: Citation, after: Summary) -> Citation | None:
    """What the summary cites now from the same article, in the same field if it does."""
    same = [found for found in citations(after) if found.article == before.article]
    return min(
        same, key=lambda found: (found.field != before.field, abs(found.start - before.start)), default=None
    )


def _figures(was: Shown, after: Summary) -> Iterator[ChangedFigure | NewFigure]:
    earlier = _by_claimant(was.summary.figures if was.summary else ())
    for quantity in after.figures:
        for by, claims in _by_claimant((quantity,)).items():
            yield from _figure(was, quantity, earlier.get(by, []), claims)


def _by_claimant(quantities: Iterable[Quantity]) -> dict[tuple[str, str], list[Claim]]:
    found: dict[tuple[str, str], list[Claim]] = {}
    for quantity in quantities:
        for claim in quantity.claims:
            found.setdefault((quantity.id, claim.by), []).append(claim)
    return found


def _figure(
    was: Shown, quantity: Quantity, before: list[Claim], after: list[Claim]
) -> Iterator[ChangedFigure | NewFigure]:
    kept = {(claim.value, claim.high) for claim in after}
    held = {(claim.value, claim.high) for claim in before}
    gone = [claim for claim in before if (claim.value, claim.high) not in kept]
    for claim in after:
        if (claim.value, claim.high) in held:
            continue
        if quantity.comparable and gone:
            yield ChangedFigure(quantity.id, gone[0], claim, unit=quantity.unit, counted=quantity.counted)
        elif not was.had(claim.citation):
            yield NewFigure(quantity.id, claim, unit=quantity.unit, counted=quantity.counted)


def _positions(was: Shown, after: Summary) -> Iterator[NewPosition]:
    held = {(each.by, each.subject): each for each in was.summary.positions} if was.summary else {}
    for position in after.positions:
        before = held.get((position.by, position.subject))
        if before is None:
            if not was.had(position.latest.citation):
                yield _new_position(position, position.before)
        elif position.latest.words != before.latest.words and not was.had(position.latest.citation):
            yield _new_position(position, before.latest)


def _new_position(position: Position, before: Statement | None) -> NewPosition:
    return NewPosition(position.by, position.actor, position.subject, before, position.latest)


def _facts(was: Shown, after: Summary) -> Iterator[NewFact]:
    seen: set[tuple[str, str, int]] = set()
    for citation in (*after.lead, *(day.citation for day in after.timeline)):
        place = (citation.article, citation.field, citation.start)
        if place not in seen and not was.had(citation) and not was.told(citation):
            seen.add(place)
            yield NewFact(citation)


def _articles(was: Shown, after: Summary) -> Iterator[NewArticle]:
    for line in after.articles:
        if line.id not in was.articles and not was.may_have(line.revision):
            yield NewArticle(line)

"""Derive: the summary of a set of rows. A pure function; the same set gives the same bytes."""

from collections.abc import Iterable
from typing import Protocol

from pipeline.codec import encode
from pipeline.story import listing
from pipeline.story.contribution import Contribution
from pipeline.story.headline import headline
from pipeline.story.lead import lead
from pipeline.story.ledger import figures, settle
from pipeline.story.limits import LARGEST, LIMITS, Limits
from pipeline.story.positions import positions, voices
from pipeline.story.sources import sources
from pipeline.story.story import Story, stand
from pipeline.story.summary import Counts, Summary
from pipeline.story.timeline import timeline

SEED_NOTE = "seed articles, fictional publishers"
"""Stands on every view of a story that holds fiction, also where its declaration forgets to say so."""


class Scope(Protocol):
    """What a declared story says of itself."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def note(self) -> str | None: ...


def summarise(scope: Scope, contributions: Iterable[Contribution], limits: Limits = LIMITS) -> Summary:
    """The summary of a story's rows, at most `limits.LARGEST` bytes long when encoded.

    Time grows linearly with the rows. Where sentences and addresses are so long that the bounded
    lists would still pass the limit, the bounds are halved until they do not.
    """
    story = stand(contributions)
    while True:
        summary = _derive(scope, story, limits)
        if limits == limits.halved() or len(encode(summary)) <= LARGEST:
            return summary
        limits = limits.halved()


def _derive(scope: Scope, story: Story, limits: Limits) -> Summary:
    ledger = settle(story)
    spoken = voices(story)
    top = headline(story)
    days = timeline(story, limits.days)
    undated = listing.undated(story)
    return Summary(
        story=scope.id,
        title=scope.title,
        note=_note(scope, story),
        headline=top,
        lead=lead(story, ledger, top, limits.lead),
        figures=figures(story, ledger, limits),
        positions=positions(story, spoken, limits.positions),
        timeline=days,
        sources=sources(story, limits),
        articles=listing.articles(story, limits.articles),
        undated=tuple(undated[: limits.undated]),
        ended=listing.ended(story.ended, limits.ended),
        counts=Counts(
            articles=len(story.articles),
            events=len(story.rows),
            quantities=len(ledger.reports),
            positions=len(spoken),
            days=len({source.day for source in story.articles if source.day}),
            undated=len(undated),
            ended=len(story.ended),
        ),
    )


def _note(scope: Scope, story: Story) -> str | None:
    if scope.note:
        return scope.note
    return SEED_NOTE if any(source.origin == "seed" for source in story.articles) else None

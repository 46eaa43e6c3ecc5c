"""Shown: what a summary shows and holds, looked up when two summaries are compared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from pipeline.event.event import Ended
from pipeline.story.lead import SAME
from pipeline.story.listing import HELD
from pipeline.story.summary import ArticleLine, Citation, Summary
from pipeline.story.words import content_words, digest, overlap


@dataclass(frozen=True, slots=True)
class Shown:
    """A summary with its articles by id and the words of its lead and timeline."""

    summary: Summary | None
    articles: Mapping[str, ArticleLine]
    ended: Mapping[str, Ended]
    sentences: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, summary: Summary | None) -> Self:
        """What `summary` shows; without one, nothing."""
        if summary is None:
            return cls(None, {}, {}, ())
        told = (*summary.lead, *(day.citation for day in summary.timeline))
        return cls(
            summary,
            {line.id: line for line in summary.articles},
            {line.article: line.how for line in reversed(summary.ended)},
            tuple(frozenset(content_words(citation.words)) for citation in told),
        )

    def had(self, citation: Citation) -> bool:
        """Whether the cited words were in the story already, shown or not."""
        line = self.articles.get(citation.article)
        if line is None:
            return self.may_have(citation.revision)
        return line.revision == citation.revision or holds(line, citation)

    def told(self, citation: Citation) -> bool:
        """Whether lead or timeline say the same already in other words."""
        words = content_words(citation.words)
        return any(overlap(words, sentence) >= SAME for sentence in self.sentences)

    def may_have(self, revision: str) -> bool:
        """Whether an article that is not listed may yet stand: it is older than all that are."""
        if self.complete or self.summary is None:
            return False
        return revision <= self.summary.articles[-1].revision

    @property
    def complete(self) -> bool:
        """Whether every article of the story is listed."""
        return self.summary is None or len(self.summary.articles) == self.summary.counts.articles


def holds(line: ArticleLine, citation: Citation) -> bool:
    """Whether the article at its current revision still has the cited words; in doubt, that it has."""
    return len(line.holds) >= HELD or f"{digest(citation.words):08x}" in line.holds


def citations(summary: Summary) -> Iterator[Citation]:
    """Every citation that a summary stands by now, section after section."""
    if summary.headline is not None:
        yield summary.headline
    yield from summary.lead
    yield from (claim.citation for quantity in summary.figures for claim in quantity.claims)
    yield from (position.latest.citation for position in summary.positions)
    yield from (day.citation for day in summary.timeline)

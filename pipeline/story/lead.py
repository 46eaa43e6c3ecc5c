"""Lead: a few sentences that are salient, recent and new, and do not repeat each other.

Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998) over word overlap: each step takes the
sentence with the highest

    0.5 weight + 0.3 recency + 0.2 novelty - 0.5 * (highest overlap with a sentence already taken)

`weight` is the candidate's (contribution.py), `recency` and `novelty` are the story's (story.py), and
overlap is the share of common words in the shorter of two sentences.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from heapq import nsmallest

from pipeline.mention.mention import Sentence
from pipeline.story.contribution import Candidate, Contribution
from pipeline.story.provenance import Provenance, cite
from pipeline.story.story import Story
from pipeline.story.summary import Citation
from pipeline.story.words import overlap

WEIGHT, RECENCY, NOVELTY = 0.5, 0.3, 0.2
REPETITION = 0.5
SAME = 0.6
"""Overlap from which a sentence repeats another and is never shown beside it."""
POOL = 200
"""Rows whose sentences are weighed in full, the best by weight and recency: bounds the work."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A sentence in the running: its relevance, and its highest overlap with those already taken."""

    relevance: float
    source: Provenance
    candidate: Candidate
    repeats: float = 0.0

    def order(self) -> tuple[float, int, str, str, int]:
        """Sort key, best first: marginal relevance, newest, then article id and place."""
        sentence = self.candidate.sentence
        score = self.relevance - REPETITION * self.repeats
        return -score, -self.source.moment, self.source.article, sentence.field, sentence.start


def lead(
    story: Story, headline: Citation | None, stale: Collection[tuple[str, Sentence]], size: int
) -> tuple[Citation, ...]:
    """At most `size` sentences of original articles, best first; never the headline again.

    `stale` are sentences, with their article, whose figure has been replaced: they belong to the past.
    """
    running = [ranked for ranked in _pool(story, stale) if not _is(headline, ranked)]
    taken: list[Citation] = []
    while running and len(taken) < size:
        best = min(running, key=Ranked.order)
        taken.append(cite(best.source, best.candidate.sentence))
        running = _against(running, frozenset(best.candidate.words))
    return tuple(taken)


def _pool(story: Story, stale: Collection[tuple[str, Sentence]]) -> list[Ranked]:
    """The sentences of the POOL best rows, each place of an article once."""
    rows = [row for row in story.originals if row.candidates]
    scores = [-_relevance(story, row, row.candidates[0]) for row in rows]
    best = [
        rows[at] for at in nsmallest(POOL, range(len(rows)), key=scores.__getitem__)
    ]  # stable: ties by id
    places: dict[tuple[str, str, int], Ranked] = {}
    for row in best:
        for candidate in row.candidates:
            if (row.article, candidate.sentence) in stale:
                continue
            ranked = Ranked(_relevance(story, row, candidate), row.source, candidate)
            at = (row.article, candidate.sentence.field, candidate.sentence.start)
            if at not in places or ranked.relevance > places[at].relevance:
                places[at] = ranked
    return [_with_novelty(story, ranked) for ranked in places.values()]


def _relevance(story: Story, row: Contribution, candidate: Candidate) -> float:
    return WEIGHT * candidate.weight + RECENCY * story.recency[row.article]


def _with_novelty(story: Story, ranked: Ranked) -> Ranked:
    novelty = story.novelty(ranked.source, ranked.candidate)
    return replace(ranked, relevance=ranked.relevance + NOVELTY * novelty)


def _is(headline: Citation | None, ranked: Ranked) -> bool:
    """Whether the sentence is the headline: where feeds carry titles alone, titles are candidates."""
    return (
        headline is not None
        and ranked.candidate.sentence.field == "title"
        and ranked.source.article == headline.article
    )


def _against(running: list[Ranked], words: frozenset[str]) -> list[Ranked]:
    """Those left in the running once a sentence of these words is taken."""
    measured = [
        replace(ranked, repeats=max(ranked.repeats, overlap(ranked.candidate.words, words)))
        for ranked in running
    ]
    return [ranked for ranked in measured if ranked.repeats < SAME]

"""Lead: a few sentences that are salient, recent and new, and do not repeat each other.

Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998) over word overlap: each step takes the
sentence with the highest

    0.5 weight + 0.3 recency + 0.2 novelty - 0.5 * (highest overlap with a sentence already taken)

`weight` is the candidate's (contribution.py), `recency` the story's (story.py), `novelty` the share of words
that the week before did not have, and overlap the share of common words in the shorter of two sentences.
"""

from collections.abc import Collection
from dataclasses import dataclass
from heapq import nsmallest

from pipeline.story.contribution import Candidate, Contribution, Place
from pipeline.story.ledger import Ledger
from pipeline.story.provenance import Provenance, cite
from pipeline.story.story import Story
from pipeline.story.summary import Citation
from pipeline.story.words import overlap

WEIGHT, RECENCY, NOVELTY = 0.5, 0.3, 0.2
REPETITION = 0.5
SAME = 0.6
"""Overlap from which a sentence repeats another and is never shown beside it."""
POOL = 100
"""Rows whose sentences are weighed in full, the best by weight and recency: bounds the work."""


@dataclass(slots=True)
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


def lead(story: Story, ledger: Ledger, headline: Citation | None, size: int) -> tuple[Citation, ...]:
    """At most `size` sentences of original articles, best first; never the headline again.

    A sentence whose figure has been replaced belongs to the past and is passed over.
    """
    running = [ranked for ranked in _pool(story, ledger) if not _is(headline, ranked)]
    taken: list[Citation] = []
    while running and len(taken) < size:
        best = min(running, key=Ranked.order)
        taken.append(cite(best.source, best.candidate.sentence))
        words = frozenset(best.candidate.words)
        for ranked in running:
            ranked.repeats = max(ranked.repeats, overlap(ranked.candidate.words, words))
        running = [ranked for ranked in running if ranked is not best and ranked.repeats < SAME]
    return tuple(taken)


def _pool(story: Story, ledger: Ledger) -> list[Ranked]:
    """The sentences of the POOL best rows, each place of an article once, with their novelty."""
    rows = [row for row in story.originals if row.candidates]
    scores = [-_relevance(story, row, row.candidates[0]) for row in rows]
    best = [
        rows[at] for at in nsmallest(POOL, range(len(rows)), key=scores.__getitem__)
    ]  # stable: ties by id
    stale = ledger.stale({row.article for row in best})
    places: dict[Place, Ranked] = {}
    for row in best:
        for candidate in row.candidates:
            ranked = Ranked(_relevance(story, row, candidate), row.source, candidate)
            at = (row.article, candidate.sentence.field, candidate.sentence.start)
            held = places.get(at)
            if at not in stale and (held is None or ranked.relevance > held.relevance):
                places[at] = ranked
    _add_novelty(story, places.values())
    return list(places.values())


def _add_novelty(story: Story, pool: Collection[Ranked]) -> None:
    """Raise each sentence's relevance by the share of its words that are new in the story on its day."""
    before = {day: story.said_before(day) for day in {ranked.source.day for ranked in pool} if day}
    for ranked in pool:
        words = ranked.candidate.words
        if words and ranked.source.day:
            new = len(words) - len(before[ranked.source.day].intersection(words))
            ranked.relevance += NOVELTY * new / len(words)


def _relevance(story: Story, row: Contribution, candidate: Candidate) -> float:
    return WEIGHT * candidate.weight + RECENCY * story.recency[row.article]


def _is(headline: Citation | None, ranked: Ranked) -> bool:
    """Whether the sentence is the headline: where feeds carry titles alone, titles are candidates."""
    return (
        headline is not None
        and ranked.candidate.sentence.field == "title"
        and ranked.source.article == headline.article
    )

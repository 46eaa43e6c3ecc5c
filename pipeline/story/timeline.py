"""Timeline: one line per day that matters, by the date of the articles (UTC)."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from heapq import nsmallest

from pipeline.story.contribution import Candidate, Contribution
from pipeline.story.lead import SAME
from pipeline.story.provenance import Provenance, cite
from pipeline.story.story import Story
from pipeline.story.summary import Day
from pipeline.story.words import overlap

WEIGHT, NOVELTY = 0.7, 0.3
TRIED = 5
"""Rows per day whose sentences are weighed with their novelty, the best by weight alone."""

Line = tuple[Provenance, Candidate]


def timeline(story: Story, size: int) -> tuple[Day, ...]:
    """At most `size` days, oldest first: those with most articles, of equal ones the newer.

    A day matters when an original article says something that the day shown before it did not.
    """
    articles = Counter(source.day for source in story.articles if source.day)
    kept = sorted(sorted(articles, key=lambda day: (-articles[day], -day))[:size])
    rows = _rows(story, set(kept))
    days: list[Day] = []
    shown: frozenset[str] = frozenset()
    for day in kept:
        best = _best(story, rows.get(day, []), shown)
        if best is not None:
            source, candidate = best
            days.append(Day(date.fromordinal(day), articles[day], cite(source, candidate.sentence)))
            shown = frozenset(candidate.words)
    return tuple(days)


def _rows(story: Story, kept: set[int]) -> dict[int, list[Contribution]]:
    rows: dict[int, list[Contribution]] = {}
    for row in story.originals:
        if row.source.day in kept and row.candidates:
            rows.setdefault(row.source.day, []).append(row)
    return rows


def _best(story: Story, rows: Iterable[Contribution], shown: frozenset[str]) -> Line | None:
    tried = nsmallest(TRIED, rows, key=lambda row: -row.candidates[0].weight)  # stable: ties by id
    lines = ((row.source, candidate) for row in tried for candidate in row.candidates)
    new = [line for line in lines if overlap(line[1].words, shown) < SAME]
    return min(new, key=lambda line: (-_score(story, line), *_place(line)), default=None)


def _score(story: Story, line: Line) -> float:
    source, candidate = line
    return WEIGHT * candidate.weight + NOVELTY * story.novelty(source, candidate)


def _place(line: Line) -> tuple[int, str, str, int]:
    source, candidate = line
    return source.moment, source.article, candidate.sentence.field, candidate.sentence.start

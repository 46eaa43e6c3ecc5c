"""Timeline: one line per day that matters, by the date of the articles (UTC)."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from pipeline.story.contribution import Candidate, Contribution
from pipeline.story.lead import SAME
from pipeline.story.provenance import Provenance, cite
from pipeline.story.story import Story
from pipeline.story.summary import Day
from pipeline.story.words import overlap

Line = tuple[Provenance, Candidate]


def timeline(story: Story, size: int) -> tuple[Day, ...]:
    """At most `size` days, oldest first: those with most articles, of equal ones the newer.

    A day matters when an original article says something that the day shown before it did not; its line
    is the weightiest such sentence.
    """
    articles = Counter(source.day for source in story.articles if source.day)
    kept = sorted(sorted(articles, key=lambda day: (-articles[day], -day))[:size])
    days: list[Day] = []
    shown: frozenset[str] = frozenset()
    for day in kept:
        best = _best(story.by_day.get(day, []), shown)
        if best is not None:
            source, candidate = best
            days.append(Day(date.fromordinal(day), articles[day], cite(source, candidate.sentence)))
            shown = frozenset(candidate.words)
    return tuple(days)


def _best(rows: Iterable[Contribution], shown: frozenset[str]) -> Line | None:
    lines = ((row.source, candidate) for row in rows for candidate in row.candidates)
    new = [line for line in lines if overlap(line[1].words, shown) < SAME]
    return min(new, key=_order, default=None)


def _order(line: Line) -> tuple[float, int, str, str, int]:
    source, candidate = line
    sentence = candidate.sentence
    return -candidate.weight, source.moment, source.article, sentence.field, sentence.start

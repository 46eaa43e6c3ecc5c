"""Story: what stands of a set of rows, prepared once for every section of the summary."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.story.contribution import Contribution
from pipeline.story.origins import Traced, names, trace
from pipeline.story.provenance import UNDATED, Provenance
from pipeline.story.row import current

HALF_LIFE = 2.0
"""Days after which an article counts half as recent: talks move from one day to the next, and what was
proposed the day before yesterday is still on the table. Chosen, not fitted."""
RECENTLY = 7
"""Days that a word must have been absent from the story to be new again: a week, the beat of a newsroom."""
TELLING = 10
"""Rows that tell what a day was about; the others of a busy day repeat them."""
_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Story:
    """Rows and articles that stand (sorted by article, subject), what ended, and where articles come from.

    `originals` are the rows of articles that copy no other one; `traced` and `recency` are by article id.
    `by_day` are by day (ordinal) the weightiest originals that have a sentence to show, best first;
    `names` shows an origin by its commonest spelling.
    """

    rows: list[Contribution]
    ended: list[Contribution]
    articles: list[Provenance]
    originals: list[Contribution]
    traced: dict[str, Traced]
    recency: dict[str, float]
    by_day: dict[int, list[Contribution]]
    names: dict[str, str]

    def said_before(self, day: int) -> set[str]:
        """Words of the sentences that told the RECENTLY days before a day (ordinal)."""
        days = range(day - RECENTLY, day)
        return set().union(*(row.candidates[0].words for each in days for row in self.by_day.get(each, ())))


def stand(contributions: Iterable[Contribution]) -> Story:
    """The story that a set of contributions tells, whatever their order and number."""
    rows, ended = current(contributions)
    articles = _articles(rows)
    traced = trace(articles)
    originals = [row for row in rows if traced[row.article].copy_of is None]
    return Story(
        rows=rows,
        ended=ended,
        articles=articles,
        originals=originals,
        traced=traced,
        recency=_recency(articles),
        by_day=_by_day(originals),
        names=names(articles),
    )


def _articles(rows: Iterable[Contribution]) -> list[Provenance]:
    """The articles of rows sorted by article, each at the highest revision that any subject has."""
    found: dict[str, Provenance] = {}
    for row in rows:
        held = found.get(row.article)
        if held is None or row.revision > held.revision:
            found[row.article] = row.source
    return list(found.values())


def _recency(sources: list[Provenance]) -> dict[str, float]:
    """By article: 1 for the newest, 1/2 after HALF_LIFE days, 0 for an undated one.

    1 / (1 + age / HALF_LIFE): unlike a power, IEEE 754 fixes a quotient to the last bit.
    """
    newest = max((source.moment for source in sources), default=UNDATED)
    half = _DAY * HALF_LIFE
    return {
        source.article: 0.0 if source.moment == UNDATED else 1.0 / (1.0 + (newest - source.moment) / half)
        for source in sources
    }


def _by_day(rows: Iterable[Contribution]) -> dict[int, list[Contribution]]:
    """The TELLING weightiest rows of each day; the sort is stable, so ties stay in order of article id."""
    by_day: dict[int, list[Contribution]] = {}
    for row in rows:
        if row.source.day and row.candidates:
            by_day.setdefault(row.source.day, []).append(row)
    return {
        day: sorted(found, key=lambda row: -row.candidates[0].weight)[:TELLING]
        for day, found in by_day.items()
    }

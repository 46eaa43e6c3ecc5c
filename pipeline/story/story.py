"""Story: what stands of a set of rows, prepared once for every section of the summary."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.story.contribution import Candidate, Contribution
from pipeline.story.origins import Traced, names, trace
from pipeline.story.provenance import UNDATED, Provenance
from pipeline.story.row import current

HALF_LIFE = 2.0
"""Days after which an article counts half as recent: talks move from one day to the next, and what was
proposed the day before yesterday is still on the table. Chosen, not fitted."""
_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Story:
    """Rows and articles that stand (sorted by article, subject), what ended, and where articles come from.

    `originals` are the rows of articles that copy no other one; `traced` and `recency` are by article id.
    `fresh` holds for each day (ordinal) the words that no earlier day's leading sentences had; `names`
    shows an origin by its commonest spelling.
    """

    rows: list[Contribution]
    ended: list[Contribution]
    articles: list[Provenance]
    originals: list[Contribution]
    traced: dict[str, Traced]
    recency: dict[str, float]
    fresh: dict[int, set[str]]
    names: dict[str, str]

    def novelty(self, source: Provenance, candidate: Candidate) -> float:
        """Share (0..1) of a sentence's words that the story first had on its day; 0 for an undated one."""
        fresh = self.fresh.get(source.day)
        if not fresh or not candidate.words:
            return 0.0
        return len(fresh.intersection(candidate.words)) / len(candidate.words)


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
        fresh=_fresh(originals),
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


def _fresh(rows: Iterable[Contribution]) -> dict[int, set[str]]:
    """New words by day, from the best sentence of each row."""
    by_day: dict[int, list[tuple[str, ...]]] = {}
    for row in rows:
        if row.source.day and row.candidates:
            by_day.setdefault(row.source.day, []).append(row.candidates[0].words)
    seen: set[str] = set()
    fresh: dict[int, set[str]] = {}
    for day in sorted(by_day):
        fresh[day] = set().union(*by_day[day]).difference(seen)
        seen |= fresh[day]
    return fresh

"""Listings: the articles that stand, those without a date, and what has ended, as rows that say so."""

from collections.abc import Iterable
from heapq import nlargest
from operator import attrgetter

from pipeline.story.contribution import Contribution
from pipeline.story.provenance import LONGEST_CITED, UNDATED, Provenance
from pipeline.story.story import Story
from pipeline.story.summary import ArticleLine, EndedLine

HELD = 40
"""Digests kept per article, which bounds a line; a list of this length may lack some (see change.py)."""


def articles(story: Story, size: int) -> tuple[ArticleLine, ...]:
    """At most `size` articles, the newest observed first; a corrected one is therefore among them."""
    newest = nlargest(size, story.articles, key=attrgetter("revision"))  # stable: ties by id
    held = _held(story, {source.article for source in newest})
    return tuple(_article(story, source, held[source.article]) for source in newest)


def _held(story: Story, wanted: set[str]) -> dict[str, set[int]]:
    """Digests of the sentences of the wanted articles."""
    held: dict[str, set[int]] = {}
    for row in story.rows:
        if row.article in wanted:
            held.setdefault(row.article, set()).update(row.holds)
    return held


def _article(story: Story, source: Provenance, held: set[int]) -> ArticleLine:
    traced = story.traced[source.article]
    return ArticleLine(
        id=source.article,
        revision=source.revision,
        title=source.title[:LONGEST_CITED],
        origin=source.origin,
        source=story.names[traced.origin],
        copy_of=traced.copy_of,
        publisher=source.publisher,
        url=source.url,
        published=source.published,
        observed=source.observed,
        holds=tuple(f"{digest:08x}" for digest in sorted(held)[:HELD]),
        credit=source.credit,
    )


def undated(story: Story) -> list[str]:
    """Ids of the articles that have neither a date nor an observation, sorted."""
    return [source.article for source in story.articles if source.moment == UNDATED]


def ended(rows: Iterable[Contribution], size: int) -> tuple[EndedLine, ...]:
    """At most `size` endings, the newest observed first."""
    newest = nlargest(size, rows, key=attrgetter("revision"))  # stable: ties by article and subject
    return tuple(_ended(row) for row in newest)


def _ended(row: Contribution) -> EndedLine:
    source = row.source
    assert row.ended is not None
    return EndedLine(
        article=row.article,
        subject=row.subject,
        how=row.ended,
        revision=row.revision,
        title=source.title[:LONGEST_CITED],
        origin=source.origin,
        publisher=source.publisher,
        url=source.url,
        published=source.published,
        observed=source.observed,
        credit=source.credit,
    )

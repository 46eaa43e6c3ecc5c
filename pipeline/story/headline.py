"""Headline: the title that best says where the story stands."""

from pipeline.story.contribution import Contribution
from pipeline.story.provenance import cite, title_of
from pipeline.story.story import Story
from pipeline.story.summary import Citation

SALIENCE, RECENCY, NAMED = 0.4, 0.4, 0.2
"""How much the article is about a subject, how new it is, whether its title names one; adds to 1. Chosen
so that neither salience nor recency decides alone, not fitted."""


def headline(story: Story) -> Citation | None:
    """The title over the row with the highest score among originals; ties to the least article id."""
    titled = [row for row in story.originals if row.source.title]
    if not titled:
        return None
    source = max(
        titled, key=lambda row: _score(story, row)
    ).source  # of equal ones the first, rows are sorted
    return cite(source, title_of(source))


def _score(story: Story, row: Contribution) -> float:
    return SALIENCE * row.salience + RECENCY * story.recency[row.article] + NAMED * row.in_title

"""Brief: the part of a summary that fits a screen or two, for who has just started the worker."""

from dataclasses import replace
from datetime import UTC, datetime

from agents.cli.positions_text import stands
from pipeline.story.summary import Citation, Position, Quantity, Summary

FIGURES = POSITIONS = 6
DAYS = 5
_NEVER = datetime.min.replace(tzinfo=UTC)


def brief(summary: Summary) -> Summary:
    """Headline, lead, a few figures (disputed ones first) and statements, the last days, and the sources.

    The counts stay those of the whole story, so that a reader sees how much is left out.
    """
    return replace(
        summary,
        figures=tuple(sorted(summary.figures, key=_rank)[:FIGURES]),
        positions=_newest(summary.positions),
        timeline=summary.timeline[-DAYS:],
        articles=(),
        undated=(),
        ended=(),
    )


def _rank(quantity: Quantity) -> tuple[bool, float]:
    """Disputed before agreed, then newest first; of equals the summary's order stays."""
    newest = max((claim.reported or _NEVER for claim in quantity.claims), default=_NEVER)
    return not quantity.disputed, -(newest - _NEVER).total_seconds()


def _newest(positions: tuple[Position, ...]) -> tuple[Position, ...]:
    """The positions of the newest statements; one on several subjects counts once."""
    newest = sorted(positions, key=lambda each: _when(each.latest.citation), reverse=True)
    places = [(each.by, each.latest.citation) for each in stands(newest)[:POSITIONS]]
    return tuple(each for each in newest if (each.by, each.latest.citation) in places)


def _when(citation: Citation) -> datetime:
    return citation.published or citation.observed or _NEVER

"""Brief: the part of a summary that fits a screen or two, for who has just started the worker."""

from dataclasses import replace
from datetime import UTC, datetime

from agents.cli.positions_text import stands
from pipeline.story.summary import Citation, Position, Quantity, Summary

FIGURES = POSITIONS = 6
DAYS = 5
_NEVER = datetime.min.replace(tzinfo=UTC)


def brief(summary: Summary) -> Summary:
    """Headline, lead, a few figures and statements, the last days, and the sources.

    The counts stay those of the whole story, so that a reader sees how much is left out.
    """
    return replace(
        summary,
        figures=tuple(sorted(summary.figures, key=_rank)[:FIGURES]),
        positions=_newest(summary),
        timeline=summary.timeline[-DAYS:],
        articles=(),
        undated=(),
        ended=(),
    )


def _rank(quantity: Quantity) -> tuple[bool, bool, float]:
    """Disputed ones first, then those that say what they count, then the newest."""
    newest = max((claim.reported or _NEVER for claim in quantity.claims), default=_NEVER)
    return not quantity.disputed, not quantity.comparable, -(newest - _NEVER).total_seconds()


def _newest(summary: Summary) -> tuple[Position, ...]:
    """The newest statements that the lead does not tell already; one on several subjects counts once.

    What was said before is left out.
    """
    told = {_place(citation) for citation in summary.lead}
    new = [each for each in summary.positions if _place(each.latest.citation) not in told]
    newest = sorted(new, key=lambda each: _when(each.latest.citation), reverse=True)
    kept = {(each.by, _place(each.latest.citation)) for each in stands(newest)[:POSITIONS]}
    return tuple(
        replace(each, before=None) for each in newest if (each.by, _place(each.latest.citation)) in kept
    )


def _place(citation: Citation) -> tuple[str, str, int]:
    return citation.article, citation.field, citation.start


def _when(citation: Citation) -> datetime:
    return citation.published or citation.observed or _NEVER

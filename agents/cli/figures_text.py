"""Figures as text: what is counted, then each value with who claims it and when."""

from collections.abc import Iterator

from agents.cli.citation_text import moment
from agents.cli.page import Page
from agents.cli.safe import one_line
from agents.cli.speaker_text import claimant_text
from pipeline.story.summary import Claim, Quantity


def quantity_lines(quantity: Quantity, page: Page) -> Iterator[str]:
    """A quantity's label, its claims side by side, and under each what it replaced."""
    label = label_text(quantity.id, quantity.unit, quantity.counted)
    yield from page.wrapped("", label + (": sources disagree" if quantity.disputed else ""))
    for claim in quantity.claims:
        yield from page.wrapped("  ", claim_text(claim, page))
        for earlier in claim.superseded:
            yield f"      before: {one_line(earlier.surface)} {page.mark(earlier.citation)}"


def label_text(quantity: str, unit: str, counted: str | None) -> str:
    """What is counted, with its unit where the words do not have it; its id where nothing says."""
    if counted is None:
        return one_line(quantity)
    shown = one_line(counted)
    return shown if unit in shown.casefold() else f"{shown} ({one_line(unit)})"


def claim_text(claim: Claim, page: Page) -> str:
    """A value as written with who claims it, the day it speaks of, and its mark."""
    qualifier = f"{one_line(claim.qualifier)} " if claim.qualifier else ""
    shown = one_line(claim.surface)
    value = shown if shown.casefold().startswith(qualifier.strip().casefold()) else qualifier + shown
    day = claim.as_of.isoformat() if claim.as_of else moment(claim.reported)[:10]
    return f"{value} - {claimant_text(claim, page.names)}, {day} {page.mark(claim.citation)}"

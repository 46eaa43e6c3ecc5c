"""What ended as text: an article in one line, with the subjects it no longer speaks of."""

from collections.abc import Iterable
from datetime import datetime

from agents.cli.citation_text import moment, titled
from pipeline.event.event import Ended
from pipeline.story.summary import EndedLine


def joined(lines: Iterable[EndedLine]) -> list[list[EndedLine]]:
    """Endings in their order, those of one article that came at one time in one way joined."""
    same: dict[tuple[str, Ended, datetime | None], list[EndedLine]] = {}
    for line in lines:
        same.setdefault((line.article, line.how, line.observed), []).append(line)
    return list(same.values())


def ended_text(lines: list[EndedLine]) -> str:
    """When, how, which subjects, and the article."""
    subjects = ", ".join(dict.fromkeys(line.subject for line in lines))
    return f"{moment(lines[0].observed)} {lines[0].how}, {subjects}: {titled(lines[0])}"

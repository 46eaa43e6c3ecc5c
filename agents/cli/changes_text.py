"""A change as lines for a person: its name first, then both sides with their sources."""

from agents.cli.citation_text import Notes, hanging, moment
from agents.cli.safe import one_line
from pipeline.story.change import (
    Change,
    ChangedFigure,
    CorrectedStatement,
    EndedArticle,
    NewArticle,
    NewFact,
    NewFigure,
    NewPosition,
    WithdrawnStatement,
)
from pipeline.story.summary import Claim, Statement


def change_lines(change: Change, notes: Notes, width: int) -> list[str]:
    """The lines of one change."""
    first, *rest = _parts(change, notes)
    lines = hanging(f"{change.kind.replace('-', ' ')}: ", first, width)
    return lines + [line for part in rest for line in hanging("    ", part, width)]


def _parts(change: Change, notes: Notes) -> list[str]:
    """What is now, then what was before."""
    parts: list[str]
    match change:
        case NewFact(after=after):
            parts = [notes.quoted(after)]
        case NewArticle(article=line):
            parts = [f"{one_line(line.title)} - {one_line(line.publisher or 'unnamed publisher')}"]
        case EndedArticle(ended=line):
            parts = [f"{one_line(line.title)}: {line.how}, {line.subject}, {moment(line.observed)}"]
        case NewFigure(after=claim):
            parts = [_claim(claim, notes)]
        case ChangedFigure(before=earlier, after=claim):
            parts = [_claim(claim, notes), f"before: {_claim(earlier, notes)}"]
        case NewPosition():
            parts = _position(change, notes)
        case WithdrawnStatement() | CorrectedStatement():
            parts = _fallen(change, notes)
    return parts


def _claim(claim: Claim, notes: Notes) -> str:
    return f"{one_line(claim.surface)} - {one_line(claim.claimant)} {notes.mark(claim.citation)}"


def _position(change: NewPosition, notes: Notes) -> list[str]:
    head = f"{one_line(change.actor or change.after.speaker)} on {change.subject}: "
    now = head + _statement(change.after, notes)
    return [now] if change.before is None else [now, f"before: {_statement(change.before, notes)}"]


def _statement(statement: Statement, notes: Notes) -> str:
    words, verb = one_line(statement.words), one_line(statement.verb)
    return f"{one_line(statement.speaker)} {verb}: {words} {notes.mark(statement.citation)}"


def _fallen(change: WithdrawnStatement | CorrectedStatement, notes: Notes) -> list[str]:
    before = notes.quoted(change.before)
    if isinstance(change, WithdrawnStatement):
        return [f"{change.how or 'retracted'}: {before}"]
    return [before] if change.after is None else [before, f"now: {notes.quoted(change.after)}"]

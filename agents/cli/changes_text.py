"""A change as lines for a person: its name first, then both sides with their sources."""

from collections.abc import Iterable, Iterator

from agents.cli.citation_text import hanging, titled
from agents.cli.ended_text import ended_text, joined
from agents.cli.figures_text import claim_text, label_text
from agents.cli.page import Page
from agents.cli.positions_text import before_texts, stand_text, stands
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


def changes_lines(changes: Iterable[Change], page: Page) -> list[str]:
    """The lines of all changes, in order; an article or statement with several subjects is one."""
    listed = list(changes)
    return [
        line for kind in dict.fromkeys(each.kind for each in listed) for line in _lines(kind, listed, page)
    ]


def _lines(kind: str, changes: list[Change], page: Page) -> Iterator[str]:
    for first, *rest in _texts([each for each in changes if each.kind == kind], page):
        yield from hanging(f"{kind.replace('-', ' ')}: ", first, page.width)
        for part in rest:
            yield from hanging("    ", part, page.width)


def _texts(same: list[Change], page: Page) -> Iterator[list[str]]:
    """Of changes of one kind: what is now, then what was before."""
    for lines in joined(each.ended for each in same if isinstance(each, EndedArticle)):
        yield [ended_text(lines)]
    for stand in stands(each for each in same if isinstance(each, NewPosition)):
        yield [stand_text(stand, page), *before_texts(stand, page)]
    for change in same:
        if not isinstance(change, EndedArticle | NewPosition):
            yield _parts(change, page)


def _parts(
    change: NewArticle | NewFact | NewFigure | ChangedFigure | WithdrawnStatement | CorrectedStatement,
    page: Page,
) -> list[str]:
    match change:
        case NewFact(after=after):
            return [page.notes.quoted(after)]
        case NewArticle(article=line):
            return [titled(line)]
        case NewFigure() | ChangedFigure():
            return _figure(change, page)
        case WithdrawnStatement() | CorrectedStatement():
            return _fallen(change, page)


def _figure(change: NewFigure | ChangedFigure, page: Page) -> list[str]:
    label = label_text(change.quantity, change.unit, change.counted)
    now = f"{label}: {claim_text(change.after, page)}"
    return [now] if isinstance(change, NewFigure) else [now, f"before: {claim_text(change.before, page)}"]


def _fallen(change: WithdrawnStatement | CorrectedStatement, page: Page) -> list[str]:
    before = page.notes.quoted(change.before)
    if isinstance(change, WithdrawnStatement):
        return [f"{change.how or 'retracted'}: {before}"]
    return [before] if change.after is None else [before, f"now: {page.notes.quoted(change.after)}"]

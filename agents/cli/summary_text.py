"""A summary as text for a terminal: plain lines, every sentence with the number of its source."""

from collections.abc import Iterator

from agents.cli.changes_text import changes_lines
from agents.cli.citation_text import hanging, titled
from agents.cli.context import called
from agents.cli.ended_text import ended_text, joined
from agents.cli.figures_text import quantity_lines
from agents.cli.page import NO_NAMES, Names, Page
from agents.cli.positions_text import before_texts, stand_text, stands
from agents.cli.safe import one_line
from agents.cli.width import USUAL
from pipeline.story.change import Changes
from pipeline.story.summary import Sources, Summary

NAMED = 8
"""Origins named in the sources line."""
LISTED = 15
"""Quantities and statements shown: more than fits one screen is not read."""


def render(summary: Summary, width: int = USUAL, names: Names = NO_NAMES) -> str:
    """The summary in sections, from the headline to the list of cited articles.

    `names` are the actors' names by id; an actor without one is shown by its id.
    """
    page = Page(width, names)
    lines = list(_opening(summary, page))
    sections: list[tuple[str, list[str]]] = [
        ("Figures", list(_figures(summary, page))),
        ("Positions", list(_positions(summary, page))),
        ("Timeline", list(_timeline(summary, page))),
        ("Sources", list(_sources(summary, page))),
        ("No longer in the story", list(_ended(summary, page))),
    ]
    for title, body in sections:
        lines += _section(title, body)
    return "\n".join(lines + _citations(page))


def render_changes(changes: Changes, width: int = USUAL, names: Names = NO_NAMES) -> str:
    """The changes one after the other, and the articles they cite."""
    page = Page(width, names)
    lines = [f"{one_line(changes.title)}: what changed", *_note(changes.note)]
    lines += changes_lines(changes.changes, page) or ["nothing"]
    if changes.omitted:
        lines.append(f"{changes.omitted} more did not fit: `{called()} story {changes.story}` shows all")
    return "\n".join(lines + _citations(page))


def _section(title: str, body: list[str]) -> list[str]:
    return ["", title, *("  " + line for line in body)] if body else []


def _citations(page: Page) -> list[str]:
    return _section("Citations", page.notes.lines(page.width - 2))


def _note(note: str | None) -> list[str]:
    return [f"({one_line(note)})"] if note else []


def _opening(summary: Summary, page: Page) -> Iterator[str]:
    yield one_line(summary.title)
    yield from _note(summary.note)
    yield ""
    if summary.headline is None:
        yield "nothing yet: no article of this story stands"
        return
    yield from hanging("", page.notes.quoted(summary.headline), page.width)
    for citation in summary.lead:
        yield from hanging("- ", page.notes.quoted(citation), page.width)


def _figures(summary: Summary, page: Page) -> Iterator[str]:
    for quantity in summary.figures[:LISTED]:
        yield from quantity_lines(quantity, page)
    yield from _more(min(LISTED, len(summary.figures)), len(summary.figures), summary.counts.quantities)


def _positions(summary: Summary, page: Page) -> Iterator[str]:
    shown = stands(summary.positions)[:LISTED]
    for stand in shown:
        yield from page.wrapped("", stand_text(stand, page))
        for text in before_texts(stand, page):
            yield from page.wrapped("    ", text)
    listed = sum(len(stand.subjects) for stand in shown)
    yield from _more(listed, len(summary.positions), summary.counts.positions)


def _more(shown: int, held: int, count: int) -> Iterator[str]:
    """How many of `count` are not shown, and how many of those the summary holds."""
    if count > shown:
        hint = f": --json lists {'them' if held == count else held - shown}" if held > shown else ""
        yield f"and {count - shown} more{hint}"


def _timeline(summary: Summary, page: Page) -> Iterator[str]:
    if earlier := summary.counts.days - len(summary.timeline):
        yield f"after {_many(earlier, 'earlier day')}"
    for day in summary.timeline:
        yield from page.wrapped(f"{day.date.isoformat()}  ", page.notes.quoted(day.citation))


def _sources(summary: Summary, page: Page) -> Iterator[str]:
    if not summary.counts.articles:
        return
    yield from page.wrapped("", sources_line(summary.sources))
    if summary.counts.undated:
        titles = {line.id: line for line in summary.articles}
        listed = [titles[ident] for ident in summary.undated if ident in titles]
        yield f"{_many(summary.counts.undated, 'article')} undated{':' if listed else ''}"
        for line in listed:
            yield from page.wrapped("  ", titled(line))


def sources_line(sources: Sources) -> str:
    """How many outlets and origins, with names: "7 outlets, 2 origins (AFP, Reuters)"."""
    names = [one_line(source.name) for source in sources.by_origin[:NAMED]]
    more = ["..."] if sources.origins > len(names) else []
    counted = f"{_many(sources.outlets, 'outlet')}, {_many(sources.origins, 'origin')}"
    return f"{counted} ({', '.join(names + more)})"


def _ended(summary: Summary, page: Page) -> Iterator[str]:
    for lines in joined(summary.ended):
        yield from page.wrapped("", ended_text(lines))


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"

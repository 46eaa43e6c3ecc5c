"""A summary as text for a terminal: plain lines, every sentence with the number of its source."""

from collections.abc import Iterator

from agents.cli.changes_text import change_lines
from agents.cli.citation_text import Notes, hanging, moment
from agents.cli.safe import one_line
from pipeline.story.change import Changes
from pipeline.story.summary import (
    ArticleLine,
    Claim,
    Day,
    EndedLine,
    Position,
    Quantity,
    Sources,
    Statement,
    Summary,
)

WIDTH = 100
NAMED = 8
"""Origins named in the sources line."""
LISTED = 15
"""Quantities and positions shown: more than fits one screen is not read."""


def render(summary: Summary, width: int = WIDTH) -> str:
    """The summary in sections, from the headline to the list of cited articles."""
    notes = Notes()
    lines = [*_opening(summary, notes, width)]
    sections: list[tuple[str, list[str]]] = [
        ("Figures", list(_figures(summary, notes, width))),
        ("Positions", list(_positions(summary, notes, width))),
        ("Timeline", [line for day in summary.timeline for line in _day(day, notes, width)]),
        ("Sources", list(_sources(summary, width))),
        ("No longer in the story", [line for entry in summary.ended for line in _ended(entry, width)]),
        ("Citations", notes.lines(width - 2)),
    ]
    for title, body in sections:
        if body:
            lines += ["", title, *("  " + line for line in body)]
    return "\n".join(lines)


def render_changes(changes: Changes, width: int = WIDTH) -> str:
    """The changes one after the other, and the articles they cite."""
    notes = Notes()
    lines = [f"{one_line(changes.title)}: what changed", *_note(changes.note)]
    for change in changes.changes:
        lines += change_lines(change, notes, width)
    if not changes.changes:
        lines.append("nothing")
    if changes.omitted:
        lines.append(f"{changes.omitted} more did not fit: `storywire story {changes.story}` shows all")
    cited = notes.lines(width - 2)
    return "\n".join([*lines, *(["", "Citations", *("  " + line for line in cited)] if cited else [])])


def _note(note: str | None) -> list[str]:
    return [f"({one_line(note)})"] if note else []


def _opening(summary: Summary, notes: Notes, width: int) -> Iterator[str]:
    yield one_line(summary.title)
    yield from _note(summary.note)
    yield ""
    if summary.headline is None:
        yield "nothing yet: no article of this story stands"
        return
    yield from hanging("", notes.quoted(summary.headline), width)
    for citation in summary.lead:
        yield from hanging("- ", notes.quoted(citation), width)


def _figures(summary: Summary, notes: Notes, width: int) -> Iterator[str]:
    for quantity in summary.figures[:LISTED]:
        yield from _quantity(quantity, notes, width)
    yield from _more(summary.counts.quantities)


def _positions(summary: Summary, notes: Notes, width: int) -> Iterator[str]:
    for position in summary.positions[:LISTED]:
        yield from _position(position, notes, width)
    yield from _more(summary.counts.positions)


def _more(count: int) -> Iterator[str]:
    if count > LISTED:
        yield f"and {count - LISTED} more: --json lists them"


def _quantity(quantity: Quantity, notes: Notes, width: int) -> Iterator[str]:
    yield _label(quantity) + (": sources disagree" if quantity.disputed else "")
    for claim in quantity.claims:
        yield from hanging("  ", _claim(claim, notes), width - 2)
        for earlier in claim.superseded:
            surface = one_line(earlier.surface)
            yield f"      before: {surface} {notes.mark(earlier.citation)}"


def _label(quantity: Quantity) -> str:
    """What is counted, with its unit where the words do not have it."""
    if quantity.counted is None:
        return one_line(quantity.id)
    counted = one_line(quantity.counted)
    return counted if quantity.unit in counted.casefold() else f"{counted} ({quantity.unit})"


def _claim(claim: Claim, notes: Notes) -> str:
    qualifier = f"{one_line(claim.qualifier)} " if claim.qualifier else ""
    shown = one_line(claim.surface)
    value = shown if shown.casefold().startswith(qualifier.strip().casefold()) else qualifier + shown
    day = claim.as_of.isoformat() if claim.as_of else moment(claim.reported)[:10]
    return f"{value} - {one_line(claim.claimant)}, {day} {notes.mark(claim.citation)}"


def _position(position: Position, notes: Notes, width: int) -> Iterator[str]:
    head = f"{one_line(position.actor or position.latest.speaker)} on {position.subject}: "
    yield from hanging("", head + _statement(position.latest, notes), width - 2)
    if position.before is not None:
        yield from hanging("    before: ", _statement(position.before, notes), width - 2)


def _statement(statement: Statement, notes: Notes) -> str:
    hedge = f" ({one_line(statement.hedge)})" if statement.hedge and statement.hedge != statement.verb else ""
    words = one_line(statement.words)
    said = f"“{words}”" if statement.quoted else words
    who = f"{one_line(statement.speaker)} {one_line(statement.verb)}".strip()
    return f"{who}{hedge}: {said} {notes.mark(statement.citation)}"


def _day(day: Day, notes: Notes, width: int) -> list[str]:
    return hanging(f"{day.date.isoformat()}  ", notes.quoted(day.citation), width - 2)


def _sources(summary: Summary, width: int) -> Iterator[str]:
    if not summary.counts.articles:
        return
    yield from hanging("", sources_line(summary.sources), width - 2)
    if summary.counts.undated:
        titles = {line.id: line for line in summary.articles}
        listed = [titles[ident] for ident in summary.undated if ident in titles]
        yield f"{_many(summary.counts.undated, 'article')} undated{':' if listed else ''}"
        for line in listed:
            yield from hanging("  ", _titled(line), width - 2)


def sources_line(sources: Sources) -> str:
    """How many outlets and origins, with names: "7 outlets, 2 origins (AFP, Reuters)"."""
    names = [one_line(source.name) for source in sources.by_origin[:NAMED]]
    more = ["..."] if sources.origins > len(names) else []
    counted = f"{_many(sources.outlets, 'outlet')}, {_many(sources.origins, 'origin')}"
    return f"{counted} ({', '.join(names + more)})"


def _ended(line: EndedLine, width: int) -> list[str]:
    when = moment(line.observed)
    return hanging("", f"{when} {line.how}, {line.subject}: {_titled(line)}", width - 2)


def _titled(line: ArticleLine | EndedLine) -> str:
    return f"{one_line(line.title)} - {one_line(line.publisher or 'unnamed publisher')}"


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"

"""The feeds for a person: a table that fits a terminal, the reasons of those that fail, the latest notes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from agents.cli.citation_text import hanging
from agents.cli.feed_health import Health, health, is_failing
from agents.cli.safe import one_line
from agents.cli.span_text import ago, ahead, span
from pipeline.poll.note import FeedNote, NoteKind
from pipeline.poll.spec import FeedSpec
from pipeline.poll.state import FeedState

STYLES = {
    "ok": "green",
    "hub": "green",
    "failing": "red",
    "gone": "red",
    "quiet": "yellow",
    "moved": "yellow",
}
STATE = 14
"""Columns for the state: the longest condition, "repeated-guid", with its comma."""
FIGURES = 34
"""Columns for the five figures and the space between all."""
NAMED = 3
"""Feeds that are named of each reason; `--json` names all."""


@dataclass(frozen=True, slots=True)
class Line:
    """One feed of the list: as configured, as remembered, and how that is."""

    spec: FeedSpec
    state: FeedState | None
    health: Health


def lines_of(feeds: Sequence[FeedSpec], states: Mapping[str, FeedState], now: datetime) -> list[Line]:
    """The feeds in the order of their list."""
    return [
        Line(spec, state, health(spec, state, now)) for spec in feeds for state in (states.get(spec.url),)
    ]


def name_of(spec: FeedSpec) -> str:
    """What a feed is called: its title, else its address."""
    return one_line(spec.title or "") or one_line(spec.url)


def table(lines: Sequence[Line], now: datetime, width: int) -> Table:
    """One row for each feed, at most `width` columns wide: long names are cut, states wrap."""
    found = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    found.add_column("feed", overflow="ellipsis", no_wrap=True, max_width=width - STATE - FIGURES)
    found.add_column("state", min_width=STATE, max_width=STATE)
    for title in ("last", "next", "/day", "304", "lag"):
        found.add_column(title, justify="right", no_wrap=True)
    for line in lines:
        state, how = line.state, line.health
        found.add_row(
            Text(name_of(line.spec)),
            Text(_words(how, now), style=STYLES.get(how.word, "")),
            ago(state.answered if state else None, now),
            ahead(state.due if state else None, now),
            "-" if how.per_day is None else f"{how.per_day:.0f}",
            "-" if how.unchanged is None else f"{how.unchanged:.0%}",
            "-" if how.lag is None else span(how.lag * 60),
        )
    return found


def summary(lines: Sequence[Line]) -> str:
    """How many feeds are how, the most common word first."""
    counts: dict[str, int] = {}
    for line in lines:
        counts[line.health.word] = counts.get(line.health.word, 0) + 1
    words = ", ".join(f"{count} {word}" for word, count in sorted(counts.items(), key=lambda one: -one[1]))
    return f"{_count(lines)}: {words}" if lines else "no feeds"


def failures(lines: Sequence[Line], width: int) -> Iterator[str]:
    """The feeds that fail by reason: how many, some names, and what the first one said."""
    by_reason: dict[str, list[Line]] = {}
    for line in lines:
        if is_failing(line.health) and line.state and line.state.failing:
            by_reason.setdefault(line.state.failing.reason.value, []).append(line)
    for reason, found in sorted(by_reason.items(), key=lambda one: -len(one[1])):
        first = found[0].state
        said = one_line(first.failing.message) if first and first.failing else ""
        yield from hanging(f"{reason}: ", f"{named([line.spec for line in found])}: {said}", width)


def named(specs: Sequence[FeedSpec]) -> str:
    """How many feeds, and the names of the first."""
    more = f", and {len(specs) - NAMED} more" if len(specs) > NAMED else ""
    return f"{_count(specs)} ({', '.join(name_of(spec) for spec in specs[:NAMED])}{more})"


def _count(feeds: Sequence[object]) -> str:
    return "1 feed" if len(feeds) == 1 else f"{len(feeds)} feeds"


def note_lines(note: FeedNote, now: datetime, width: int) -> list[str]:
    """A note: how long ago, what kind, which feed, what it says."""
    kind = f"{note.of.value} over" if note.kind is NoteKind.OVER and note.of else note.kind.value
    feed = one_line(note.title or note.feed)
    return hanging(f"{ago(note.at, now):>4}  ", f"{kind}, {feed}: {one_line(note.message)}", width)


def feed_json(line: Line) -> dict[str, Any]:
    """Everything known about a feed, for programs; of a subscription neither secret nor token."""
    return {
        "feed": line.spec.url,
        "spec": line.spec,
        "health": line.health,
        "state": None if line.state is None else _shown(line.state),
    }


def _words(how: Health, now: datetime) -> str:
    word = f"{how.word} {ago(how.since, now)}" if how.since else how.word
    return ", ".join((word, *how.open))


def _shown(state: FeedState) -> dict[str, Any]:
    """The state by name; what would let anybody speak for a hub is left out."""
    shown = {name: getattr(state, name) for name in FeedState.__dataclass_fields__ if name != "hub"}
    hub = state.hub
    shown["hub"] = hub and {
        name: getattr(hub, name) for name in type(hub).__dataclass_fields__ if name not in ("secret", "token")
    }
    return shown

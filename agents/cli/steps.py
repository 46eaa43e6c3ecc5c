"""Steps: a text with marks, as openings, words and closings that never cross, line by line."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal, NamedTuple

from agents.cli.marks import RANKS, Mark


class Step(NamedTuple):
    """One thing to write: begin a mark, write words, or end a mark.

    A mark that crosses another or a line's end is ended and begun again: `edge` tells its first beginning
    and its last end. Words have no mark, and an edge always.
    """

    do: Literal["open", "write", "close"]
    mark: Mark | None = None
    words: str = ""
    edge: bool = True


Line = tuple[Step, ...]
"""What stands between two line feeds; the words of its steps are that line again, letter for letter."""


def lines(text: str, marks: Iterable[Mark]) -> Iterator[Line]:
    """The lines of a text with their marks. Linear in the text and in the marks, but for those that overlap
    at one place: findings are bounded, so these are few."""
    visible = dict.fromkeys(_visible(text, marks))  # two that differ by blanks alone are one
    waiting = deque(sorted(visible, key=lambda mark: (mark.start, -mark.end, RANKS[mark.kind])))
    running: list[Mark] = []
    start = 0
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield tuple(_line(text, start, end, waiting, running)) if end > start else ()
        start = end + 1


def _visible(text: str, marks: Iterable[Mark]) -> Iterator[Mark]:
    """The marks without the blanks at their edges: none begins or ends at a line feed, or is empty."""
    for mark in marks:
        words = text[mark.start : mark.end]
        start, kept = mark.end - len(words.lstrip()), words.strip()
        if kept:
            yield replace(mark, start=start, end=start + len(kept))


def _line(text: str, at: int, end: int, waiting: deque[Mark], running: list[Mark]) -> Iterator[Step]:
    """The steps of `text[at:end]`; takes those that begin in it from `waiting` and leaves in `running`
    those that go on behind it."""
    yield from (Step("open", mark, edge=False) for mark in running)
    while True:
        while waiting and waiting[0].start <= at < end:
            running.append(waiting.popleft())
            yield Step("open", running[-1])
        stop = min(
            end, waiting[0].start if waiting else end, min((mark.end for mark in running), default=end)
        )
        if stop > at:
            yield Step("write", words=text[at:stop])
        at = stop
        yield from _ended(running, at)
        if at >= end:
            break
    yield from (Step("close", mark, edge=False) for mark in reversed(running))


def _ended(running: list[Mark], at: int) -> Iterator[Step]:
    """Ends what ends here; what was begun inside of it is ended with it and begun again."""
    outermost = next((n for n, mark in enumerate(running) if mark.end <= at), None)
    if outermost is None:
        return
    inside = running[outermost:]
    kept = [mark for mark in inside if mark.end > at]
    yield from (Step("close", mark, edge=mark.end <= at) for mark in reversed(inside))
    running[outermost:] = kept
    yield from (Step("open", mark, edge=False) for mark in kept)

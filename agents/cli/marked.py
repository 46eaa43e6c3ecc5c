"""A text with all that was found in it, ready to be shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.cli.marks import Card, Mark, cards, fields, marks
from agents.cli.steps import Line, lines
from pipeline.event.event import Read
from pipeline.event.events import Content, Found, find
from pipeline.event.lexicon import listed
from pipeline.mention.mention import Field
from pipeline.rules import Rules


@dataclass(frozen=True, slots=True)
class Marked:
    """What was read, what was found, and the lines of title and text with marks; no line for no title.

    `read` is as in an event: whether the language has a grammar, or names and aliases alone were found.
    """

    content: Content
    found: Found
    cards: tuple[Card, ...]
    title: tuple[Line, ...]
    text: tuple[Line, ...]
    read: Read


def marked(content: Content, rules: Rules) -> Marked:
    """The content as the worker would read it, in one piece: no text is cut here for its length."""
    known = listed(rules.grammar, content.language)
    return drawn(content, find(content, rules), "whole" if known else "names")


def drawn(content: Content, found: Found, read: Read = "whole") -> Marked:
    """The content with the marks of what was found in it."""
    shown = cards(found)
    all_marks = marks(content, found, shown)
    title, text = (_lines(field, whole, all_marks) for field, whole in fields(content))
    return Marked(content, found, shown, title, text, read)


def _lines(field: Field, text: str, all_marks: Sequence[Mark]) -> tuple[Line, ...]:
    return tuple(lines(text, [mark for mark in all_marks if mark.field == field])) if text else ()


def summary(shown: Marked) -> str:
    """What was found, in one line: "3 mentions (ceasefire 2, rafah 1)", and how far the language was read."""
    counts = {subject: len(mentions) for subject, mentions in sorted(shown.found.mentions.items())}
    total = sum(counts.values())
    told = f"{total} mention{'' if total == 1 else 's'}"
    if counts:
        told += f" ({', '.join(f'{subject} {count}' for subject, count in counts.items())})"
    return told if shown.read == "whole" else f"{told}; {unread(shown.content.language)}"


def unread(language: str | None) -> str:
    """Why speakers, acts, figures and days are missing."""
    if language is None:
        return "the language is not known, so names alone were read: say it with --lang"
    return f"no grammar is listed for the language {language!r}: names alone were read"

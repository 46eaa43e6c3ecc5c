"""Mention: a span of a text that names a tracked subject, in its sentence."""

from dataclasses import dataclass
from typing import Literal

Field = Literal["title", "text"]
"""Which string of the article the offsets index."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as a slice of the original string: `text == article.<field>[start:end]`."""

    field: Field
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """`surface == article.<field>[start:end]`; `alias` is the configured form that matched."""

    subject: str
    field: Field
    start: int
    end: int
    surface: str
    alias: str
    sentence: Sentence

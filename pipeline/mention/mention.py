"""Mention: a span of a text that names a tracked subject, in its sentence."""

from dataclasses import dataclass, replace
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


def behind_dateline(mention: Mention, body: int) -> Mention:
    """The mention with a sentence that begins at `body`, where the text's dateline ends.

    A mention inside the dateline keeps the first sentence with the dateline in front, for a sentence
    holds its mention and a dateline alone tells a reader nothing.
    """
    sentence = mention.sentence
    if mention.field == "title" or not sentence.start < body <= mention.start:
        return mention
    text = sentence.text[body - sentence.start :]
    return replace(mention, sentence=replace(sentence, start=body, text=text))

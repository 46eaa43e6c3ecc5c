"""Item and Reading: what any reader of feeds found, still in the source's words."""

from dataclasses import dataclass

from pipeline.feed.document import NO_HINTS, Hints
from pipeline.feed.entry import Content


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a feed: dates as written, links resolved only against a base within the document."""

    guid: str | None = None
    link: str | None = None
    title: Content | None = None
    summary: Content | None = None
    contents: tuple[Content, ...] = ()
    authors: tuple[str, ...] = ()
    published: str | None = None
    updated: str | None = None
    language: str | None = None
    publisher: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A feed as read. `cut` items lie beyond the limit; `broken` is the parser's complaint, if any.

    `complete` is False when items may be missing for another reason than the limit on their number.
    """

    version: str
    title: str | None = None
    link: str | None = None
    language: str | None = None
    items: tuple[Item, ...] = ()
    cut: int = 0
    broken: str | None = None
    complete: bool = True
    hints: Hints = NO_HINTS

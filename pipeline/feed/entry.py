"""Entry: one item as its source gave it, before anything is decided about it."""

from dataclasses import dataclass
from typing import Literal

from pipeline.dates import Utc

Origin = Literal["feed", "archive", "seed"]
"""Where an article reached us from: a live feed, a replayed archive, or the project's own fiction."""

TextFrom = Literal["feed", "page"]
"""Whose words a text is made of: those that the feed carries, or those of the article's own page."""


@dataclass(frozen=True, slots=True)
class Content:
    """Words of an entry and whether they carry markup."""

    value: str
    type: Literal["text", "html"] = "text"


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as parsed. Strings are as given (no lone surrogates); URLs absolute where a base was known.

    `feed` is the feed's or archive's own id and never a file name: the same article read twice
    from two copies of a file is one observation. `observed` is the time of the poll or snapshot,
    else `updated`, else `published`, else None. `publisher` is what the entry itself names
    (RSS source, outlet); `feed_title` is what the document around it is called. `same_entry_as` is
    the id of the article that this entry's guid named in the same feed before its address changed.
    `truncated`: its texts were cut before they came here, because no message holds them.
    `moved_to`: this entry says only that its article is now the one with that id. `text_from` is the
    address of the page that `content` was taken from; None where the words are the feed's own.
    """

    feed: str
    origin: Origin
    observed: Utc | None = None
    guid: str | None = None
    url: str | None = None
    title: Content | None = None
    summary: Content | None = None
    content: Content | None = None
    authors: tuple[str, ...] = ()
    published: Utc | None = None
    updated: Utc | None = None
    language: str | None = None
    publisher: str | None = None
    feed_title: str | None = None
    withdrawn: bool = False
    same_entry_as: str | None = None
    truncated: bool = False
    moved_to: str | None = None
    text_from: str | None = None

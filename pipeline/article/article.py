"""Article: one revision, normalised. What the `articles` topic carries."""

from dataclasses import dataclass
from typing import Literal

from pipeline.dates import Utc
from pipeline.feed.entry import Origin, TextFrom

DatedBy = Literal["published", "updated"]
LanguageBy = Literal["declared", "detected"]


@dataclass(frozen=True, slots=True)
class Article:
    """One revision of an article of the feed of record.

    `text` is plain: paragraphs separated by one blank line ("\\n\\n"); every offset published
    anywhere is a Python string index into `text` or `title`. `published` is None when no source
    dated the article; `dated_by` tells which date of the source it is. `family` groups a
    publisher's own outlets. `credit` is the agency that the text itself credits ("Reuters").
    `fingerprint` is a near-duplicate sketch (see fingerprint.py). `retracted` marks a revision
    that was published on partial knowledge and that the article's full set of observations does
    not contain (see docs/architecture.md). `same_entry_as` is the article that this entry was before
    its address changed, `moved_to` (with `withdrawn`) the one that it has become. `text_from`
    is "page" where `text` was taken from the article's own page, since its feed gives summaries only.
    """

    id: str
    revision: str
    feed: str
    origin: Origin
    title: str
    text: str
    url: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    family: str | None = None
    language: str | None = None
    language_by: LanguageBy | None = None
    published: Utc | None = None
    dated_by: DatedBy | None = None
    updated: Utc | None = None
    observed: Utc | None = None
    dateline: str | None = None
    credit: str | None = None
    fingerprint: str = ""
    also_in: tuple[str, ...] = ()
    same_entry_as: str | None = None
    moved_to: str | None = None
    texts_dropped: int = 0
    truncated: bool = False
    withdrawn: bool = False
    retracted: bool = False
    text_from: TextFrom = "feed"

"""FeedSpec: a feed as somebody configured it."""

from dataclasses import dataclass

from pipeline.dates import Utc


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """One feed of the list. `url` is its id for ever, also after it moved; at most LONGEST_FEED characters.

    `publisher` and `language` hold for entries that name none. `folders` are the outlines above it.
    `full_text`: the pages of its articles are fetched where it gives summaries only. `verified` is
    when somebody last read a feed there (`storywire feeds check`), None for an address never tried.
    """

    url: str
    title: str | None = None
    site: str | None = None
    language: str | None = None
    publisher: str | None = None
    folders: tuple[str, ...] = ()
    full_text: bool = False
    verified: Utc | None = None

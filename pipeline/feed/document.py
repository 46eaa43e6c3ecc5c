"""FeedDocument: what one poll or one archived snapshot of a feed says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from pipeline.dates import Utc
from pipeline.feed.entry import Entry, Origin
from pipeline.feed.listing import Listed
from pipeline.outcome import Rejected


@dataclass(frozen=True, slots=True)
class Deletion:
    """A source's own statement that an entry is withdrawn (RFC 6721, `at:deleted-entry`).

    `ref` is the Atom id of the entry; `when` is None if the source gave no readable time.
    """

    ref: str
    when: Utc | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Hints:
    """What a document says about being read again. `interval`: seconds that it asks to wait (`ttl`,
    `sy:updatePeriod`; the longer one). `hub` and `topic`: where changes can be subscribed to (WebSub)."""

    interval: float | None = None
    hub: str | None = None
    topic: str | None = None


NO_HINTS = Hints()


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A feed as parsed, entries in its own order. `version` names the format ("rss20", "atom10", "json11").

    `complete` is False when the document was cut off, broken beyond counting, or longer than the
    limits: then an entry that is not here may still be listed. `cut` counts the entries that a limit
    left out. `rejected` is what was lost and why; the entries beside it stand. `unchanged` are entries
    that stand there as they did at the last look and were not read again; `marks` tells the others apart
    at the next look: mark by id (again.py).
    """

    feed: str
    origin: Origin
    version: str
    title: str | None = None
    link: str | None = None
    language: str | None = None
    observed: Utc | None = None
    entries: tuple[Entry, ...] = ()
    deleted: tuple[Deletion, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    complete: bool = True
    cut: int = 0
    hints: Hints = NO_HINTS
    unchanged: tuple[Listed, ...] = ()
    marks: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many entries it lists."""
        return len(self.entries) + len(self.unchanged)

    @property
    def dates(self) -> Iterator[Utc]:
        """The own dates of all entries that have one: published, else updated."""
        own = (entry.published or entry.updated for entry in self.entries)
        yield from (date for date in (*own, *(one.date for one in self.unchanged)) if date)


def with_facts(
    document: FeedDocument, feed: str, publisher: str | None, language: str | None
) -> FeedDocument:
    """The document under its feed's id, with what only somebody outside knows of its entries; their own
    words win."""
    entries = tuple(
        replace(
            entry,
            feed=feed,
            publisher=entry.publisher or publisher,
            language=entry.language or language,
        )
        for entry in document.entries
    )
    return replace(document, feed=feed, entries=entries)

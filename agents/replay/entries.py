"""What a replay sends for one item: an entry as it is, or what a feed's snapshot says that was not known."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from agents.replay.read import Refused, Snapshot, snapshot_of
from agents.replay.spool import Item
from pipeline.article.fit import LARGEST_ENTRY, fitted
from pipeline.article.identity import article_id
from pipeline.article.moves import with_moves
from pipeline.article.publisher import Publishers
from pipeline.codec import encode
from pipeline.feed.compare import compare
from pipeline.feed.document import FeedDocument
from pipeline.feed.entry import Entry
from pipeline.feed.listing import Listing
from pipeline.feed.parse import parse_feed
from pipeline.outcome import Rejected


@dataclass(frozen=True, slots=True)
class Prepared:
    """An entry as it goes to its topic: keyed by its article's id, encoded."""

    key: bytes
    data: bytes


def prepare(entry: Entry, publishers: Publishers) -> Prepared | Refused:
    """Key and bytes of an entry that fits a message, or why nobody could tell its article."""
    identity = article_id(entry, publishers)
    data = encode(entry)
    if isinstance(identity, Rejected):
        return Refused(identity, entry.feed, data)
    if len(data) > LARGEST_ENTRY:
        data = encode(fitted(entry))
    return Prepared(identity.encode(), data)


class Snapshots:
    """Compares each snapshot with its feed's earlier one; given in order of observation."""

    def __init__(self, publishers: Publishers) -> None:
        self._publishers = publishers
        self._listings: dict[str, Listing] = {}

    def entries(self, item: Item) -> Iterator[Prepared | Refused]:
        """What a snapshot says anew; what of it could not be read is refused, and the rest goes on."""
        snapshot = snapshot_of(item)
        document = parse_feed(
            snapshot.body,
            feed=snapshot.feed,
            origin=snapshot.origin,
            observed=snapshot.observed,
            headers={"content-location": snapshot.feed},
        )
        if isinstance(document, Rejected):
            yield Refused(document, snapshot.name, snapshot.body)
            return
        news, refused = self._news(_named(document, snapshot), snapshot)
        for why in (*document.rejected, *refused):
            yield Refused(why, snapshot.name)
        for entry in news:
            yield prepare(entry, self._publishers)

    def _news(
        self, document: FeedDocument, snapshot: Snapshot
    ) -> tuple[tuple[Entry, ...], tuple[Rejected, ...]]:
        """All entries of a document of unknown time; of others what the feed's last listing did not have."""
        if snapshot.observed is None:
            return document.entries, ()
        found = compare(self._listings.get(document.feed), document)
        self._listings[document.feed] = found.listing
        return with_moves(found, self._publishers), found.rejected


def _named(document: FeedDocument, snapshot: Snapshot) -> FeedDocument:
    """The document with its feed's id, and with what only the manifest knows of its entries."""
    feed = snapshot.feed or f"archive:{document.link or document.title or 'feed'}"
    entries = tuple(
        replace(
            entry,
            feed=feed,
            publisher=entry.publisher or snapshot.publisher,
            language=entry.language or snapshot.language,
        )
        for entry in document.entries
    )
    return replace(document, feed=feed, entries=entries)

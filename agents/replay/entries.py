"""What a replay sends for one item: an entry as it is, or what a feed's snapshot says that was not known."""

from collections.abc import Iterator

from agents.prepare import Prepared, Refused, prepare
from agents.replay.read import Snapshot, snapshot_of
from agents.replay.spool import Item
from pipeline.article.moves import with_moves
from pipeline.article.publisher import Publishers
from pipeline.feed.compare import compare
from pipeline.feed.document import FeedDocument, with_facts
from pipeline.feed.entry import Entry
from pipeline.feed.listing import Listing
from pipeline.feed.parse import parse_feed
from pipeline.outcome import Rejected


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
    return with_facts(document, feed, snapshot.publisher, snapshot.language)

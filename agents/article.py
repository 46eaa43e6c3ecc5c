"""The `article` stage: entries in, article revisions and events out; its table holds one row per article.

row' = row + observation; confirm messages(row') - messages(row); write row'.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agents.brokers.message import Outgoing
from agents.envelope import headers, sequence
from agents.outbox import Outbox, Sending
from agents.rows import Rows, StreamEvent
from agents.versions import ENTRY, unknown_version
from pipeline.article.observe import observe
from pipeline.article.row import ArticleRow, add, size
from pipeline.codec import CodecError, decode, encode
from pipeline.feed.entry import Entry
from pipeline.feed.limits import LONGEST_FEED
from pipeline.outcome import Reason, Rejected
from pipeline.publication import Publication, publications
from pipeline.rules import Rules

log = logging.getLogger(__name__)
NAME = "article"


LARGEST_ROW = 950_000
"""Bytes of an encoded row: the broker takes messages of 1 MB, key and headers included."""


@dataclass(slots=True)
class Batch:
    """What a batch of entries leads to: rows as they will be, and the event that each is due to last.

    `stored` are rows as the table has them.
    """

    stored: Mapping[bytes, bytes]
    rows: dict[bytes, ArticleRow] = field(default_factory=dict)
    encoded: dict[bytes, bytes] = field(default_factory=dict)
    last: dict[bytes, StreamEvent] = field(default_factory=dict)


class ArticleStage:
    """Applies entries to the article table and publishes what that changes."""

    def __init__(self, rules: Rules, generation: int, rows: Rows, outbox: Outbox) -> None:
        self._rules = rules
        self._generation = generation
        self._rows = rows
        self._outbox = outbox

    async def __call__(self, events: Sequence[StreamEvent]) -> None:
        """One batch: every output is confirmed before the first row is written."""
        batch = Batch(self._rows.read(event.key for event in events if event.key))
        sendings = [sending for event in events for sending in self._apply(event, batch)]
        await self._outbox.confirm(NAME, sendings)
        for key, data in batch.encoded.items():
            self._rows.write(batch.last[key], key, data)

    def _apply(self, event: StreamEvent, batch: Batch) -> list[Sending]:
        try:
            found = self._grown(event, batch)
        except Exception as error:  # a stage is pure: what failed once fails always, so it gets an address
            log.exception("an entry could not be processed; it is kept as a dead letter")
            found = Rejected(Reason.STAGE_FAILED, f"{type(error).__name__}: {error}")
        if isinstance(found, Rejected):
            return [self._outbox.dead_letter(NAME, found, event)]
        return found

    def _grown(self, event: StreamEvent, batch: Batch) -> list[Sending] | Rejected:
        """Put the grown row into the batch; what has to be sent for it."""
        key = event.key
        if not key:
            return Rejected(Reason.UNDECODABLE, "an entry's key is the id of its article; this one has none")
        if why := unknown_version(event.message.headers, ENTRY):
            return why
        before = batch.rows.get(key) or _stored(key, batch.stored.get(key))
        after = self._observed(before, event.value or b"")
        if isinstance(after, Rejected) or after is before:
            return after if isinstance(after, Rejected) else []
        data = encode(after)
        if len(data) > LARGEST_ROW:
            return Rejected(Reason.OVERSIZE, f"the row of the article would have {len(data):,} bytes")
        found = publications(before, after, self._rules)
        batch.rows[key], batch.encoded[key], batch.last[key] = after, data, event
        return [self._sending(event, publication, size(after)) for publication in found]

    def _observed(self, row: ArticleRow, value: bytes) -> ArticleRow | Rejected:
        try:
            entry = decode(Entry, value)
        except CodecError as error:
            return Rejected(Reason.UNDECODABLE, f"not an entry of this version: {error}")
        if len(entry.feed) > LONGEST_FEED:
            return Rejected(
                Reason.BAD_FIELD, f"feed: {len(entry.feed):,} characters, {LONGEST_FEED:,} at most"
            )
        return add(row, observe(entry, self._rules.publishers))

    def _sending(self, event: StreamEvent, publication: Publication, knowledge: int) -> Sending:
        found = headers(publication.kind, publication.ce_id, sequence=sequence(self._generation, knowledge))
        message = Outgoing(publication.topic, publication.key.encode(), publication.value, found)
        return self._outbox.sending(event, message)


def _stored(key: bytes, data: bytes | None) -> ArticleRow:
    return ArticleRow(key.decode()) if data is None else decode(ArticleRow, data)

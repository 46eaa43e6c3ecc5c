"""The `article` stage: entries in, article revisions and events out; its table holds one row per article.

row' = row + observation; confirm messages(row') - messages(row); write row'.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from agents.brokers.message import Outgoing
from agents.envelope import headers, sequence
from agents.outbox import Outbox, Sending
from agents.rows import Rows, StreamEvent
from pipeline.article.observe import observe
from pipeline.article.row import ArticleRow, add, size
from pipeline.codec import CodecError, decode, encode
from pipeline.feed.entry import Entry
from pipeline.outcome import Reason, Rejected
from pipeline.publication import Publication, publications
from pipeline.rules import Rules

log = logging.getLogger(__name__)
NAME = "article"


@dataclass(slots=True)
class Batch:
    """What one batch of entries leads to: rows as they will be, and what has to be confirmed before."""

    rows: dict[bytes, ArticleRow] = field(default_factory=dict)
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
        batch = Batch()
        sendings = [sending for event in events for sending in self._apply(event, batch)]
        await self._outbox.confirm(NAME, sendings)
        for key, row in batch.rows.items():
            self._rows.write(batch.last[key], key, encode(row))

    def _apply(self, event: StreamEvent, batch: Batch) -> list[Sending]:
        key = event.key
        before = batch.rows.get(key) or self._load(key)
        try:
            after = self._observed(before, event.value)
            if isinstance(after, Rejected):
                return [self._outbox.dead_letter(NAME, after, event)]
            if after is before:
                return []
            found = publications(before, after, self._rules)
        except Exception as error:  # a stage is pure: what failed once fails always, so it gets an address
            log.exception("an entry could not be processed; it is kept as a dead letter")
            why = Rejected(Reason.STAGE_FAILED, f"{type(error).__name__}: {error}")
            return [self._outbox.dead_letter(NAME, why, event)]
        batch.rows[key] = after
        batch.last[key] = event
        return [self._sending(event, publication, size(after)) for publication in found]

    def _load(self, key: bytes) -> ArticleRow:
        data = self._rows.read(key)
        return ArticleRow(key.decode()) if data is None else decode(ArticleRow, data)

    def _observed(self, row: ArticleRow, value: bytes) -> ArticleRow | Rejected:
        try:
            entry = decode(Entry, value)
        except CodecError as error:
            return Rejected(Reason.UNDECODABLE, f"not an entry of this version: {error}")
        return add(row, observe(entry, self._rules.publishers))

    def _sending(self, event: StreamEvent, publication: Publication, knowledge: int) -> Sending:
        found = headers(publication.kind, publication.ce_id, sequence=sequence(self._generation, knowledge))
        message = Outgoing(publication.topic, publication.key.encode(), publication.value, found)
        return self._outbox.sending(event, message)

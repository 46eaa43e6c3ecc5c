"""What polling sends, with the broker's word for it: entries, notes, records, and dead letters."""

from collections.abc import Sequence
from typing import Any

from agents.brokers.errors import MessageTooLarge, NeverError
from agents.brokers.message import Outgoing
from agents.dead_letters import LONGEST_VALUE, kept, outgoing, rejected
from agents.envelope import headers
from agents.prepare import Refused
from agents.sending import confirm_all
from agents.topics import FEED_NOTES, TopicSpec
from agents.watch.metrics import WorkerMetrics
from pipeline.codec import encode
from pipeline.ids import note_id
from pipeline.outcome import Reason, Rejected
from pipeline.poll.note import FeedNote

NOTE = "storywire.feed-note.v1"
READ = "read"


class Outlet:
    """Sends for `read` and `schedule` of one app; `bound` is how long the broker may take to answer."""

    def __init__(self, app: Any, prefix: str, bound: float, metrics: WorkerMetrics) -> None:
        self._app = app
        self.prefix = prefix
        self._bound = bound
        self._metrics = metrics

    def message(self, topic: TopicSpec, key: bytes, value: bytes) -> Outgoing:
        """A message on one of our topics."""
        return Outgoing(self.prefix + topic.name, key, value)

    def note(self, note: FeedNote) -> Outgoing:
        """A note, in the envelope of public messages."""
        found = headers(NOTE, note_id(note.feed, f"{note.kind} {note.of or ''}", note.since))
        return Outgoing(self.prefix + FEED_NOTES.name, note.feed.encode(), encode(note), found)

    def dead_letter(self, refused: Refused) -> Outgoing:
        """An entry that no article could be told from."""
        self._metrics.buried(READ, refused.why.reason)
        return outgoing(self.prefix, rejected(READ, refused.why, refused.origin, refused.value))

    async def confirm(self, messages: Sequence[Outgoing]) -> None:
        """Return when all are durable; what no broker takes is a dead letter. Raises GiveUp."""
        if not messages:
            return
        outcomes = await self._sent(messages)
        refused = [
            self._buried(message, outcome)
            for message, outcome in zip(messages, outcomes, strict=True)
            if isinstance(outcome, NeverError)
        ]
        if refused:
            await self._sent(refused)

    async def _sent(self, messages: Sequence[Outgoing]) -> list[int | NeverError]:
        outcomes = await confirm_all(self._app, messages, bound=self._bound)
        self._metrics.answered(outcomes)
        return outcomes

    def _buried(self, message: Outgoing, error: NeverError) -> Outgoing:
        reason = Reason.OVERSIZE if isinstance(error, MessageTooLarge) else Reason.REFUSED
        why = Rejected(reason, f"no broker takes it: {error}")
        self._metrics.buried(READ, reason)
        value = kept(self.prefix, message.topic, message.value)[: LONGEST_VALUE // 2]
        return outgoing(self.prefix, rejected(READ, why, message.topic, value, message.key))

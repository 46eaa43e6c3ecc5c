"""The `remember` stage: what `read` found out about feeds, into the tables; it alone writes them.

A record's header `kind` names its table, its value is the row as it is.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from agents.brokers.message import Outgoing
from agents.outbox import Outbox, Sending
from agents.rows import Rows, StreamEvent
from agents.topics import FEED_ASKED, FEED_LISTINGS, FEED_POLLS, FEED_STATES
from pipeline.codec import CodecError, decode
from pipeline.outcome import Reason, Rejected
from pipeline.poll.state import FeedState

NAME = "remember"
KIND = "kind"
Kind = Literal["asked", "listing", "state"]
TABLES: Mapping[str, str] = {
    "asked": FEED_ASKED.name,
    "listing": FEED_LISTINGS.name,
    "state": FEED_STATES.name,
}
"""Which table a kind of record is a row of."""


def record(prefix: str, kind: Kind, feed: str, value: bytes, partition: int) -> Outgoing:
    """A record about a feed, for the partition of its host."""
    return Outgoing(prefix + FEED_POLLS.name, feed.encode(), value, ((KIND, kind.encode()),), partition)


class RememberStage:
    """Writes rows; tells `remembered` of each new state, and `known` may spare it the decoding."""

    def __init__(
        self,
        rows: Mapping[str, Rows],
        outbox: Outbox,
        known: Callable[[str, bytes], FeedState | None],
        remembered: Callable[[FeedState], None],
    ) -> None:
        self._rows = rows
        self._outbox = outbox
        self._known = known
        self._remembered = remembered

    async def __call__(self, events: Sequence[StreamEvent]) -> None:
        """One batch, in order."""
        letters: list[Sending] = []
        states: list[FeedState] = []
        for event in events:
            found = self._written(event)
            if isinstance(found, FeedState):
                states.append(found)
            elif isinstance(found, Rejected):
                letters.append(self._outbox.dead_letter(NAME, found, event))
        await self._outbox.confirm(NAME, letters)
        for state in states:
            self._remembered(state)

    def _written(self, event: StreamEvent) -> FeedState | Rejected | None:
        kind = _kind(event)
        if kind not in self._rows or not event.key or not event.value:
            return Rejected(Reason.UNDECODABLE, f"no record of a feed: kind {kind[:40]!r}")
        state = self._state(event) if kind == "state" else None
        if not isinstance(state, Rejected):
            self._rows[kind].write(event, event.key, event.value)
        return state

    def _state(self, event: StreamEvent) -> FeedState | Rejected:
        known = self._known(event.key.decode("utf-8", "replace"), event.value)
        if known is not None:
            return known
        try:
            return decode(FeedState, event.value)
        except CodecError as error:
            return Rejected(Reason.UNDECODABLE, f"not the state of a feed in this version: {error}")


def _kind(event: StreamEvent) -> str:
    for name, value in event.message.headers or ():
        if name == KIND and value:
            return bytes(value).decode("utf-8", "replace")
    return ""

"""The `remember` stage: what `read` found out about feeds, into the tables; it alone writes them.

A record's header `kind` names its table, its value is the row as it is.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Literal

from agents.brokers.message import Outgoing
from agents.http.errors import plain
from agents.outbox import Outbox, Sending
from agents.rows import Rows, StreamEvent
from agents.topics import FEED_ASKED, FEED_LISTINGS, FEED_POLLS, FEED_STATES
from pipeline.codec import CodecError, decode
from pipeline.outcome import Reason, Rejected
from pipeline.poll.state import FeedState

log = logging.getLogger(__name__)
NAME = "remember"
KIND = "kind"
ASKED = "asked"
Kind = Literal["asked", "listing", "state"]
TABLES: Mapping[str, str] = {
    "asked": FEED_ASKED.name,
    "listing": FEED_LISTINGS.name,
    "state": FEED_STATES.name,
}
"""Which table a kind of record is a row of."""


def record(prefix: str, kind: Kind, feed: str, value: bytes, partition: int, asked: bytes = b"") -> Outgoing:
    """A record about a feed, for the partition of its host; `asked` is the value of the record that the feed
    is asked, upon which this one rests; for such a record the one before, as its sender knows it."""
    headers = ((KIND, kind.encode()),) + (((ASKED, asked),) if asked else ())
    return Outgoing(prefix + FEED_POLLS.name, feed.encode(), value, headers, partition)


def moment(stamp: bytes) -> datetime | None:
    """When a feed was asked, as the value of an `asked` record says; None where it says no such thing."""
    try:
        found = decode(datetime, stamp)
    except CodecError:
        return None
    return found if found.tzinfo else None


class RememberStage:
    """Writes rows; tells `remembered` of each new state that `known` is one of this process, and
    `overheard` of any other.

    A listing or state that rests on another request than the last one of its feed comes from a worker that
    was held up while its feeds became another's: it is left out, for the other has gone on from before it.
    So is a request of such a worker: one before the last, of which it does not know. (A clock that was set
    back makes one before the last, too, but of a worker that knows the last.)
    """

    def __init__(
        self,
        rows: Mapping[str, Rows],
        outbox: Outbox,
        known: Callable[[str, bytes], FeedState | None],
        remembered: Callable[[FeedState], None],
        overheard: Callable[[FeedState], None],
    ) -> None:
        self._rows = rows
        self._outbox = outbox
        self._known = known
        self._remembered = remembered
        self._overheard = overheard
        self._asked: dict[bytes, bytes] = {}

    def forget(self) -> None:
        """The partitions are read anew, or by another worker."""
        self._asked.clear()

    async def __call__(self, events: Sequence[StreamEvent]) -> None:
        """One batch, in order."""
        letters: list[Sending] = []
        told: list[Callable[[], None]] = []
        for event in events:
            why = self._written(event, told)
            if why is not None:
                letters.append(self._outbox.dead_letter(NAME, why, event))
        await self._outbox.confirm(NAME, letters)
        for tell in told:
            tell()

    def _written(self, event: StreamEvent, told: list[Callable[[], None]]) -> Rejected | None:
        """Write the row; what somebody has to be told of it is added to `told`."""
        kind = _header(event, KIND).decode("utf-8", "replace")
        if kind not in self._rows or not event.key or not event.value:
            return Rejected(Reason.UNDECODABLE, f"no record of a feed: kind {kind[:40]!r}")
        if kind == "asked":
            at = moment(event.value)
            if at is None:
                return Rejected(Reason.UNDECODABLE, "not the time at which a feed was asked")
            if self._belated(event, at):
                return None
            self._asked[event.key] = event.value
        elif self._overtaken(event):
            return None
        why = self._heard(event, told) if kind == "state" else None
        if why is None:
            self._rows[kind].write(event, event.key, event.value)
        return why

    def _belated(self, event: StreamEvent, at: datetime) -> bool:
        rests_on, last = _header(event, ASKED), self._last(event.key)
        before = moment(last) if last and rests_on not in (b"", last) else None
        if before is None or at >= before:
            return False
        log.info("a request of %s is left out: another worker has asked since", plain(_name(event)))
        return True

    def _last(self, feed: bytes) -> bytes:
        return self._asked.get(feed) or self._rows["asked"].read((feed,)).get(feed, b"")

    def _overtaken(self, event: StreamEvent) -> bool:
        rests_on, last = _header(event, ASKED), self._asked.get(event.key)
        if not rests_on or last is None or rests_on == last:
            return False
        log.info("a record of %s is left out: the feed was asked again since", plain(_name(event)))
        return True

    def _heard(self, event: StreamEvent, told: list[Callable[[], None]]) -> Rejected | None:
        known = self._known(_name(event), event.value)
        if known is not None:
            told.append(partial(self._remembered, known))
            return None
        try:
            told.append(partial(self._overheard, decode(FeedState, event.value)))
        except CodecError as error:
            return Rejected(Reason.UNDECODABLE, f"not the state of a feed in this version: {error}")
        return None


def _name(event: StreamEvent) -> str:
    return event.key.decode("utf-8", "replace")


def _header(event: StreamEvent, wanted: str) -> bytes:
    for name, value in event.message.headers or ():
        if name == wanted and value:
            return bytes(value)
    return b""

"""The stage that writes what is remembered of feeds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from agents.outbox import Sending
from agents.polling.remember import KIND, RememberStage, record
from pipeline.codec import encode
from pipeline.outcome import Reason, Rejected
from pipeline.poll.state import FeedState

FEED = "https://a.example/feed"


@dataclass
class Memory:
    """Rows in memory."""

    rows: dict[bytes, bytes] = field(default_factory=dict)

    def write(self, _event: Any, key: bytes, value: bytes) -> None:
        self.rows[key] = value


@dataclass
class Letters:
    """An outbox that keeps what it is given."""

    refused: list[Rejected] = field(default_factory=list)

    def dead_letter(self, stage: str, why: Rejected, event: Any) -> Any:
        assert stage == "remember" and event is not None
        self.refused.append(why)
        return why

    async def confirm(self, stage: str, sendings: Sequence[Sending]) -> None:
        assert stage == "remember" and len(sendings) == len(self.refused)


@dataclass
class Carried:
    """The message under an event."""

    headers: Any


@dataclass
class Arrived:
    """A stream event."""

    key: bytes | None
    value: bytes | None
    message: Carried


def arrived(kind: str, value: bytes | None, key: bytes | None = FEED.encode()) -> Arrived:
    return Arrived(key, value, Carried(((KIND, kind.encode()),)))


async def test_each_kind_is_a_row_of_its_table() -> None:
    """The value is the row, and a state is told once it is written."""
    tables = {kind: Memory() for kind in ("asked", "listing", "state")}
    told: list[FeedState] = []
    letters, state = Letters(), FeedState(FEED, interval=600.0)
    stage = RememberStage(tables, letters, lambda *_: None, told.append)  # type: ignore[arg-type]
    await stage([arrived("asked", b"t"), arrived("listing", b"l"), arrived("state", encode(state))])
    assert [tables[kind].rows for kind in tables] == [
        {FEED.encode(): value} for value in (b"t", b"l", encode(state))
    ]
    assert told == [state] and not letters.refused


async def test_foreign_records_are_dead_letters_and_stop_nothing() -> None:
    """An unknown kind, no key, no value, bytes that are no state: each has its reason, the rest is done."""
    tables = {kind: Memory() for kind in ("asked", "listing", "state")}
    told: list[FeedState] = []
    letters, state = Letters(), FeedState(FEED)
    stage = RememberStage(tables, letters, lambda *_: None, told.append)  # type: ignore[arg-type]
    bad = [arrived("colour", b"x"), arrived("asked", b"t", None), arrived("listing", None)]
    bad += [arrived("state", b'{"feed": 7}'), Arrived(FEED.encode(), b"x", Carried(None))]
    await stage([*bad, arrived("state", encode(state))])
    assert [why.reason for why in letters.refused] == [Reason.UNDECODABLE] * 5
    assert told == [state]
    assert tables["state"].rows == {FEED.encode(): encode(state)}


def test_a_record_goes_to_the_partition_of_its_host() -> None:
    """The partition is given and not that of the key."""
    found = record("p.", "asked", FEED, b"t", 3)
    assert (found.topic, found.key, found.partition) == ("p.feed-polls", FEED.encode(), 3)

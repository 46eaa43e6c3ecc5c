"""The stage that writes what is remembered of feeds."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agents.brokers.errors import MessageTooLarge
from agents.brokers.log import Log
from agents.brokers.message import Outgoing
from agents.dead_letters import DeadLetter, outgoing
from agents.outbox import Outbox, Sending
from agents.polling.outlet import Outlet
from agents.polling.remember import ASKED, KIND, RememberStage, record
from agents.retry import retry
from agents.watch.metrics import WorkerMetrics
from pipeline.codec import encode
from pipeline.outcome import Reason, Rejected
from pipeline.poll.state import FeedState

FEED = "https://a.example/feed"
FIRST, SECOND, THIRD = (encode(datetime(2026, 3, 2, hour, tzinfo=UTC)) for hour in (9, 10, 11))
STAMP = FIRST


@dataclass
class Memory:
    """Rows in memory."""

    rows: dict[bytes, bytes] = field(default_factory=dict)

    def write(self, _event: Any, key: bytes, value: bytes) -> None:
        self.rows[key] = value

    def read(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        return {key: self.rows[key] for key in keys if key in self.rows}


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
    topic: str = "t.feed-polls"
    partition: int = 0
    offset: int = 0


@dataclass
class Arrived:
    """A stream event."""

    key: bytes | None
    value: bytes | None
    message: Carried


def arrived(kind: str, value: bytes | None, key: bytes | None = FEED.encode(), asked: bytes = b"") -> Arrived:
    headers = ((KIND, kind.encode()), *(((ASKED, asked),) if asked else ()))
    return Arrived(key, value, Carried(headers))


async def test_each_kind_is_a_row_of_its_table() -> None:
    """The value is the row, and a state is told once it is written."""
    tables = {kind: Memory() for kind in ("asked", "listing", "state")}
    told: list[FeedState] = []
    letters, state = Letters(), FeedState(FEED, interval=600.0)
    stage = RememberStage(tables, letters, lambda *_: None, told.append, told.append)  # type: ignore[arg-type]
    await stage([arrived("asked", STAMP), arrived("listing", b"l"), arrived("state", encode(state))])
    assert [tables[kind].rows for kind in tables] == [
        {FEED.encode(): value} for value in (STAMP, b"l", encode(state))
    ]
    assert told == [state] and not letters.refused


async def test_foreign_records_are_dead_letters_and_stop_nothing() -> None:
    """An unknown kind, no key, no value, bytes that are no state: each has its reason, the rest is done."""
    tables = {kind: Memory() for kind in ("asked", "listing", "state")}
    told: list[FeedState] = []
    letters, state = Letters(), FeedState(FEED)
    stage = RememberStage(tables, letters, lambda *_: None, told.append, told.append)  # type: ignore[arg-type]
    bad = [arrived("colour", b"x"), arrived("asked", STAMP, None), arrived("listing", None)]
    bad += [arrived("asked", b"soon"), arrived("asked", b'"2026-03-02T09:00:00"')]
    bad += [arrived("state", b'{"feed": 7}'), Arrived(FEED.encode(), b"x", Carried(None))]
    await stage([*bad, arrived("state", encode(state))])
    assert [why.reason for why in letters.refused] == [Reason.UNDECODABLE] * 7
    assert told == [state]
    assert tables["state"].rows == {FEED.encode(): encode(state)}


@pytest.mark.parametrize("anew", [False, True])
async def test_a_request_of_a_worker_that_was_held_up_is_left_out(anew: bool) -> None:
    """It is before the last and rests on an older one; that of a clock which was set back rests on the last.
    So it is for a stage that has only the table to go by."""
    tables = {kind: Memory() for kind in ("asked", "listing", "state")}
    stage = RememberStage(tables, Letters(), lambda *_: None, lambda _: None, lambda _: None)  # type: ignore[arg-type]
    await stage([arrived("asked", FIRST), arrived("asked", THIRD, asked=FIRST)])
    if anew:
        stage.forget()
    await stage([arrived("asked", SECOND, asked=FIRST)])
    assert tables["asked"].rows == {FEED.encode(): THIRD}
    await stage([arrived("asked", SECOND, asked=THIRD)])
    assert tables["asked"].rows == {FEED.encode(): SECOND}


async def test_a_record_that_was_overtaken_is_left_out() -> None:
    """A listing or state rests on a request; once the feed is asked again, by whomever, it comes too late."""
    tables = {kind: Memory() for kind in ("asked", "listing", "state")}
    told: list[FeedState] = []
    stage = RememberStage(tables, Letters(), lambda *_: None, told.append, told.append)  # type: ignore[arg-type]
    late = arrived("listing", b"late")
    late.message.headers += (("asked", FIRST),)
    fits = arrived("listing", b"fits")
    fits.message.headers += (("asked", SECOND),)
    await stage([arrived("asked", FIRST), arrived("asked", SECOND), fits, late])
    assert tables["listing"].rows == {FEED.encode(): b"fits"}
    stage.forget()
    await stage([late])
    assert tables["listing"].rows == {FEED.encode(): b"late"}, "nothing is known of what was asked since"


SECRET = b"the-hub-secret"
TOPIC = "t.feed-polls"


@dataclass
class Pettish:
    """A producer that takes dead letters alone."""

    sent: list[Outgoing] = field(default_factory=list)

    async def send_claimed(self, topic: str, *parts: Any) -> "asyncio.Future[Any]":
        if topic != "t.dead-letters":
            raise MessageTooLarge("a message of too many bytes")
        self.sent.append(Outgoing(topic, *parts))
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        done.set_result(SimpleNamespace(offset=len(self.sent)))
        return done


def says_nothing(letter: Outgoing) -> bool:
    """A dead letter that names its record and nothing of what is in it."""
    return letter.key == FEED.encode() and not letter.value and SECRET not in repr(letter.headers).encode()


async def test_the_dead_letter_of_a_record_holds_nothing_of_it() -> None:
    """Anybody reads dead letters, and a state holds the secret of its subscription: neither of a state that
    cannot be decoded, nor of a record under a name that is none, does a byte go there."""
    producer = Pettish()
    outbox = Outbox(SimpleNamespace(producer=producer), "t.", 1, WorkerMetrics())
    stage = RememberStage({"state": Memory()}, outbox, lambda *_: None, [].append, [].append)  # type: ignore[arg-type]
    value = b'{"feed": 7, "hub": {"secret": "' + SECRET + b'"}}'
    await stage([arrived("state", value), arrived("stat", value), arrived("state", b"{" + SECRET)])
    assert [says_nothing(letter) for letter in producer.sent] == [True] * 3


async def test_a_record_that_no_broker_takes_is_told_without_its_value() -> None:
    """Also before it lies on its topic; of an entry, which is public, the dead letter holds the original."""
    producer = Pettish()
    outlet = Outlet(SimpleNamespace(producer=producer), "t.", 1, WorkerMetrics())
    await outlet.confirm([record("t.", "state", FEED, SECRET, 0), Outgoing("t.entries", b"u1", b"{}")])
    told, entry = producer.sent
    assert says_nothing(told)
    assert (entry.key, entry.value) == (b"u1", b"{}")


async def test_a_dead_letter_without_an_original_is_not_sent_back(tmp_path: Path) -> None:
    """What a record was to say is found out anew; a record without a value would only fail once more."""
    log = Log(tmp_path / "log.db")
    for topic in (TOPIC, "t.dead-letters"):
        await log.declare(topic, 1)
    bare = DeadLetter("remember", Reason.UNDECODABLE, "no state", f"{TOPIC}/0/0", FEED.encode(), b"")
    await log.publish([outgoing("t.", bare)])
    assert await retry(log, "t.", again=False) == {"sent": 0, "kept": 1}
    assert await log.ends(TOPIC) == {0: 0}
    await log.close()


def test_a_record_goes_to_the_partition_of_its_host() -> None:
    """The partition is given and not that of the key."""
    found = record("p.", "asked", FEED, b"t", 3)
    assert (found.topic, found.key, found.partition) == ("p.feed-polls", FEED.encode(), 3)

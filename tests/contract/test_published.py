"""What is really published keeps the contract: by the document, and by CloudEvents' own reader."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat

from agents.brokers.broker import open_broker
from agents.brokers.message import Message, Outgoing
from agents.dead_letters import DeadLetter, outgoing, read
from agents.envelope import attribute, headers
from agents.polling.outlet import Outlet
from agents.scan import scan
from pipeline.outcome import Reason
from pipeline.poll.note import FeedNote, NoteKind
from tests.contract.judge import Judge
from tests.contract.test_document import PUBLISHED
from tests.whole.command import SEEDS, storywire
from tests.whole.test_commands import GOOD, write_lines

PUBLIC = (
    *("articles", "events.ceasefire", "events.hostages", "events.rafah", "story-events"),
    *("stories", "story-changes", "dead-letters"),
)
NOON, MORNING = "2024-05-04T12:00:00Z", "2024-05-04T08:00:00Z"


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> list[Message]:
    """Every public message of a replay of the seeds, of rejected rows, and of an observation that comes late
    and takes a published revision back."""
    folder = tmp_path_factory.mktemp("published")
    write_lines(folder / "1.jsonl", {**GOOD, "observed": NOON}, b"\xd7\xa9\xff no row\n", b'{"url": "x"}\n')
    write_lines(folder / "2.jsonl", {**GOOD, "observed": MORNING})
    for paths in ([SEEDS, folder / "1.jsonl"], [folder / "2.jsonl"]):
        storywire("replay", *paths, "--broker", f"sqlite:///{folder}/log.db", folder=folder)
    return asyncio.run(everything(folder))


async def everything(folder: Path) -> list[Message]:
    broker = open_broker(f"sqlite:///{folder}/log.db")
    found = [message for name in PUBLIC async for message in scan(broker, f"storywire.{name}")]
    await broker.close()
    return found + notes()


def notes() -> list[Message]:
    """A note of each kind, as polling sends it."""
    outlet: Any = SimpleNamespace(prefix="storywire.")
    at = datetime(2024, 5, 4, tzinfo=UTC)
    facts: dict[str, str | int | float] = {"entries": 3, "hours": 2.5, "reason": "gone"}
    return [
        stored(
            Outlet.note(outlet, FeedNote("https://f.example/", kind, at, None, "words", of=of, facts=facts))
        )
        for kind in NoteKind
        for of in (None, NoteKind.QUIET)
    ]


def stored(sent: Outgoing) -> Message:
    return Message(sent.topic, 0, 0, 0, sent.key, sent.headers, sent.value)


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(orjson.loads(PUBLISHED.read_bytes()))


def test_every_kind_of_message_is_published(messages: list[Message], judge: Judge) -> None:
    """What is judged below holds each kind that the document has, on each of its topics."""
    kinds = Counter((message.topic, judge.kind(message)) for message in messages)
    document = orjson.loads(PUBLISHED.read_bytes())
    assert {kind for _, kind in kinds} == set(document["components"]["messages"])
    assert {topic for topic, _ in kinds} == {f"storywire.{name}" for name in (*PUBLIC, "feed-notes")}


def test_what_is_published_is_valid(messages: list[Message], judge: Judge) -> None:
    """Headers, keys and values of all messages on all public topics are as the document has them."""
    assert len(messages) > 100
    found = {(message.topic, message.offset): faults(judge, message) for message in messages}
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


def faults(judge: Judge, message: Message) -> list[str]:
    return judge.message_faults(judge.kind(message), message)


@pytest.mark.parametrize(
    ("topic", "change"),
    [
        ("articles", {"origin": "elsewhere"}),
        ("articles", {"published": "yesterday"}),
        ("events.rafah", {"mentions": [{"surface": "Rafah"}]}),
        ("story-changes", {"changes": [{"kind": "rumour"}]}),
        ("stories", {"headline": "words of nobody"}),
    ],
)
def test_the_judge_of_messages_judges(
    messages: list[Message], judge: Judge, topic: str, change: dict[str, Any]
) -> None:
    """A published value with a field of another form is not valid."""
    message = next(one for one in messages if one.topic == f"storywire.{topic}" and one.value)
    value = orjson.loads(message.value or b"") | change
    wrong = Message(message.topic, 0, 0, 0, message.key, message.headers, orjson.dumps(value))
    assert faults(judge, wrong)
    with_more = orjson.loads(message.value or b"") | {"of_a_later_version": 1}
    more = Message(message.topic, 0, 0, 0, message.key, message.headers, orjson.dumps(with_more))
    assert faults(judge, more) == []


def test_cloudevents_own_reader_reads_them(messages: list[Message]) -> None:
    """The SDK of CloudEvents finds in each message the attributes, the media type and the data of ours."""
    for message in messages:
        event = from_binary(kafka(message), JSONFormat())
        assert event.get_specversion() == "1.0"
        assert event.get_id() == attribute(message.headers, "id")
        assert event.get_type() == attribute(message.headers, "type")
        assert event.get_source() == "urn:storywire"
        plain = event.get_datacontenttype() == "application/json"
        assert plain == (not message.topic.endswith("dead-letters"))
        if plain:
            assert event.get_data() == orjson.loads(message.value or b"")
        for name in ("sequence", "reason", "origin", "message"):
            assert (event.get_extension(name) or "") == attribute(message.headers, name)


def kafka(message: Message) -> KafkaMessage:
    found = {name: value or b"" for name, value in message.headers}
    return KafkaMessage(headers=found, key=message.key, value=message.value or b"")


WORDS = 'שלום 100% "Gaza" café a%20b 🕊'


def test_words_are_in_headers_as_they_are() -> None:
    """Values are UTF-8 without any encoding of ours, so that every reader sees the same words."""
    letter = DeadLetter("replay", Reason.BAD_FIELD, WORDS, "rows.jsonl", b"k", b"{}")
    message = stored(outgoing("storywire.", letter))
    assert read(message).message == WORDS
    assert from_binary(kafka(message), JSONFormat()).get_extension("message") == WORDS


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a\nb\tc\r", "a b c "),
        ("\x00\x1b[31m\x7f\x9b", "\ufffd\ufffd[31m\ufffd\ufffd"),
        ("half \ud83d of a pair", "half \ufffd of a pair"),
        ("\ufdd0\uffff\U0010ffff", "\ufffd\ufffd\ufffd"),
        ("\ue000 é \U0001f54a", "\ue000 é \U0001f54a"),
    ],
)
def test_what_cloudevents_forbids_is_in_no_header(given: str, kept: str) -> None:
    """Control characters, halves of pairs and noncharacters are replaced; all else stays (3. Type System)."""
    assert attribute(headers("storywire.dead-letter.v1", "m1-0", message=given), "message") == kept

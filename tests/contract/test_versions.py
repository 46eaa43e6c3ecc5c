"""A version that this program does not know: it is told apart, has a reason, and stops nothing."""

import asyncio
from pathlib import Path

import orjson
import pytest

from agents.brokers.broker import open_broker
from agents.brokers.message import Outgoing
from agents.dead_letters import DeadLetter, read
from agents.envelope import headers, sequence
from agents.scan import scan
from tests.whole.command import storywire
from tests.whole.test_commands import GOOD, write_lines

KEY = "u" + "0" * 32
STORY = "cairo-talks"


async def sent(folder: Path, message: Outgoing) -> None:
    broker = open_broker(f"sqlite:///{folder}/log.db")
    await broker.declare(message.topic, 4)
    await broker.publish([message])
    await broker.close()


def replayed(folder: Path, code: int = 0) -> bytes:
    """The articles that a replay of one good row leaves; 1 says that it left something out."""
    write_lines(folder / "rows.jsonl", GOOD)
    url = f"sqlite:///{folder}/log.db"
    done = storywire("replay", "rows.jsonl", "--broker", url, "--out", "out", folder=folder)
    assert done.returncode == code, done.stderr.decode()
    return (folder / "out" / "articles.jsonl").read_bytes()


async def letters(folder: Path) -> list[DeadLetter]:
    broker = open_broker(f"sqlite:///{folder}/log.db")
    found = [read(message) async for message in scan(broker, "storywire.dead-letters")]
    await broker.close()
    return found


def entry(version: str) -> Outgoing:
    value = {"feed": "https://f.example/", "origin": "feed", "title": {"value": "Truce", "type": "text"}}
    found = headers(f"storywire.entry.{version}", "m1-0")
    return Outgoing("storywire.entries", KEY.encode(), orjson.dumps(value), found)


def test_an_entry_of_another_version_is_a_dead_letter(tmp_path: Path) -> None:
    """Even where its bytes fit: what a later version means by them is not known. The rest goes on."""
    asyncio.run(sent(tmp_path, entry("v2")))
    assert b"daily.example/one" in replayed(tmp_path)
    (letter,) = asyncio.run(letters(tmp_path))
    assert (letter.stage, letter.reason, letter.key) == ("article", "undecodable", KEY.encode())
    assert (
        "'storywire.entry.v2' is not read by this version, which knows storywire.entry.v1" in letter.message
    )


def test_an_entry_of_this_version_is_read(tmp_path: Path) -> None:
    """The same entry under the name of this version, or under none, is an article."""
    asyncio.run(sent(tmp_path, entry("v1")))
    assert KEY.encode() in replayed(tmp_path)
    assert asyncio.run(letters(tmp_path)) == []


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_an_event_of_another_version_joins_no_story(tmp_path: Path, version: str) -> None:
    """An event is added to its story by the version that its type names, whatever its bytes; one with fields
    that came later within the version is read without them."""
    article = {"id": KEY, "revision": "r", "origin": "feed", "title": "A title of its own", "new": [1]}
    value = {"article": article, "subject": "ceasefire", "stories": [STORY], "mentions": []}
    value |= {"salience": 0.5, "rules": "", "later": {"field": True}}
    found = headers(f"storywire.event.{version}", "m1-0", sequence=sequence(1, 1))
    asyncio.run(
        sent(tmp_path, Outgoing("storywire.story-events", STORY.encode(), orjson.dumps(value), found))
    )
    assert b"daily.example/one" in replayed(tmp_path, code=0 if version == "v1" else 1)
    refused = [letter.message for letter in asyncio.run(letters(tmp_path))]
    told = (tmp_path / "out" / "stories.json").read_bytes()
    if version == "v1":
        assert refused == []
        assert b"A title of its own" in told
    else:
        assert [message.split(" is not read")[0] for message in refused] == ["'storywire.event.v2'"]
        assert b"A title of its own" not in told


def test_a_version_that_is_not_known_is_not_shown_as_one_that_is(tmp_path: Path) -> None:
    """`subscribe` says what it cannot read, by its name, and goes on with the next message."""
    found = headers("storywire.event.v2", "m1-0", sequence=sequence(1, 1))
    asyncio.run(sent(tmp_path, Outgoing("storywire.story-events", b"x", b"{}", found)))
    url = f"sqlite:///{tmp_path}/log.db"
    shown = storywire(
        "subscribe", "story-events", "--from", "beginning", "--once", "--broker", url, folder=tmp_path
    )
    assert b"unknown type 'storywire.event.v2'" in shown.stdout

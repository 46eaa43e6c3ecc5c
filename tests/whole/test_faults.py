"""Foreign messages, oversize rows and races between commands: each has an address, none stops the rest."""

import asyncio
import gzip
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from agents.brokers.broker import Broker, open_broker
from agents.brokers.message import Outgoing
from agents.dead_letters import read
from agents.envelope import attribute, headers
from agents.scan import scan
from tests.whole.command import SEEDS, left, start, storywire
from tests.whole.test_commands import GOOD, write_lines

ENTRIES, STORY_EVENTS = "storywire.entries", "storywire.story-events"


def with_log(folder: Path, use: Callable[[Broker], Awaitable[Any]]) -> Any:
    """Open the folder's log, use it, close it."""

    async def opened() -> Any:
        broker = open_broker(f"sqlite:///{folder}/log.db")
        try:
            return await use(broker)
        finally:
            await broker.close()

    return asyncio.run(opened())


def replayed(folder: Path, *paths: Path | str, code: int = 0) -> dict[str, bytes]:
    url = f"sqlite:///{folder}/log.db"
    done = storywire("replay", *paths, "--broker", url, "--out", folder / "out", folder=folder)
    assert done.returncode == code, done.stderr.decode()
    return left(folder / "out")


def reasons(folder: Path) -> list[str]:
    async def found(broker: Broker) -> list[str]:
        return sorted([read(m).reason async for m in scan(broker, "storywire.dead-letters")])

    return with_log(folder, found)  # type: ignore[no-any-return]


@pytest.mark.parametrize("topic", [ENTRIES, STORY_EVENTS])
@pytest.mark.parametrize(
    ("key", "value"),
    [(None, b"{}"), (b"\xff\xfe", b"{}"), (b"u1", None), (b"u1", b"\x00\x01"), (b"gaza-talks", b"[]")],
)
def test_foreign_messages_become_dead_letters(
    tmp_path: Path, topic: str, key: bytes | None, value: bytes | None
) -> None:
    """No message of another program stops the worker: it is a dead letter and the rest goes on."""
    write_lines(tmp_path / "rows.jsonl", GOOD)

    async def poison(broker: Broker) -> None:
        await broker.declare(topic, 4)
        await broker.publish([Outgoing(topic, key, value)])

    with_log(tmp_path, poison)
    assert b"daily.example/one" in replayed(tmp_path, "rows.jsonl")["articles.jsonl"]
    assert len(reasons(tmp_path)) == 1


def test_a_feed_id_without_end_is_refused(tmp_path: Path) -> None:
    """A feed id that no row could hold is refused by name, and other rows go on."""
    bad = {**GOOD, "url": "https://daily.example/two", "feed": "https://f.example/" + "f" * 500_000}
    write_lines(tmp_path / "rows.jsonl", bad, GOOD)
    assert b"daily.example/one" in replayed(tmp_path, "rows.jsonl")["articles.jsonl"]
    assert reasons(tmp_path) == ["bad-field"]


def test_a_retried_message_keeps_its_headers(tmp_path: Path) -> None:
    """What goes back to a public topic goes back with its own attributes, and counts its attempts."""
    found = headers("storywire.event.v1", "m1-x", sequence="0001.00000001")

    async def put(broker: Broker) -> None:
        await broker.declare(STORY_EVENTS, 4)
        await broker.publish([Outgoing(STORY_EVENTS, b"no-such-story", b"{}", found)])

    with_log(tmp_path, put)
    write_lines(tmp_path / "rows.jsonl", GOOD)
    url = ("--broker", f"sqlite:///{tmp_path}/log.db")
    assert storywire("replay", "rows.jsonl", *url, folder=tmp_path).returncode == 0
    assert b"1 sent back" in storywire("dead-letters", "retry", *url, folder=tmp_path).stdout
    assert b"0 sent back" in storywire("dead-letters", "retry", *url, folder=tmp_path).stdout

    async def back(broker: Broker) -> list[str]:
        return [
            attribute(message.headers, "sequence")
            async for message in scan(broker, STORY_EVENTS)
            if message.key == b"no-such-story"
        ]

    assert with_log(tmp_path, back) == ["0001.00000001"] * 2
    assert storywire("replay", "rows.jsonl", *url, folder=tmp_path).returncode == 0

    async def attempts(broker: Broker) -> list[int]:
        return sorted([read(m).attempts async for m in scan(broker, "storywire.dead-letters")])

    assert with_log(tmp_path, attempts) == [1, 2]


def test_a_replay_goes_on_when_the_worker_beside_it_ends(tmp_path: Path) -> None:
    """A replay that watched another worker does the work itself once that one has stopped."""
    url = ("--broker", f"sqlite:///{tmp_path}/log.db")
    worker = start("run", "--no-feeds", "--no-seeds", *url, folder=tmp_path)
    try:
        assert worker.stdout is not None
        assert b"storywire is running" in worker.stdout.readline()
        replay = start("replay", SEEDS, *url, "--out", "out", folder=tmp_path)
        try:
            worker.send_signal(signal.SIGTERM)
            assert replay.wait(60) == 0
        finally:
            replay.kill()
            replay.communicate()
    finally:
        worker.kill()
        worker.communicate()
    assert b"cairo-talks" in (tmp_path / "out" / "stories.json").read_bytes()


def test_a_rebuild_tells_only_what_it_changed(tmp_path: Path) -> None:
    """Under the same rules a rebuild changes nothing, and cursors from before it still work."""
    url = ("--broker", f"sqlite:///{tmp_path}/log.db")
    before = replayed(tmp_path, SEEDS)
    shown = orjson.loads(storywire("story", "cairo-talks", "--json", *url, folder=tmp_path).stdout)
    assert storywire("rebuild", *url, folder=tmp_path).returncode == 0
    cursor = str(shown["version"])
    since = storywire("story", "cairo-talks", "--since", cursor, "--json", *url, folder=tmp_path)
    assert orjson.loads(since.stdout)["changes"] == []
    (tmp_path / "nothing").mkdir()
    assert replayed(tmp_path, "nothing") == before
    newest = storywire("story", "cairo-talks", "--since", "999", *url, folder=tmp_path)
    assert newest.returncode == 2
    assert "does not exist yet" in newest.stderr.decode()


@pytest.mark.parametrize("command", [("story", "cairo-talks"), ("dead-letters", "list"), ("rebuild",)])
def test_reading_commands_make_no_log(tmp_path: Path, command: tuple[str, ...]) -> None:
    """A log that is not there is named, with what to do; nothing is created."""
    done = storywire(*command, folder=tmp_path)
    assert done.returncode == 2
    assert "no log at" in done.stderr.decode()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["folder", "parent is a file", "junk", "damaged"])
def test_a_log_that_cannot_be_used_is_named(tmp_path: Path, kind: str) -> None:
    """Whatever lies where the log should be, the command ends in one line and not in a traceback."""
    place = tmp_path / "log.db"
    if kind == "folder":
        place.mkdir()
    elif kind == "parent is a file":
        (tmp_path / "file").write_text("x", "utf-8")
        place = tmp_path / "file" / "log.db"
    elif kind == "junk":
        place.write_bytes(b"no log at all" * 1_000)
    else:
        write_lines(tmp_path / "rows.jsonl", GOOD)
        replayed(tmp_path, "rows.jsonl")
        data = bytearray(place.read_bytes())
        data[4_096:] = b"\xff" * (len(data) - 4_096)
        place.write_bytes(bytes(data))
    write_lines(tmp_path / "rows.jsonl", GOOD)
    done = storywire("replay", "rows.jsonl", "--broker", f"sqlite:///{place}", folder=tmp_path)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr.decode()
    assert str(place) in done.stderr.decode()


def test_damaged_files_do_not_end_the_replay(tmp_path: Path) -> None:
    """A damaged archive, a wrong type and a time without a zone each have a line; the rest is published."""
    packed = gzip.compress(orjson.dumps(GOOD) * 500)
    (tmp_path / "damaged.jsonl.gz").write_bytes(packed[: len(packed) // 2] + b"\xff" * 40)
    write_lines(tmp_path / "wrong.jsonl", {"committed": "2024-05-04T10:00:00Z", "body": "<rss/>", "feed": 5})
    write_lines(tmp_path / "good.jsonl", GOOD)
    found = replayed(tmp_path, "damaged.jsonl.gz", "wrong.jsonl", "good.jsonl", code=1)
    assert b"daily.example/one" in found["articles.jsonl"]


def test_a_snapshot_time_without_a_zone_is_utc_everywhere(tmp_path: Path) -> None:
    """The machine's own zone reaches no revision name."""
    body = (
        '<rss version="2.0"><channel><title>T</title><link>https://t.example/</link>'
        "<item><title>Ceasefire</title><link>https://t.example/1</link></item></channel></rss>"
    )
    write_lines(tmp_path / "polls.jsonl", {"committed": "2024-05-04T10:00:00", "body": body})
    found = []
    for zone in ("UTC", "Asia/Tokyo"):
        done = storywire("replay", "polls.jsonl", "--out", zone, folder=tmp_path, extra={"TZ": zone})
        assert done.returncode == 0, done.stderr.decode()
        found.append(left(tmp_path / zone))
    assert found[0] == found[1]
    assert b"2024-05-04T10:00:00.000000Z-" in found[0]["articles.jsonl"]


def test_an_out_that_is_a_file_is_refused_at_once(tmp_path: Path) -> None:
    """--out names a folder; a file of that name is left as it is."""
    write_lines(tmp_path / "rows.jsonl", GOOD)
    (tmp_path / "taken").write_text("mine", "utf-8")
    done = storywire("replay", "rows.jsonl", "--out", "taken", folder=tmp_path)
    assert done.returncode == 2
    assert (tmp_path / "taken").read_text("utf-8") == "mine"


def test_a_log_put_back_from_a_copy_goes_on(tmp_path: Path) -> None:
    """Table rows that are newer than a restored log are read again from it, and nothing is lost."""
    write_lines(tmp_path / "one.jsonl", GOOD)
    write_lines(tmp_path / "two.jsonl", {**GOOD, "url": "https://daily.example/two"})
    replayed(tmp_path, "one.jsonl")
    copy = (tmp_path / "log.db").read_bytes()
    both = replayed(tmp_path, "two.jsonl")
    for name in ("log.db-wal", "log.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / "log.db").write_bytes(copy)
    assert replayed(tmp_path, "two.jsonl") == both

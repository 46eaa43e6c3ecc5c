"""Logs to copy, made by hand: every kind of topic, rare messages, gaps, and a worker's places."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from agents.brokers.broker import Broker
from agents.brokers.headers import Headers
from agents.brokers.log import Log
from agents.brokers.message import Outgoing, TopicPartition
from agents.copying.copy import Copied, copy
from agents.copying.plan import Plan, plan
from agents.generations import Generation, group
from agents.topics import STORY_ROWS, changelog
from config.settings import Settings
from pipeline.codec import encode

PREFIX = "storywire."
SETTINGS = Settings(topic_prefix=PREFIX)
GROUP = group(PREFIX, Generation())
ENTRIES, ARTICLES, STATES = PREFIX + "entries", PREFIX + "articles", PREFIX + "feed-states"
STORY_EVENTS, POLLS = PREFIX + "story-events", PREFIX + "feed-polls"
ROWS = changelog(GROUP, STORY_ROWS)
RARE: tuple[Headers, ...] = (
    (),
    (("ce_id", b"1"), ("empty", b""), ("absent", None)),
    (("again", b"a"), ("again", b"b"), ("other", b"c")),
    (("raw", b"\xff\x00\xfe"), ("text", "é".encode())),
)
BEGAN = 1_700_000_000_000
COLUMNS = "topic, partition, offset, time, key, headers, value"


async def made(path: Path, count: int = 8) -> Log:
    """A log with `count` messages per busy topic, partly read."""
    log = Log(path)
    for name in (ENTRIES, ARTICLES, STORY_EVENTS, POLLS, STATES, ROWS, PREFIX + "events.rafah"):
        await log.declare(name, 2)
    await log.declare(PREFIX + "generations", 1)
    await log.declare("somebody.elses", 1)
    await log.publish([Outgoing("somebody.elses", b"k", b"v", partition=0)])
    await log.publish([Outgoing(PREFIX + "generations", None, encode(Generation(1, {"a": "b"})), time=BEGAN)])
    for name in (ENTRIES, ARTICLES, STORY_EVENTS, POLLS, PREFIX + "events.rafah"):
        await log.publish([message(name, n) for n in range(count)])
    await log.publish([keyed(name, n) for name in (STATES, ROWS) for n in range(count)])
    await log.commit(GROUP, {(ENTRIES, 0): 2, (ENTRIES, 1): 4, (STORY_EVENTS, 0): 0, (POLLS, 0): 3})
    return log


def message(topic: str, n: int) -> Outgoing:
    """Message `n` of a topic: keyless ones, empty values and tombstones among them; times not in order."""
    key = None if n % 3 == 0 else b"k%d" % n
    value = {1: b"", 2: None}.get(n % 5, b"value %d" % n)
    return Outgoing(topic, key, value, RARE[n % len(RARE)], n % 2, BEGAN + n * 10 - n % 4 * 25)


def keyed(topic: str, n: int) -> Outgoing:
    """Message `n` of a compacted topic: three keys in turn, and tombstones."""
    value = None if n % 4 == 3 else b"row %d" % n
    return Outgoing(topic, b"k%d" % (n % 3), value, RARE[n % len(RARE)], n % 2, BEGAN + n)


def rows(path: Path, prefix: str = PREFIX) -> list[tuple[object, ...]]:
    """Every message under `prefix` but the copy's own records, as an outsider sees it."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(f"SELECT {COLUMNS} FROM messages ORDER BY 1, 2, 3").fetchall()
    return [row for row in found if row[0].startswith(prefix) and row[0] != prefix + "copies"]


def without_offsets(found: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Rows in order, by what no broker adds."""
    return [(*row[:2], *row[3:]) for row in found]


def drop(path: Path, topic: str, partition: int, offsets: list[int]) -> None:
    """Take messages out of a log's file, as compaction and retention do."""
    with closing(sqlite3.connect(path)) as connection, connection:
        part = connection.execute(
            "SELECT part.id FROM part JOIN topic ON topic.id = part.topic WHERE name = ? AND partition = ?",
            (topic, partition),
        ).fetchone()[0]
        connection.executemany(
            "DELETE FROM message WHERE part = ? AND offset = ?", [(part, offset) for offset in offsets]
        )


async def copied(source: Broker, target: Broker, batch: int = 3) -> tuple[Plan, Copied]:
    """The plan and what came of it, without anybody who watches."""
    made_plan = await plan(source, SETTINGS)
    return made_plan, await copy(source, target, made_plan, lambda *_: None, batch)


async def unread(broker: Broker, places: Mapping[TopicPartition, int]) -> list[tuple[object, ...]]:
    """What a group at `places` has still to read, by what no broker adds."""
    found: list[tuple[object, ...]] = []
    for (topic, partition), offset in sorted(places.items()):
        page = await broker.read(topic, partition, offset, 1_000)
        found += [(topic, partition, m.time, m.key, m.headers, m.value) for m in page]
    return found

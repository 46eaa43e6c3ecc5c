"""Logs whose messages were sent at times that a test says."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from agents.brokers.log import Log
from agents.brokers.message import Message, Outgoing

START = 1_700_000_000.0
"""Seconds since 1970 at which these tests begin."""


async def append(log: Log, topic: str, at: float, *pairs: tuple[bytes | None, bytes | None]) -> list[int]:
    """Publish to partition 0 as if it were `at`; the offsets."""
    offsets = await log.publish([Outgoing(topic, key, value, partition=0) for key, value in pairs])
    with closing(sqlite3.connect(log.path, isolation_level=None)) as connection:
        connection.executemany(
            "UPDATE message SET time = ? WHERE offset = ? AND part = (SELECT part.id FROM part JOIN topic"
            " ON topic.id = part.topic WHERE topic.name = ? AND part.partition = 0)",
            [(int(at * 1000), offset, topic) for offset in offsets],
        )
    return offsets


async def kept(log: Log, topic: str = "t") -> list[tuple[int, bytes | None, bytes | None]]:
    """Offset, key and value of every message of partition 0."""
    return [(m.offset, m.key, m.value) for m in await log.read(topic, 0, 0, 100_000)]


async def offsets(log: Log, topic: str = "t") -> list[int]:
    return [offset for offset, _, _ in await kept(log, topic)]


def folded(messages: Iterable[tuple[int, bytes | None, bytes | None]]) -> dict[bytes, bytes]:
    """The last value of each key; a deleted key is none."""
    last = {key: value for _, key, value in messages if key is not None}
    return {key: value for key, value in last.items() if value is not None}


def size(path: Path) -> int:
    """Bytes of the file that are in use: free pages are used again before it grows."""
    with closing(sqlite3.connect(path)) as connection:
        pages, free, page = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
    return int((pages - free) * page)


def values(messages: Iterable[Message]) -> list[bytes | None]:
    return [message.value for message in messages]

"""Reading the embedded log: short transactions in the event loop, at about a microsecond per row."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from agents.brokers.errors import Busy, UnknownTopic
from agents.brokers.message import TopicPartition
from agents.brokers.partitioner import check_partition
from agents.brokers.schema import connect
from agents.brokers.topic import TopicConfig
from agents.brokers.topics import as_kept

MAX_READ_BYTES = 8_000_000  # one read gives no more than this, but at least one message

# offset, time, key, headers, value
Stored: TypeAlias = tuple[int, int, bytes | None, str | None, bytes | None]

READ = (
    "SELECT offset, time, key, headers, value FROM message WHERE part = ? AND offset >= ?"
    " ORDER BY offset LIMIT ?"
)
PARTS = (
    "SELECT part.id FROM part JOIN topic ON topic.id = part.topic WHERE topic.name = ?"
    " ORDER BY part.partition"
)
ENDS = (
    "SELECT topic.name, part.partition, part.id, part.next FROM topic JOIN part ON part.topic = topic.id"
    " ORDER BY 1, 2"
)
COMMITTED = (
    "SELECT topic.name, part.partition, committed.offset FROM committed JOIN part ON part.id = committed.part"
    ' JOIN topic ON topic.id = part.topic WHERE committed."group" = ?'
)
KEPT = "SELECT cleanup, retention FROM topic WHERE name = ?"


class LogReader:
    """A connection to the file that writes nothing. Every question may raise Busy."""

    def __init__(self, path: Path, check_open: Callable[[], None]) -> None:
        """`check_open` is called before each question, and raises once there is nothing to ask any more."""
        self._path = path
        self._check_open = check_open
        self._connection = connect(path)
        self._connection.execute("PRAGMA query_only = ON")
        self._parts: dict[str, list[int]] = {}

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def data_version(self) -> int:
        """Another number after every commit by anybody else."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def name(self) -> str:
        """The random name given to the log when it was created."""
        return str(self._query("SELECT value FROM about WHERE name = 'log'")[0][0])

    def topics(self) -> list[str]:
        """Names of all topics, sorted."""
        return [row[0] for row in self._query("SELECT name FROM topic ORDER BY name")]

    def describe(self, topic: str) -> TopicConfig:
        """What the topic keeps. Raises UnknownTopic."""
        self.parts(topic)
        return as_kept(*self._query(KEPT, topic)[0])

    def parts(self, topic: str) -> list[int]:
        """The row ids of the topic's partitions, in order. Raises UnknownTopic."""
        found = self._parts.get(topic)
        if found is None:
            rows = self._query(PARTS, topic)
            if not rows:
                raise UnknownTopic(f"{topic!r} does not exist in {self._path}: declare it first")
            found = self._parts[topic] = [row[0] for row in rows]
        return found

    def part(self, topic: str, partition: int) -> int:
        """The row id of one partition. Raises UnknownTopic."""
        parts = self.parts(topic)
        check_partition(topic, partition, len(parts))
        return parts[partition]

    def ends(self) -> dict[TopicPartition, int]:
        """The next offset of every partition of every topic."""
        return {(name, partition): end for name, partition, _, end in self._query(ENDS)}

    def earliest(self, topic: str, partition: int) -> int:
        """The offset of the oldest message kept; the next one if there is none."""
        part = self.part(topic, partition)
        found = self._query("SELECT min(offset) FROM message WHERE part = ?", part)[0][0]
        return int(self._query("SELECT next FROM part WHERE id = ?", part)[0][0] if found is None else found)

    def appended(self) -> int:
        """How many messages were ever appended."""
        return int(self._query("SELECT coalesce(sum(next), 0) FROM part")[0][0])

    def committed(self, group: str) -> dict[TopicPartition, int]:
        """Per partition the offset at which `group` goes on."""
        return {(topic, partition): offset for topic, partition, offset in self._query(COMMITTED, group)}

    def stored(self, topic: str, partition: int, offset: int, limit: int) -> list[Stored]:
        """Rows as they are in the file: at most `limit`, and no more bytes than are good for one read."""
        rows: list[Stored] = []
        size = 0
        cursor = self._cursor(READ, self.part(topic, partition), offset, limit)
        for row in cursor:
            rows.append(row)
            size += len(row[4] or b"")
            if size >= MAX_READ_BYTES:
                break
        cursor.close()  # ends the read transaction, so that checkpoints can go on
        return rows

    def _cursor(self, sql: str, *params: object) -> sqlite3.Cursor:
        self._check_open()
        try:
            return self._connection.execute(sql, params)
        except sqlite3.OperationalError as error:
            raise Busy(f"{self._path}: {error}") from error

    def _query(self, sql: str, *params: object) -> list[tuple]:  # type: ignore[type-arg]
        return self._cursor(sql, *params).fetchall()

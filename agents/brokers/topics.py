"""Declaring a topic in the log's file: rare, so on a connection of its own."""

import sqlite3
from contextlib import closing
from pathlib import Path

from agents.brokers.errors import Busy, DiskFull, InvalidTopic, PartitionsDiffer
from agents.brokers.schema import connect


def declare_topic(path: Path, topic: str, partitions: int) -> None:
    """Create `topic` with `partitions`, or check that it has as many. Blocks.

    Raises PartitionsDiffer, InvalidTopic, Busy or DiskFull.
    """
    if partitions < 1:
        raise InvalidTopic(f"{topic!r} needs at least one partition, not {partitions}")
    with closing(connect(path)) as connection:
        found = _partitions(connection, topic)
        if not found:
            try:
                found = _create(connection, topic, partitions)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                    raise DiskFull(f"{path}: no room to declare {topic!r}; free some space") from error
                raise Busy(f"{path}: cannot declare {topic!r} now ({error})") from error
    if found != partitions:
        raise PartitionsDiffer(
            f"topic {topic!r} in {path} has {found} partitions, {partitions} were asked for: "
            f"set the number to {found}, or use a new log (it never changes, as keys would move)"
        )


def _partitions(connection: sqlite3.Connection, topic: str) -> int:
    row = connection.execute("SELECT partitions FROM topic WHERE name = ?", (topic,)).fetchone()
    return int(row[0]) if row else 0


def _create(connection: sqlite3.Connection, topic: str, partitions: int) -> int:
    connection.execute("BEGIN IMMEDIATE")
    found = _partitions(connection, topic)  # another process may have been first
    if not found:
        sql = "INSERT INTO topic (name, partitions) VALUES (?, ?)"
        identity = connection.execute(sql, (topic, partitions)).lastrowid
        rows = [(identity, partition) for partition in range(partitions)]
        connection.executemany("INSERT INTO part (topic, partition, next) VALUES (?, ?, 0)", rows)
    connection.execute("COMMIT")
    return found or partitions

"""What a log knows of its topics: declared, described and changed; rare, so on a connection of its own."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from agents.brokers.errors import Busy, DiskFull, InvalidTopic, PartitionsDiffer, TopicDiffers, UnknownTopic
from agents.brokers.schema import connect
from agents.brokers.topic import KEEP, TopicConfig, kept

FOUND = "SELECT partitions, cleanup, retention FROM topic WHERE name = ?"
KEPT = "UPDATE topic SET cleanup = ?, retention = ? WHERE name = ?"


def declare_topic(path: Path, topic: str, partitions: int, config: TopicConfig | None = None) -> None:
    """Create `topic`, or check that it is so. Blocks.

    Without `config` nothing is said about what it keeps. A topic of which nothing was said yet takes what
    is said first: it may be of a log from before topics had it, or one that Faust created. Copies are not
    for one file: `config.replication` is not looked at.
    Raises PartitionsDiffer, TopicDiffers, InvalidTopic, Busy or DiskFull.
    """
    if partitions < 1:
        raise InvalidTopic(f"{topic!r} needs at least one partition, not {partitions}")
    with closing(connect(path)) as connection:
        if _is_so(connection, path, topic, partitions, config):
            return
        with _writing(connection, path, topic):
            if _is_so(connection, path, topic, partitions, config):
                return  # another process was first
            _create(connection, topic, partitions)
            _keep(connection, topic, config)


def change_topic(path: Path, topic: str, config: TopicConfig) -> None:
    """From now on `topic` keeps what `config` says. Blocks. Raises UnknownTopic, Busy or DiskFull.

    Safe at any time: offsets stay, and `latest` tells of all messages before `compacted`, whatever was kept
    meanwhile. What a shorter retention drops is gone.
    """
    with closing(connect(path)) as connection, _writing(connection, path, topic):
        if connection.execute(FOUND, (topic,)).fetchone() is None:
            raise UnknownTopic(f"{topic!r} does not exist in {path}: declare it first")
        _keep(connection, topic, config)


def as_kept(cleanup: str | None, retention: float | None) -> TopicConfig:
    """The columns of a topic as its config; of one of which nothing was said, nothing is dropped."""
    if cleanup is None:
        return KEEP
    return TopicConfig("compact") if cleanup == "compact" else TopicConfig("delete", retention)


def _is_so(
    connection: sqlite3.Connection, path: Path, topic: str, partitions: int, config: TopicConfig | None
) -> bool:
    """The topic is there, and nothing is left to be said about it. Raises where it is another."""
    found = connection.execute(FOUND, (topic,)).fetchone()
    if found is None:
        return False
    if found[0] != partitions:
        raise PartitionsDiffer(
            f"topic {topic!r} in {path} has {found[0]} partitions, {partitions} were asked for: "
            f"set the number to {found[0]}, or use a new log (it never changes, as keys would move)"
        )
    if config is None or found[1] is None:
        return config is None
    here, wanted = kept(as_kept(found[1], found[2])), kept(config)
    if here != wanted:
        raise TopicDiffers(
            f"topic {topic!r} in {path} keeps {here}, {wanted} is wanted: "
            "`storywire topics create --change` changes it (partitions and offsets stay)"
        )
    return True


def _create(connection: sqlite3.Connection, topic: str, partitions: int) -> None:
    sql = "INSERT OR IGNORE INTO topic (name, partitions) VALUES (?, ?)"
    cursor = connection.execute(sql, (topic, partitions))
    if cursor.rowcount:
        rows = [(cursor.lastrowid, partition) for partition in range(partitions)]
        connection.executemany("INSERT INTO part (topic, partition, next) VALUES (?, ?, 0)", rows)


def _keep(connection: sqlite3.Connection, topic: str, config: TopicConfig | None) -> None:
    if config is not None:
        retention = None if config.cleanup == "compact" else config.retention
        connection.execute(KEPT, (config.cleanup, retention, topic))


@contextmanager
def _writing(connection: sqlite3.Connection, path: Path, topic: str) -> Iterator[None]:
    """A transaction with the write lock; SQLite's refusals in our words. An error leaves nothing behind."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise DiskFull(f"{path}: no room to declare {topic!r}; free some space") from error
        raise Busy(f"{path}: cannot declare {topic!r} now ({error})") from error

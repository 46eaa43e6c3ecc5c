"""The file of the embedded log: its tables, its one public view, and how it is opened.

`messages(topic, partition, offset, time, key, headers, value)` is for outsiders and versioned by
`PRAGMA user_version`; every other name in the file is ours to change. `time` is in milliseconds
since 1970, `headers` one JSON object. Offsets start at 0 and only grow within a partition; what a topic
need not keep any more is dropped (tidying.py), and leaves gaps.

Messages of all partitions lie in the order they were appended in (`id`), so a transaction writes at
one end of one tree; the index finds them by partition and offset, for us and for an outsider's
`WHERE topic = ? AND partition = ? AND offset >= ?` on the view. Measured at 100,000 rows of 0.3-4 kB:
11 us of CPU per append, 4 to read, whatever the row's size; clustering rows by (part, offset) took 14-29.

A new file can give pages back to the file system (auto_vacuum = incremental): measured on the same rows,
it costs less than can be told from noise. A file of version 1 cannot; its free pages are used again.
"""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from uuid import uuid4

from agents.brokers.errors import Busy, LogSchemaNewer, NotALog
from agents.brokers.mounts import read_mounts, refuse_network

SCHEMA_VERSION = 2
APPLICATION_ID = 0x53574C47  # "SWLG"
BUSY_MS = 30_000

FIRST_SCHEMA = f"""
CREATE TABLE topic (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, partitions INTEGER NOT NULL);
CREATE TABLE part (
  id INTEGER PRIMARY KEY, topic INTEGER NOT NULL REFERENCES topic, partition INTEGER NOT NULL,
  next INTEGER NOT NULL, UNIQUE (topic, partition));
CREATE TABLE message (
  id INTEGER PRIMARY KEY, part INTEGER NOT NULL, offset INTEGER NOT NULL, time INTEGER NOT NULL,
  key BLOB, headers TEXT, value BLOB);
CREATE UNIQUE INDEX message_offset ON message (part, offset);
CREATE TABLE committed (
  "group" TEXT NOT NULL, part INTEGER NOT NULL, offset INTEGER NOT NULL,
  PRIMARY KEY ("group", part)) WITHOUT ROWID;
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE VIEW messages (topic, partition, offset, time, key, headers, value) AS
  SELECT topic.name, part.partition, message.offset, message.time, message.key,
         coalesce(message.headers, '{{}}'), message.value
  FROM topic JOIN part ON part.topic = topic.id JOIN message ON message.part = part.id;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = 1;
"""

# What topics keep, and how far that was seen to. `cleanup` is NULL until somebody declares it. `latest` holds
# the last message of each key before `part.compacted`, `deleted` its time (ms) where it is a deletion.
MIGRATIONS = {
    2: """
ALTER TABLE topic ADD COLUMN cleanup TEXT;
ALTER TABLE topic ADD COLUMN retention REAL;
ALTER TABLE part ADD COLUMN compacted INTEGER NOT NULL DEFAULT 0;
CREATE TABLE latest (
  part INTEGER NOT NULL, key BLOB NOT NULL, offset INTEGER NOT NULL, deleted INTEGER,
  PRIMARY KEY (part, key)) WITHOUT ROWID;
CREATE INDEX latest_deleted ON latest (part, deleted) WHERE deleted IS NOT NULL;
PRAGMA user_version = 2;
"""
}


def connect(path: Path) -> sqlite3.Connection:
    """A connection as all of ours are: no implicit transactions, durable commits, usable in any thread."""
    connection = sqlite3.connect(
        path, isolation_level=None, timeout=BUSY_MS / 1000, check_same_thread=False, cached_statements=256
    )
    connection.execute("PRAGMA synchronous = FULL")
    # A checkpoint every 32 MB: rewriting the tail page of each partition less often saves about 2 us per row.
    connection.execute("PRAGMA wal_autocheckpoint = 4000")
    connection.execute("PRAGMA journal_size_limit = 67108864")
    return connection


def prepare(path: Path, mounts: str | None = None) -> None:
    """Create the log at `path` (mode 0600; SQLite gives -wal and -shm the same), or check what is there.

    A log of an earlier version becomes one of this version, with everything that is in it.

    Raises NetworkFileSystem, NotALog, LogSchemaNewer or Busy. `mounts` is the text of /proc/mounts.
    """
    path = path.absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    refuse_network(path.resolve(), read_mounts() if mounts is None else mounts)
    _create_private(path)
    try:
        with closing(connect(path)) as connection:
            _check_or_create(connection, path)
    except sqlite3.DatabaseError as error:
        raise _translate(error, path) from error


def _create_private(path: Path) -> None:
    """An empty file of mode 0600, unless there is one.

    Never open and close an existing log here: closing any descriptor of a file drops the POSIX locks
    that SQLite holds on it in the same process (sqlite.org/howtocorrupt.html, 2.2).
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _translate(error: sqlite3.DatabaseError, path: Path) -> Exception:
    if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
        return NotALog(f"{path} exists and is no SQLite file: choose another path for the log")
    if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Busy(
            f"{path} is locked by another process for more than {BUSY_MS // 1000} s: end it, try again"
        )
    return error


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _check_or_create(connection: sqlite3.Connection, path: Path) -> None:
    if _pragma(connection, "application_id") != APPLICATION_ID:
        _create(connection, path)
    found = _pragma(connection, "user_version")
    if found > SCHEMA_VERSION:
        raise LogSchemaNewer(
            f"{path} has schema {found}, this version knows {SCHEMA_VERSION}: "
            "use the storywire that wrote it, or a newer one"
        )
    if found < SCHEMA_VERSION:
        connection.execute("BEGIN IMMEDIATE")
        _migrate(connection)
        connection.execute("COMMIT")


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring the schema up to this version, in the caller's transaction; another process may have done it."""
    for version in range(_pragma(connection, "user_version") + 1, SCHEMA_VERSION + 1):
        _execute(connection, MIGRATIONS[version])


def _execute(connection: sqlite3.Connection, statements: str) -> None:
    for statement in statements.split(";\n"):  # `executescript` would end the transaction
        connection.execute(statement)


def _create(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        if _pragma(connection, "application_id") == APPLICATION_ID:
            return  # another process created it in this moment
        raise NotALog(f"{path} is a SQLite file of something else: choose another path for the log")
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # before anything is in the file, or never
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    if _pragma(connection, "application_id") != APPLICATION_ID:  # else another process was first
        _execute(connection, FIRST_SCHEMA)
        _migrate(connection)
        connection.execute("INSERT INTO about VALUES ('log', ?)", (uuid4().hex,))
    connection.execute("COMMIT")

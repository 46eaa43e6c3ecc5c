"""The file that keeps table rows between runs: one per worker, shared by its tables.

The changelog in the broker is the truth; this is a copy that saves reading it all again. So a commit
need not reach the disk at once (synchronous=NORMAL: consistent after a power cut, perhaps older), but
rows and the changelog offsets they cover always change in one transaction.
"""

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TypeAlias

STATE_VERSION = 2
CACHE_KB = 4_000  # SQLite's page cache, the bound on what is kept in memory
PAGE_BYTES = 8192
MOST_KEYS = 500
"""Keys in one query; SQLite's bound on its variables was 999 before version 3.32."""

SCHEMA = f"""
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE mark (
  topic TEXT, part INTEGER, offset INTEGER NOT NULL, claim INTEGER NOT NULL DEFAULT -1,
  time REAL NOT NULL DEFAULT 0, PRIMARY KEY (topic, part)) WITHOUT ROWID;
CREATE TABLE row ("table" TEXT NOT NULL, key BLOB NOT NULL, part INTEGER NOT NULL, value BLOB NOT NULL);
CREATE UNIQUE INDEX row_key ON row ("table", key);
PRAGMA user_version = {STATE_VERSION};
"""

# key -> (partition, value); a value of None is a deletion
Rows: TypeAlias = Mapping[bytes, tuple[int, bytes | None]]


class Mark(NamedTuple):
    """How far a file has read a partition: its last offset, the highest claim up to there, and when."""

    offset: int = -1
    claim: int = -1
    time: float = 0.0


class StateFile:
    """Rows by (table, key), each with the partition of the changelog it came from. One process at a time."""

    def __init__(self, path: Path) -> None:
        """Open or create `path`, mode 0600. A damaged file, or another version's, is begun anew."""
        self.path = path.absolute()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = self._open()
        except sqlite3.DatabaseError:
            self._remove()
            self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        with suppress(FileExistsError):
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        connection = sqlite3.connect(self.path, isolation_level=None, cached_statements=64)
        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
        connection.execute("PRAGMA journal_size_limit = 67108864")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KB}")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            connection.executescript(f"BEGIN;{SCHEMA}COMMIT;")
        elif version != STATE_VERSION:
            connection.close()
            raise sqlite3.DatabaseError(f"{self.path} has version {version}")
        return connection

    def _remove(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    def bind(self, log: str) -> None:
        """Keep what is there only if it was derived from the log of that identity."""
        found = self._connection.execute("SELECT value FROM about WHERE name = 'log'").fetchone()
        if found != (log,):
            with self._connection as connection:
                connection.execute("BEGIN")
                connection.execute("DELETE FROM row")
                connection.execute("DELETE FROM mark")
                connection.execute("INSERT OR REPLACE INTO about VALUES ('log', ?)", (log,))

    def get(self, table: str, key: bytes) -> bytes | None:
        sql = 'SELECT value FROM row WHERE "table" = ? AND key = ?'
        found = self._connection.execute(sql, (table, key)).fetchone()
        return found[0] if found else None

    def get_all(self, table: str, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The rows that there are of `keys`, each named once: one query costs a fifth of one for each."""
        found: dict[bytes, bytes] = {}
        for at in range(0, len(keys), MOST_KEYS):
            some = keys[at : at + MOST_KEYS]
            sql = f'SELECT key, value FROM row WHERE "table" = ? AND key IN ({",".join("?" * len(some))})'
            found.update(self._connection.execute(sql, (table, *some)))
        return found

    def items(self, table: str) -> Iterator[tuple[bytes, bytes]]:
        """All rows of `table`, by key, as they are now."""
        sql = 'SELECT key, value FROM row WHERE "table" = ? AND key > ? ORDER BY key LIMIT 500'
        last = b""
        while rows := self._connection.execute(sql, (table, last)).fetchall():
            yield from rows
            last = rows[-1][0]

    def mark(self, topic: str, partition: int) -> Mark:
        """Rows of all records up to `offset` are here; -1 for none."""
        sql = "SELECT offset, claim, time FROM mark WHERE topic = ? AND part = ?"
        found = self._connection.execute(sql, (topic, partition)).fetchone()
        return Mark(*found) if found else Mark()

    def offset(self, topic: str, partition: int) -> int | None:
        """The last changelog offset whose row is here, and so are those of all before it."""
        found = self.mark(topic, partition).offset
        return found if found >= 0 else None

    def write(
        self,
        table: str,
        rows: Rows,
        topic: str,
        offsets: Mapping[int, int],
        claims: Mapping[int, int] | None = None,
    ) -> None:
        """Apply rows and set changelog offsets (by partition) in one transaction; claims where given."""
        sets = [(table, key, part, value) for key, (part, value) in sorted(rows.items()) if value is not None]
        deletions = [(table, key) for key, (_, value) in rows.items() if value is None]
        now = time.time()
        with self._connection as connection:
            connection.execute("BEGIN")
            connection.executemany(
                'INSERT INTO row VALUES (?, ?, ?, ?) ON CONFLICT ("table", key)'
                " DO UPDATE SET part = excluded.part, value = excluded.value",
                sets,
            )
            connection.executemany('DELETE FROM row WHERE "table" = ? AND key = ?', deletions)
            known = {part: -1 for part, _ in rows.values()} | dict(offsets)  # -1: rows, and no offset yet
            connection.executemany(
                "INSERT OR IGNORE INTO mark (topic, part, offset) VALUES (?, ?, -1)",
                [(topic, part) for part in known],
            )
            connection.executemany(
                "UPDATE mark SET offset = ?, time = ? WHERE topic = ? AND part = ?",
                [(offset, now, topic, part) for part, offset in offsets.items()],
            )
            connection.executemany(
                "UPDATE mark SET claim = ? WHERE topic = ? AND part = ?",
                [(claim, topic, part) for part, claim in (claims or {}).items()],
            )

    def drop(self, table: str, topic: str, kept: Iterable[int]) -> None:
        """Remove rows and offsets of partitions that are not `kept`; reads rows only if there are any."""
        found = self._connection.execute("SELECT part FROM mark WHERE topic = ?", (topic,)).fetchall()
        gone = sorted({part for (part,) in found} - set(kept))
        if not gone:
            return
        with self._connection as connection:
            connection.execute("BEGIN")
            pairs = [(table, part) for part in gone]
            connection.executemany('DELETE FROM row WHERE "table" = ? AND part = ?', pairs)
            connection.executemany(
                "DELETE FROM mark WHERE topic = ? AND part = ?", [(topic, part) for part in gone]
            )

    def drop_one(self, table: str, topic: str, partition: int) -> None:
        """Remove rows and mark of one partition."""
        with self._connection as connection:
            connection.execute("BEGIN")
            connection.execute('DELETE FROM row WHERE "table" = ? AND part = ?', (table, partition))
            connection.execute("DELETE FROM mark WHERE topic = ? AND part = ?", (topic, partition))

    def clear(self, table: str, topic: str) -> None:
        self.drop(table, topic, ())

    def close(self) -> None:
        self._connection.close()

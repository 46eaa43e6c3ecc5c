"""The last message of each key of one partition on two sides, on disk: keys may be millions."""

import hashlib
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from agents.brokers.message import Message
from agents.copying.fingerprint import fingerprint

Side = Literal["source", "target"]
TABLES = """PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8000; PRAGMA temp_store=FILE;
CREATE TABLE source (key BLOB PRIMARY KEY, print BLOB, offset INTEGER) WITHOUT ROWID;
CREATE TABLE target (key BLOB PRIMARY KEY, print BLOB, offset INTEGER) WITHOUT ROWID;
BEGIN"""
DIFFERENT = """SELECT s.key, s.offset, t.offset FROM source s LEFT JOIN target t ON t.key = s.key
    WHERE t.print IS NULL OR t.print <> s.print
  UNION ALL SELECT t.key, NULL, t.offset FROM target t LEFT JOIN source s ON s.key = t.key WHERE s.key IS NULL
  ORDER BY 1 LIMIT 1"""


class Latest:
    """A deletion takes its key away, as compaction may do on either side. Gone at the end."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "latest.db"
        self._rows = sqlite3.connect(self._path, isolation_level=None)
        self._rows.executescript(TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rows.close()
        self._path.unlink()

    def add(self, side: Side, message: Message) -> None:
        """Take in one message; later ones of its key replace it."""
        key = _key(message)
        if message.value is None:
            self._rows.execute(f"DELETE FROM {side} WHERE key = ?", (key,))
        else:
            row = (key, fingerprint(message), message.offset)
            self._rows.execute(f"INSERT OR REPLACE INTO {side} VALUES (?, ?, ?)", row)

    def count(self, side: Side) -> int:
        """How many keys have a message."""
        return int(self._rows.execute(f"SELECT count(*) FROM {side}").fetchone()[0])

    def digest(self, side: Side) -> bytes:
        """Of all of them, by key."""
        found = hashlib.sha256()
        for row in self._rows.execute(f"SELECT print FROM {side} ORDER BY key"):
            found.update(row[0])
        return found.digest()

    def first_difference(self) -> tuple[bytes, int | None, int | None] | None:
        """Key, offset in the source, offset in the target (None: not there) of the least key that differs."""
        row = self._rows.execute(DIFFERENT).fetchone()
        return None if row is None else (row[0][1:], row[1], row[2])


def _key(message: Message) -> bytes:
    """A message without key supersedes none and is superseded by none."""
    return b"n" + fingerprint(message) if message.key is None else b"k" + message.key

"""Puts what a replay read into the order in which the world saw it, on disk, whatever its size."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pipeline.ids import UNOBSERVED

ItemKind = Literal["entry", "snapshot"]


@dataclass(frozen=True, slots=True)
class Item:
    """An entry (encoded, with its article's id) or a feed snapshot (see read.py); None sorts first."""

    kind: ItemKind
    observed: datetime | None
    feed: str
    key: bytes
    data: bytes


class Spool:
    """A throw-away file of items that reads back by (observed, feed, kind, bytes).

    The order is a function of the set of items alone, so that doubled or reordered input files send
    the same entries in the same order. Kept on disk: a replay's memory does not grow with its input.
    """

    def __init__(self, path: Path) -> None:
        self._log = sqlite3.connect(path, isolation_level=None)
        self._log.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-2000;"
            "CREATE TABLE item (at TEXT, feed TEXT, kind TEXT, key BLOB, data BLOB);"
            "BEGIN"
        )

    def add(self, item: Item) -> None:
        """Keep one item."""
        self._log.execute(
            "INSERT INTO item VALUES (?, ?, ?, ?, ?)",
            (_order(item.observed), item.feed, item.kind, item.key, item.data),
        )

    def __len__(self) -> int:
        return int(self._log.execute("SELECT max(rowid) FROM item").fetchone()[0] or 0)

    def ordered(self) -> Iterator[Item]:
        """Every item in order. Adding ends with the first call."""
        self._log.execute("COMMIT")
        self._log.execute("CREATE INDEX ordered ON item (at, feed, kind)")
        for at, feed, kind, key, data in self._log.execute(
            "SELECT at, feed, kind, key, data FROM item ORDER BY at, feed, kind, data"
        ):
            yield Item(kind, _moment(at), feed, key, data)

    def close(self) -> None:
        """Let go of the file; whoever made it removes it."""
        self._log.close()


def _order(observed: datetime | None) -> str:
    return UNOBSERVED if observed is None else observed.astimezone(UTC).isoformat(timespec="microseconds")


def _moment(text: str) -> datetime | None:
    return None if text == UNOBSERVED else datetime.fromisoformat(text)

"""The one thread of a process that writes to the log: many appends, one transaction, one fsync.

Whatever waits when a transaction ends goes into the next one (group commit), so the price of
durability is shared under load and nobody waits for company when there is none. Work is done in the
order it was handed over: offsets committed after an append are never durable before it.

Python gives up the interpreter lock at every step of a SQLite statement, and a busy event loop then
keeps it for a switch interval (5 ms). So a transaction is few steps, not few rows: rows go in by the
64 per statement, and offsets of all partitions are read and written by one statement each.

Chores (what a log drops, tidying.py) are done between the transactions of appends, one at a time.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeAlias

import orjson

from agents.brokers.errors import BrokerError, Busy, DiskFull, StorageFailed, Unusable
from agents.brokers.schema import BUSY_MS, connect

# part, time, key, headers, value
Row: TypeAlias = tuple[int, int, bytes | None, str | None, bytes | None]
Outcome: TypeAlias = list[int] | BrokerError

# A transaction ends at whichever comes first. 4,000 rows are about 40 ms of work.
MAX_ROWS = 4_000
MAX_BYTES = 16_000_000
CHUNKS = (64, 8, 1)

NEXT = "SELECT json_group_object(id, next) FROM part"
SET_NEXT = "UPDATE part SET next = j.value FROM json_each(?) AS j WHERE part.id = CAST(j.key AS INTEGER)"
SET_COMMITTED = """INSERT INTO committed ("group", part, offset)
  SELECT ?, CAST(key AS INTEGER), value FROM json_each(?) WHERE true
  ON CONFLICT ("group", part) DO UPDATE SET offset = excluded.offset"""
INSERT = {
    n: "INSERT INTO message (part, offset, time, key, headers, value) VALUES "
    + ",".join(["(?,?,?,?,?,?)"] * n)
    for n in CHUNKS
}


@dataclass(slots=True)
class Work:
    """Rows and committed offsets (part -> offset) that become durable together, and who wants to know.

    `done` is called in the writer's thread with the rows' offsets, or with the error.
    """

    rows: Sequence[Row]
    done: Callable[[Outcome], None]
    group: str = ""
    offsets: dict[int, int] = field(default_factory=dict)
    size: int = 0


@dataclass(slots=True)
class Chore:
    """A short transaction that is no append. `done` is called in the writer's thread with its outcome.

    A chore that fails is rolled back, and nothing else is: appends go on.
    """

    step: Callable[[sqlite3.Connection], bool]
    done: Callable[[bool | BrokerError], None]


class Writer:
    """Owns the thread, its queue and its connection. Not for use after `close()`."""

    def __init__(self, path: Path, max_bytes: int | None = None) -> None:
        """`max_bytes` bounds the file (not -wal): beyond it the log is full, as if the disk were."""
        self.path = path
        self._queue: SimpleQueue[Work | Chore | None] = SimpleQueue()
        self._chores: list[Chore] = []
        self._failure: Unusable | None = None
        self._connection = connect(path)
        if max_bytes is not None:
            page = self._connection.execute("PRAGMA page_size").fetchone()[0]
            self._connection.execute(f"PRAGMA max_page_count = {max_bytes // page}")
        self._thread = Thread(target=self._run, name=f"log-writer:{path.name}", daemon=True)
        self._thread.start()

    def put(self, work: Work | Chore) -> None:
        """Hand over; `work.done` will be called, whatever happens."""
        self._queue.put(work)

    def close(self) -> None:
        """Write what was handed over, then end the thread. Blocks until then."""
        self._queue.put(None)
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        going = True
        while going:
            works, going = self._gather()
            if works:
                self._write(works)
            for chore in self._chores:
                chore.done(self._failure or self._did(chore))
            self._chores.clear()

    def _gather(self) -> tuple[list[Work], bool]:
        """All appends that wait, up to a transaction's bounds; False when it is time to end.

        Chores that are met go to `_chores`.
        """
        works: list[Work] = []
        rows = size = 0
        work = self._queue.get()
        while work is not None:
            if isinstance(work, Chore):
                self._chores.append(work)
            else:
                works.append(work)
                rows, size = rows + len(work.rows), size + work.size
            if rows >= MAX_ROWS or size >= MAX_BYTES:
                return works, True
            try:
                work = self._queue.get_nowait()
            except Empty:
                return works, True
        return works, False

    def _write(self, works: list[Work]) -> None:
        error = self._failure
        outcomes: list[list[int]] = []
        if error is None:
            try:
                outcomes = self._transaction(works)
            except Exception as raised:
                self._fail(works, self._undo(raised))
                return
        if error is not None:
            self._fail(works, error)
        else:
            for work, offsets in zip(works, outcomes, strict=True):
                work.done(offsets)

    def _fail(self, works: Iterable[Work], error: BrokerError) -> None:
        for work in works:
            work.done(error)

    def _transaction(self, works: list[Work]) -> list[list[int]]:
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        ends = {int(k): v for k, v in orjson.loads(connection.execute(NEXT).fetchone()[0]).items()}
        before = dict(ends)
        outcomes = [_allocate(work.rows, ends) for work in works]
        self._insert([row for work in works for row in work.rows], list(chain.from_iterable(outcomes)))
        moved = {str(part): end for part, end in ends.items() if end != before.get(part)}
        if moved:
            connection.execute(SET_NEXT, (orjson.dumps(moved).decode(),))
        for work in works:
            if work.offsets:
                marks = orjson.dumps({str(part): offset for part, offset in work.offsets.items()})
                connection.execute(SET_COMMITTED, (work.group, marks.decode()))
        connection.execute("COMMIT")
        return outcomes

    def _insert(self, rows: list[Row], offsets: list[int]) -> None:
        at = 0
        for size in CHUNKS:
            while len(rows) - at >= size:
                params: list[object] = []
                for row, offset in zip(rows[at : at + size], offsets[at : at + size], strict=True):
                    params += (row[0], offset, row[1], row[2], row[3], row[4])
                self._connection.execute(INSERT[size], params)
                at += size

    def _did(self, chore: Chore) -> bool | BrokerError:
        try:
            return chore.step(self._connection)
        except Exception as raised:
            return self._meaning(raised)

    def _undo(self, raised: Exception) -> BrokerError:
        """Roll back, and say what it means. All but a held lock is final: the log takes no more."""
        error = self._meaning(raised)
        if isinstance(error, Unusable):
            self._failure = error
        return error

    def _meaning(self, raised: Exception) -> BrokerError:
        """Roll back, and say what it means."""
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error as second:
            raised.add_note(f"and the rollback failed: {second}")
        code = getattr(raised, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return Busy(
                f"{self.path}: another process held its lock for {BUSY_MS // 1000} s; trying again may work"
            )
        if code == sqlite3.SQLITE_FULL:
            return DiskFull(f"{self.path}: no room ({raised}); free some space, then start again")
        return StorageFailed(f"{self.path}: {raised}; check the disk, then start again")


def _allocate(rows: Sequence[Row], ends: dict[int, int]) -> list[int]:
    """The offset of each row; `ends` moves on."""
    offsets = []
    for row in rows:
        part = row[0]
        offset = ends[part]
        ends[part] = offset + 1
        offsets.append(offset)
    return offsets

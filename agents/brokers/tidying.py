"""What a log drops: superseded messages, old deletions, and what is past its topic's retention.

Each partition remembers how far it was compacted, and `latest` holds the last message of each key before
that place. So every message is looked at once, soon after it came, and never again: the next message of its
key finds it by that table. Nothing is held in memory but numbers.

- A message younger than `YOUNG` is left alone, and neither supersedes nor is superseded, so that whoever
  follows at the end sees all of them. So is whatever comes behind it: order decides, times only delay.
- The last message of a compacted partition stays, whatever it is: Faust reads changelogs up to it.
- A message without key is superseded by none.
- A deletion has superseded all that came before it when it is dropped itself.
- Retention drops from the oldest message on, and stops at the first that is to be kept.
- A message from the future (a clock was set back) is as old as whatever comes behind it.

A transaction holds the log's write lock for about `HOLD` and does batches of few statements each: Python
gives up the interpreter lock at each of them (writer.py).
"""

import sqlite3
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import TypeAlias

from agents.brokers.topic import DAY

YOUNG = 60_000  # milliseconds, as all times in this file
DELETION = int(DAY) * 1_000  # Kafka's delete.retention.ms
HOLD = 0.015
"""Seconds after which a transaction takes no further batch; one batch is about 7 ms."""
ROWS = 100
BYTES = 2_000_000
"""Of values in one batch: a large value is many pages to free."""
FREE_PAGES = 4_000
"""Pages that a file keeps free for what comes; a quarter of it is kept as well."""
PAGES = 8
"""Given back to the file system in one batch: SQLite makes each of them a step."""

COMPACTED = "SELECT part.id FROM part JOIN topic ON topic.id = part.topic WHERE topic.cleanup = 'compact'"
EXPIRING = """SELECT part.id, topic.retention FROM part JOIN topic ON topic.id = part.topic
  WHERE topic.cleanup = 'delete' AND topic.retention IS NOT NULL"""

# Bytes of values before a row.
BEFORE = "sum(coalesce(length(value), 0)) OVER (ORDER BY offset) - coalesce(length(value), 0)"
# The range of the next batch: from where, and up to before which offset.
AHEAD = f"""WITH ahead AS (
    SELECT offset, time, {BEFORE} AS before
    FROM message WHERE part = :part AND offset >= (SELECT compacted FROM part WHERE id = :part)
    ORDER BY offset LIMIT :rows)
  SELECT min(offset), coalesce(
    min(offset) FILTER (WHERE (time > :young AND time <= :future) OR before > :bytes), max(offset) + 1)
  FROM ahead"""
RANGE = "part = :part AND offset >= :start AND offset < :stop AND key IS NOT NULL"
SUPERSEDED_BEFORE = f"""DELETE FROM message WHERE part = :part AND offset IN (
    SELECT offset FROM latest WHERE part = :part AND key IN (SELECT key FROM message WHERE {RANGE}))"""
SUPERSEDED_WITHIN = f"""DELETE FROM message WHERE {RANGE}
  AND offset NOT IN (SELECT max(offset) FROM message WHERE {RANGE} GROUP BY key)"""
# typeof() leaves a long value on the disk, IS NULL would fetch it
REMEMBER = f"""INSERT INTO latest (part, key, offset, deleted)
    SELECT part, key, offset, CASE typeof(value) WHEN 'null' THEN min(time, :now) END
    FROM message WHERE {RANGE}
  ON CONFLICT (part, key) DO UPDATE SET offset = excluded.offset, deleted = excluded.deleted"""
ADVANCE = "UPDATE part SET compacted = :stop WHERE id = :part"

DELETIONS = """FROM latest WHERE part = :part AND deleted < :before
    AND offset < (SELECT next - 1 FROM part WHERE id = :part) ORDER BY deleted, key LIMIT :rows"""
DROP_DELETIONS = f"DELETE FROM message WHERE part = :part AND offset IN (SELECT offset {DELETIONS})"
FORGET_DELETIONS = f"DELETE FROM latest WHERE part = :part AND key IN (SELECT key {DELETIONS})"

EXPIRED = f"""WITH head AS (
    SELECT offset, time, {BEFORE} AS before
    FROM message WHERE part = :part ORDER BY offset LIMIT :rows)
  SELECT max(offset) FROM head WHERE time < :before AND offset < coalesce(
    (SELECT min(offset) FROM head WHERE (time >= :before AND time <= :future) OR before > :bytes), :most)"""
EXPIRE = "DELETE FROM message WHERE part = :part AND offset <= :last"

Batch: TypeAlias = Callable[[sqlite3.Connection], bool]


@dataclass(slots=True)
class Dropped:
    """How many messages are gone: superseded ones, deletions, those past their retention."""

    superseded: int = 0
    deletions: int = 0
    expired: int = 0


class Tidying:
    """One round over all topics as of `now` (milliseconds), in steps. Ask `step` until it says False."""

    def __init__(self, now: int) -> None:
        self._now = now
        self._future = now + YOUNG
        self._batches: deque[Batch] = deque([self._plan])
        self.dropped = Dropped()

    def step(self, connection: sqlite3.Connection) -> bool:
        """One transaction; whether there is more to do. An error is the caller's, who rolls back."""
        connection.execute("BEGIN IMMEDIATE")
        begun = perf_counter()
        while self._batches:
            if not self._batches[0](connection):
                self._batches.popleft()
            if perf_counter() - begun >= HOLD:
                break
        connection.execute("COMMIT")
        return bool(self._batches)

    def _plan(self, connection: sqlite3.Connection) -> bool:
        """What is to be done: retention first, since it needs no room on a full disk."""
        for part, retention in connection.execute(EXPIRING).fetchall():
            self._batches.append(self._expire(part, self._now - int(retention * 1_000)))
        for (part,) in connection.execute(COMPACTED).fetchall():
            self._batches += (self._compact(part), self._drop_deletions(part))
        if connection.execute("PRAGMA auto_vacuum").fetchone()[0] == 2:
            self._batches.append(_give_back)
        return False

    def _expire(self, part: int, before: int) -> Batch:
        names = {"part": part, "before": before, "future": self._future, "rows": ROWS, "bytes": BYTES}

        def batch(connection: sqlite3.Connection) -> bool:
            last = connection.execute(EXPIRED, names | {"most": 1 << 62}).fetchone()[0]
            if last is None:
                return False
            self.dropped.expired += connection.execute(EXPIRE, {"part": part, "last": last}).rowcount
            return True

        return batch

    def _compact(self, part: int) -> Batch:
        names = {"part": part, "young": self._now - YOUNG, "future": self._future, "now": self._now}

        def batch(connection: sqlite3.Connection) -> bool:
            start, stop = connection.execute(AHEAD, names | {"rows": ROWS, "bytes": BYTES}).fetchone()
            if start is None or start == stop:
                return False
            bounds = names | {"start": start, "stop": stop}
            for sql in (SUPERSEDED_BEFORE, SUPERSEDED_WITHIN):
                self.dropped.superseded += connection.execute(sql, bounds).rowcount
            connection.execute(REMEMBER, bounds)
            connection.execute(ADVANCE, bounds)
            return True

        return batch

    def _drop_deletions(self, part: int) -> Batch:
        names = {"part": part, "before": self._now - DELETION, "rows": ROWS}

        def batch(connection: sqlite3.Connection) -> bool:
            self.dropped.deletions += connection.execute(DROP_DELETIONS, names).rowcount
            return connection.execute(FORGET_DELETIONS, names).rowcount > 0

        return batch


def _give_back(connection: sqlite3.Connection) -> bool:
    """Shrink the file by some pages where more than enough of them are free."""
    free = connection.execute("PRAGMA freelist_count").fetchone()[0]
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    if free <= max(FREE_PAGES, pages // 4):
        return False
    connection.execute(f"PRAGMA incremental_vacuum({PAGES})").fetchall()
    return True

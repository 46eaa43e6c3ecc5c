"""The embedded log: a durable broker in one SQLite file, shared by any number of processes.

Appends go through one writer thread (writer.py); reads are short transactions in the event loop, at
about a microsecond per row. A private log is the same over a temporary file of the caller's.
"""

import asyncio
import re
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from pathlib import Path
from typing import TypeAlias, TypeVar

from agents.brokers.changes import Changes
from agents.brokers.errors import BrokerError, Busy, Closed, InvalidTopic, MessageTooLarge, UnknownTopic
from agents.brokers.headers import Headers, decode_headers, encode_headers
from agents.brokers.lock import worker_lock
from agents.brokers.message import Message, Outgoing, TopicPartition
from agents.brokers.partitioner import partition_for_key
from agents.brokers.schema import connect, prepare
from agents.brokers.tidying import Dropped, Tidying
from agents.brokers.topic import KEEP, TopicConfig
from agents.brokers.topics import as_kept, change_topic, declare_topic
from agents.brokers.writer import Chore, Outcome, Row, Work, Writer

MAX_MESSAGE_BYTES = 1_000_000  # Kafka's default is 1,048,588 with its framing
MAX_READ_BYTES = 8_000_000  # one read gives no more than this, but at least one message

# offset, time, key, headers, value
Stored: TypeAlias = tuple[int, int, bytes | None, str | None, bytes | None]
T = TypeVar("T")
Reply: TypeAlias = Callable[[int, BrokerError | None], None]

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
NAME = re.compile(r"[a-zA-Z0-9._-]{1,249}")


def check_name(name: str) -> str:
    """A topic or group name that Kafka takes too. Raises InvalidTopic."""
    if not NAME.fullmatch(name) or name in (".", ".."):
        raise InvalidTopic(
            f"{name!r} is no name for a topic or group: 1 to 249 letters, digits, '.', '_' or '-'"
        )
    return name


class Log:
    """A `Broker` over one file. Used from one event loop; every process opens its own."""

    def __init__(self, path: Path, *, mounts: str | None = None, max_bytes: int | None = None) -> None:
        """Open `path`, creating it (mode 0600). Raises as `schema.prepare` does.

        mounts: the text of /proc/mounts, read if not given. max_bytes: the file grows no larger.
        """
        self.path = path.absolute()
        prepare(self.path, mounts)
        self._reader = connect(self.path)
        self._reader.execute("PRAGMA query_only = ON")
        self._changes = Changes(lambda: int(self._reader.execute("PRAGMA data_version").fetchone()[0]))
        self._writer = Writer(self.path, max_bytes)
        self._parts: dict[str, list[int]] = {}
        self._turn = 0
        self._rows: list[Row] = []
        self._replies: list[Reply] = []
        self._closed = False
        self._accepted = self._settled = 0

    # --- what there is

    async def identity(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """A random name given to this log when it was created."""
        return str(self._query("SELECT value FROM about WHERE name = 'log'")[0][0])

    async def topics(self) -> list[str]:
        return [row[0] for row in self._query("SELECT name FROM topic ORDER BY name")]

    async def declare(self, topic: str, partitions: int, config: TopicConfig = KEEP) -> None:
        check_name(topic)
        await asyncio.to_thread(declare_topic, self.path, topic, partitions, config)

    async def change(self, topic: str, config: TopicConfig) -> None:
        """From now on the topic keeps this; safe at any time. Partitions stay. Raises UnknownTopic."""
        await asyncio.to_thread(change_topic, self.path, topic, config)

    async def describe(self, topic: str) -> TopicConfig:
        self.parts(topic)
        return as_kept(*self._query(KEPT, topic)[0])

    async def partitions(self, topic: str) -> int:
        return len(self.parts(topic))

    async def starts(self, topic: str) -> dict[int, int]:
        return {part: self.earliest(topic, part) for part in range(len(self.parts(topic)))}

    def parts(self, topic: str) -> list[int]:
        """The row ids of the topic's partitions, in order. Raises UnknownTopic."""
        found = self._parts.get(topic)
        if found is None:
            rows = self._query(PARTS, topic)
            if not rows:
                raise UnknownTopic(f"{topic!r} does not exist in {self.path}: declare it first")
            found = self._parts[topic] = [row[0] for row in rows]
        return found

    async def ends(self, topic: str) -> dict[int, int]:
        self.parts(topic)
        return {partition: end for (name, partition), end in self.all_ends().items() if name == topic}

    def all_ends(self) -> dict[TopicPartition, int]:
        """The next offset of every partition of every topic."""
        return {(name, partition): end for name, partition, _, end in self._query(ENDS)}

    async def appended(self) -> int:
        return int(self._query("SELECT coalesce(sum(next), 0) FROM part")[0][0])

    async def committed(self, group: str) -> dict[TopicPartition, int]:
        return self.committed_now(group)

    def committed_now(self, group: str) -> dict[TopicPartition, int]:
        """As `committed`, at once."""
        return {(topic, partition): offset for topic, partition, offset in self._query(COMMITTED, group)}

    # --- reading

    async def read(self, topic: str, partition: int, offset: int, limit: int) -> list[Message]:
        return [
            Message(topic, partition, row[0], row[1], row[2], decode_headers(row[3]), row[4])
            for row in self.stored(topic, partition, offset, limit)
        ]

    def stored(self, topic: str, partition: int, offset: int, limit: int) -> list[Stored]:
        """Rows as they are in the file: at most `limit`, and no more bytes than are good for one read."""
        rows: list[Stored] = []
        size = 0
        cursor = self._cursor(READ, self._part(topic, partition), offset, limit)
        for row in cursor:
            rows.append(row)
            size += len(row[4] or b"")
            if size >= MAX_READ_BYTES:
                break
        cursor.close()  # ends the read transaction, so that checkpoints can go on
        return rows

    def earliest(self, topic: str, partition: int) -> int:
        """The offset of the oldest message kept; the next one if there is none."""
        part = self._part(topic, partition)
        found = self._query("SELECT min(offset) FROM message WHERE part = ?", part)[0][0]
        return int(self._query("SELECT next FROM part WHERE id = ?", part)[0][0] if found is None else found)

    # --- writing

    def place(self, topic: str, key: bytes | None, partition: int | None) -> int:
        """The partition a message goes to: the one given, else by key, else the next in turn."""
        parts = self.parts(topic)
        if partition is not None:
            self._part(topic, partition)
            return partition
        if key is not None:
            return partition_for_key(key, len(parts))
        self._turn += 1
        return self._turn % len(parts)

    async def publish(self, messages: Sequence[Outgoing]) -> list[int]:
        rows = [
            self._row(m.topic, self.place(m.topic, m.key, m.partition), m.key, m.value, m.headers, m.time)
            for m in messages
        ]
        return await self._written(Work(rows, _nobody, size=sum(_size(row) for row in rows)))

    async def commit(self, group: str, offsets: Mapping[TopicPartition, int]) -> None:
        marks = {self._part(*tp): offset for tp, offset in offsets.items()}
        await self._written(Work((), _nobody, check_name(group), marks))

    def send(
        self,
        topic: str,
        partition: int,
        key: bytes | None,
        value: bytes | None,
        headers: Headers,
        reply: Reply,
    ) -> None:
        """Append soon, together with whatever else is sent in this turn of the event loop.

        `reply(offset, None)` is called in the loop once the message is durable, `reply(-1, error)` if it
        was not taken. Raises NeverError at once.
        """
        if not self._rows:
            asyncio.get_running_loop().call_soon(self._hand_over)
        self._rows.append(self._row(topic, partition, key, value, headers))
        self._replies.append(reply)
        self._accepted += 1

    async def drained(self) -> None:
        """Wait until everything that `send` has taken up to now has been replied to."""
        goal = self._accepted
        while self._settled < goal:
            await self._written(Work((), _nobody))  # works are done in order: an empty one comes after them

    async def tidy(self, now: float) -> Dropped:
        """Drop what topics need not keep any more at `now`, in seconds since 1970 (see tidying.py).

        In small transactions between appends. Afterwards each waits as long as the one before took, so
        that other processes find the lock free. Raises MaybeError or Unusable; again goes on from there.
        """
        round_ = Tidying(int(now * 1000))
        more = True
        while more:
            begun = time.perf_counter()
            more = await self._step(round_)
            await asyncio.sleep(time.perf_counter() - begun if more else 0)
        self._notice()
        return round_.dropped

    async def _step(self, round_: Tidying) -> bool:
        self._open()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[bool | BrokerError] = loop.create_future()
        self._writer.put(Chore(round_.step, lambda outcome: _tell(loop, _resolve, future, outcome)))
        outcome = await future
        if isinstance(outcome, BrokerError):
            raise outcome
        return outcome

    def _row(
        self,
        topic: str,
        partition: int,
        key: bytes | None,
        value: bytes | None,
        headers: Headers,
        sent: int | None = None,
    ) -> Row:
        text = encode_headers(headers) if headers else None
        sent = int(time.time() * 1000) if sent is None else sent
        row = (self._part(topic, partition), sent, key, text, value)
        if _size(row) > MAX_MESSAGE_BYTES:
            raise MessageTooLarge(
                f"a message of {_size(row)} bytes for {topic!r} (key {key!r:.80}) exceeds "
                f"{MAX_MESSAGE_BYTES}: send less, or cut it"
            )
        return row

    def _hand_over(self) -> None:
        rows, replies = self._rows, self._replies
        if not rows:
            return
        self._rows, self._replies = [], []
        loop = asyncio.get_running_loop()
        self._put(
            Work(
                rows,
                lambda outcome: _tell(loop, self._reply_all, replies, outcome),
                size=sum(map(_size, rows)),
            )
        )

    def _reply_all(self, replies: list[Reply], outcome: Outcome) -> None:
        self._settled += len(replies)
        if isinstance(outcome, BrokerError):
            for reply in replies:
                reply(-1, outcome)
        else:
            for reply, offset in zip(replies, outcome, strict=True):
                reply(offset, None)
        self._notice()

    async def _written(self, work: Work) -> list[int]:
        self._hand_over()  # what was sent before goes first
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Outcome] = loop.create_future()
        work.done = lambda outcome: _tell(loop, _resolve, future, outcome)
        self._put(work)
        outcome = await future
        self._notice()
        if isinstance(outcome, BrokerError):
            raise outcome
        return outcome

    def _put(self, work: Work) -> None:
        self._open()
        self._writer.put(work)

    # --- changes, lock, end

    def version(self) -> int:
        self._open()
        return self._changes.poll()

    async def changed(self, since: int) -> int:
        while (version := self.version()) == since:
            await self._changes.moved()
        return version

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` in the loop after every change by anybody; the returned function ends it."""
        return self._changes.watch(callback)

    @asynccontextmanager
    async def worker_lock(self, name: str, alone: bool = True) -> AsyncIterator[None]:  # noqa: ARG002
        with self.lock(name):
            yield

    def lock(self, name: str) -> AbstractContextManager[None]:
        """As `worker_lock`, at once."""
        return worker_lock(self.path, check_name(name))

    async def close(self) -> None:
        if self._closed:
            return
        self._hand_over()
        self._closed = True
        await asyncio.to_thread(self._writer.close)
        await asyncio.sleep(0)  # lets the last replies be heard
        self._changes.close()  # whoever waits for a change is woken, and finds the log closed
        self._reader.close()

    def _notice(self) -> None:
        if not self._closed:
            self._changes.poll()

    def _open(self) -> None:
        if self._closed:
            raise Closed(f"{self.path} was closed")

    def _part(self, topic: str, partition: int) -> int:
        parts = self.parts(topic)
        if not 0 <= partition < len(parts):
            raise UnknownTopic(f"{topic!r} has partitions 0 to {len(parts) - 1}, not {partition}")
        return parts[partition]

    def _cursor(self, sql: str, *params: object) -> sqlite3.Cursor:
        self._open()
        try:
            return self._reader.execute(sql, params)
        except sqlite3.OperationalError as error:
            raise Busy(f"{self.path}: {error}") from error

    def _query(self, sql: str, *params: object) -> list[tuple]:  # type: ignore[type-arg]
        return self._cursor(sql, *params).fetchall()


def _size(row: Row) -> int:
    return len(row[2] or b"") + len(row[3] or "") + len(row[4] or b"")


def _nobody(_: Outcome) -> None:
    """Until `_written` sets who is told."""


def _resolve(future: asyncio.Future[T], outcome: T) -> None:
    if not future.done():
        future.set_result(outcome)


def _tell(loop: asyncio.AbstractEventLoop, hear: Callable[..., None], *what: object) -> None:
    """Called in the writer's thread. A loop that is gone has nobody left who listens."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(hear, *what)

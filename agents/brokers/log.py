"""The embedded log: a durable broker in one SQLite file, shared by any number of processes.

Appends go through one writer thread (accumulator.py, writer.py); reads are short transactions in the
event loop (reader.py). A private log is the same over a temporary file of the caller's.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from pathlib import Path

from agents.brokers.accumulator import Accumulator, Reply
from agents.brokers.changes import Changes
from agents.brokers.errors import Closed
from agents.brokers.headers import Headers, decode_headers, encode_headers
from agents.brokers.limits import check_name, check_size
from agents.brokers.lock import worker_lock
from agents.brokers.message import Message, Outgoing, TopicPartition
from agents.brokers.partitioner import Partitioner
from agents.brokers.reader import LogReader, Stored
from agents.brokers.schema import prepare
from agents.brokers.tidying import Dropped, Tidying
from agents.brokers.topic import KEEP, TopicConfig
from agents.brokers.topics import change_topic, declare_topic
from agents.brokers.writer import Row, Writer


class Log:
    """A `Broker` over one file. Used from one event loop; every process opens its own."""

    def __init__(self, path: Path, *, mounts: str | None = None, max_bytes: int | None = None) -> None:
        """Open `path`, creating it (mode 0600). Raises as `schema.prepare` does.

        mounts: the text of /proc/mounts, read if not given. max_bytes: the file grows no larger.
        """
        self.path = path.absolute()
        prepare(self.path, mounts)
        self._closed = False
        self._reader = LogReader(self.path, self._open)
        self._changes = Changes(self._reader.data_version)
        self._writer = Writer(self.path, max_bytes)
        self._sent = Accumulator(self._writer, self._open, self._notice)
        self._partitioner = Partitioner()

    # --- what there is

    async def identity(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """A random name given to this log when it was created."""
        return self._reader.name()

    async def topics(self) -> list[str]:
        return self._reader.topics()

    async def declare(self, topic: str, partitions: int, config: TopicConfig = KEEP) -> None:
        check_name(topic)
        await asyncio.to_thread(declare_topic, self.path, topic, partitions, config)

    async def change(self, topic: str, config: TopicConfig) -> None:
        """From now on the topic keeps this; safe at any time. Partitions stay. Raises UnknownTopic."""
        await asyncio.to_thread(change_topic, self.path, topic, config)

    async def describe(self, topic: str) -> TopicConfig:
        return self._reader.describe(topic)

    async def partitions(self, topic: str) -> int:
        return len(self.parts(topic))

    async def starts(self, topic: str) -> dict[int, int]:
        return {part: self.earliest(topic, part) for part in range(len(self.parts(topic)))}

    def parts(self, topic: str) -> list[int]:
        """As `LogReader.parts`."""
        return self._reader.parts(topic)

    async def ends(self, topic: str) -> dict[int, int]:
        self.parts(topic)
        return {partition: end for (name, partition), end in self.all_ends().items() if name == topic}

    def all_ends(self) -> dict[TopicPartition, int]:
        """The next offset of every partition of every topic."""
        return self._reader.ends()

    async def appended(self) -> int:
        return self._reader.appended()

    async def committed(self, group: str) -> dict[TopicPartition, int]:
        return self.committed_now(group)

    def committed_now(self, group: str) -> dict[TopicPartition, int]:
        """As `committed`, at once."""
        return self._reader.committed(group)

    # --- reading

    async def read(self, topic: str, partition: int, offset: int, limit: int) -> list[Message]:
        return [
            Message(topic, partition, row[0], row[1], row[2], decode_headers(row[3]), row[4])
            for row in self.stored(topic, partition, offset, limit)
        ]

    def stored(self, topic: str, partition: int, offset: int, limit: int) -> list[Stored]:
        """As `LogReader.stored`."""
        return self._reader.stored(topic, partition, offset, limit)

    def earliest(self, topic: str, partition: int) -> int:
        """As `LogReader.earliest`."""
        return self._reader.earliest(topic, partition)

    # --- writing

    def place(self, topic: str, key: bytes | None, partition: int | None) -> int:
        """The partition a message goes to. Raises UnknownTopic."""
        return self._partitioner.place(topic, key, partition, len(self.parts(topic)))

    async def publish(self, messages: Sequence[Outgoing]) -> list[int]:
        rows = [
            self._row(m.topic, self.place(m.topic, m.key, m.partition), m.key, m.value, m.headers, m.time)
            for m in messages
        ]
        return await self._sent.append(rows)

    async def commit(self, group: str, offsets: Mapping[TopicPartition, int]) -> None:
        marks = {self._reader.part(*tp): offset for tp, offset in offsets.items()}
        await self._sent.commit(check_name(group), marks)

    def send(
        self,
        topic: str,
        partition: int,
        key: bytes | None,
        value: bytes | None,
        headers: Headers,
        reply: Reply,
    ) -> None:
        """As `Accumulator.send`. Raises NeverError at once."""
        self._sent.send(self._row(topic, partition, key, value, headers), reply)

    async def drained(self) -> None:
        """Wait until everything that `send` has taken up to now has been replied to."""
        await self._sent.drained()

    async def tidy(self, now: float) -> Dropped:
        """Drop what topics need not keep any more at `now`, in seconds since 1970 (see tidying.py).

        In small transactions between appends. Afterwards each waits as long as the one before took, so
        that other processes find the lock free. Raises MaybeError or Unusable; again goes on from there.
        """
        round_ = Tidying(int(now * 1000))
        more = True
        while more:
            begun = time.perf_counter()
            more = await self._sent.chore(round_.step)
            await asyncio.sleep(time.perf_counter() - begun if more else 0)
        self._notice()
        return round_.dropped

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
        check_size(topic, key, value, len(text or ""))
        sent = int(time.time() * 1000) if sent is None else sent
        return self._reader.part(topic, partition), sent, key, text, value

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
        self._sent.hand_over()
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

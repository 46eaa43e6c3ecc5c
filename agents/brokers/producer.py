"""The embedded log's side of Faust's producer: every way of sending ends in one append."""
# ruff: noqa: ARG002  the signatures are Faust's

import asyncio
from collections.abc import Callable
from typing import Any

from faust.transport import base
from faust.transport.producer import ProducerBuffer
from faust.types import TP
from faust.types.tuples import RecordMetadata

from agents.brokers.accumulator import Reply
from agents.brokers.errors import BrokerError, UnknownTopic
from agents.brokers.log import Log


class NoBuffer(ProducerBuffer):  # type: ignore[misc]
    """`send_soon` hands over at once, so nothing waits here; Faust asks for each message it delivers."""

    @property
    def size(self) -> int:
        return 0

    async def wait_until_ebb(self) -> None:
        """There is nothing to wait for."""


class PromptProducer(base.Producer):  # type: ignore[misc]
    """What both engines' producers are: nothing is buffered, and no failure is forgotten.

    After `lost`, a failure nobody was waiting for, nothing is committed.
    """

    lost: BrokerError | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.buffer = NoBuffer(loop=self.loop, beacon=self.beacon)
        self.buffer.app = self.app

    def promise(
        self, tp: TP, failed: Callable[[BrokerError], None]
    ) -> tuple[asyncio.Future[RecordMetadata], Reply]:
        """A future of what becomes of a message, and who fulfils it; `failed` hears of a failure first."""
        future: asyncio.Future[RecordMetadata] = self.loop.create_future()

        def reply(offset: int, error: BrokerError | None) -> None:
            if error is not None:
                failed(error)
            if future.done():
                return
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(RecordMetadata(tp.topic, tp.partition, tp, offset))

        return future, reply

    def row_reply(self, durable: Callable[[int], None]) -> Reply:
        """For a table's record, for which nobody waits."""

        def reply(offset: int, error: BrokerError | None) -> None:
            durable(offset) if error is None else self.lose(error)

        return reply

    def lose(self, error: BrokerError) -> None:
        """Remember a failure for which nobody waits; the first one stays."""
        if self.lost is None:
            self.lost = error

    def supports_headers(self) -> bool:
        return True


class Producer(PromptProducer):
    """Appends to the log."""

    @property
    def engine(self) -> Log:
        return self.transport.broker  # type: ignore[no-any-return]

    async def on_start(self) -> None:
        """Faust's buffer is not started: `send_soon` hands over at once, so there is nothing to buffer."""
        self.engine.version()

    async def on_stop(self) -> None:
        """The last service to stop: after it the log is closed and the group's lock is free."""
        await self.flush()
        await self.transport.close()

    async def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None,
        timestamp: float | None,
        headers: Any,
        *,
        transactional_id: str | None = None,
    ) -> asyncio.Future[RecordMetadata]:
        """The future may be dropped, as Faust does: its failure then is `lost`. Raises NeverError."""
        return self._append(topic, key, value, partition, headers, self.lose)

    async def send_and_wait(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None,
        timestamp: float | None,
        headers: Any,
        *,
        transactional_id: str | None = None,
    ) -> RecordMetadata:
        """Durable when it returns; a failure is the caller's to handle."""
        return await self._append(topic, key, value, partition, headers, known_to_sender)

    async def send_claimed(
        self, topic: str, key: bytes | None, value: bytes | None, headers: Any, partition: int | None
    ) -> asyncio.Future[RecordMetadata]:
        """As `send_and_wait`, without waiting yet: the caller must await the future. Raises NeverError."""
        return self._append(topic, key, value, partition, headers, known_to_sender)

    def send_soon(self, fut: Any) -> None:
        """A table's changelog record: not even a message that can never be taken may pass unseen."""
        message = fut.message
        try:
            done = self._append(
                message.channel.get_topic_name(),
                message.key,
                message.value,
                message.partition,
                message.headers,
                self.lose,
            )
        except BrokerError as error:
            self.lose(error)
            refuse(fut, error)
        else:
            done.add_done_callback(lambda sent: pass_on(sent, fut))

    def send_row(
        self, topic: str, key: bytes, value: bytes | None, partition: int, durable: Callable[[int], None]
    ) -> None:
        """A table's changelog record; `durable(offset)` follows. Its failure is `lost`, also NeverError."""
        try:
            self.engine.send(topic, partition, key, value, (), self.row_reply(durable))
        except BrokerError as error:
            self.lose(error)
            raise

    def _append(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None,
        headers: Any,
        failed: Callable[[BrokerError], None],
    ) -> asyncio.Future[RecordMetadata]:
        tp = self._place(topic, key, partition)
        future, reply = self.promise(tp, failed)
        if headers and not isinstance(headers, tuple | list):
            headers = tuple(headers.items())
        self.engine.send(topic, tp.partition, key, value, headers or (), reply)
        return future

    def _place(self, topic: str, key: bytes | None, partition: int | None) -> TP:
        try:
            return TP(topic, self.engine.place(topic, key, partition))
        except UnknownTopic:
            if partition is not None and self.transport.knows(topic):
                raise
            self.transport.declare(topic, self.app.conf.topic_partitions)
            return TP(topic, self.engine.place(topic, key, partition))

    async def flush(self) -> None:
        """(10) Until everything sent is durable or refused, however long that takes."""
        await self.engine.drained()

    def key_partition(self, topic: str, key: bytes) -> TP:
        return self._place(topic, key, None)

    async def create_topic(self, topic: str, partitions: int, replication: int, **_: Any) -> None:
        self.transport.declare(topic, partitions)


def known_to_sender(_: BrokerError) -> None:
    """The caller waits for the message and gets the error."""


def refuse(fut: Any, error: BaseException) -> None:
    """`lost` has the error already, so nobody need look at the table's future."""
    fut.set_exception(error)
    fut.exception()


def pass_on(sent: asyncio.Future[RecordMetadata], fut: Any) -> None:
    """The outcome of a changelog record, to the table that wrote it."""
    error = sent.exception()
    if error is not None:
        refuse(fut, error)
        return
    fut.set_result(sent.result())
    if fut.message.callback:
        fut.message.callback(fut)

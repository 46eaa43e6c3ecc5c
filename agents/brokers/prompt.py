"""What the producers of both engines are: nothing is buffered, every message has an end, no failure is
forgotten."""
# ruff: noqa: ARG002  the signatures are Faust's

import asyncio
from collections.abc import Callable
from typing import Any

from faust.transport import base
from faust.transport.producer import ProducerBuffer
from faust.types import TP
from faust.types.tuples import RecordMetadata

from agents.brokers.accumulator import Reply
from agents.brokers.errors import BrokerError
from agents.brokers.headers import Headers


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
        """The future may be dropped, as Faust does: its failure then is `lost`. Raises BrokerError."""
        return await self.hand_over(topic, key, value, partition, plain(headers), self.lose)

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
        """Durable when it returns, on all copies; a failure is the caller's to handle."""
        return await (await self.send_claimed(topic, key, value, headers, partition))

    async def send_claimed(
        self, topic: str, key: bytes | None, value: bytes | None, headers: Any, partition: int | None
    ) -> asyncio.Future[RecordMetadata]:
        """As `send_and_wait`, without waiting yet: the caller must await the future. Raises BrokerError."""
        return await self.hand_over(topic, key, value, partition, plain(headers), known_to_sender)

    def send_soon(self, fut: Any) -> None:
        """A table's changelog record: not even a message that can never be taken may pass unseen."""
        message = fut.message
        try:
            done = self.record(
                message.channel.get_topic_name(),
                message.key,
                message.value,
                message.partition,
                plain(message.headers),
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
            self.row(topic, key, value, partition, self.row_reply(durable))
        except BrokerError as error:
            self.lose(error)
            raise

    async def hand_over(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None,
        headers: Headers,
        failed: Callable[[BrokerError], None],
    ) -> asyncio.Future[RecordMetadata]:
        """Give a message to the engine; the future tells what becomes of it. Raises BrokerError."""
        raise NotImplementedError

    def record(
        self, topic: str, key: bytes, value: bytes | None, partition: int, headers: Headers
    ) -> asyncio.Future[RecordMetadata]:
        """Give a changelog record of Faust's own tables to the engine. Raises BrokerError."""
        raise NotImplementedError

    def row(self, topic: str, key: bytes, value: bytes | None, partition: int, reply: Reply) -> None:
        """Give a changelog record of ours to the engine. Raises BrokerError."""
        raise NotImplementedError


def plain(headers: Any) -> Headers:
    """Headers as pairs, however Faust gives them."""
    return tuple(headers.items() if hasattr(headers, "items") else headers or ())


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

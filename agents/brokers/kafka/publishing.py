"""Sending: one idempotent producer that waits for all copies, and our partitioner."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any, NoReturn

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from agents.brokers.kafka.admin import MAX_BATCH_BYTES
from agents.brokers.kafka.connection import PATIENCE, REQUEST_MS, Connection
from agents.brokers.kafka.errors import Asked, translated
from agents.brokers.kafka.layout import known
from agents.brokers.limits import check_message
from agents.brokers.message import Outgoing
from agents.brokers.partitioner import Partitioner

BATCH_BYTES = 262_144
"""Per partition and request: a few hundred events."""

END = 5.0
"""Seconds that the producer gets to end; what it was told to send has been waited for before."""


class Publisher:
    """Sends what it is given; a producer that failed is replaced at the next call."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._producer: Any = None
        self._counts: dict[str, int] = {}
        self._partitioner = Partitioner()
        self._lock = asyncio.Lock()

    async def publish(self, messages: Sequence[Outgoing]) -> list[int]:
        """The offsets, in order, when all copies hold all of them. Raises for the first that was not taken.

        Others may have been taken then: whoever sends all again sends some twice.
        """
        placed = [(message, await self._place(message)) for message in messages]
        async with self._lock:  # messages of one call stay together and in order within a partition
            producer = await self._started(placed[0][0].topic) if placed else None
            sent = [await self._sent(producer, message, partition) for message, partition in placed]
        outcomes = await self._outcomes(sent, placed[0][0].topic) if placed else []
        for (message, _), outcome in zip(placed, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                await self._failed(outcome, message.topic)
        return [outcome.offset for outcome in outcomes]

    async def _outcomes(self, sent: Sequence[Awaitable[Any]], topic: str) -> list[Any]:
        """An idempotent producer would try for ever, where too few copies are alive for instance."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await asyncio.gather(*sent, return_exceptions=True)
        except TimeoutError as error:
            return await self._failed(error, topic)

    async def _place(self, message: Outgoing) -> int:
        check_message(message.topic, message.key, message.value, message.headers)
        count = await self._count(message.topic)
        return self._partitioner.place(message.topic, message.key, message.partition, count)

    async def _count(self, topic: str) -> int:
        if topic not in self._counts:
            self._counts[topic] = len((await known(self._connection, topic)).leaders[topic])
        return self._counts[topic]

    async def _started(self, topic: str) -> Any:
        if self._producer is None:
            await self._connection.client()  # what is wrong with the cluster is said there
            producer = AIOKafkaProducer(
                **await self._connection.options(),
                enable_idempotence=True,
                acks="all",
                max_batch_size=BATCH_BYTES,
                max_request_size=MAX_BATCH_BYTES,
                request_timeout_ms=REQUEST_MS,
            )
            producer._message_accumulator._batch_ttl = PATIENCE
            producer._request_timeout_ms = (
                PATIENCE * 1_000
            )  # what `send` waits where a partition's batch is full
            try:
                async with asyncio.timeout(PATIENCE):
                    await producer.start()
            except (KafkaError, OSError) as error:
                await producer.stop()
                raise translated(error, self._asked(topic)) from None
            self._producer = producer
        return self._producer

    async def _sent(self, producer: Any, message: Outgoing, partition: int) -> "asyncio.Future[Any]":
        try:
            if message.key is None and message.value is None:
                return await _nothing(producer, message, partition)
            found: asyncio.Future[Any] = await producer.send(
                message.topic,
                message.value,
                message.key,
                partition,
                timestamp_ms=message.time,
                headers=list(message.headers),
            )
            return found
        except (KafkaError, OSError) as error:
            await self._failed(error, message.topic)

    async def _failed(self, error: BaseException, topic: str) -> NoReturn:
        """Raise ours, and end the producer: aiokafka counts a partition's sequence on over a batch that was
        refused, so that the broker would refuse what comes after it."""
        self._counts.pop(topic, None)
        await self.close()
        raise translated(error, self._asked(topic)) from None

    def _asked(self, topic: str) -> Asked:
        return Asked(self._connection.servers, f"write to {topic!r}", topic, operation="Write")

    async def close(self) -> None:
        """Again is harmless."""
        producer, self._producer = self._producer, None
        if producer is None:
            return
        try:
            async with asyncio.timeout(END):
                await producer.stop()
        except TimeoutError:
            await producer.client.close()


async def _nothing(producer: Any, message: Outgoing, partition: int) -> "asyncio.Future[Any]":
    """A message with neither key nor value, which `send` does not take although Kafka does."""
    batch = producer.create_batch()
    batch.append(key=None, value=None, timestamp=message.time, headers=list(message.headers))
    found: asyncio.Future[Any] = await producer.send_batch(batch, message.topic, partition=partition)
    return found

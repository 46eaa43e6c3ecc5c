"""The messages of a topic as they come: a consumer without a group, which waits at the brokers."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from agents.brokers.kafka.connection import FETCH_BYTES, REQUEST_MS, Connection
from agents.brokers.kafka.errors import Asked, translated
from agents.brokers.kafka.layout import known
from agents.brokers.kafka.positions import END, offsets
from agents.brokers.kafka.reading import message_of
from agents.brokers.message import Message

HELD_MS = 1_000
"""How long a broker holds the question of who has read all: the questions per second while nothing comes."""

SILENCE_MS = 20_000
"""After that long without a message the cluster is asked whether it is still there."""


async def tail(
    connection: Connection, topic: str, start: Mapping[int, int], limit: int
) -> AsyncGenerator[Message, None]:
    """From the offsets in `start` on (absent: the oldest message), for ever, also over lost connections.

    Raises BrokerError where the cluster is away for longer than `patiently` waits.
    """
    asked = Asked(connection.servers, f"read {topic!r}", topic, operation="Read")
    ends = await offsets(connection, [topic], END)
    at = {partition: min(start.get(partition, 0), end) for (_, partition), end in ends.items()}
    async with _consumer(connection, topic, at, asked) as consumer:
        while True:
            try:
                found = await consumer.getmany(timeout_ms=SILENCE_MS, max_records=limit)
            except KafkaError as error:
                raise translated(error, asked) from None
            for place, records in found.items():
                for record in records:
                    yield message_of(topic, place.partition, record)
            if not found:
                await known(connection, topic)


@asynccontextmanager
async def _consumer(
    connection: Connection, topic: str, at: Mapping[int, int], asked: Asked
) -> AsyncIterator[Any]:
    consumer = AIOKafkaConsumer(
        **await connection.options(),
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=HELD_MS,
        fetch_max_bytes=FETCH_BYTES,
        request_timeout_ms=REQUEST_MS,
    )
    try:
        await consumer.start()
        consumer.assign([TopicPartition(topic, partition) for partition in at])
        for partition, offset in at.items():
            consumer.seek(TopicPartition(topic, partition), offset)
        yield consumer
    except KafkaError as error:
        raise translated(error, asked) from None
    finally:
        await asyncio.shield(consumer.stop())

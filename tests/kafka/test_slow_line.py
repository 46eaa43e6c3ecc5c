"""A cluster behind a line that carries little: what is read comes in parts that it carries in time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import aiokafka.client
import pytest

from agents.brokers.access import Access
from agents.brokers.kafka import tail as tailing
from agents.brokers.kafka.broker import KafkaBroker
from agents.brokers.kafka.connection import FETCH_BYTES, REQUEST_MS, Connection
from agents.brokers.message import Outgoing

PARTITIONS = 8
SECOND = FETCH_BYTES * 1_000 // REQUEST_MS
"""Bytes: as slow as a line may be."""
FASTER = 20
"""The line of the test, and its patience with a request, which is twice as much as the line needs."""


async def test_a_slow_line_brings_everything(
    kafka: str, kafka_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More lies in the partitions than the line carries while a request may take: all of it comes."""
    servers, topic = tuple(kafka.split(",")), kafka_prefix + "t"
    broker = KafkaBroker(servers, Access(), kafka_prefix)
    await broker.declare(topic, PARTITIONS)
    for partition in range(PARTITIONS):
        await broker.publish([Outgoing(topic, b"k", bytes(10_000), partition=partition)] * 120)
    await broker.close()
    monkeypatch.setattr(tailing, "REQUEST_MS", 2 * REQUEST_MS // FASTER)
    connection, found = Connection(servers, Access()), 0
    async with slow_line(monkeypatch), asyncio.timeout(20):
        async with aclosing(tailing.tail(connection, topic, {}, 500)) as messages:
            async for _ in messages:
                found += 1
                if found == PARTITIONS * 120:
                    break
        await connection.close()


@asynccontextmanager
async def slow_line(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Clients of aiokafka are connected by it meanwhile."""
    create, pipes = aiokafka.client.create_conn, set[asyncio.Task[None]]()

    async def slow(host: str, port: int, **options: Any) -> Any:
        async def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            far_reader, far_writer = await asyncio.open_connection(host, port)
            pipes.add(asyncio.create_task(pipe(reader, far_writer)))
            pipes.add(asyncio.create_task(pipe(far_reader, writer)))

        line = await asyncio.start_server(accepted, "127.0.0.1", 0)
        try:
            return await create("127.0.0.1", line.sockets[0].getsockname()[1], **options)
        finally:
            line.close()

    monkeypatch.setattr(aiokafka.client, "create_conn", slow)
    yield
    await asyncio.gather(*pipes, return_exceptions=True)


async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """What comes goes on, no faster than the line is."""
    try:
        while data := await reader.read(50_000):
            writer.write(data)
            await writer.drain()
            await asyncio.sleep(len(data) / (FASTER * SECOND))
    finally:
        writer.close()

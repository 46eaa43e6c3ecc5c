"""The limit: the work in one loop on aiokafka: `python -m tests.bench.kafka.raw SERVERS PREFIX FOLDER`.

At least once, as storywire: outputs confirmed by all copies, then rows to a changelog, then the commit. Rows
are bytes in a dict. It leaves out: reading the changelog again, other workers, retries, dead letters, bounds.
"""

import asyncio
import signal
import sys
import time
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from tests.bench.kafka.work import BATCH, COMMIT_SECONDS, LINGER_MS, apply, rules

GROUP = "raw"
CHANGELOG = "raw-rows"


async def main(servers: str, prefix: str) -> None:
    """Work until SIGTERM."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    consumer = AIOKafkaConsumer(
        prefix + "entries",
        bootstrap_servers=servers,
        group_id=prefix + GROUP,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    producer = AIOKafkaProducer(
        bootstrap_servers=servers,
        acks="all",
        enable_idempotence=True,
        linger_ms=LINGER_MS,
        max_batch_size=131_072,
    )
    async with consumer, producer:
        await _loop(consumer, Batches(producer, prefix), ended)


async def _loop(consumer: Any, batches: "Batches", ended: asyncio.Event) -> None:
    committed, dirty = time.monotonic(), False
    while not ended.is_set():
        found = await consumer.getmany(timeout_ms=200, max_records=BATCH)
        for messages in found.values():
            await batches.apply(messages)
            dirty = True
        if dirty and time.monotonic() - committed > COMMIT_SECONDS:
            await consumer.commit()
            committed, dirty = time.monotonic(), False
    await consumer.commit()


class Batches:
    """Applies batches of messages to the rows in memory."""

    def __init__(self, producer: Any, prefix: str) -> None:
        self._producer, self._prefix, self._rules = producer, prefix, rules()
        self._rows: dict[bytes, bytes] = {}

    async def apply(self, messages: Sequence[Any]) -> None:
        """Outputs are confirmed before the first row is written, rows before this returns."""
        rows: dict[bytes, bytes] = {}
        sent = []
        for message in messages:
            row = rows.get(message.key) or self._rows.get(message.key)
            rows[message.key], found = apply(message.key, message.value, row, self._rules, self._prefix)
            for one in found:
                sent.append(
                    await self._producer.send(one.topic, one.value, one.key, headers=list(one.headers))
                )
        await asyncio.gather(*sent)
        changes = [await self._producer.send(self._prefix + CHANGELOG, row, key) for key, row in rows.items()]
        await asyncio.gather(*changes)
        self._rows.update(rows)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))

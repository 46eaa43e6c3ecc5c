"""Kafka's side of Faust's producer: every way of sending ends in one queue, and each has an end."""

import asyncio
from collections.abc import Callable
from typing import Any

from faust.types import TP
from faust.types.tuples import RecordMetadata

from agents.brokers.accumulator import Reply
from agents.brokers.changelog import claim_headers
from agents.brokers.errors import BrokerError
from agents.brokers.headers import Headers
from agents.brokers.kafka.layout import known
from agents.brokers.kafka.sender import Sender
from agents.brokers.limits import check_message, check_name
from agents.brokers.partitioner import Partitioner
from agents.brokers.prompt import PromptProducer


class Producer(PromptProducer):
    """Sends to the cluster."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sender: Any = None
        self._counts: dict[str, int] = {}
        self._partitioner = Partitioner()
        self.claims: dict[tuple[str, int], Headers] = {}

    async def on_start(self) -> None:
        """The first that reaches the cluster. Raises the reason if it cannot be reached or used."""
        await self.transport.open()
        self._sender = Sender(self.transport.connection, self._broken)
        await self._sender.start()

    async def on_stop(self) -> None:
        """The last service to stop."""
        if self._sender is not None:
            await self._sender.stop()
        await self.transport.close()

    def claim(self, topic: str, partition: int, number: int) -> None:
        """Rows of this partition are written under this claim from now on."""
        self.claims[topic, partition] = claim_headers(number)

    async def hand_over(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None,
        headers: Headers,
        failed: Callable[[BrokerError], None],
    ) -> asyncio.Future[RecordMetadata]:
        check_message(topic, key, value, headers)
        if topic not in self._counts:
            await self.learn(topic)
        return self._append(self._place(topic, key, partition), key, value, headers, failed)

    def record(
        self, topic: str, key: bytes, value: bytes | None, partition: int, headers: Headers
    ) -> asyncio.Future[RecordMetadata]:
        headers = self.claims.get((topic, partition), headers)
        check_message(topic, key, value, headers)
        return self._append(TP(topic, partition), key, value, headers, self.lose)

    def row(self, topic: str, key: bytes, value: bytes | None, partition: int, reply: Reply) -> None:
        headers = self.claims[topic, partition]
        check_message(topic, key, value, headers)
        self._sender.send(topic, partition, key, value, headers, reply)

    def _append(
        self,
        tp: TP,
        key: bytes | None,
        value: bytes | None,
        headers: Headers,
        failed: Callable[[BrokerError], None],
    ) -> asyncio.Future[RecordMetadata]:
        future, reply = self.promise(tp, failed)
        self._sender.send(tp.topic, tp.partition, key, value, headers, reply)
        return future

    async def learn(self, topic: str) -> int:
        """How many partitions the topic has, asked of the cluster. Raises UnknownTopic among others."""
        check_name(topic)
        found = len((await known(self.transport.connection, topic)).leaders[topic])
        # The producer's own client has to know it as well, or its first batch waits for the next refresh.
        await self._sender.know(topic)
        self._counts[topic] = found
        return found

    def _place(self, topic: str, key: bytes | None, partition: int | None) -> TP:
        return TP(topic, self._partitioner.place(topic, key, partition, self._counts[topic]))

    def _broken(self, error: BrokerError) -> None:
        self.lose(error)
        self.transport.die(str(error))

    async def flush(self) -> None:
        """(10) Until everything sent is on all copies or refused; each message has an end."""
        if self._sender is not None:
            await self._sender.drained()

    def key_partition(self, topic: str, key: bytes) -> TP:
        return self._place(topic, key, None)

    async def create_topic(self, topic: str, partitions: int, replication: int, **_: Any) -> None:
        """`storywire topics create` does, and a worker at its start: never by the way."""

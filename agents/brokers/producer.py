"""The embedded log's side of Faust's producer: every way of sending ends in one append."""
# ruff: noqa: ARG002  the signatures are Faust's

import asyncio
from collections.abc import Callable
from typing import Any

from faust.types import TP
from faust.types.tuples import RecordMetadata

from agents.brokers.accumulator import Reply
from agents.brokers.errors import BrokerError, UnknownTopic
from agents.brokers.headers import Headers
from agents.brokers.log import Log
from agents.brokers.prompt import PromptProducer


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

    async def hand_over(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None,
        headers: Headers,
        failed: Callable[[BrokerError], None],
    ) -> asyncio.Future[RecordMetadata]:
        return self._append(self._place(topic, key, partition), key, value, headers, failed)

    def record(
        self, topic: str, key: bytes, value: bytes | None, partition: int, headers: Headers
    ) -> asyncio.Future[RecordMetadata]:
        return self._append(self._place(topic, key, partition), key, value, headers, self.lose)

    def row(self, topic: str, key: bytes, value: bytes | None, partition: int, reply: Reply) -> None:
        self.engine.send(topic, partition, key, value, (), reply)

    def _append(
        self,
        tp: TP,
        key: bytes | None,
        value: bytes | None,
        headers: Headers,
        failed: Callable[[BrokerError], None],
    ) -> asyncio.Future[RecordMetadata]:
        future, reply = self.promise(tp, failed)
        self.engine.send(tp.topic, tp.partition, key, value, headers, reply)
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

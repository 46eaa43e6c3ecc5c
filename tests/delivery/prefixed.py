"""A broker as one test sees it: its topics and groups begin with a prefix of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from agents.brokers.broker import Broker, follow
from agents.brokers.message import Message, Outgoing, TopicPartition
from agents.brokers.topic import KEEP, TopicConfig


class Prefixed:
    """What the suite asks of a broker, with names as the suite writes them."""

    def __init__(self, broker: Broker, prefix: str) -> None:
        self._broker, self.prefix = broker, prefix

    async def declare(self, topic: str, partitions: int, config: TopicConfig = KEEP) -> None:
        await self._broker.declare(self.prefix + topic, partitions, config)

    async def partitions(self, topic: str) -> int:
        return await self._broker.partitions(self.prefix + topic)

    async def ends(self, topic: str) -> dict[int, int]:
        return await self._broker.ends(self.prefix + topic)

    async def read(self, topic: str, partition: int, offset: int, limit: int) -> list[Message]:
        found = await self._broker.read(self.prefix + topic, partition, offset, limit)
        return [replace(message, topic=topic) for message in found]

    async def publish(self, messages: Sequence[Outgoing]) -> list[int]:
        return await self._broker.publish([replace(m, topic=self.prefix + m.topic) for m in messages])

    async def committed(self, group: str) -> dict[TopicPartition, int]:
        found = await self._broker.committed(self.prefix + group)
        return {(topic.removeprefix(self.prefix), part): offset for (topic, part), offset in found.items()}

    def follow(self, topic: str, start: Mapping[int, int]) -> Any:
        return follow(self._broker, self.prefix + topic, start)

    def version(self) -> int:
        return self._broker.version()

    async def changed(self, since: int) -> int:
        return await self._broker.changed(since)

    async def close(self) -> None:
        await self._broker.close()

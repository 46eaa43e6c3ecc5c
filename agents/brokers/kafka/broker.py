"""A Kafka cluster as the `Broker` of every command beside the worker: topics, messages, groups."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import datetime

from agents.brokers.access import Access
from agents.brokers.kafka import admin, groups
from agents.brokers.kafka.changing import Changing
from agents.brokers.kafka.connection import Connection
from agents.brokers.kafka.layout import Layout, known, look
from agents.brokers.kafka.positions import END, START, offsets
from agents.brokers.kafka.publishing import Publisher
from agents.brokers.kafka.reading import Reader
from agents.brokers.kafka.tail import tail
from agents.brokers.limits import check_name
from agents.brokers.message import Message, Outgoing, TopicPartition
from agents.brokers.topic import KEEP, TopicConfig


class KafkaBroker:
    """Used from one event loop; the cluster is reached at the first question. Ours are the topics that
    begin with `prefix`."""

    def __init__(self, servers: tuple[str, ...], access: Access, prefix: str) -> None:
        self._connection = Connection(servers, access)
        self._prefix = prefix
        self._publisher = Publisher(self._connection)
        self._reader = Reader(self._connection)
        self._changing = Changing(self._positions)
        self._watched: set[str] = set()

    # --- what there is

    async def identity(self) -> str:
        return (await look(self._connection, [])).cluster

    async def topics(self) -> list[str]:
        return sorted((await self._ours()).leaders)

    async def _ours(self) -> Layout:
        found = await look(self._connection)
        leaders = {name: found.leaders[name] for name in found.leaders if name.startswith(self._prefix)}
        return Layout(found.cluster, found.brokers, leaders, found.copies)

    async def declare(self, topic: str, partitions: int, config: TopicConfig = KEEP) -> None:
        await admin.declare(self._connection, check_name(topic), partitions, config)

    async def describe(self, topic: str) -> TopicConfig:
        layout = await known(self._connection, topic)
        return admin.config_of(await admin.settings_of(self._connection, topic), layout.copies[topic])

    async def partitions(self, topic: str) -> int:
        return len((await known(self._connection, topic)).leaders[topic])

    async def ends(self, topic: str) -> dict[int, int]:
        return await self._offsets(topic, END)

    async def starts(self, topic: str) -> dict[int, int]:
        return await self._offsets(topic, START)

    async def since(self, topic: str, partition: int, moment: datetime) -> int:
        time = round(moment.timestamp() * 1_000)
        found = (await self._offsets(topic, time)).get(partition, -1)
        return found if found >= 0 else (await self.ends(topic))[partition]

    async def _offsets(self, topic: str, at: int) -> dict[int, int]:
        layout = await known(self._connection, topic)
        found = await offsets(self._connection, [topic], at, layout)
        return {partition: offset for (_, partition), offset in sorted(found.items())}

    # --- messages

    async def read(self, topic: str, partition: int, offset: int, limit: int) -> list[Message]:
        return await self._reader.read(topic, partition, offset, limit)

    async def follow(
        self, topic: str, start: Mapping[int, int], limit: int = 500
    ) -> AsyncGenerator[Message, None]:
        await known(self._connection, topic)
        async with aclosing(tail(self._connection, topic, start, limit)) as messages:
            async for message in messages:
                yield message

    async def publish(self, messages: Sequence[Outgoing]) -> list[int]:
        return await self._publisher.publish(messages)

    # --- groups

    async def committed(self, group: str) -> dict[TopicPartition, int]:
        self._watched.add(group)
        return await groups.committed(self._connection, group)

    async def commit(self, group: str, offsets: Mapping[TopicPartition, int]) -> None:
        await groups.commit(self._connection, check_name(group), offsets)

    @asynccontextmanager
    async def worker_lock(self, name: str, alone: bool = True) -> AsyncIterator[None]:
        if alone:
            await groups.alone(self._connection, name)
        yield

    # --- changes, end

    async def appended(self) -> int:
        return sum((await self._ends()).values())

    async def _ends(self) -> dict[TopicPartition, int]:
        layout = await self._ours()
        return await offsets(self._connection, layout.leaders, END, layout)

    async def _positions(self) -> Mapping[object, int]:
        found: dict[object, int] = dict(await self._ends())
        for group in sorted(self._watched):
            at = await groups.committed(self._connection, group)
            found |= {(group, *place): offset for place, offset in at.items()}
        return found

    def version(self) -> int:
        return self._changing.version

    async def changed(self, since: int) -> int:
        return await self._changing.changed(since)

    async def close(self) -> None:
        await self._publisher.close()
        await self._connection.close()

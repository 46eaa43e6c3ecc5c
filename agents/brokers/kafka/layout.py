"""What a cluster is made of at a moment: its name, its brokers, its topics and who leads each partition."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aiokafka.errors import (
    InvalidTopicError,
    LeaderNotAvailableError,
    TopicAuthorizationFailedError,
    for_code,
)
from aiokafka.protocol.metadata import MetadataRequest

from agents.brokers.errors import UnknownTopic
from agents.brokers.kafka.connection import Connection
from agents.brokers.kafka.errors import Asked
from agents.brokers.message import TopicPartition


@dataclass(frozen=True, slots=True)
class Layout:
    """`leaders` by topic and partition, -1 where there is none; `copies` of each topic."""

    cluster: str
    brokers: tuple[int, ...]
    leaders: Mapping[str, Mapping[int, int]]
    copies: Mapping[str, int]

    def places(self, topics: Iterable[str]) -> dict[TopicPartition, int]:
        """The leader of every partition of these topics."""
        return {
            (topic, partition): leader
            for topic in topics
            for partition, leader in sorted(self.leaders.get(topic, {}).items())
        }


async def look(connection: Connection, topics: list[str] | None = None) -> Layout:
    """The cluster as it is, with these topics, or all that we may see; raises BrokerError.

    A topic that does not exist is left out, and never made by looking.
    """
    asked = Asked(connection.servers, "describe topics", topic=", ".join(topics or ()), operation="Describe")

    async def question() -> Layout:
        response = await connection.send(MetadataRequest(topics, allow_auto_topic_creation=False))
        return _layout(response)

    return await connection.patiently(asked, question)


async def known(connection: Connection, topic: str) -> Layout:
    """The cluster with this topic. Raises UnknownTopic."""
    found = await look(connection, [topic])
    if topic not in found.leaders:
        raise UnknownTopic(f"{topic!r} does not exist on {','.join(connection.servers)}: declare it first")
    return found


def _layout(response: Any) -> Layout:
    leaders: dict[str, dict[int, int]] = {}
    copies: dict[str, int] = {}
    for code, topic, internal, partitions in response.topics:
        _refuse(code, topic)
        if code or internal or not partitions:
            continue
        leaders[topic] = {partition: leader for _, partition, leader, *_ in partitions}
        copies[topic] = min(len(replicas) for _, _, _, replicas, *_ in partitions)
    return Layout(response.cluster_id, tuple(broker[0] for broker in response.brokers), leaders, copies)


def _refuse(code: int, topic: str) -> None:
    kind = for_code(code)
    if kind in (TopicAuthorizationFailedError, InvalidTopicError):
        raise kind(topic)


def led(leader: int | None) -> int:
    """The leader; raises LeaderNotAvailableError, for `patiently`, where there is none."""
    if leader is None or leader < 0:
        raise LeaderNotAvailableError
    return leader

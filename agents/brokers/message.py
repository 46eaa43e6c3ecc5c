"""Message and Outgoing: what lies on a topic, and what is to be sent to one."""

from dataclasses import dataclass
from typing import TypeAlias

from agents.brokers.headers import Headers

TopicPartition: TypeAlias = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the broker holds it. `time` is when it was sent, in milliseconds since 1970, UTC."""

    topic: str
    partition: int
    offset: int
    time: int
    key: bytes | None
    headers: Headers
    value: bytes | None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to send. Without `partition` its key decides, as Kafka's default partitioner does.

    `time` is when it was sent first, in milliseconds since 1970, UTC, of a copy of a message; None: now.
    """

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    partition: int | None = None
    time: int | None = None

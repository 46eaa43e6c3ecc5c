"""What every command may ask of a broker, whichever engine answers.

    broker = open_broker("sqlite:///storywire.db")
    await broker.declare("storywire.entries", 4)
    offsets = await broker.publish([Outgoing("storywire.entries", key=b"id", value=b"{}")])

The agents reach the same engine through Faust's transport; this is for the replayer, subscribers,
`topics`, `dead-letters`, `copy` and for tests.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable
from urllib.parse import unquote, urlsplit

from agents.brokers.access import Access
from agents.brokers.errors import UnsupportedBroker
from agents.brokers.message import Message, Outgoing, TopicPartition
from agents.brokers.topic import KEEP, TopicConfig
from config.kafka import servers_of


class Broker(Protocol):
    """Every method may raise `BrokerError` (errors.py draws the tree)."""

    async def identity(self) -> str:
        """A name that this log or cluster has and no other: state derived from it is of no other."""

    async def topics(self) -> list[str]:
        """Names of all topics, sorted."""

    async def declare(self, topic: str, partitions: int, config: TopicConfig = KEEP) -> None:
        """Create the topic, or check that it is so (PartitionsDiffer, TopicDiffers: each names what)."""

    async def describe(self, topic: str) -> TopicConfig:
        """What the topic keeps as it stands (UnknownTopic)."""

    async def partitions(self, topic: str) -> int:
        """How many partitions it has (UnknownTopic)."""

    async def ends(self, topic: str) -> dict[int, int]:
        """Per partition the offset that its next message will get."""

    async def starts(self, topic: str) -> dict[int, int]:
        """Per partition the offset of its oldest message; that of its next one if it holds none."""

    async def read(self, topic: str, partition: int, offset: int, limit: int) -> list[Message]:
        """At most `limit` messages from `offset` on; an empty list at the end.

        Offsets may have gaps, where messages were dropped or superseded.
        """

    async def publish(self, messages: Sequence[Outgoing]) -> list[int]:
        """Send all, in this order; durable when it returns. The offsets, in the same order."""

    async def committed(self, group: str) -> dict[TopicPartition, int]:
        """Per partition the offset at which `group` goes on."""

    async def commit(self, group: str, offsets: Mapping[TopicPartition, int]) -> None:
        """Set the offsets at which `group` goes on; durable when it returns."""

    async def appended(self) -> int:
        """A number that grows with every message anybody appends to any topic of ours."""

    def version(self) -> int:
        """A number that differs after any append or commit by anybody; for `changed` of this object.

        It may differ without one: whoever is woken looks again.
        """

    async def changed(self, since: int) -> int:
        """Wait until `version()` is another than `since`; the new one."""

    def worker_lock(self, name: str, alone: bool = True) -> AbstractAsyncContextManager[None]:
        """Held by a worker of the groups called `name` or `name`-…; WorkerRunning if there is one already.

        `alone=False` is asked for by a worker that may have others beside it, where the engine can have
        that: the embedded log has one worker at a time, whatever is asked for.
        """

    async def close(self) -> None:
        """Finish what was accepted and release everything; again is harmless."""


@runtime_checkable
class Remote(Protocol):
    """What an engine beyond a network answers in one question, where asking in turns would be slow."""

    def follow(self, topic: str, start: Mapping[int, int], limit: int = 500) -> AsyncGenerator[Message, None]:
        """As the function `follow`."""

    async def since(self, topic: str, partition: int, moment: datetime) -> int:
        """The first offset whose message was sent at `moment` or later; the end if there is none."""


async def follow(
    broker: Broker, topic: str, start: Mapping[int, int], limit: int = 500
) -> AsyncGenerator[Message, None]:
    """Messages of `topic` from the offsets in `start` (absent: the oldest) on, for ever.

    Order holds within a partition. End it with `aclose()` or by leaving the loop.
    """
    if isinstance(broker, Remote):
        async with aclosing(broker.follow(topic, start, limit)) as messages:
            async for message in messages:
                yield message
    at = {p: start.get(p, 0) for p in range(await broker.partitions(topic))}
    while True:
        version, found = broker.version(), False
        for partition, offset in tuple(at.items()):
            for message in await broker.read(topic, partition, offset, limit):
                at[partition], found = message.offset + 1, True
                yield message
        if not found:
            await broker.changed(version)


def log_path(url: str) -> Path:
    """The file of `sqlite:///relative` or `sqlite:////absolute`. Raises UnsupportedBroker for others."""
    parts = urlsplit(url)
    if parts.scheme != "sqlite" or parts.netloc or len(parts.path) < 2 or parts.query:
        raise UnsupportedBroker(f"{url}: expected sqlite:///relative/path or sqlite:////absolute/path")
    return Path(unquote(parts.path[1:]))


def open_broker(url: str, access: Access = Access(), prefix: str = "") -> Broker:  # noqa: B008  frozen
    """The engine that answers to `url`, opened (a log is created if it is not there).

    A cluster is reached at the first question; `prefix` is what all topics of ours there begin with.
    """
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        from agents.brokers.log import Log  # the engines import this module's types

        return Log(log_path(url))
    if scheme == "kafka":
        from agents.brokers.kafka.broker import KafkaBroker

        return KafkaBroker(bootstrap(url), access, prefix)
    raise UnsupportedBroker(f"{url}: unknown scheme {scheme!r}; use sqlite:///path or kafka://host:9092")


def bootstrap(url: str) -> tuple[str, ...]:
    """The servers of `kafka://host:9092,other:9092`. Raises UnsupportedBroker for anything else."""
    servers = servers_of(url)
    if not servers:
        raise UnsupportedBroker("expected kafka://host:9092,other:9092, without a path, user or password")
    return servers

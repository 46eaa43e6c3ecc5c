"""The broker of the Kafka tables, topics for one run on it, and what can be asked of them."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

from confluent_kafka import ConsumerGroupState, KafkaError, KafkaException, Producer
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourceType,
)

from agents.brokers.broker import Broker, open_broker
from agents.brokers.topic import TopicConfig
from agents.generations import ensure, group
from agents.topics import ARTICLES, ENTRIES, STORY_EVENTS, subject_topic, wanted_changelogs
from agents.worker import declare_all, prepared
from config.settings import Settings
from pipeline.rules import Rules
from tests.bench.kafka.raw import CHANGELOG
from tests.kafka.cluster import Cluster

HEAP = "1 GB"
JAVA = ("-Xms1g", "-Xmx1g", "-XX:+UseSerialGC", "-Xshare:auto")
SETTINGS = {
    "log.cleaner.backoff.ms": "15000",
    "log.cleaner.dedupe.buffer.size": "134217728",
    "log.cleaner.io.buffer.size": "524288",
    "log.retention.check.interval.ms": "300000",
    "log.initial.task.delay.ms": "30000",
}
"""Kafka's own defaults, where the clusters of the tests are quicker."""
PARTITIONS = 4
LOOK_SECONDS = 0.1
QUIET = 0
"""Emergencies only: librdkafka writes to standard error what it sees when the broker stops before it does."""
UNSETTLED = (
    KafkaError.NOT_COORDINATOR,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
    KafkaError.GROUP_ID_NOT_FOUND,
)
"""What is heard of a group before its first member has joined."""

_numbers = count(1)


@contextmanager
def opened(folder: Path) -> Iterator[str]:
    """One broker, for as long as the tables take; its host:port."""
    with Cluster(folder.absolute() / "kafka", settings=SETTINGS, java=JAVA) as cluster:
        yield cluster.bootstrap
        _admin.cache_clear()  # before its broker is gone, which it would complain about


@dataclass(frozen=True, slots=True)
class Place:
    """An installation of its own on the broker: topics that begin with a prefix nobody else has."""

    servers: str
    prefix: str
    broker: Broker
    rules: Rules

    @property
    def outputs(self) -> list[str]:
        """The public topics of the article stage."""
        names = [ARTICLES.name, *(subject_topic(one.id) for one in self.rules.subjects), STORY_EVENTS.name]
        return [self.prefix + name for name in names]

    @property
    def entries(self) -> str:
        """The topic that is worked on."""
        return self.prefix + ENTRIES.name

    @property
    def worker(self) -> str:
        """The group of storywire's workers."""
        return f"{self.prefix}worker-1"

    async def behind(self, name: str, topic: str) -> int:
        """How many messages of a topic the group has not committed."""
        ends, committed = await self.broker.ends(topic), await self.broker.committed(name)
        return sum(end - committed.get((topic, partition), 0) for partition, end in ends.items())

    def members(self, name: str) -> int:
        """How many processes share the group's partitions; 0 while that is being settled."""
        try:
            found = _admin(self.servers).describe_consumer_groups([name])[name].result()
        except KafkaException as error:
            if error.args[0].code() in UNSETTLED:
                return 0
            raise
        return len(found.members) if found.state == ConsumerGroupState.STABLE else 0


async def place(servers: str, rules: Rules) -> Place:
    """Topics for one run, as a worker makes them; outputs carry the time at which the broker took them."""
    prefix = f"bench-{next(_numbers)}."
    settings = Settings(broker=f"kafka://{servers}", topic_prefix=prefix, partitions=PARTITIONS)
    broker = open_broker(settings.broker, prefix=prefix)
    await prepared(broker, settings, rules)
    name = group(prefix, await ensure(broker, prefix, rules))
    await declare_all(broker, wanted_changelogs(name, PARTITIONS))
    await broker.declare(prefix + CHANGELOG, PARTITIONS, TopicConfig("compact"))
    found = Place(servers, prefix, broker, rules)
    await asyncio.to_thread(_stamped, servers, found.outputs)
    return found


@cache
def _admin(servers: str) -> AdminClient:
    """Kept: what it was asked ends with it."""
    return AdminClient({"bootstrap.servers": servers, "log_level": QUIET})


def _stamped(servers: str, topics: Sequence[str]) -> None:
    change = ConfigEntry(
        "message.timestamp.type", "LogAppendTime", incremental_operation=AlterConfigOpType.SET
    )
    asked = [ConfigResource(ResourceType.TOPIC, name, incremental_configs=[change]) for name in topics]
    for done in _admin(servers).incremental_alter_configs(asked).values():
        done.result()


@dataclass(frozen=True, slots=True)
class Record:
    """A message to be loaded."""

    key: bytes
    value: bytes
    partition: int = -1
    headers: tuple[tuple[str, bytes], ...] = ()


def load(servers: str, topic: str, records: Iterator[Record] | Sequence[Record], rate: float = 0) -> float:
    """Send them, so many a second where `rate` is given, else as fast as the broker takes them.

    The time of the first, in seconds since 1970.
    """
    settings = {"linger.ms": 0 if rate else 20, "partitioner": "murmur2_random", "acks": "all"}
    wanted = {"bootstrap.servers": servers, "log_level": QUIET, "queue.buffering.max.messages": 100_000}
    producer = Producer(wanted | settings)
    began = time.time()
    for number, one in enumerate(records):
        if rate:
            time.sleep(max(0.0, began + number / rate - time.time()))
        while producer.poll(0) or len(producer) > 90_000:
            producer.poll(0.05)
        producer.produce(topic, one.value, one.key, one.partition, headers=list(one.headers))
    assert producer.flush(60) == 0, f"{topic} was not loaded"
    return began

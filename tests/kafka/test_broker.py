"""A cluster answers everything that commands ask of a broker, as the embedded log does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic, RecordsToDelete
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.structs import TopicPartition

from agents.brokers.access import Access
from agents.brokers.broker import follow
from agents.brokers.errors import (
    Closed,
    InvalidTopic,
    MessageTooLarge,
    PartitionsDiffer,
    TopicDiffers,
    UnknownTopic,
    Unusable,
    WorkerRunning,
)
from agents.brokers.kafka.admin import settings_of
from agents.brokers.kafka.broker import KafkaBroker
from agents.brokers.message import Message, Outgoing
from agents.brokers.partitioner import partition_for_key
from agents.brokers.topic import TopicConfig
from agents.drain import backlog
from agents.generations import first_since
from agents.scan import scan


@pytest_asyncio.fixture
async def broker(kafka: str, kafka_prefix: str) -> AsyncIterator[KafkaBroker]:
    opened = KafkaBroker(tuple(kafka.split(",")), Access(), kafka_prefix)
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def topic(broker: KafkaBroker, kafka_prefix: str) -> str:
    """A topic of four partitions."""
    await broker.declare(kafka_prefix + "t", 4)
    return kafka_prefix + "t"


@asynccontextmanager
async def admin(kafka: str) -> AsyncIterator[Any]:
    client = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await client.start()
    try:
        yield client
    finally:
        await client.close()


async def forget(kafka: str, topic: str, partition: int, before: int) -> None:
    """What retention does after days: messages before that offset are gone."""
    async with admin(kafka) as client:
        await client.delete_records({TopicPartition(topic, partition): RecordsToDelete(before)})


async def read_all(broker: KafkaBroker, topic: str, partition: int, limit: int = 100) -> list[Message]:
    found: list[Message] = []
    while page := await broker.read(topic, partition, found[-1].offset + 1 if found else 0, limit):
        found += page
    return found


async def test_what_is_published_is_read_as_it_was(broker: KafkaBroker, topic: str) -> None:
    """Key, value, headers and order come back, where the partitioner of the log would put them."""
    sent = [Outgoing(topic, b"k", b"%d" % n, (("a", b"1"), ("b", None))) for n in range(3)]
    assert await broker.publish(sent) == [0, 1, 2]
    partition = partition_for_key(b"k", 4)
    found = await broker.read(topic, partition, 0, 10)
    assert [(m.offset, m.key, m.value, m.headers) for m in found] == [
        (n, b"k", b"%d" % n, (("a", b"1"), ("b", None))) for n in range(3)
    ]
    assert 1_700_000_000_000 < found[0].time < 4_000_000_000_000
    assert await broker.ends(topic) == {p: 3 if p == partition else 0 for p in range(4)}
    assert [m.offset for m in await broker.read(topic, partition, 1, 1)] == [1]
    assert await broker.read(topic, partition, 3, 10) == []
    assert await broker.read(topic, partition, 99, 10) == []


async def test_absent_key_value_and_given_partition(broker: KafkaBroker, topic: str) -> None:
    """None stays None, a given partition is kept, and unkeyed messages take turns."""
    assert await broker.publish([Outgoing(topic, None, None, (("h", b"1"),), partition=2)]) == [0]
    found = (await broker.read(topic, 2, 0, 1))[0]
    assert (found.key, found.value, found.headers) == (None, None, (("h", b"1"),))
    await broker.publish([Outgoing(topic, None, b"x") for _ in range(8)])
    assert sorted((await broker.ends(topic)).values()) == [2, 2, 2, 3]


async def test_pages_give_every_message_once(broker: KafkaBroker, topic: str) -> None:
    """Whatever the size of a page, and of what a fetch brings beyond it."""
    await broker.publish([Outgoing(topic, None, b"%d" % n * 200, partition=0) for n in range(3_000)])
    for limit in (1_000, 7_000):
        assert [m.offset for m in await read_all(broker, topic, 0, limit)] == list(range(3_000))


async def test_what_is_gone_is_passed_over(broker: KafkaBroker, topic: str, kafka: str) -> None:
    """After retention, reading, following, scanning and counting begin at the oldest message."""
    await broker.publish([Outgoing(topic, None, b"%d" % n, partition=0) for n in range(10)])
    await forget(kafka, topic, 0, 4)
    assert await broker.starts(topic) == {0: 4, 1: 0, 2: 0, 3: 0}
    assert [m.offset for m in await broker.read(topic, 0, 0, 2)] == [4, 5]
    assert [m.offset async for m in scan(broker, topic)] == list(range(4, 10))
    assert (await backlog(broker, "nobody", [topic])).waiting == {topic: 6}
    async with aclosing(broker.follow(topic, {})) as messages, asyncio.timeout(20):
        assert [(await anext(messages)).offset for _ in range(6)] == list(range(4, 10))
    await forget(kafka, topic, 0, 10)
    assert await broker.read(topic, 0, 0, 5) == []
    assert (await backlog(broker, "nobody", [topic])).empty


async def test_a_time_is_found(broker: KafkaBroker, topic: str) -> None:
    """The first message sent at a time or later; the end where there is none."""
    await broker.publish([Outgoing(topic, None, b"early", partition=0)])
    sent = (await broker.read(topic, 0, 0, 1))[0].time
    moment = datetime.fromtimestamp(sent / 1_000, UTC)
    assert await first_since(broker, topic, 0, moment) == 0
    assert await first_since(broker, topic, 0, moment + timedelta(hours=1)) == 1
    assert await first_since(broker, topic, 1, moment) == 0


async def test_following_waits_for_what_comes(broker: KafkaBroker, topic: str) -> None:
    """From given offsets on, first what is there, then each message within a second of its sending."""
    await broker.publish(
        [Outgoing(topic, None, b"old", partition=0), Outgoing(topic, None, b"new", partition=0)]
    )
    async with aclosing(follow(broker, topic, {0: 1})) as messages, asyncio.timeout(20):
        assert (await anext(messages)).value == b"new"
        for number in range(5):
            coming = asyncio.ensure_future(anext(messages))
            await broker.publish([Outgoing(topic, b"%d" % number, b"%d" % number)])
            async with asyncio.timeout(1):
                assert (await coming).value == b"%d" % number


async def test_offsets_of_a_group(broker: KafkaBroker, topic: str, kafka_prefix: str) -> None:
    """What is committed for a group nobody is in is read again, and is of that group alone."""
    group = kafka_prefix + "g"
    assert await broker.committed(group) == {}
    await broker.commit(group, {(topic, 0): 3, (topic, 2): 5})
    await broker.commit(group, {(topic, 0): 4})
    assert await broker.committed(group) == {(topic, 0): 4, (topic, 2): 5}
    assert await broker.committed(kafka_prefix + "other") == {}


async def test_a_group_with_members_is_left_alone(
    broker: KafkaBroker, topic: str, kafka: str, kafka_prefix: str
) -> None:
    """While a worker is in the group nobody commits for it or works alone; beside it is allowed."""
    group = kafka_prefix + "worker-7"
    async with broker.worker_lock(kafka_prefix + "worker"):
        pass
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=kafka, group_id=group)
    await consumer.start()
    try:
        await consumer.getmany(timeout_ms=1)
        with pytest.raises(WorkerRunning, match="stop"):
            await broker.commit(group, {(topic, 0): 1})
        with pytest.raises(WorkerRunning, match=r"1 worker of .*worker-7 at"):
            async with broker.worker_lock(kafka_prefix + "worker"):
                pass
        async with broker.worker_lock(kafka_prefix + "worker", alone=False):
            pass
        async with broker.worker_lock(kafka_prefix + "work"):
            pass
    finally:
        await consumer.stop()
    async with broker.worker_lock(kafka_prefix + "worker"):
        for number in range(7, 10):
            await broker.commit(f"{kafka_prefix}worker-{number}", {(topic, 0): 1})
    async with broker.worker_lock(kafka_prefix + "worker"):
        assert await broker.committed(kafka_prefix + "worker-9") == {(topic, 0): 1}


async def test_appends_and_commits_are_noticed(broker: KafkaBroker, topic: str, kafka_prefix: str) -> None:
    """Who reads `version` first misses nothing: appends, commits of a group asked for, new topics."""
    await broker.committed(kafka_prefix + "g")
    await broker.changed(broker.version())
    appended, version = await broker.appended(), broker.version()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await broker.changed(version)
    await broker.publish([Outgoing(topic, b"k", b"v")])
    assert await broker.appended() == appended + 1
    async with asyncio.timeout(5):
        version = await broker.changed(version)
        await broker.commit(kafka_prefix + "g", {(topic, 0): 1})
        version = await broker.changed(version)
        await broker.declare(kafka_prefix + "u", 1)
        await broker.changed(version)


async def test_a_topic_is_made_as_it_was_asked_for(broker: KafkaBroker, kafka_prefix: str) -> None:
    """What is declared is described, has room for our largest message, and again is harmless."""
    wanted = {"a": TopicConfig(), "b": TopicConfig("delete", 3_600.0), "c": TopicConfig("compact")}
    for name, config in wanted.items():
        await asyncio.gather(*(broker.declare(kafka_prefix + name, 3, config) for _ in range(3)))
        found = await broker.describe(kafka_prefix + name)
        assert (found.cleanup, found.retention) == (config.cleanup, config.retention)
        assert await broker.partitions(kafka_prefix + name) == 3
        await broker.publish([Outgoing(kafka_prefix + name, b"k", b"v" * 999_000)])
        assert len((await broker.read(kafka_prefix + name, partition_for_key(b"k", 3), 0, 1))[0].value or b"")
    assert await broker.topics() == [kafka_prefix + name for name in wanted]
    settings = await settings_of(broker._connection, kafka_prefix + "c")
    assert settings["min.compaction.lag.ms"] == "3600000"
    assert settings["delete.retention.ms"] == "86400000"
    assert settings["message.timestamp.type"] == "CreateTime"


async def test_a_topic_that_differs_is_named(broker: KafkaBroker, kafka: str, kafka_prefix: str) -> None:
    """Every difference with what was found and wanted, and what to type; nothing is changed silently."""
    async with admin(kafka) as client:
        settings = {"cleanup.policy": "compact", "retention.ms": "1000", "max.message.bytes": "1000"}
        await client.create_topics([NewTopic(kafka_prefix + "x", 2, 1, topic_configs=settings)])
    with pytest.raises(PartitionsDiffer, match="has 2 partitions, 4 were asked for"):
        await broker.declare(kafka_prefix + "x", 4)
    with pytest.raises(TopicDiffers) as raised:
        await broker.declare(kafka_prefix + "x", 2, TopicConfig("delete", None, 3))
    for said in (
        "1 copies, not 3",
        "cleanup.policy compact, not delete",
        "retention.ms 1000, not -1",
        "max.message.bytes 1000, not 1100000",
        "--add-config cleanup.policy=delete,",
        "set replication to 1",
    ):
        assert said in str(raised.value)
    async with admin(kafka) as client:
        wanted = {"cleanup.policy": "delete", "retention.ms": "-1", "max.message.bytes": "2000000"}
        await client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, kafka_prefix + "x", wanted)])
    await broker.declare(kafka_prefix + "x", 2)


async def test_too_many_copies_are_refused(broker: KafkaBroker, kafka_prefix: str) -> None:
    """More copies than there are brokers: the error says so, and no topic is made."""
    with pytest.raises(Unusable, match="9 copies"):
        await broker.declare(kafka_prefix + "x", 1, TopicConfig(replication=9))
    assert await broker.topics() == []


async def test_what_is_wrong_is_said(broker: KafkaBroker, topic: str, kafka_prefix: str) -> None:
    """Unknown topics are never made by asking; bad names, partitions and sizes are named."""
    for question in (broker.ends(kafka_prefix + "no"), broker.read(kafka_prefix + "no", 0, 0, 1),
                     broker.publish([Outgoing(kafka_prefix + "no", b"k", b"v")]),
                     broker.describe(kafka_prefix + "no")):  # fmt: skip
        with pytest.raises(UnknownTopic, match="no"):
            await question
    assert await broker.topics() == [topic]
    with pytest.raises(UnknownTopic, match="0 to 3"):
        await broker.publish([Outgoing(topic, b"k", b"v", partition=4)])
    with pytest.raises(InvalidTopic):
        await broker.declare("no/name", 1)
    with pytest.raises(MessageTooLarge, match="1000001 bytes"):
        await broker.publish([Outgoing(topic, b"k", b"v" * 1_000_000)])
    assert await broker.publish([Outgoing(topic, b"k", b"v")]) == [0]


async def test_after_a_refusal_others_are_taken(broker: KafkaBroker, kafka: str, kafka_prefix: str) -> None:
    """A topic that takes less than we send: what follows a message that is too large goes where it went."""
    small = kafka_prefix + "small"
    async with admin(kafka) as client:
        await client.create_topics([NewTopic(small, 1, 1, topic_configs={"max.message.bytes": "300000"})])
    assert await broker.publish([Outgoing(small, b"k", b"before")]) == [0]
    with pytest.raises(MessageTooLarge, match=r"max\.message\.bytes"):
        await broker.publish([Outgoing(small, b"k", b"x" * 400_000)])
    assert await broker.publish([Outgoing(small, b"k", b"after")]) == [1]


async def test_a_cluster_has_a_name(broker: KafkaBroker, kafka: str) -> None:
    """The same for everybody; and after `close`, which may come twice, nothing is answered."""
    other = KafkaBroker(tuple(kafka.split(",")), Access(), "other.")
    assert await broker.identity() == await other.identity()
    await other.close()
    await other.close()
    with pytest.raises(Closed):
        await other.topics()

"""A cluster with a broker missing, or with one that takes connections and answers nothing."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import NodeNotReadyError
from aiokafka.protocol.coordination import FindCoordinatorRequest
from aiokafka.structs import BrokerMetadata

from agents.brokers.access import Access
from agents.brokers.broker import bootstrap
from agents.brokers.errors import BrokerError
from agents.brokers.kafka.admin import declare
from agents.brokers.kafka.broker import KafkaBroker
from agents.brokers.kafka.connection import BACKOFF, PATIENCE, Connection
from agents.brokers.kafka.layout import known, look
from agents.brokers.kafka.sender import Sender
from agents.brokers.kafka.thread import _join_patiently
from agents.brokers.topic import TopicConfig
from tests.kafka.cluster import Cluster
from tests.kafka.fixtures import Clusters
from tests.whole.command import SEEDS, storywire


@pytest.fixture(scope="module")
def cluster(module_kafka_clusters: Clusters) -> Iterator[Cluster]:
    """Three brokers; a test leaves them running."""
    yield module_kafka_clusters(brokers=3)


async def leaderless(connection: Connection, topic: str) -> set[int]:
    """Waits until some partition has no leader."""
    while True:
        leaders = (await known(connection, topic)).leaders[topic]
        if found := {partition for partition, leader in leaders.items() if leader < 0}:
            return found
        await asyncio.sleep(0.1)  # nobody tells


async def test_a_partition_without_a_leader_holds_up_no_other(cluster: Cluster, kafka_prefix: str) -> None:
    """More than its batch takes is sent to it: the others are answered, its messages wait, and keep order."""
    servers, topic = bootstrap(cluster.url), kafka_prefix + "in"
    broker, connection = KafkaBroker(servers, Access(), kafka_prefix), Connection(servers, Access())
    await broker.declare(topic, 6, TopicConfig(replication=1))
    ends: list[BrokerError] = []
    sender = Sender(connection, ends.append)
    await sender.start()
    await sender.know(topic)
    offsets: dict[int, list[int]] = {partition: [] for partition in range(6)}
    done = asyncio.Event()

    def heard(partition: int, offset: int, error: BrokerError | None) -> None:
        offsets[partition].append(-1 if error else offset)
        if all(len(offsets[led]) == 10 for led in set(range(6)) - dead):
            done.set()

    cluster.kill(2)
    async with asyncio.timeout(PATIENCE):
        dead = await leaderless(connection, topic)
    for _ in range(10):
        for partition in sorted(dead) + sorted(set(range(6)) - dead):
            reply = lambda offset, error, at=partition: heard(at, offset, error)  # noqa: E731
            sender.send(topic, partition, b"k", b"v" * 100_000, (), reply)
    async with asyncio.timeout(PATIENCE / 3):
        await done.wait()
    assert [offsets[partition] for partition in dead] == [[]] * len(dead)
    cluster.start_broker(2)
    await sender.drained()
    assert ends == []
    for partition in range(6):
        taken = [offset for offset in offsets[partition] if offset >= 0]
        assert len(offsets[partition]) == 10
        assert taken == sorted(taken)
    await sender.stop()
    await connection.close()
    await broker.close()


async def test_who_leads_a_partition_is_asked_in_peace(kafka: str, kafka_prefix: str) -> None:
    """While a topic is gone its message waits, and is not asked for as fast as brokers answer."""
    topic, connection = kafka_prefix + "in", Connection(kafka.split(","), Access())
    await declare(connection, topic, 1, TopicConfig())
    sender = Sender(connection, lambda _: None)
    await sender.start()
    await sender.know(topic)
    await gone(connection, topic)
    looks, offsets, begun = asyncio.Semaphore(0), [], time.monotonic()
    client = sender._client.client
    update = client._metadata_update

    async def counted(*given: Any) -> Any:
        looks.release()
        return await update(*given)

    client._metadata_update = counted
    sender.send(topic, 0, b"k", b"v", (), lambda offset, _: offsets.append(offset))
    for _ in range(10):
        await looks.acquire()
    assert time.monotonic() - begun > 5 * BACKOFF
    await declare(connection, topic, 1, TopicConfig())
    await sender.drained()
    assert offsets == [0]
    await sender.stop()
    await connection.close()


async def gone(connection: Connection, topic: str) -> None:
    """Deletes the topic, and waits until the cluster does not know it any more."""
    admin = AIOKafkaAdminClient(bootstrap_servers=list(connection.servers))
    await admin.start()
    await admin.delete_topics([topic])
    await admin.close()
    while topic in (await look(connection, [topic])).leaders:  # noqa: ASYNC110  nobody tells
        await asyncio.sleep(0.1)


@pytest.mark.parametrize("silent", [1, 2])
def test_a_silent_broker_is_passed_over(
    cluster: Cluster, kafka_prefix: str, tmp_path: Path, silent: int
) -> None:
    """While one of three answers nothing, topics are made, entries worked on and events read, and soon."""
    extra = {
        "STORYWIRE_BROKER": cluster.url,
        "STORYWIRE_TOPIC_PREFIX": kafka_prefix,
        "STORYWIRE_STATE_DIR": str(tmp_path / "state"),
    }
    cluster.pause(silent)
    try:
        begun = time.monotonic()
        for command in (
            ("topics", "create"),
            ("replay", SEEDS, "--broker", cluster.url),
            ("subscribe", "ceasefire", "--from", "beginning", "--once", "--json"),
        ):
            done = storywire(*command, folder=tmp_path, extra=extra)
            assert done.returncode == 0, done.stderr.decode()
        assert done.stdout
        assert time.monotonic() - begun < 4 * PATIENCE
    finally:
        cluster.resume(silent)


async def test_a_silent_broker_is_connected_to_once_for_a_request() -> None:
    """The consumer waits for a broker that takes its connection and says nothing, and no second time."""
    came: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: came.append(writer), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    client = AIOKafkaClient(bootstrap_servers=f"{host}:{port}", request_timeout_ms=100)
    client.cluster._brokers = {1: BrokerMetadata(1, host, port, None)}
    _join_patiently(client, PATIENCE)
    with pytest.raises(NodeNotReadyError):
        await client.send(1, FindCoordinatorRequest("group", 0))
    assert len(came) == 1
    await client.close()
    for writer in came:
        writer.close()
    server.close()
    await server.wait_closed()

"""The cluster itself: it serves, outlives a broker, and leaves no process behind."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from tests.kafka.cluster import Cluster
from tests.kafka.fixtures import Clusters
from tests.kafka.node import NotStarted

ROOT = Path(__file__).resolve().parents[2]


@asynccontextmanager
async def opened(client: Any) -> AsyncIterator[Any]:
    """A producer or consumer of aiokafka, started and stopped."""
    await client.start()
    try:
        yield client
    finally:
        await client.stop()


async def create(options: dict[str, Any], name: str, copies: int = 1) -> None:
    """One topic of two partitions."""
    admin = AIOKafkaAdminClient(**options)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, 2, copies)])
    finally:
        await admin.close()


async def sent(options: dict[str, Any], topic: str, values: list[bytes]) -> None:
    """All acknowledged by every replica in sync."""
    async with opened(AIOKafkaProducer(acks="all", **options)) as producer:
        for value in values:
            await producer.send_and_wait(topic, value)


async def read(options: dict[str, Any], topic: str, count: int) -> set[bytes]:
    """The first `count` values of a topic, within 30 s."""
    consumer = AIOKafkaConsumer(topic, auto_offset_reset="earliest", **options)
    async with opened(consumer), asyncio.timeout(30):
        return {(await consumer.getone()).value for _ in range(count)}


async def test_a_message_comes_back(kafka: str, kafka_prefix: str) -> None:
    """What is sent to the shared cluster is read from it."""
    options = {"bootstrap_servers": kafka}
    await create(options, kafka_prefix + "in")
    await sent(options, kafka_prefix + "in", [b"one", b"two"])
    assert await read(options, kafka_prefix + "in", 2) == {b"one", b"two"}


async def test_three_brokers_outlive_a_kill(kafka_clusters: Clusters) -> None:
    """With one of three brokers killed, acknowledged messages are there and more can be sent; it returns."""
    cluster = kafka_clusters(brokers=3)
    await create(cluster.client(), "in", copies=3)
    await sent(cluster.client(), "in", [b"before"])
    cluster.kill(2)
    assert cluster.running == [1, 3]
    await sent(cluster.client(), "in", [b"without"])
    cluster.start_broker(2)
    await sent(cluster.client(), "in", [b"after"])
    assert await read(cluster.client(), "in", 3) == {b"before", b"without", b"after"}


async def test_a_folder_is_opened_as_it_was(tmp_path: Path, kafka_here: None) -> None:
    """A stopped cluster starts again from its folder with its address and its messages."""
    with Cluster(tmp_path) as cluster:
        address = cluster.bootstrap
        await create(cluster.client(), "in")
        await sent(cluster.client(), "in", [b"kept"])
        cluster.stop()
    with Cluster(tmp_path) as cluster:
        assert cluster.bootstrap == address
        assert await read(cluster.client(), "in", 1) == {b"kept"}


KEEPER = """
import sys
from pathlib import Path
from tests.kafka.cluster import Cluster
cluster = Cluster(Path(sys.argv[1]))
cluster.start()
print(cluster.pid(1), flush=True)
sys.stdin.read()
"""


def test_brokers_die_with_their_keeper(tmp_path: Path, kafka_here: None) -> None:
    """When the process that started a cluster is killed, its broker ends too."""
    keeper = subprocess.Popen(
        [sys.executable, "-c", KEEPER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert keeper.stdout is not None
    broker = os.pidfd_open(int(keeper.stdout.readline()))
    keeper.kill()
    keeper.communicate()
    assert ended(broker, 10)


def ended(pidfd: int, seconds: float) -> bool:
    """Whether the process ends in time; its descriptor becomes readable then."""
    found, _, _ = select.select([pidfd], [], [], seconds)
    os.close(pidfd)
    return bool(found)


def test_a_broker_that_cannot_start_says_why(tmp_path: Path, kafka_here: None) -> None:
    """The error holds the end of the broker's own log, and nothing keeps running."""
    cluster = Cluster(tmp_path, settings={"num.network.threads": "many"})
    with pytest.raises(NotStarted, match=r"(?s)broker 1.*num\.network\.threads"):
        cluster.start()
    assert cluster.running == []


def test_a_broker_that_ended_by_itself_does_not_hinder_the_stop(tmp_path: Path, kafka_here: None) -> None:
    """Where its process is gone, and known to be, the cluster stops all the same."""
    cluster = Cluster(tmp_path)
    cluster.start()
    pid = cluster.pid(1)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert cluster.watch() == 1
    cluster.stop()
    assert cluster.running == []

"""The transports under test: a test that takes `place` runs on both."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from agents.brokers.broker import open_broker
from tests.delivery.app import GROUP, create_app, declare_all
from tests.delivery.prefixed import Prefixed

ROOT = Path(__file__).resolve().parents[2]


class Place:
    """A fresh part of a broker, its address and a fresh state file, and what can be done there."""

    def __init__(self, folder: Path, url: str, prefix: str) -> None:
        self.folder, self.url, self.prefix = folder, url, prefix
        self.state = f"sqlite:///{folder / 'state.db'}"

    def create_app(self, partitions: int, **settings: Any) -> Any:
        """tests.delivery.app's, here."""
        return create_app(self.url, self.state, partitions, self.prefix, **settings)

    @contextmanager
    def worker(self, *arguments: str, state: str = "") -> Iterator[subprocess.Popen[str]]:
        """tests.delivery.app as a process, killed at the end if it still runs."""
        command = [sys.executable, "-m", "tests.delivery.app", "--broker", self.url]
        command += ["--state", state or self.state, "--prefix", self.prefix]
        process = subprocess.Popen(
            [*command, *arguments],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def drop_state(self) -> None:
        for file in self.folder.glob("state.db*"):
            file.unlink()


@pytest.fixture(params=["sqlite", "kafka"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return at_log(tmp_path) if request.param == "sqlite" else at_kafka(request, tmp_path)


@pytest.fixture
def kafka_place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """For what only a broker with several workers has."""
    return at_kafka(request, tmp_path)


@pytest.fixture
def sqlite_place(tmp_path: Path) -> Place:
    """For what only the embedded log has."""
    return at_log(tmp_path)


def at_log(folder: Path) -> Place:
    return Place(folder, f"sqlite:///{folder / 'log.db'}", "")


def at_kafka(request: pytest.FixtureRequest, folder: Path) -> Place:
    servers, prefix = request.getfixturevalue("kafka"), request.getfixturevalue("kafka_prefix")
    return Place(folder, f"kafka://{servers}", prefix)


async def small_topic(place: Place) -> str:
    """A topic `small` of a cluster that takes no message beyond 300 kB; its full name."""
    admin = AIOKafkaAdminClient(bootstrap_servers=place.url.removeprefix("kafka://"))
    await admin.start()
    config = {"max.message.bytes": "300000"}
    await admin.create_topics([NewTopic(place.prefix + "small", 1, 1, topic_configs=config)])
    await admin.close()
    return place.prefix + "small"


@asynccontextmanager
async def opened(place: Place) -> AsyncIterator[Prefixed]:
    """The broker of a place, with names as the tests write them."""
    broker = Prefixed(open_broker(place.url, prefix=place.prefix), place.prefix)
    yield broker
    await broker.close()


@pytest_asyncio.fixture
async def broker(request: pytest.FixtureRequest) -> AsyncIterator[Prefixed]:
    """Of the place that the test has."""
    names = ("place", "kafka_place", "sqlite_place")
    found = next(name for name in names if name in request.fixturenames)
    async with opened(request.getfixturevalue(found)) as broker:
        yield broker


@asynccontextmanager
async def running(app: Any) -> AsyncIterator[list[str]]:
    """The app started in this process; yields what it would have died of."""
    deaths: list[str] = []
    app.transport.die = deaths.append
    await declare_all(app, app.conf.topic_partitions)
    await app.start()
    try:
        yield deaths
    finally:
        await asyncio.wait_for(app.stop(), 15)


async def everything(broker: Any, topic: str) -> list[Any]:
    """All messages of `topic`, partition by partition."""
    found = []
    for partition in range(await broker.partitions(topic)):
        at = 0
        while batch := await broker.read(topic, partition, at, 1000):
            found += batch
            at = batch[-1].offset + 1
    return found


async def until(broker: Any, holds: Callable[[], Any], seconds: float = 20) -> None:
    """Wait until `await holds()`; it is asked again after every change of the log."""
    try:
        async with asyncio.timeout(seconds):
            version = broker.version()
            while not await holds():
                version = await broker.changed(version)
    except TimeoutError as error:
        raise AssertionError(f"not within {seconds} s") from error


async def drained(broker: Any, topic: str = "in", group: str = GROUP, seconds: float = 20) -> None:
    """Wait until the group's committed offsets have reached the end of `topic`."""

    async def done() -> bool:
        committed = await broker.committed(group)
        return all(committed.get((topic, p), 0) == end for p, end in (await broker.ends(topic)).items())

    await until(broker, done, seconds)

"""The transport under test. Another one is put under the suite by another `Engine` in `ENGINES`."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from agents.brokers.broker import Broker, open_broker
from tests.delivery.app import GROUP

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Engine:
    """How to reach a fresh broker and a fresh state file, and what this broker can do."""

    url: Callable[[Path], str]
    state: Callable[[Path], str]
    one_worker_per_group: bool


ENGINES = {
    "sqlite": Engine(
        url=lambda folder: f"sqlite:///{folder / 'log.db'}",
        state=lambda folder: f"sqlite:///{folder / 'state.db'}",
        one_worker_per_group=True,
    )
}


class Place:
    """A fresh broker's address and state file, and what can be done there."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.folder = engine, folder
        self.url, self.state = engine.url(folder), engine.state(folder)

    @contextmanager
    def worker(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """tests.delivery.app as a process, killed at the end if it still runs."""
        command = [sys.executable, "-m", "tests.delivery.app", "--broker", self.url, "--state", self.state]
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


@pytest.fixture(params=sorted(ENGINES))
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return Place(ENGINES[request.param], tmp_path)


@pytest_asyncio.fixture
async def broker(place: Place) -> AsyncIterator[Broker]:
    opened = open_broker(place.url)
    yield opened
    await opened.close()


@asynccontextmanager
async def running(app: Any) -> AsyncIterator[list[str]]:
    """The app started in this process; yields what it would have died of."""
    deaths: list[str] = []
    app.transport.die = deaths.append
    await app.start()
    try:
        yield deaths
    finally:
        await asyncio.wait_for(app.stop(), 15)


async def everything(broker: Broker, topic: str) -> list[Any]:
    """All messages of `topic`, partition by partition."""
    found = []
    for partition in range(await broker.partitions(topic)):
        at = 0
        while batch := await broker.read(topic, partition, at, 1000):
            found += batch
            at = batch[-1].offset + 1
    return found


async def until(broker: Broker, holds: Callable[[], Any], seconds: float = 20) -> None:
    """Wait until `await holds()`; it is asked again after every change of the log."""
    try:
        async with asyncio.timeout(seconds):
            version = broker.version()
            while not await holds():
                version = await broker.changed(version)
    except TimeoutError as error:
        raise AssertionError(f"not within {seconds} s") from error


async def drained(broker: Broker, topic: str = "in", group: str = GROUP, seconds: float = 20) -> None:
    """Wait until the group's committed offsets have reached the end of `topic`."""

    async def done() -> bool:
        committed = await broker.committed(group)
        return all(committed.get((topic, p), 0) == end for p, end in (await broker.ends(topic)).items())

    await until(broker, done, seconds)

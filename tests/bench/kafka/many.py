"""A million small messages through the driver: memory, and how many are in work at once."""

import asyncio
import shutil
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import orjson

from agents.brokers.broker import Broker, open_broker
from agents.drain import backlog
from tests.bench.kafka.place import LOOK_SECONDS, PARTITIONS, Record, load
from tests.bench.kafka.processes import Process
from tests.bench.kafka.work import BATCH
from tests.bench.table import aimed, table
from tests.delivery.app import GROUP, create_app, declare_all

FEW = 0.1
"""The share of the messages after which memory is looked at first."""
KEYS = 1_000
AIM = 1.1
PREFIX = "bench-many."


@dataclass(frozen=True, slots=True)
class Look:
    """Peak memory in MB, CPU and wall seconds after so many messages."""

    messages: int
    peak: float
    cpu: float
    wall: float


@dataclass(slots=True)
class Results:
    """Both looks, the most messages in work, and every count that was wrong."""

    looks: Sequence[Look]
    most: int
    problems: list[str]


def measure(servers: str, folder: Path, messages: int) -> Results:
    """Few messages, then all the others, to one process."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        return asyncio.run(_measure(servers, folder.absolute(), messages))
    finally:
        shutil.rmtree(folder)


async def _measure(servers: str, folder: Path, messages: int) -> Results:
    url = f"kafka://{servers}"
    broker = open_broker(url, prefix=PREFIX)
    try:
        await declare_all(create_app(url, f"sqlite:///{folder}/none", PARTITIONS, PREFIX), PARTITIONS)
        command = [sys.executable, "-m", "tests.bench.kafka.copier", url, PREFIX, str(folder)]
        with Process(command, folder) as process:
            few, began = round(messages * FEW), monotonic()
            looks = []
            for first, last in ((0, few), (few, messages)):
                await asyncio.to_thread(load, servers, PREFIX + "in", _small(first, last))
                await _done(broker, process)
                looks.append(Look(last, process.peak, process.cpu, monotonic() - began))
            most = int(process.stop().split()[-1])
        return Results(looks, most, await _problems(broker, folder, messages))
    finally:
        await broker.close()


def _small(first: int, last: int) -> Iterator[Record]:
    return (Record(b"key-%d" % (number % KEYS), b"%0100d" % number) for number in range(first, last))


async def _done(broker: Broker, process: Process) -> None:
    while not (await backlog(broker, PREFIX + GROUP, [PREFIX + "in"])).empty:
        process.check()
        await asyncio.sleep(LOOK_SECONDS)


async def _problems(broker: Broker, folder: Path, messages: int) -> list[str]:
    """Every message was copied, and counted in its key's row."""
    copied = sum((await broker.ends(PREFIX + "out")).values())
    with closing(sqlite3.connect(folder / "copier.rows")) as rows:
        counted = sum(orjson.loads(value)["n"] for (value,) in rows.execute("SELECT value FROM row"))
    found = {"copied": copied, "counted": counted}
    return [f"many: {number} {what}, not {messages}" for what, number in found.items() if number != messages]


def as_table(results: Results) -> str:
    """Both looks."""
    few, many = results.looks
    rate = (many.messages - few.messages) / (many.wall - few.wall)
    rows = [
        [f"{one.messages:,}", f"{one.peak:.1f}", f"{one.wall:.1f}", f"{one.cpu:.1f}"] for one in (few, many)
    ]
    ratio = many.peak / few.peak
    notes = (
        f"ratio of the peaks {ratio:.3f} ({aimed(ratio, AIM, at_least=False)}); "
        f"at most {results.most:,} messages fetched and not yet done",
        f"{rate:,.0f} messages a second from the one look to the other, "
        f"{(many.cpu - few.cpu) / (many.messages - few.messages) * 1e6:.0f} us of CPU each",
        f"{PARTITIONS} partitions, batches of {BATCH}, {2 * BATCH} wait in front of the stage",
    )
    head = ("messages", "peak MB", "wall s", "CPU s")
    return table(f"11. Small messages over {KEYS:,} keys: copied and counted in a row", head, rows, *notes)

"""From the embedded log to a cluster and back: the same messages, times and places."""

import asyncio
import subprocess
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agents.brokers.broker import Broker, open_broker
from agents.brokers.log import Log
from agents.brokers.message import Message, Outgoing, TopicPartition
from agents.scan import scan
from tests.bench.generate import make_corpus, write_jsonl
from tests.copying.made import BEGAN, RARE, drop, rows, without_offsets
from tests.whole.command import SEEDS, left, storywire


@dataclass(frozen=True, slots=True)
class Moved:
    """A log with the seeds, copied to `cluster` and from there to `back`, all under `prefix`."""

    folder: Path
    prefix: str
    cluster: str

    @property
    def log(self) -> str:
        return f"sqlite:///{self.folder / 'a.db'}"

    @property
    def back(self) -> str:
        return f"sqlite:///{self.folder / 'back.db'}"

    @property
    def group(self) -> str:
        return self.prefix + "worker-1"

    def open(self, url: str) -> Broker:
        return open_broker(url, prefix=self.prefix)

    def call(self, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
        """`storywire` with this prefix, successful."""
        done = storywire(*arguments, folder=self.folder, extra={"STORYWIRE_TOPIC_PREFIX": self.prefix})
        assert done.returncode == 0, (done.stdout + done.stderr).decode()
        return done


@pytest.fixture(scope="module")
def moved(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Moved:
    """There and back, before any test."""
    place = Moved(tmp_path_factory.mktemp("moved"), f"t{uuid.uuid4().hex[:12]}.", f"kafka://{kafka}")
    place.call("replay", SEEDS, "--broker", place.log)
    asyncio.run(made_rare(place))
    for source, target in ((place.log, place.cluster), (place.cluster, place.back)):
        place.call("copy", source, target)
    return place


async def made_rare(place: Moved) -> None:
    """Add rare messages, gaps, and some entries that the worker has not read."""
    log = Log(place.folder / "a.db")
    topic, entries = place.prefix + "events.made", place.prefix + "entries"
    await log.declare(topic, 2)
    await log.publish([rare(topic, n) for n in range(40)])
    places = await log.committed(place.group)
    await log.commit(place.group, {(entries, 0): places[entries, 0] - 3})
    await log.close()
    drop(place.folder / "a.db", entries, 0, [0, 1, 5])
    drop(place.folder / "a.db", entries, 1, list(range(100)))


def rare(topic: str, n: int) -> Outgoing:
    """Every combination of key and value present, empty and absent, and of rare headers."""
    keys, values = (None, b"", b"k\xff"), (None, b"", b"v\x00\xff")
    return Outgoing(topic, keys[n % 3], values[n // 3 % 3], RARE[n % 4], n % 2, BEGAN - n * 1_000 % 7_000)


def test_there_and_back(moved: Moved) -> None:
    """File to Kafka to file gives the same bytes in order."""
    found, wanted = (rows(moved.folder / name, moved.prefix) for name in ("back.db", "a.db"))
    assert without_offsets(found) == without_offsets(wanted)
    moved.call("copy", "--check", moved.log, moved.back)


async def test_the_worker_goes_on_at_the_same_message(moved: Moved) -> None:
    """What its group has still to read is the same on the log, on the cluster and back on a log."""
    unread = [await waiting(moved, url) for url in (moved.log, moved.cluster, moved.back)]
    assert len(unread[0]) == 3
    assert unread[0] == unread[1] == unread[2]


async def waiting(moved: Moved, url: str) -> list[tuple[TopicPartition, object, object]]:
    """Place, key and time of what the group on `url` has not read."""
    broker, found = moved.open(url), []
    for place, offset in sorted((await broker.committed(moved.group)).items()):
        page = await broker.read(*place, offset, 100)
        found += [(place, message.key, message.time) for message in page]
    await broker.close()
    return found


async def test_messages_on_the_cluster_are_the_originals(moved: Moved) -> None:
    """Key, value and headers as they were, and the time at which it was sent first, not that of the copy."""
    there = moved.open(moved.cluster)
    topic = moved.prefix + "events.made"
    found = await there.read(topic, 1, 0, 100)
    wanted = [rare(topic, n) for n in range(1, 40, 2)]
    assert [parts(message) for message in found] == [parts(message) for message in wanted]
    await there.close()


def parts(message: Message | Outgoing) -> tuple[Any, ...]:
    return message.time, message.key, message.value, message.headers


async def test_a_worker_on_the_cluster_goes_on(moved: Moved) -> None:
    """The next articles add the same articles and events on the cluster as on the log, none twice."""
    more = moved.folder / "more.jsonl"
    write_jsonl(list(make_corpus(20, seed=5)), more)
    outs = []
    for name, url in (("log", moved.log), ("cluster", moved.cluster)):
        out = moved.folder / f"out-{name}"
        state = moved.folder / f"state-{name}"
        await asyncio.to_thread(
            moved.call, "replay", more, "--broker", url, "--state-dir", state, "--out", out
        )
        outs.append(left(out))
    assert outs[0] == outs[1]
    for topic in ("articles", "events.rafah", "events.ceasefire", "events.hostages", "story-events"):
        said = [await published(moved, url, topic) for url in (moved.log, moved.cluster)]
        assert said[0] == said[1] != []


async def published(moved: Moved, url: str, topic: str) -> list[tuple[bytes, bytes]]:
    """Key and value of every message of a topic, sorted: partitions meet in any order on a story's topic."""
    broker = moved.open(url)
    found = [(m.key or b"", m.value or b"") async for m in scan(broker, moved.prefix + topic)]
    await broker.close()
    return sorted(found)

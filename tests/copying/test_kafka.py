"""From the embedded log to a cluster and back: the same messages, times and places."""

import asyncio
import subprocess
from pathlib import Path

from agents.brokers.broker import open_broker
from agents.brokers.log import Log
from agents.brokers.message import Outgoing
from tests.copying.made import BEGAN, RARE, drop, rows, without_offsets
from tests.whole.command import SEEDS, storywire


class Place:
    """A folder and a prefix of one test's own."""

    def __init__(self, folder: Path, prefix: str) -> None:
        self.folder, self.prefix = folder, prefix
        self.log, self.back = folder / "a.db", folder / "back.db"

    def call(self, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
        """`storywire` with this prefix, successful."""
        done = storywire(*arguments, folder=self.folder, extra={"STORYWIRE_TOPIC_PREFIX": self.prefix})
        assert done.returncode == 0, (done.stdout + done.stderr).decode()
        return done


async def seeded(place: Place) -> dict[tuple[str, int], int]:
    """A log with the seeds, gaps, rare messages and some entries unread; where the worker goes on."""
    await asyncio.to_thread(place.call, "replay", SEEDS, "--broker", f"sqlite:///{place.log}")
    log = Log(place.log)
    topic, group = place.prefix + "events.made", place.prefix + "worker-1"
    await log.declare(topic, 2)
    await log.publish([rare(topic, n) for n in range(40)])
    places = await log.committed(group)
    places[place.prefix + "entries", 0] -= 3
    await log.commit(group, places)
    await log.close()
    drop(place.log, place.prefix + "entries", 0, [0, 1, 5])
    drop(place.log, place.prefix + "entries", 1, list(range(100)))
    return places


def rare(topic: str, n: int) -> Outgoing:
    """Every combination of key and value present, empty and absent, and of rare headers."""
    keys, values = (None, b"", b"k\xff"), (None, b"", b"v\x00\xff")
    return Outgoing(topic, keys[n % 3], values[n // 3 % 3], RARE[n % 4], n % 2, BEGAN - n * 1_000 % 7_000)


async def test_there_and_back(kafka: str, kafka_prefix: str, tmp_path: Path) -> None:
    """File to Kafka to file gives the same bytes in order, and the worker's next message is the same."""
    place, cluster = Place(tmp_path, kafka_prefix), f"kafka://{kafka}"
    places = await seeded(place)
    await asyncio.to_thread(place.call, "copy", f"sqlite:///{place.log}", cluster)
    await asyncio.to_thread(place.call, "copy", cluster, f"sqlite:///{place.back}")
    assert without_offsets(rows(place.back, kafka_prefix)) == without_offsets(rows(place.log, kafka_prefix))
    await asyncio.to_thread(
        place.call, "copy", "--check", f"sqlite:///{place.log}", f"sqlite:///{place.back}"
    )
    moved = {(kafka_prefix + "entries", 0): -3}
    back, there = Log(place.back), open_broker(cluster, prefix=kafka_prefix)
    found = await back.committed(kafka_prefix + "worker-1")
    assert found == await there.committed(kafka_prefix + "worker-1")
    for (topic, partition), offset in places.items():
        end = (await back.ends(topic))[partition]
        assert found[topic, partition] == end + moved.get((topic, partition), 0), (topic, partition, offset)
    await back.close()
    await there.close()


async def test_times_on_the_cluster_are_the_originals(kafka: str, kafka_prefix: str, tmp_path: Path) -> None:
    """A message on the cluster carries the time at which it was sent first, not that of the copy."""
    place, cluster = Place(tmp_path, kafka_prefix), f"kafka://{kafka}"
    await seeded(place)
    await asyncio.to_thread(place.call, "copy", f"sqlite:///{place.log}", cluster)
    there = open_broker(cluster, prefix=kafka_prefix)
    found = await there.read(kafka_prefix + "events.made", 1, 0, 100)
    assert [message.time for message in found] == [rare("", n).time for n in range(1, 40, 2)]
    await there.close()

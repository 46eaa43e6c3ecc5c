"""A worker killed again and again, by -9 and by SIGTERM, while others write and read."""

import asyncio
import random
import signal
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Callable
from typing import Any

import orjson

from agents.brokers.changelog import Fences, is_claim
from agents.brokers.message import Outgoing
from tests.delivery.app import GROUP
from tests.delivery.conftest import drained, everything

KEYS = 50
PARTITIONS = 3


def messages(first: int, count: int) -> list[Outgoing]:
    return [Outgoing("in", b"key-%d" % (n % KEYS), b"%d" % n) for n in range(first, first + count)]


async def wait_ready(worker: subprocess.Popen[str]) -> None:
    assert worker.stdout
    assert (await asyncio.to_thread(worker.stdout.readline)) == "ready\n"


async def feed(broker: Any, first: int, count: int) -> None:
    """`count` messages in steps of 20, over about half a second."""
    for at in range(first, first + count, 20):
        await broker.publish(messages(at, 20))
        await asyncio.sleep(0.5 * 20 / count)


def per_key(found: list[Any]) -> dict[bytes, list[int]]:
    rows: dict[bytes, list[int]] = {}
    for message in found:
        rows.setdefault(message.key, []).append(int(message.value))
    return rows


def changelog_table(found: list[Any]) -> dict[bytes, bytes]:
    """The rows that a changelog says, its partitions one after the other."""
    fences = Fences()
    rows = {m.key: m.value for m in found if fences.admits(m)}
    return {key: value for key, value in rows.items() if value is not None}


def state_table(place: Any) -> dict[bytes, bytes]:
    connection = sqlite3.connect(place.folder / "state.db")
    try:
        return dict(connection.execute("SELECT key, value FROM row"))
    finally:
        connection.close()


async def test_kills_lose_nothing_and_keep_the_order(
    place: Any, broker: Any, figures: Callable[[str], None]
) -> None:
    """After six kills at random moments every message is in `out`, each key's in order, each row exact."""
    chance, total, between = random.Random(1), 3000, 0
    await broker.declare("in", PARTITIONS)
    for kill in range(6):
        with place.worker("--partitions", str(PARTITIONS)) as worker:
            await wait_ready(worker)
            feeding = asyncio.create_task(feed(broker, 500 * kill, 500))
            await asyncio.sleep(chance.uniform(0.1, 0.6))
            worker.send_signal(signal.SIGKILL if kill % 3 else signal.SIGTERM)
            assert await asyncio.to_thread(worker.wait, 10) == (-9 if kill % 3 else 0)
        between += len(await everything(broker, "out")) > sum((await broker.committed(GROUP)).values())
        await feeding
    with place.worker("--partitions", str(PARTITIONS)) as worker:
        await drained(broker, seconds=40)
        worker.send_signal(signal.SIGTERM)
        await asyncio.to_thread(worker.wait, 10)
    out = per_key(await everything(broker, "out"))
    for key, values in per_key(await everything(broker, "in")).items():
        assert list(dict.fromkeys(out[key])) == values  # first appearances: none missing, in order
    copies = sum(map(len, out.values())) - total
    share = f"{100 * copies / total:.1f} %"
    figures(f"  0 of {total} lost, {copies} duplicates ({share}), {between} kills in work")
    assert between  # else this has shown nothing
    changelog = changelog_table(await everything(broker, f"{GROUP}-seen-changelog"))
    assert state_table(place) == changelog
    assert sum(orjson.loads(row)["n"] for row in changelog.values()) == total


async def test_the_store_never_runs_ahead_of_the_changelog(place: Any, broker: Any) -> None:
    """Right after a kill -9 each row of the file is one the changelog holds, and its offset covers them."""
    await broker.declare("in", PARTITIONS)
    chance = random.Random(7)
    for _ in range(3):
        await broker.publish(messages(0, 1500))
        with place.worker("--partitions", str(PARTITIONS)) as worker:
            await wait_ready(worker)
            await asyncio.sleep(chance.uniform(0.1, 0.9))
            worker.kill()
            await asyncio.to_thread(worker.wait)
        records = await everything(broker, f"{GROUP}-seen-changelog")
        written = {(m.key, m.value) for m in records}
        rows = state_table(place)
        assert set(rows.items()) <= written
        for partition, offset in marks(place).items():
            covered = [m for m in records if m.partition == partition and m.offset <= offset]
            assert len(covered) == offset + 1  # never ahead of what the changelog holds
            newest = {m.key: m.offset for m in covered}
            for m in covered:
                if newest[m.key] == m.offset and not is_claim(m.key):
                    assert orjson.loads(rows[m.key])["last"] >= orjson.loads(m.value)["last"]


def marks(place: Any) -> dict[int, int]:
    connection = sqlite3.connect(place.folder / "state.db")
    try:
        return dict(connection.execute("SELECT part, offset FROM mark WHERE offset >= 0"))
    finally:
        connection.close()


async def test_a_lost_state_file_is_read_again_from_the_changelog(place: Any, broker: Any) -> None:
    """Without its file the worker recovers every row, and messages applied before change nothing."""
    await broker.declare("in", PARTITIONS)
    await broker.publish(messages(0, 1000))
    for _ in range(2):
        with place.worker("--partitions", str(PARTITIONS)) as worker:
            await wait_ready(worker)
            await drained(broker)
            worker.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(worker.wait, 10) == 0
        changelog = changelog_table(await everything(broker, f"{GROUP}-seen-changelog"))
        assert state_table(place) == changelog
        assert len(changelog) == KEYS
        place.drop_state()


async def test_a_restart_goes_on_at_the_committed_offsets(place: Any, broker: Any) -> None:
    """After a clean stop nothing is done twice, and stopping an idle worker takes under two seconds."""
    await broker.declare("in", PARTITIONS)
    for round_ in range(2):
        await broker.publish(messages(300 * round_, 300))
        with place.worker("--partitions", str(PARTITIONS)) as worker:
            await wait_ready(worker)
            await drained(broker)
            started = asyncio.get_running_loop().time()
            worker.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(worker.wait, 10) == 0
            assert asyncio.get_running_loop().time() - started < 2
    counts = Counter(m.value for m in await everything(broker, "out"))
    assert len(counts) == 600
    assert set(counts.values()) == {1}


async def test_a_second_worker_is_refused(sqlite_place: Any, broker: Any) -> None:
    """It ends with exit 75, naming the first one's pid and what to do; the first one goes on."""
    place = sqlite_place
    await broker.declare("in", PARTITIONS)
    with place.worker("--partitions", str(PARTITIONS)) as first:
        await wait_ready(first)
        with place.worker("--partitions", str(PARTITIONS)) as second:
            _, said = await asyncio.to_thread(second.communicate)
        assert second.returncode == 75
        assert f"process {first.pid}" in said
        assert "stop it first" in said
        await broker.publish(messages(0, 100))
        await drained(broker)


async def test_another_number_of_partitions_is_refused(place: Any, broker: Any) -> None:
    """An app set to other partitions than a topic has says both numbers and ends."""
    await broker.declare("in", PARTITIONS)
    with place.worker("--partitions", "5") as worker:
        _, said = await asyncio.to_thread(worker.communicate)
    assert worker.returncode != 0
    assert "has 3 partitions, this app is set to 5" in said


async def test_others_publish_and_follow_meanwhile(place: Any, broker: Any) -> None:
    """While a worker runs, this process publishes and sees the outputs as they come, within half a second."""
    await broker.declare("in", PARTITIONS)
    await broker.declare("out", PARTITIONS)
    with place.worker("--partitions", str(PARTITIONS)) as worker:
        await wait_ready(worker)
        seen, delays = [], []
        outputs = broker.follow("out", {})
        for n in range(10):
            sent = asyncio.get_running_loop().time()
            await broker.publish(messages(n, 1))
            seen.append(await asyncio.wait_for(anext(outputs), 5))
            delays.append(asyncio.get_running_loop().time() - sent)
        await outputs.aclose()
    assert [m.value for m in seen] == [b"%d" % n for n in range(10)]
    assert sorted(delays)[5] < 0.5

"""The embedded log: what is durable, what is refused, and what other processes see."""

import asyncio
import json
import sqlite3
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from agents.brokers import errors, schema
from agents.brokers.broker import bootstrap, follow, log_path, open_broker
from agents.brokers.headers import decode_headers, encode_headers
from agents.brokers.log import Log
from agents.brokers.message import Outgoing
from agents.brokers.mounts import file_system, refuse_network
from agents.brokers.partitioner import murmur2, partition_for_key

ROOT = Path(__file__).resolve().parents[2]


@pytest_asyncio.fixture
async def log(tmp_path: Path) -> AsyncIterator[Log]:
    opened = Log(tmp_path / "log.db")
    await opened.declare("t", 4)
    yield opened
    await opened.close()


def outgoing(count: int, size: int = 10) -> list[Outgoing]:
    return [Outgoing("t", b"k%d" % n, b"v" * size) for n in range(count)]


async def test_what_is_published_is_read_as_it_was(log: Log) -> None:
    """Key, value, headers and order come back; offsets are dense from 0; time is now in milliseconds."""
    sent = [Outgoing("t", b"k", b"%d" % n, (("a", b"1"), ("b", None))) for n in range(3)]
    assert await log.publish(sent) == [0, 1, 2]
    partition = partition_for_key(b"k", 4)
    found = await log.read("t", partition, 0, 10)
    assert [(m.offset, m.key, m.value, m.headers) for m in found] == [
        (n, b"k", b"%d" % n, (("a", b"1"), ("b", None))) for n in range(3)
    ]
    assert 1_700_000_000_000 < found[0].time < 4_000_000_000_000
    assert await log.ends("t") == {p: 3 if p == partition else 0 for p in range(4)}
    assert [m.offset for m in await log.read("t", partition, 1, 1)] == [1]


async def test_absent_key_value_and_given_partition(log: Log) -> None:
    """None stays None, a given partition is kept, and unkeyed messages take turns."""
    await log.publish([Outgoing("t", None, None, partition=2)])
    assert (await log.read("t", 2, 0, 1))[0].value is None
    await log.publish([Outgoing("t", None, b"x") for _ in range(8)])
    assert sorted((await log.ends("t")).values()) == [2, 2, 2, 3]


async def test_committed_offsets_are_per_group(log: Log) -> None:
    """Each group has its own, a later commit replaces the earlier, and going back is allowed."""
    await log.commit("a", {("t", 1): 7, ("t", 2): 3})
    await log.commit("b", {("t", 1): 1})
    await log.commit("a", {("t", 1): 2})
    assert await log.committed("a") == {("t", 1): 2, ("t", 2): 3}
    assert await log.committed("b") == {("t", 1): 1}
    assert await log.committed("nobody") == {}


async def test_appended_grows_with_every_message_and_not_with_commits(log: Log) -> None:
    """It tells "no append in between" from an idle log."""
    before = await log.appended()
    await log.commit("a", {("t", 0): 1})
    assert await log.appended() == before
    await log.publish(outgoing(5))
    assert await log.appended() == before + 5


async def test_a_message_of_more_than_a_megabyte_is_never_taken(log: Log) -> None:
    """MessageTooLarge, before anything of the batch is written; one just below is taken."""
    with pytest.raises(errors.MessageTooLarge, match="1000000"):
        await log.publish([*outgoing(2), Outgoing("t", b"k", b"x" * 1_000_000)])
    assert await log.appended() == 0
    await log.publish([Outgoing("t", b"k", b"x" * 999_000)])
    assert await log.appended() == 1


@pytest.mark.parametrize("name", ["", "a b", "ä", "..", "x" * 250, "a/b"])
async def test_names_kafka_would_refuse_are_refused(log: Log, name: str) -> None:
    """InvalidTopic, for a topic and for a group."""
    with pytest.raises(errors.InvalidTopic, match="no name"):
        await log.declare(name, 1)
    with pytest.raises(errors.InvalidTopic, match="no name"):
        await log.commit(name, {("t", 0): 1})


async def test_unknown_topics_and_partitions_are_named(log: Log) -> None:
    """UnknownTopic says which topic, or which partitions there are."""
    with pytest.raises(errors.UnknownTopic, match=r"'u'.*declare it"):
        await log.publish([Outgoing("u", b"", b"")])
    with pytest.raises(errors.UnknownTopic, match="0 to 3, not 4"):
        await log.read("t", 4, 0, 1)


async def test_another_number_of_partitions_is_an_error(log: Log) -> None:
    """Declaring again is harmless with the same number, PartitionsDiffer with another."""
    await log.declare("t", 4)
    with pytest.raises(errors.PartitionsDiffer, match="has 4 partitions, 5 were asked for"):
        await log.declare("t", 5)


async def test_the_view_is_for_outsiders(log: Log, tmp_path: Path) -> None:
    """Plain sqlite3 reads topic, partition, offset, time, key, headers as JSON, and value; by index."""
    await log.publish([Outgoing("t", b"k", b"v", (("ce_id", b"1"),), partition=3), Outgoing("t", b"k", b"w")])
    reader = sqlite3.connect(f"file:{tmp_path / 'log.db'}?mode=ro", uri=True)
    row = reader.execute("SELECT * FROM messages WHERE topic = 't' AND partition = 3").fetchone()
    assert row[:3] == ("t", 3, 0)
    assert (row[4], json.loads(row[5]), row[6]) == (b"k", {"ce_id": "1"}, b"v")
    plan = reader.execute(
        "EXPLAIN QUERY PLAN SELECT * FROM messages WHERE topic = 't' AND partition = 3 AND offset >= 5"
    ).fetchall()
    assert any("message_offset (part=? AND offset>?)" in line[3] for line in plan)
    assert reader.execute("PRAGMA user_version").fetchone() == (2,)
    reader.close()


async def test_only_the_owner_may_read_the_files(log: Log, tmp_path: Path) -> None:
    """The log, its -wal and its -shm have mode 0600."""
    await log.publish(outgoing(1))
    files = [tmp_path / f"log.db{suffix}" for suffix in ("", "-shm", "-wal")]
    assert {stat.S_IMODE(f.stat().st_mode) for f in files} == {0o600}


async def test_a_full_disk_fails_what_waits_and_loses_nothing(tmp_path: Path) -> None:
    """Everything confirmed before is there, every pending message fails with DiskFull."""
    log = Log(tmp_path / "log.db", max_bytes=400_000)
    await log.declare("t", 4)
    confirmed = 0
    with pytest.raises(errors.DiskFull, match="no room"):
        while True:
            confirmed += len(await log.publish(outgoing(20, 1000)))
    outcomes = await asyncio.gather(
        *(log.publish(outgoing(1)) for _ in range(5)), log.commit("g", {("t", 0): 1}), return_exceptions=True
    )
    assert all(isinstance(outcome, errors.DiskFull) for outcome in outcomes)
    await log.close()
    again = Log(tmp_path / "log.db")
    assert await again.appended() == confirmed > 0
    assert sum([len(await again.read("t", p, 0, 10_000)) for p in range(4)]) == confirmed
    assert await again.committed("g") == {}
    await again.publish(outgoing(1))
    await again.close()


async def test_a_held_lock_may_yet_open(log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process that holds the write lock makes it Busy, a MaybeError; afterwards all goes on."""
    monkeypatch.setattr(schema, "BUSY_MS", 50)
    hasty = Log(tmp_path / "log.db")
    holder = sqlite3.connect(tmp_path / "log.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(errors.MaybeError, match="another process"):
        await hasty.publish(outgoing(1))
    holder.execute("ROLLBACK")
    assert await hasty.publish(outgoing(1)) == [0]
    holder.close()
    await hasty.close()


async def test_a_newer_schema_is_left_alone(tmp_path: Path) -> None:
    """LogSchemaNewer names both versions."""
    await Log(tmp_path / "log.db").close()
    with sqlite3.connect(tmp_path / "log.db") as connection:
        connection.execute("PRAGMA user_version = 3")
    with pytest.raises(errors.LogSchemaNewer, match="schema 3, this version knows 2"):
        Log(tmp_path / "log.db")


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be read as one" * 20, None])
def test_other_files_are_left_alone(tmp_path: Path, content: bytes | None) -> None:
    """NotALog for a text file and for somebody else's SQLite file; neither is changed."""
    path = tmp_path / "other"
    if content is None:
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE mine (x)")
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    with pytest.raises(errors.NotALog, match="choose another path"):
        Log(path)
    assert path.read_bytes() == before


MOUNTS = "/dev/sda1 / ext4 rw 0 0\nserver:/x /mnt/net nfs4 rw 0 0\n//s/y /mnt/a\\040b cifs rw 0 0\n"


def test_network_file_systems_are_refused_by_name() -> None:
    """By the longest mount point over the path, with escaped blanks; a neighbour's name does not count."""
    assert file_system(Path("/mnt/net/log.db"), MOUNTS) == ("nfs4", "/mnt/net")
    assert file_system(Path("/mnt/network/log.db"), MOUNTS) == ("ext4", "/")
    with pytest.raises(errors.NetworkFileSystem, match=r"cifs \(mounted at /mnt/a b\)"):
        refuse_network(Path("/mnt/a b/log.db"), MOUNTS)
    refuse_network(Path("/home/log.db"), MOUNTS)


def test_a_log_on_a_network_file_system_is_not_created(tmp_path: Path) -> None:
    """Refused before a file is there."""
    with pytest.raises(errors.NetworkFileSystem):
        Log(tmp_path / "log.db", mounts=f"s:/ {tmp_path} nfs rw 0 0")
    assert list(tmp_path.iterdir()) == []


async def test_the_worker_lock_is_for_one(log: Log) -> None:
    """The second of a group is refused with the pid, another group is not, and it is free afterwards."""
    refused = pytest.raises(errors.WorkerRunning, match=r"process [0-9]+ .*stop it first")
    with log.lock("g"), log.lock("h"), refused, log.lock("g"):
        raise AssertionError("held twice")
    async with log.worker_lock("g"):
        pass


async def test_changed_wakes_for_own_and_other_processes_appends(log: Log, tmp_path: Path) -> None:
    """It returns soon after an append here or by a second opening, and not before."""
    other = Log(tmp_path / "log.db")
    for writer in (log, other):
        version = log.version()
        waiting = asyncio.create_task(log.changed(version))
        await asyncio.sleep(0.06)
        assert not waiting.done()
        await writer.publish(outgoing(1))
        assert await asyncio.wait_for(waiting, 0.5) != version
    await other.close()


async def test_following_ends_when_left(log: Log) -> None:
    """`follow` gives what is there and what comes, and leaves nothing waiting."""
    await log.publish(outgoing(3))
    messages = follow(log, "t", {})
    first = [await anext(messages) for _ in range(3)]
    await log.publish([Outgoing("t", b"k", b"later")])
    assert (await asyncio.wait_for(anext(messages), 1)).value == b"later"
    await messages.aclose()
    assert len({(m.partition, m.offset) for m in first}) == 3


async def test_a_closed_log_says_so(tmp_path: Path) -> None:
    """Closed, for reading and writing; closing again is harmless; whoever waited is told."""
    log = Log(tmp_path / "log.db")
    waiting = asyncio.create_task(log.changed(log.version()))
    await asyncio.sleep(0)
    await log.close()
    await log.close()
    for use in (log.topics(), log.commit("g", {}), waiting):
        with pytest.raises(errors.Closed):
            await use


WRITER = """
import asyncio, sys
from agents.brokers.broker import open_broker
from agents.brokers.message import Outgoing
async def main():
    broker = open_broker(sys.argv[1])
    await broker.declare("shared", 2)
    for n in range(40):
        value = sys.argv[2].encode() + b"-%d" % n
        await broker.publish([Outgoing("shared", b"k%d" % m, value) for m in range(25)])
    await broker.close()
asyncio.run(main())
"""


def test_many_processes_create_and_append_at_once(tmp_path: Path) -> None:
    """Four processes on a new log lose nothing; offsets stay dense, each one's order holds."""
    url = f"sqlite:///{tmp_path / 'log.db'}"
    processes = [
        subprocess.Popen([sys.executable, "-c", WRITER, url, str(n)], cwd=ROOT, env={"PYTHONPATH": str(ROOT)})
        for n in range(4)
    ]
    assert [process.wait(60) for process in processes] == [0] * 4
    connection = sqlite3.connect(tmp_path / "log.db")
    for partition in range(2):
        rows = connection.execute(
            "SELECT offset, value FROM messages WHERE partition = ? ORDER BY offset", (partition,)
        ).fetchall()
        assert [offset for offset, _ in rows] == list(range(len(rows)))
        for name in (b"0", b"1", b"2", b"3"):
            numbers = [int(value[2:]) for _, value in rows if value.startswith(name + b"-")]
            assert numbers == sorted(numbers)
    assert connection.execute("SELECT count(*) FROM messages").fetchone() == (4000,)
    connection.close()


def test_urls() -> None:
    """Three slashes are relative, four absolute; a cluster is hosts with ports; others are unknown."""
    assert log_path("sqlite:///a/b.db") == Path("a/b.db")
    assert log_path("sqlite:////a/b.db") == Path("/a/b.db")
    assert bootstrap("kafka://a:9092,[::1]:9093") == ("a:9092", "[::1]:9093")
    for url in ("kafka://", "kafka://a", "kafka://user:secret@a:9092", "kafka://a:9092/topic"):
        with pytest.raises(errors.UnsupportedBroker) as refused:
            bootstrap(url)
        assert "secret" not in str(refused.value)
    for url in ("redis://x", "sqlite://host/x", "log.db", "sqlite:///"):
        with pytest.raises(errors.UnsupportedBroker):
            open_broker(url)


def test_murmur2_is_kafkas() -> None:
    """Literals from Kafka's own UtilsTest.testMurmur2, as unsigned numbers."""
    signed = {
        b"21": -973932308,
        b"foobar": -790332482,
        b"a-little-bit-long-string": -985981536,
        b"a-little-bit-longer-string": -1486304829,
        b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
        b"abc": 479470107,
    }
    assert {data: murmur2(data) for data in signed} == {data: n & 0xFFFFFFFF for data, n in signed.items()}


@given(st.binary(max_size=40), st.integers(1, 50))
def test_placement_equals_aiokafkas(key: bytes, partitions: int) -> None:
    """The same partition as the Kafka client that this project uses."""
    from aiokafka.partitioner import DefaultPartitioner

    everywhere = list(range(partitions))
    assert partition_for_key(key, partitions) == DefaultPartitioner()(key, everywhere, everywhere)


@given(
    st.lists(
        st.tuples(st.text(st.characters(exclude_categories=["Cs"])), st.none() | st.binary()),
        unique_by=lambda p: p[0],
    )
)
def test_headers_come_back(headers: list[tuple[str, bytes | None]]) -> None:
    """Any bytes, absent values and any names survive; the stored text is JSON."""
    text = encode_headers(headers)
    assert decode_headers(text) == tuple(headers)
    assert text is None or isinstance(json.loads(text), dict)


def test_repeated_headers_come_back_side_by_side() -> None:
    """A name may occur more than once, in its order."""
    assert decode_headers(encode_headers([("a", b"1"), ("b", b"2"), ("a", b"\xff")])) == (
        ("a", b"1"),
        ("a", b"\xff"),
        ("b", b"2"),
    )
    with pytest.raises(errors.InvalidHeader, match="must be text"):
        encode_headers([("a", 1)])  # type: ignore[list-item]


def test_every_error_is_in_the_drawing() -> None:
    """The tree in errors.py shows each class under its parent, and no other."""
    found = {c for c in vars(errors).values() if isinstance(c, type)}
    assert errors.__doc__
    names = {word for word in errors.__doc__.replace("─", " ").split() if hasattr(errors, word)}
    assert names == {c.__name__ for c in found}
    assert all(issubclass(c, errors.BrokerError) for c in found)

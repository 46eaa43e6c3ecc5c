"""What a log knows of its topics: what each keeps, who may change it, and logs from before it knew."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from agents.brokers import errors, schema
from agents.brokers.log import Log
from agents.brokers.message import Outgoing
from agents.brokers.topic import KEEP, TopicConfig, duration, kept
from agents.brokers.topics import declare_topic

DAY = 86_400.0
COMPACT, WEEK = TopicConfig("compact"), TopicConfig("delete", 7 * DAY)


@pytest_asyncio.fixture
async def log(tmp_path: Path) -> AsyncIterator[Log]:
    opened = Log(tmp_path / "log.db")
    yield opened
    await opened.close()


@pytest.mark.parametrize("config", [KEEP, COMPACT, WEEK], ids=kept)
async def test_what_is_declared_is_described(log: Log, config: TopicConfig) -> None:
    """Also by another opening of the file; declaring it again is harmless."""
    await log.declare("t", 2, config)
    await log.declare("t", 2, config)
    assert await log.describe("t") == config
    other = Log(log.path)
    assert await other.describe("t") == config
    await other.close()


async def test_copies_are_not_for_one_file(log: Log) -> None:
    """The number of brokers that was asked for is neither kept nor compared."""
    await log.declare("t", 1, TopicConfig("delete", None, 3))
    await log.declare("t", 1, TopicConfig("delete", None, 1))
    assert await log.describe("t") == KEEP


async def test_a_topic_that_keeps_something_else_is_named(log: Log) -> None:
    """TopicDiffers says which, what it keeps, what is wanted and what to do; nothing changes."""
    await log.declare("t", 1, WEEK)
    with pytest.raises(
        errors.TopicDiffers, match=r"'t' in .* keeps 7 days, the latest of each key is wanted: .*--change"
    ):
        await log.declare("t", 1, COMPACT)
    assert await log.describe("t") == WEEK


async def test_what_is_kept_may_be_changed(log: Log) -> None:
    """On purpose only; there and back, without harm to what was compacted before."""
    await log.declare("t", 1, COMPACT)
    await log.publish([Outgoing("t", b"k", b"%d" % n) for n in range(3)])
    now = (await log.read("t", 0, 0, 1))[0].time / 1000
    await log.tidy(now + 120)
    await log.change("t", KEEP)
    await log.publish([Outgoing("t", b"k", b"%d" % n) for n in range(3, 6)])
    await log.tidy(now + 240)
    assert [m.offset for m in await log.read("t", 0, 0, 9)] == [2, 3, 4, 5]
    await log.change("t", COMPACT)
    await log.tidy(now + 360)
    assert [m.offset for m in await log.read("t", 0, 0, 9)] == [5]
    with pytest.raises(errors.UnknownTopic, match="'u'"):
        await log.change("u", COMPACT)


async def test_a_topic_of_which_nothing_was_said_takes_what_is_said_first(log: Log) -> None:
    """As Faust creates them, and as they lie in old logs; until then nothing is dropped."""
    declare_topic(log.path, "t", 1)
    assert await log.describe("t") == KEEP
    await log.declare("t", 1, COMPACT)
    assert await log.describe("t") == COMPACT
    declare_topic(log.path, "t", 1)
    assert await log.describe("t") == COMPACT


async def test_unknown_topics_are_not_described(log: Log) -> None:
    """UnknownTopic names it."""
    with pytest.raises(errors.UnknownTopic, match="'t'"):
        await log.describe("t")


def first_version(path: Path) -> None:
    """A log as version 1 left it, with a topic, two messages and an offset."""
    path.touch(0o600)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(schema.FIRST_SCHEMA)
        connection.execute("INSERT INTO about VALUES ('log', 'its-name')")
        connection.execute("INSERT INTO topic (name, partitions) VALUES ('t', 1)")
        connection.execute("INSERT INTO part (topic, partition, next) VALUES (1, 0, 2)")
        connection.executemany(
            "INSERT INTO message (part, offset, time, key, value) VALUES (1, ?, 1700000000000, 'k', ?)",
            [(0, b"a"), (1, b"b")],
        )
        connection.execute("INSERT INTO committed VALUES ('g', 1, 1)")
    connection.close()


async def test_a_log_of_the_first_version_opens_with_everything_in_it(tmp_path: Path) -> None:
    """Name, messages, offsets and the view are as they were; then its topics take what is declared."""
    path = tmp_path / "log.db"
    first_version(path)
    with sqlite3.connect(path) as connection:
        before = connection.execute("SELECT * FROM messages").fetchall()
    log = Log(path)
    assert log.name == "its-name"
    assert await log.committed("g") == {("t", 0): 1}
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT * FROM messages").fetchall() == before
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    await log.tidy(1_800_000_000)
    assert len(await log.read("t", 0, 0, 9)) == 2
    await log.declare("t", 1, WEEK)
    await log.tidy(1_800_000_000)
    assert await log.starts("t") == {0: 2}
    assert await log.publish([Outgoing("t", b"k", b"c")]) == [2]
    await log.close()


async def test_old_and_new_logs_are_the_same(tmp_path: Path, log: Log) -> None:
    """A migrated file has the tables, indexes and the view of a new one."""
    first_version(tmp_path / "old.db")
    await Log(tmp_path / "old.db").close()
    found = []
    for path in (tmp_path / "old.db", log.path):
        with sqlite3.connect(path) as connection:
            found.append(
                connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY 2").fetchall()
            )
    assert found[0] == found[1]


async def test_a_migration_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is one transaction: an error in its midst leaves a log of the first version."""
    first_version(tmp_path / "log.db")
    broken = {2: schema.MIGRATIONS[2].replace("PRAGMA user_version", "NONSENSE; PRAGMA user_version")}
    with monkeypatch.context() as patch, pytest.raises(sqlite3.DatabaseError):
        patch.setattr(schema, "MIGRATIONS", broken)
        Log(tmp_path / "log.db")
    with sqlite3.connect(tmp_path / "log.db") as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert "cleanup" not in {row[1] for row in connection.execute("PRAGMA table_info(topic)")}
    log = Log(tmp_path / "log.db")
    assert len(await log.read("t", 0, 0, 9)) == 2
    await log.close()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (7 * DAY, "7 days"),
        (DAY, "1 day"),
        (DAY * 1.5, "36 hours"),
        (120, "2 minutes"),
        (90, "90 seconds"),
        (0.5, "0.5 seconds"),
    ],
)
def test_durations_are_told_in_whole_units(seconds: float, words: str) -> None:
    """The largest unit that leaves no rest."""
    assert duration(seconds) == words

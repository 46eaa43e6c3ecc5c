"""What "the same" means: the fold of the public topics does not depend on order, repetition or crashes."""

import asyncio
import random
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import orjson
import pytest

from agents.brokers.broker import open_broker
from agents.brokers.message import Outgoing
from agents.envelope import attribute, knowledge_of
from agents.scan import scan
from pipeline.article.row import ArticleRow, size
from pipeline.codec import decode
from tests.bench.generate import make_corpus, write_jsonl
from tests.whole.command import SEEDS, SHARED, left, start, storywire

ROWS = 500
KILLS = 10
REAL = SHARED / "corpora" / "articles.jsonl"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """500 rows of a real stream where it is there, and 300 generated ones everywhere."""
    folder = tmp_path_factory.mktemp("archive")
    write_jsonl(list(make_corpus(300, seed=7)), folder / "generated.jsonl")
    if REAL.is_file():
        with REAL.open("rb") as lines:
            (folder / "real.jsonl").write_bytes(b"".join(line for line in islice(lines, ROWS)))
    return folder


@pytest.fixture(scope="module")
def plain(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one undisturbed replay: its log and its `out`."""
    folder = tmp_path_factory.mktemp("plain")
    replayed(folder, SEEDS, archive)
    return folder


def replayed(folder: Path, *paths: Path, extra: dict[str, str] | None = None) -> dict[str, bytes]:
    """Replay into the log of `folder` and return what `--out` leaves."""
    done = storywire(
        "replay", *paths, "--broker", f"sqlite:///{folder}/log.db", "--state-dir", folder / "state",
        "--out", folder / "out", folder=folder, extra=extra,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    return left(folder / "out")


def test_something_is_there(plain: Path) -> None:
    """The fold that all others are compared with holds articles, events of each subject and a summary."""
    found = left(plain / "out")
    assert found["articles.jsonl"].count(b"\n") > 300
    subjects = {orjson.loads(line)["subject"] for line in found["events.jsonl"].splitlines()}
    assert subjects == {"ceasefire", "hostages", "rafah"}
    assert b"cairo-talks" in found["stories.json"]
    for name in ("articles.jsonl", "events.jsonl"):
        assert found[name].splitlines() == sorted(found[name].splitlines())


def test_twice(plain: Path, archive: Path, tmp_path: Path) -> None:
    """A second replay into the same log publishes no message id that was not there."""
    shutil.copytree(plain, tmp_path / "log")
    before = published(tmp_path / "log")
    assert replayed(tmp_path / "log", SEEDS, archive) == left(plain / "out")
    assert published(tmp_path / "log") == before


def test_every_file_doubled(plain: Path, archive: Path, tmp_path: Path) -> None:
    """Copies of all files beside the originals change nothing."""
    shutil.copytree(archive, tmp_path / "copies")
    shutil.copytree(SEEDS, tmp_path / "seeds-again")
    found = replayed(tmp_path, SEEDS, archive, tmp_path / "copies", tmp_path / "seeds-again")
    assert found == left(plain / "out")


@pytest.mark.parametrize("seed", range(10))
def test_entries_shuffled_on_their_topic(plain: Path, tmp_path: Path, seed: int) -> None:
    """Entries in any order on `entries` itself, below the replayer's sorting, give the same fold."""
    asyncio.run(shuffle(plain, tmp_path, seed))
    (tmp_path / "nothing").mkdir()
    assert replayed(tmp_path, tmp_path / "nothing") == left(plain / "out")


async def shuffle(source: Path, target: Path, seed: int) -> None:
    """Put the entries of one log into a new one, in another order."""
    old, new = open_broker(f"sqlite:///{source}/log.db"), open_broker(f"sqlite:///{target}/log.db")
    entries = [message async for message in scan(old, "storywire.entries")]
    random.Random(seed).shuffle(entries)
    await new.declare("storywire.entries", 4)
    await new.publish([Outgoing(message.topic, message.key, message.value) for message in entries])
    await old.close()
    await new.close()


@pytest.mark.parametrize("partitions", [1, 7])
def test_any_number_of_partitions(plain: Path, archive: Path, tmp_path: Path, partitions: int) -> None:
    """How topics are divided changes nothing that a reader sees."""
    found = replayed(tmp_path, SEEDS, archive, extra={"STORYWIRE_PARTITIONS": str(partitions)})
    assert found == left(plain / "out")


@pytest.mark.parametrize("hash_seed", ["0", "1", "random"])
def test_any_hash_seed(plain: Path, archive: Path, tmp_path: Path, hash_seed: str) -> None:
    """No order of a set or of hashes reaches the output."""
    found = replayed(tmp_path, SEEDS, archive, extra={"PYTHONHASHSEED": hash_seed})
    assert found == left(plain / "out")


def test_killed_and_resumed(
    plain: Path, archive: Path, tmp_path: Path, figures: Callable[[str], None]
) -> None:
    """Killed with -9 at ten random moments and resumed, it ends with the same messages and fold."""
    total = ends(plain / "log.db", "storywire.articles")
    moments = sorted(random.Random(11).sample(range(1, total), KILLS))
    between = sum(killed_between(tmp_path, archive, moment) for moment in moments)
    figures(f"  {between} of {KILLS} kills fell between an output and its state")
    assert between > 0
    assert replayed(tmp_path, SEEDS, archive) == left(plain / "out")
    assert published(tmp_path) == published(plain)


def killed_between(folder: Path, archive: Path, moment: int) -> bool:
    """Kill the replay when `moment` article revisions are out; whether an output has no row yet."""
    process = start(
        "replay", SEEDS, archive, "--broker", f"sqlite:///{folder}/log.db", "--state-dir", folder / "state",
        folder=folder, extra={"STORYWIRE_BATCH": "20"},
    )  # fmt: skip
    try:
        until = time.monotonic() + 60
        while ends(folder / "log.db", "storywire.articles") < moment and process.poll() is None:
            assert time.monotonic() < until, "the replay does not get that far"
            time.sleep(0.001)
    finally:
        process.kill()
        process.communicate()
    return asyncio.run(ahead(folder))


async def ahead(folder: Path) -> bool:
    """Whether the articles of some key tell more than the key's row in the changelog knows."""
    broker = open_broker(f"sqlite:///{folder}/log.db")
    published: dict[bytes | None, int] = {}
    async for message in scan(broker, "storywire.articles"):
        known = knowledge_of(attribute(message.headers, "sequence"))
        published[message.key] = max(published.get(message.key, 0), known)
    rows: dict[bytes | None, int] = {}
    async for message in scan(broker, "storywire.worker-1-article-rows-changelog"):
        rows[message.key] = size(decode(ArticleRow, message.value or b""))
    await broker.close()
    return any(known > rows.get(key, 0) for key, known in published.items())


def ends(path: Path, topic: str) -> int:
    """How many messages lie on a topic; 0 while there is no log."""
    if not path.is_file():
        return 0
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5) as log:
        try:
            return int(log.execute("SELECT count(*) FROM messages WHERE topic = ?", (topic,)).fetchone()[0])
        except sqlite3.OperationalError:
            return 0  # the process is still making its tables


def published(folder: Path) -> dict[str, set[str]]:
    """Message ids by public topic, without the two whose number depends on batching."""
    found: dict[str, set[str]] = {}
    for topic, identity in messages(folder / "log.db"):
        if topic not in ("storywire.stories", "storywire.story-changes"):
            found.setdefault(topic, set()).add(identity)
    return found


def messages(path: Path) -> Iterator[tuple[str, str]]:
    """Topic and `ce_id` of every public message, read through the log's documented view."""
    log = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        for topic, headers in log.execute("SELECT topic, headers FROM messages"):
            identity = orjson.loads(headers or "{}").get("ce_id")
            if identity:
                yield topic, identity
    finally:
        log.close()

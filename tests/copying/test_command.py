"""`storywire copy` as a process: killed and gone on with, told what is wrong, and a worker that goes on."""

import asyncio
import subprocess
from pathlib import Path

import orjson
import pytest

from agents.brokers.log import Log
from tests.bench.generate import make_corpus, write_jsonl
from tests.copying.made import ARTICLES, drop, made, rows, without_offsets
from tests.whole.command import SEEDS, left, start, storywire

MORE = 30


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def replayed(folder: Path, log: Path, *paths: Path) -> dict[str, bytes]:
    """Replay `paths` into `log`; what the public topics say then."""
    out = folder / f"out-{log.stem}"
    done = storywire("replay", *paths, "--broker", url(log), "--state-dir", folder / f"state-{log.stem}",
                     "--out", out, folder=folder)  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    return left(out)


def copied(folder: Path, source: Path, target: Path, *options: str) -> subprocess.CompletedProcess[bytes]:
    return storywire("copy", url(source), url(target), *options, folder=folder)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a log with the seeds, all of them worked on."""
    folder = tmp_path_factory.mktemp("seeded")
    replayed(folder, folder / "a.db", SEEDS)
    return folder


def test_a_worker_goes_on_where_the_other_stood(seeded: Path) -> None:
    """The next articles give the same messages on the copy as on the source: none again, none skipped."""
    source, target = seeded / "a.db", seeded / "b.db"
    done = copied(seeded, source, target)
    assert done.returncode == 0, done.stderr.decode()
    assert f"storywire run --broker {url(target)}" in done.stdout.decode()
    before = len(rows(source))
    write_jsonl(list(make_corpus(MORE, seed=5)), seeded / "more.jsonl")
    assert replayed(seeded, target, seeded / "more.jsonl") == replayed(seeded, source, seeded / "more.jsonl")
    assert len(rows(source)) > before + MORE
    assert told(rows(target)) == told(rows(source))


def told(found: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Topic, partition, offset, key, headers and value of what was published; changelogs in any order."""
    said = [(*row[:3], *row[4:]) for row in found if not str(row[0]).endswith("-changelog")]
    kept = sorted(
        (str(row[0]), row[1], row[4], row[6]) for row in found if str(row[0]).endswith("-changelog")
    )
    return [*said, *kept]


async def test_killed_and_called_again(tmp_path: Path) -> None:
    """kill -9 while it copies; the same command ends the copy, and every message is there once."""
    log = await made(tmp_path / "a.db", 3_000)
    await log.close()
    target = Log(tmp_path / "b.db")
    process = start("copy", url(log.path), url(target.path), folder=tmp_path)
    version = target.version()
    while await target.appended() < 2_000:
        version = await asyncio.wait_for(target.changed(version), 60)
    process.kill()
    process.communicate()
    arrived = len(rows(target.path))
    assert process.returncode == -9
    done = await asyncio.to_thread(copied, tmp_path, log.path, target.path, "--json")
    assert orjson.loads(done.stdout)["resumed"], done.stderr.decode()
    wanted = [row for row in rows(log.path) if row[0] != "storywire.feed-polls"]
    found = [row for row in rows(target.path) if row[0] != "storywire.feed-polls"]
    assert 0 < arrived < len(found)
    assert without_offsets(found) == without_offsets(wanted)
    await target.close()


async def test_a_difference_ends_with_one(tmp_path: Path) -> None:
    """`--check` copies nothing, says what differs and where, and fails."""
    log = await made(tmp_path / "a.db")
    await log.close()
    assert (await asyncio.to_thread(copied, tmp_path, log.path, tmp_path / "b.db")).returncode == 0
    drop(tmp_path / "b.db", ARTICLES, 1, [3])
    done = await asyncio.to_thread(copied, tmp_path, log.path, tmp_path / "b.db", "--check")
    assert done.returncode == 1
    assert f"{ARTICLES}/1/3 in the source: not in the target" in done.stderr.decode()
    line = next(line for line in done.stdout.decode().splitlines() if line.startswith(ARTICLES))
    assert "8 | 7" in line and line.endswith("NO")


async def test_json_is_one_document(tmp_path: Path) -> None:
    """`--json` tells every partition, what was copied and where the worker goes on."""
    log = await made(tmp_path / "a.db")
    await log.close()
    done = await asyncio.to_thread(copied, tmp_path, log.path, tmp_path / "b.db", "--json")
    document = orjson.loads(done.stdout)
    assert document["same"] and not document["resumed"]
    assert document["copied"][ARTICLES] == 8
    assert {"topic": "storywire.entries", "partition": 0, "offset": 2} in document["goes_on"]
    parts = [one for one in document["compared"] if one["topic"] == ARTICLES]
    assert [(one["partition"], one["messages"]) for one in parts] == [(0, [4, 4]), (1, [4, 4])]


async def test_a_worker_on_either_side_is_in_the_way(tmp_path: Path) -> None:
    """While a worker holds one of the logs nothing is copied, and its process is named."""
    log, target = await made(tmp_path / "a.db"), Log(tmp_path / "b.db")
    for held in (log, target):
        with held.lock("storywire.worker"):
            done = await asyncio.to_thread(copied, tmp_path, log.path, target.path)
        assert done.returncode == 1
        assert "a worker runs on this log already, as process" in done.stderr.decode()
        assert done.stderr.decode().rstrip().endswith("; then copy")
    assert await target.topics() == []
    await log.close()
    await target.close()


def test_what_is_wrong_is_said_of_its_side(tmp_path: Path) -> None:
    """A source that is not there, the same log twice, and addresses that are none: one line each."""
    absent = copied(tmp_path, tmp_path / "a.db", tmp_path / "b.db")
    assert absent.returncode == 2 and "no log at" in absent.stderr.decode()
    assert not (tmp_path / "a.db").exists()
    asyncio.run(Log(tmp_path / "a.db").close())
    same = copied(tmp_path, tmp_path / "a.db", tmp_path / "a.db")
    assert same.returncode == 2 and "FROM and TO are the same" in same.stderr.decode()
    wrong = storywire("copy", url(tmp_path / "a.db"), "kafka://", folder=tmp_path)
    assert wrong.returncode == 2 and wrong.stderr.startswith(b"storywire: TO: a cluster is written kafka://")
    for done in (absent, same, wrong):
        assert done.stderr.count(b"\n") == 1

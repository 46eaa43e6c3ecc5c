"""The commands as a user meets them: what they print, how they fail, what they leave."""

import asyncio
import signal
import time
from pathlib import Path

import orjson
import pytest

from agents.brokers.broker import open_broker
from agents.brokers.message import Outgoing
from tests.whole.command import FILES, ROOT, SEEDS, left, start, storywire

GOOD = {
    "url": "https://daily.example/one",
    "title": "Talks on a ceasefire go on in Cairo",
    "text": "Mediators from Egypt met Hamas on Saturday.\n\nAid trucks waited at the Rafah crossing.",
    "published": "2024-05-04T10:00:00Z",
    "publisher": "Daily Example",
    "language": "en",
}


def write_lines(path: Path, *rows: object) -> Path:
    path.write_bytes(b"".join(row if isinstance(row, bytes) else orjson.dumps(row) + b"\n" for row in rows))
    return path


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a log into which the seeds were replayed, and their `out`."""
    folder = tmp_path_factory.mktemp("log")
    done = storywire("replay", SEEDS, "--broker", f"sqlite:///{folder}/log.db", "--out", "out", folder=folder)
    assert done.returncode == 0, done.stderr.decode()
    return folder


def broker(log: Path) -> tuple[str, str]:
    return ("--broker", f"sqlite:///{log}/log.db")


def test_rejected_rows_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    """Exit 1, count and reason codes on stderr; the good row is published, the bad ones are dead letters."""
    (tmp_path / "in").mkdir()
    write_lines(tmp_path / "in" / "rows.jsonl", GOOD, {"title": 7}, b"{broken\n", {"published": "yesterday"})
    (tmp_path / "in" / "junk.bin").write_bytes(bytes(range(256)))
    (tmp_path / "in" / "page.xml").write_bytes(b"<!DOCTYPE html><html><body>Not found</body></html>")
    (tmp_path / "in" / "cut.xml").write_bytes(b"<rss><channel><title>x</title><item><title>One")
    done = storywire("replay", "in", "--out", "out", folder=tmp_path)
    assert done.returncode == 1
    for reason in ("bad-json", "html-not-feed", "unknown-kind"):
        assert reason in done.stderr.decode()
    found = left(tmp_path / "out")
    assert b"daily.example/one" in found["articles.jsonl"]
    assert found["dead-letters.jsonl"].count(b"\n") >= 5


def test_without_a_broker_nothing_is_left(tmp_path: Path) -> None:
    """A replay without --broker uses a log of its own that is gone afterwards."""
    write_lines(tmp_path / "rows.jsonl", GOOD)
    done = storywire("replay", "rows.jsonl", "--out", "out", folder=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "rows.jsonl"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(FILES)


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    """A path that is not there is an error that names it."""
    done = storywire("replay", "nowhere.jsonl", folder=tmp_path)
    assert done.returncode == 1
    assert "missing-file" in done.stderr.decode()


def test_a_typo_in_a_setting_is_named(tmp_path: Path) -> None:
    """An unknown setting ends every command with the name that was meant."""
    done = storywire("story", folder=tmp_path, extra={"STORYWIRE_PARTITONS": "3"})
    assert done.returncode == 2
    assert "STORYWIRE_PARTITIONS" in done.stderr.decode()


def test_story_text_and_json(log: Path) -> None:
    """The summary says that its publishers are fictional, and its JSON carries the version beside it."""
    text = storywire("story", "cairo-talks", *broker(log), folder=log).stdout.decode()
    assert "fictional" in text
    document = orjson.loads(storywire("story", "cairo-talks", "--json", *broker(log), folder=log).stdout)
    assert document["version"] >= 1
    assert "version" not in document["summary"]
    assert document["summary"] == orjson.loads((log / "out" / "stories.json").read_bytes())["cairo-talks"]


def test_story_as_of_grows(log: Path) -> None:
    """An earlier as-of knows fewer articles than a later one."""
    counts = []
    for moment in ("2024-04-30T00:00:00Z", "2024-05-06T00:00:00Z", "2024-06-01T00:00:00Z"):
        done = storywire("story", "cairo-talks", "--json", "--as-of", moment, *broker(log), folder=log)
        counts.append(orjson.loads(done.stdout)["summary"]["counts"]["articles"])
    assert counts == sorted(counts)
    assert counts[0] < counts[1]


def test_story_since_the_newest_version_is_empty(log: Path) -> None:
    """Nothing changed since the version that the summary has; all of it since version 0."""
    document = orjson.loads(storywire("story", "cairo-talks", "--json", *broker(log), folder=log).stdout)
    newest = storywire(
        "story", "cairo-talks", "--json", "--since", str(document["version"]), *broker(log), folder=log
    )
    assert orjson.loads(newest.stdout)["changes"] == []
    first = storywire("story", "cairo-talks", "--json", "--since", "0", *broker(log), folder=log)
    assert len(orjson.loads(first.stdout)["changes"]) > 5


def test_unknown_story_is_named(log: Path) -> None:
    """A story that is not declared is an error that lists those that are."""
    done = storywire("story", "moon-talks", *broker(log), folder=log)
    assert done.returncode == 2
    assert "cairo-talks" in done.stderr.decode()


def test_subscribe_from_the_beginning(log: Path) -> None:
    """A subject's events come as text, and as JSON lines with their CloudEvents attributes."""
    arguments = ("subscribe", "rafah", "--from", "beginning", "--once")
    text = storywire(*arguments, *broker(log), folder=log).stdout.decode()
    assert "«Rafah»" in text
    lines = storywire(*arguments, "--json", *broker(log), folder=log).stdout.splitlines()
    first = orjson.loads(lines[0])
    assert first["headers"]["ce_type"].startswith("storywire.event")
    assert first["data"]["subject"] == "rafah"


def test_subscribe_to_foreign_bytes(tmp_path: Path) -> None:
    """A message that only says that it is JSON is a line like any other, in text and as JSON."""
    found = open_broker(f"sqlite:///{tmp_path}/log.db")

    async def written() -> None:
        await found.declare("storywire.events.rafah", 1)
        said = (("content-type", b"application/json"),)
        await found.publish([Outgoing("storywire.events.rafah", b"k", b"no\xff", said, 0)])
        await found.close()

    asyncio.run(written())
    arguments = ("subscribe", "rafah", "--from", "beginning", "--once", *broker(tmp_path))
    assert (
        b"storywire.events.rafah/0/0: not a message of ours" in storywire(*arguments, folder=tmp_path).stdout
    )
    assert orjson.loads(storywire(*arguments, "--json", folder=tmp_path).stdout)["data"] == "no\ufffd"


def test_subscribe_where_nothing_is_yet(tmp_path: Path) -> None:
    """A topic that is not there, by a wrong prefix say, is named: it is no quiet subject."""
    done = storywire("subscribe", "rafah", "--once", *broker(tmp_path), folder=tmp_path)
    assert done.returncode == 1
    assert b"there is no topic 'storywire.events.rafah' yet" in done.stderr


def test_subscribe_while_a_replay_runs(tmp_path: Path) -> None:
    """Another process sees events of a log as they come, before the replay that causes them has ended."""
    url = f"sqlite:///{tmp_path}/log.db"
    subscriber = start(
        "subscribe", "ceasefire", "--from", "beginning", "--json", "--broker", url, folder=tmp_path
    )
    try:
        done = storywire("replay", SEEDS, "--broker", url, folder=tmp_path)
        assert done.returncode == 0, done.stderr.decode()
        assert subscriber.stdout is not None
        assert orjson.loads(subscriber.stdout.readline())["data"]["subject"] == "ceasefire"
    finally:
        subscriber.kill()
        subscriber.communicate()


def test_detect_json(tmp_path: Path) -> None:
    """Offsets index the text that was given, and the language is told."""
    rows = [
        {"id": "a", "text": "No ceasefire in Rafah, say families of hostages"},
        {"id": 2, "text": "محادثات في القاهرة حول وقف إطلاق النار", "lang": "ar"},
        {"id": 3, "text": "Budget talks went on."},
    ]
    data = b"".join(orjson.dumps(row) + b"\n" for row in rows)
    done = storywire("detect", "--json", folder=tmp_path, stdin=data)
    assert done.returncode == 0, done.stderr.decode()
    found = [orjson.loads(line) for line in done.stdout.splitlines()]
    assert [row["id"] for row in found] == ["a", 2, 3]
    assert [mention["subject"] for mention in found[0]["mentions"]] == ["ceasefire", "rafah", "hostages"]
    assert [row["lang"] for row in found] == ["en", "ar", "en"]
    assert found[2]["mentions"] == []
    for row, given in zip(found, rows, strict=True):
        for mention in row["mentions"]:
            assert str(given["text"])[mention["start"] : mention["end"]] == mention["surface"]


def test_dead_letters_list_show_and_retry(tmp_path: Path) -> None:
    """A dead letter is listed with its reason and shown byte by byte; a row of a file stays where it is."""
    url = ("--broker", f"sqlite:///{tmp_path}/log.db")
    write_lines(tmp_path / "rows.jsonl", GOOD, b"{broken\n")
    assert storywire("replay", "rows.jsonl", *url, folder=tmp_path).returncode == 1
    listed = storywire("dead-letters", "list", *url, folder=tmp_path).stdout.decode()
    assert "bad-json" in listed
    place = listed.split()[0]
    assert storywire("dead-letters", "show", place, *url, folder=tmp_path).stdout == b"{broken"
    retried = storywire("dead-letters", "retry", *url, folder=tmp_path)
    assert "0 sent back, 1 kept" in retried.stdout.decode()


def test_new_subject_and_rebuild(tmp_path: Path) -> None:
    """A subject added by one TOML file finds its mentions, after a rebuild, in seeds already read."""
    import shutil

    url = ("--broker", f"sqlite:///{tmp_path}/log.db")
    assert storywire("replay", SEEDS, *url, folder=tmp_path).returncode == 0
    shutil.copytree(
        ROOT / "config", tmp_path / "config", ignore=shutil.ignore_patterns("*.py", "__pycache__")
    )
    (tmp_path / "config" / "subjects" / "egypt.toml").write_text(
        'id = "egypt"\ntitle = "Egypt"\n[aliases]\nen = ["Egypt"]\n', "utf-8"
    )
    config = ("--config-dir", tmp_path / "config")
    done = storywire("rebuild", *url, *config, folder=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    arguments = ("subscribe", "egypt", "--from", "beginning", "--once", "--json")
    lines = storywire(*arguments, *url, *config, folder=tmp_path).stdout.splitlines()
    assert len(lines) > 3
    assert all(orjson.loads(line)["headers"]["ce_sequence"].startswith("0002.") for line in lines)
    document = orjson.loads(
        storywire("story", "cairo-talks", "--json", *url, *config, folder=tmp_path).stdout
    )
    assert document["summary"]["counts"]["articles"] > 10


def test_run_shows_the_seeds_keeps_them_and_ends_cleanly(tmp_path: Path) -> None:
    """The worker shows the seeds' summary, ends on SIGTERM within seconds, and has it after a restart."""
    for _ in range(2):
        worker = start("run", "--no-feeds", folder=tmp_path)
        try:
            assert worker.stdout is not None
            shown = b""
            while b"Ctrl-C stops it" not in shown:
                line = worker.stdout.readline()
                assert line, worker.stderr.read().decode() if worker.stderr else ""
                shown += line
            assert b"fictional" in shown
            worker.send_signal(signal.SIGTERM)
            begun = time.monotonic()
            assert worker.wait(20) == 0
            assert time.monotonic() - begun < 10
        finally:
            worker.kill()
            worker.communicate()


def test_a_second_worker_is_refused(tmp_path: Path) -> None:
    """One worker per log: the second says so, and what to do."""
    first = start("run", "--no-feeds", "--no-seeds", folder=tmp_path)
    try:
        assert first.stdout is not None
        assert b"storywire is running" in first.stdout.readline()
        second = storywire("run", "--no-feeds", "--no-seeds", folder=tmp_path)
        assert second.returncode != 0
        assert str(first.pid) in second.stderr.decode()
    finally:
        first.terminate()
        first.communicate(timeout=20)


@pytest.mark.parametrize(
    "name",
    ["run", "replay", "subscribe", "story", "detect", "rebuild", "dead-letters list", "dead-letters retry"],
)
def test_help_has_an_example(name: str, tmp_path: Path) -> None:
    """Every command explains itself with an example that begins with its own name."""
    text = storywire(*name.split(), "--help", folder=tmp_path).stdout.decode()
    assert f"storywire {name}" in text

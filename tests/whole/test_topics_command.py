"""`storywire topics`: what it makes, what it names, and how the worker points to it."""

import sqlite3
from pathlib import Path

import orjson

from tests.whole.command import storywire


def url(folder: Path) -> tuple[str, str]:
    return ("--broker", f"sqlite:///{folder}/log.db")


def test_create_makes_all_and_check_finds_them_as_wanted(tmp_path: Path) -> None:
    """First created, then there; the table fits a terminal of 80 columns."""
    first = storywire("topics", "create", *url(tmp_path), folder=tmp_path)
    assert first.returncode == 0, first.stderr.decode()
    assert {line.split(": ")[1] for line in first.stdout.decode().splitlines()} == {"created"}
    second = storywire("topics", "create", *url(tmp_path), folder=tmp_path)
    assert {line.split(": ")[1] for line in second.stdout.decode().splitlines()} == {"is there"}
    checked = storywire("topics", "check", *url(tmp_path), folder=tmp_path)
    assert checked.returncode == 0, checked.stderr.decode()
    text = checked.stdout.decode()
    assert "topics are as wanted" in text
    assert "worker-1-article-rows-changelog" in text
    assert max(map(len, text.splitlines())) <= 80


def test_check_names_what_is_missing_other_and_foreign(tmp_path: Path) -> None:
    """Exit 1; each by its full name, with what was found and what is wanted; also for programs."""
    storywire("topics", "create", *url(tmp_path), folder=tmp_path)
    with sqlite3.connect(tmp_path / "log.db") as connection:
        connection.execute("UPDATE topic SET name = 'storywire.mine' WHERE name = 'storywire.stories'")
        connection.execute("UPDATE topic SET cleanup = 'delete' WHERE name = 'storywire.feed-states'")
        connection.execute("UPDATE topic SET partitions = 9 WHERE name = 'storywire.articles'")
        (identity,) = connection.execute("SELECT id FROM topic WHERE name = 'storywire.articles'").fetchone()
        rows = [(identity, n) for n in range(4, 9)]
        connection.executemany("INSERT INTO part (topic, partition, next) VALUES (?, ?, 0)", rows)
    checked = storywire("topics", "check", *url(tmp_path), folder=tmp_path)
    text = checked.stdout.decode()
    assert checked.returncode == 1
    assert "! storywire.stories is missing" in text
    assert "storywire.feed-states keeps everything, the latest of each key is wanted" in text
    assert "storywire.articles has 9 partitions, 4 are wanted" in text
    assert "? storywire.mine is not of this configuration" in text
    lines = storywire("topics", "check", "--json", *url(tmp_path), folder=tmp_path).stdout.splitlines()
    found = {line["topic"]: line for line in map(orjson.loads, lines)}
    assert found["storywire.stories"]["found"] is None
    assert found["storywire.mine"]["wanted"] is None
    assert found["storywire.feed-polls"]["found"]["retention"] == 7 * 86_400


def test_topics_below_a_longer_prefix_are_one_line(tmp_path: Path) -> None:
    """Where another installation's prefix begins with ours, its topics are counted and not listed, but for
    programs; one of nobody is named as before, and the other installation does not see ours."""
    longer = {"STORYWIRE_TOPIC_PREFIX": "storywire.b."}
    for extra in ({}, longer):
        storywire("topics", "create", *url(tmp_path), folder=tmp_path, extra=extra)
    with sqlite3.connect(tmp_path / "log.db") as connection:
        connection.execute("UPDATE topic SET name = 'storywire.bee' WHERE name = 'storywire.b.stories'")
    checked = storywire("topics", "check", *url(tmp_path), folder=tmp_path)
    assert checked.returncode == 0, checked.stderr.decode()
    text = checked.stdout.decode()
    counted = [line for line in text.splitlines() if "another installation's" in line]
    lines = storywire("topics", "check", "--json", *url(tmp_path), folder=tmp_path).stdout.splitlines()
    named = [orjson.loads(line)["topic"] for line in lines]
    below = sum(name.startswith("storywire.b.") for name in named)
    assert counted == [f"? {below} topics that begin with storywire.b. are another installation's"]
    assert "b.entries" not in text
    assert "? storywire.bee is not of this configuration" in text
    other = storywire("topics", "check", *url(tmp_path), folder=tmp_path, extra=longer)
    assert "?" not in other.stdout.decode()


def test_another_retention_is_changed_on_purpose_only(tmp_path: Path) -> None:
    """The worker and `create` name it and change nothing; `create --change` does."""
    storywire("topics", "create", *url(tmp_path), folder=tmp_path)
    week = {"STORYWIRE_RETENTION_DAYS": "articles=7"}
    worker = storywire("run", "--no-feeds", "--no-seeds", *url(tmp_path), folder=tmp_path, extra=week)
    assert worker.returncode == 1
    assert "'storywire.articles'" in worker.stderr.decode()
    assert "storywire topics check" in worker.stderr.decode()
    assert storywire("topics", "create", *url(tmp_path), folder=tmp_path, extra=week).returncode == 1
    changed = storywire("topics", "create", "--change", *url(tmp_path), folder=tmp_path, extra=week)
    assert changed.returncode == 0, changed.stderr.decode()
    assert "storywire.articles: changed" in changed.stdout.decode()
    checked = storywire("topics", "check", *url(tmp_path), folder=tmp_path, extra=week)
    assert checked.returncode == 0
    assert "7 days" in checked.stdout.decode()


def test_an_unknown_name_in_retention_days_is_named_with_the_nearest(tmp_path: Path) -> None:
    """Exit 2, before anything is made; a topic that time cannot bound is refused as well."""
    for given, said in (("artciles=7", "did you mean 'articles'"), ("stories=7", "the latest of each key")):
        extra = {"STORYWIRE_RETENTION_DAYS": given}
        done = storywire("topics", "create", *url(tmp_path), folder=tmp_path, extra=extra)
        assert done.returncode == 2
        assert said in done.stderr.decode()
    assert not (tmp_path / "log.db").exists()


def test_check_makes_no_log(tmp_path: Path) -> None:
    """A log that is not there is named, with exit code 2."""
    done = storywire("topics", "check", *url(tmp_path), folder=tmp_path)
    assert done.returncode == 2
    assert "no log at" in done.stderr.decode()
    assert not (tmp_path / "log.db").exists()

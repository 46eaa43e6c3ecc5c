"""Whole commands on a cluster, as a user runs them."""

import json
import uuid
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.kafka.cluster import Cluster
from tests.kafka.fixtures import Clusters
from tests.kafka.ports import free_ports
from tests.kafka.security import Security
from tests.whole.command import FILES, SEEDS, left, storywire


@pytest.fixture(scope="module")
def replayed(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping[str, str]]:
    """The seeds on the cluster under a prefix of their own: the folder with `--out`, and the environment."""
    folder = tmp_path_factory.mktemp("replayed")
    extra = {
        "STORYWIRE_BROKER": f"kafka://{kafka}",
        "STORYWIRE_TOPIC_PREFIX": f"t{uuid.uuid4().hex[:12]}.",
        "STORYWIRE_STATE_DIR": str(folder / "state"),
    }
    done = storywire(
        "replay", SEEDS, "--out", folder / "out", "--broker", f"kafka://{kafka}", folder=folder, extra=extra
    )
    assert done.returncode == 0, done.stderr.decode()
    return folder, extra


def test_the_result_is_that_of_the_embedded_log(
    replayed: tuple[Path, Mapping[str, str]], tmp_path: Path
) -> None:
    """`replay --out` leaves the same bytes, whichever engine carried the messages."""
    folder, _ = replayed
    done = storywire("replay", SEEDS, "--out", tmp_path / "out", folder=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    found = left(folder / "out")
    assert set(FILES) <= set(found)
    assert found == left(tmp_path / "out")


def test_commands_read_the_cluster(replayed: tuple[Path, Mapping[str, str]]) -> None:
    """Events are followed to their end, the story is told, dead letters and feeds are listed."""
    folder, extra = replayed
    done = storywire(
        "subscribe", "ceasefire", "--from", "beginning", "--once", "--json", folder=folder, extra=extra
    )
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert events
    assert {event["topic"] for event in events} == {extra["STORYWIRE_TOPIC_PREFIX"] + "events.ceasefire"}
    timed = storywire("subscribe", "ceasefire", "--from", "2000-01-01T00:00:00Z", "--once", "--json",
                      folder=folder, extra=extra)  # fmt: skip
    assert sorted(timed.stdout.splitlines()) == sorted(done.stdout.splitlines())
    none = storywire("subscribe", "ceasefire", "--once", folder=folder, extra=extra)
    assert (none.returncode, none.stdout) == (0, b"")
    assert b"Cairo" in storywire("story", "cairo-talks", folder=folder, extra=extra).stdout
    for command in (("dead-letters", "list"), ("feeds", "list")):
        listed = storywire(*command, folder=folder, extra=extra)
        assert listed.returncode == 0, listed.stderr.decode()


def test_a_prefix_without_topics_is_named(kafka: str, tmp_path: Path) -> None:
    """A command that only reads makes nothing on a cluster, and says where it looked."""
    extra = {"STORYWIRE_TOPIC_PREFIX": "nothing-is-here."}
    done = storywire("story", "cairo-talks", "--broker", f"kafka://{kafka}", folder=tmp_path, extra=extra)
    assert done.returncode == 2
    assert b"has no topic that begins with 'nothing-is-here.'" in done.stderr


@pytest.mark.parametrize("words", [("subscribe", "ceasefire", "--once"), ("run", "--no-feeds")])
def test_a_cluster_that_is_away_is_one_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    """No traceback and no noise: the address, and what to look at; the exit code says to try again."""
    url = f"kafka://127.0.0.1:{free_ports(1)[1].client}"
    done = storywire(*words, "--broker", url, folder=tmp_path, timeout=30)
    assert done.returncode == 75
    assert done.stderr.decode().splitlines() == [
        f"storywire: no broker answers at {url.removeprefix('kafka://')}; is the cluster up, "
        "is the address right?"
    ]


@pytest.fixture(scope="module")
def secured(module_kafka_clusters: Clusters) -> Cluster:
    return module_kafka_clusters(security=Security())


@pytest.mark.parametrize(
    ("setting", "value", "why"),
    [
        ("PASSWORD", "wrong", "refuses the login"),
        ("CA", "{cluster.wrong_ca}", "is not trusted"),
        ("CA", "{cluster.folder}/none.pem", "No such file"),
        ("PASSWORD_FILE", "{cluster.folder}/none", "No such file"),
    ],
)
def test_a_login_that_cannot_work_is_not_to_be_tried_again(
    secured: Cluster, tmp_path: Path, setting: str, value: str, why: str
) -> None:
    """The worker ends in one line with the code after which a supervisor leaves it alone."""
    assert secured.security is not None
    right = {"USER": secured.security.user, "TLS": "true", "CA": str(secured.ca)}
    if not setting.startswith("PASSWORD"):
        right["PASSWORD"] = secured.security.password
    given = right | {setting: value.format(cluster=secured)}
    extra = {f"STORYWIRE_KAFKA_{name}": word for name, word in given.items()}
    done = storywire("run", "--no-feeds", "--broker", secured.url, folder=tmp_path, extra=extra)
    assert done.returncode == 2
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("storywire: ") and why in line


def test_a_rebuild_waits_for_nobody(replayed: tuple[Path, Mapping[str, str]]) -> None:
    """With no worker in the group everything is read again, twice if asked twice."""
    folder, extra = replayed
    for generation in (2, 3):
        done = storywire("rebuild", folder=folder, extra=extra)
        assert done.returncode == 0, done.stderr.decode()
        assert f"generation {generation} of the log" in done.stdout.decode()

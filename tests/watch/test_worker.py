"""A real worker on the log: ill ones end themselves, well ones are left alone."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import orjson
import pytest

from tests.whole.command import environment
from tests.whole.test_run_feeds import free_port

IMPATIENT = {"STORYWIRE_STUCK_AFTER": "10", "STORYWIRE_EVENT_TIMEOUT": "0.5"}
PATIENCE = 10.5
"""Seconds: the least that the settings allow."""
EXTRA = {"deaf": {"STORYWIRE_BATCH": "5"}, "slow": {"STORYWIRE_BATCH_WITHIN": "5"}}
ENTRIES_DONE = 'storywire_committed_total{topic="entries"}'


@contextmanager
def ill(fault: str, folder: Path, port: int, **extra: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker with the seeds before it and a fault in it, ended at the end."""
    bind = {"STORYWIRE_METRICS_BIND": f"127.0.0.1:{port}"}
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.watch.ill", fault, "run", "--no-feeds"],
        cwd=folder,
        env=environment(IMPATIENT | bind | extra),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        yield worker
    finally:
        worker.kill()
        worker.communicate()


def asked(port: int, path: str) -> tuple[int, Any]:
    """Status and document; 0 where nobody listens."""
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, orjson.loads(answer.read())
    except HTTPError as error:
        return error.code, orjson.loads(error.read())
    except URLError as error:
        return 0, str(error)


def figure(port: int, name: str) -> float:
    """One figure of /metrics, by its name and labels."""
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        lines = answer.read().decode().splitlines()
    return next((float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{name} ")), 0.0)


def until(holds: Callable[[], bool], seconds: float = 90) -> None:
    """Ask again until it holds: what is waited for is in another process."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.1)


@dataclass
class Patient:
    """A worker that is only to be waited for."""

    process: subprocess.Popen[bytes]
    port: int


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Patient]]:
    """Workers by their fault, all begun at once: each of these tests is for the most part a waiting."""
    with ExitStack() as begun:
        found = {}
        for fault in ("slow", "none", "deaf", "clutch"):
            port, folder = free_port(), tmp_path_factory.mktemp(fault)
            process = begun.enter_context(ill(fault, folder, port, **EXTRA.get(fault, {})))
            found[fault] = Patient(process, port)
        yield found


def test_a_long_batch_is_left_alone(ward: dict[str, Patient]) -> None:
    """A batch of 88 parts of a second each is no standing still, though nothing is committed meanwhile."""
    worker, port = ward["slow"].process, ward["slow"].port
    until(lambda: figure(port, 'storywire_lag{topic="entries"}') > 80 if asked(port, "/live")[0] else False)
    begun = time.monotonic()
    until(lambda: time.monotonic() > begun + 2 * PATIENCE or worker.poll() is not None, 60)
    assert worker.poll() is None, worker.communicate()[1].decode()
    assert asked(port, "/health")[0] == 200
    assert figure(port, ENTRIES_DONE) == 0


def test_an_idle_worker_is_left_alone(ward: dict[str, Patient]) -> None:
    """Nothing to do for longer than its patience is no fault; both answers are 200."""
    worker, port = ward["none"].process, ward["none"].port
    until(lambda: figure(port, ENTRIES_DONE) == 88 if asked(port, "/live")[0] else False)
    begun = time.monotonic()
    until(lambda: time.monotonic() > begun + 1.5 * PATIENCE or worker.poll() is not None, 60)
    assert worker.poll() is None, worker.communicate()[1].decode()
    status, told = asked(port, "/health")
    assert (status, told["status"], told["partitions"]) == (200, "ok", {"entries": 4, "story-events": 4})
    assert asked(port, "/live")[0] == 200


def test_a_consumer_that_went_deaf_ends_the_worker(ward: dict[str, Patient]) -> None:
    """It holds its partitions and fetches nothing, the way Faust's consumers die (faust#640)."""
    worker = ward["deaf"].process
    said = worker.communicate(timeout=120)[1].decode()
    assert worker.returncode == 75
    assert "no progress: " in said


def test_a_loop_blocked_by_whoever_would_speak_ends_all_the_same(ward: dict[str, Patient]) -> None:
    """Nobody reads standard error, so that nothing can be said: the process ends nevertheless."""
    assert ward["clutch"].process.wait(timeout=120) == 75


def test_a_stage_that_hangs_ends_the_worker(tmp_path: Path) -> None:
    """Exit code 75 and one line that names the partition; the lag tells before, the next start goes on."""
    port = free_port()
    with ill("hang", tmp_path, port, STORYWIRE_STUCK_AFTER="20") as worker:
        until(lambda: figure(port, "storywire_standing_seconds") > 5 if asked(port, "/live")[0] else False)
        assert figure(port, 'storywire_lag{topic="entries"}') == 88
        assert figure(port, 'storywire_oldest_waiting_seconds{topic="entries"}') > 5
        said = worker.communicate(timeout=120)[1].decode()
    assert worker.returncode == 75
    assert "no progress: " in said and " messages wait on entries/" in said
    assert "the next start goes on from here" in said
    with ill("none", tmp_path, port):
        until(lambda: bool(asked(port, "/live")[0]) and figure(port, ENTRIES_DONE) == 2 * 88)


def test_a_blocked_loop_ends_the_worker(tmp_path: Path) -> None:
    """Exit code 75, with the place where it is blocked; /health says so while it lasts."""
    port = free_port()
    with ill("block", tmp_path, port, STORYWIRE_STUCK_AFTER="20") as worker:
        until(lambda: "event loop" in str(asked(port, "/health")[1]))
        assert asked(port, "/health")[0] == 503
        said = worker.communicate(timeout=120)[1].decode()
    assert worker.returncode == 75
    assert re.search(r"the event loop has not turned for \d+ s; it is in block \(.*ill\.py:\d+\)", said)


def test_ill_workers_of_a_cluster_end_themselves(kafka: str, kafka_prefix: str, tmp_path: Path) -> None:
    """As on the embedded log: a stage that hangs and a deaf consumer end with 75, naming the partition."""
    with ExitStack() as begun:
        workers = []
        for fault in ("hang", "deaf"):
            folder = tmp_path / fault
            folder.mkdir()
            own = {
                "STORYWIRE_BROKER": f"kafka://{kafka}",
                "STORYWIRE_TOPIC_PREFIX": f"{kafka_prefix}{fault}.",
                "STORYWIRE_BATCH": "5",
            }
            workers.append(begun.enter_context(ill(fault, folder, free_port(), **own)))
        for worker in workers:
            said = worker.communicate(timeout=120)[1].decode()
            assert worker.returncode == 75, said
            assert re.search(r"no progress: \d+ messages wait on [a-z-]+/\d from offset", said)

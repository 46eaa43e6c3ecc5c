"""`make kafka` in the foreground."""

import asyncio
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kafka.cluster import Cluster
from tests.kafka.test_cluster import create

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.usefixtures("kafka_here")


def test_it_tells_its_address_and_stops_when_told(tmp_path: Path) -> None:
    """It prints the address and the line to run, serves, and ends with 0 at SIGTERM, brokers and all."""
    command = [sys.executable, "-m", "tests.kafka", "--folder", str(tmp_path / "kafka")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        told = [process.stdout.readline() for _ in range(3)]
        assert re.fullmatch(r"kafka://127\.0\.0\.1:\d+", url)
        assert told[-1].endswith(f"storywire run --broker {url}\n")
        asyncio.run(create({"bootstrap_servers": url.removeprefix("kafka://")}, "in"))
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])))
    finally:
        process.kill()
        process.communicate()


def test_another_number_of_brokers_is_refused(tmp_path: Path) -> None:
    """A folder keeps the number of brokers it was made for, and the message says it."""
    (tmp_path / "cluster.json").write_text(
        '{"id": "x", "ports": {"1": {"client": 1, "internal": 2, "controller": 3}}}'
    )
    command = [sys.executable, "-m", "tests.kafka", "--brokers", "3", "--folder", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert f"no cluster: {tmp_path} holds 1 broker(s), not 3: name another folder" in done.stderr


def test_a_second_one_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    """It ends in one line, and does no harm to the first, which goes on."""
    with Cluster(tmp_path) as first:
        command = [sys.executable, "-m", "tests.kafka", "--folder", str(tmp_path)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 1
        assert done.stderr.splitlines()[1:] == [
            f"storywire: no cluster: another one runs in {tmp_path}: stop it, or name another with --folder"
        ]
        asyncio.run(create({"bootstrap_servers": first.bootstrap}, "in"))

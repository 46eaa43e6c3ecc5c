"""One broker: its folder, its process and its log."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic

STARTED = b"Kafka Server started"
TAKEN = re.compile(rb"BindException|Address already in use")

# Two cores are shared with the tests: the quick compiler, one thread that collects garbage.
JAVA = ("-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")

LOGGING = (
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
)

GUARDED = """
import os, sys
guard = int(sys.argv[1])
os.write(guard, b"+%d\\n" % os.getpid())
os.close(guard)
os.execvp(sys.argv[2], sys.argv[2:])
"""
"""The broker tells the warden of itself before it becomes Java: at no moment is it unguarded."""


class NotStarted(Exception):
    """A broker ended or did not answer in time; the message holds the end of its log."""


class PortTaken(NotStarted):
    """Somebody took a port between its choice and the broker's start."""


class Node:
    """Broker `number` in `folder`, guarded by the warden that reads from `guard`."""

    def __init__(self, number: int, folder: Path, jars: Path, java: Sequence[str]) -> None:
        self.number, self.folder = number, folder
        self.log = folder / "broker.log"
        self._java = ["java", *java, *LOGGING, "-cp", f"{jars}/*"]
        self._process: subprocess.Popen[bytes] | None = None
        self._log_from = 0

    @property
    def data(self) -> Path:
        """Where the broker keeps its partitions."""
        return self.folder / "data"

    @property
    def pid(self) -> int | None:
        """None while it does not run."""
        return None if self._process is None else self._process.pid

    def configure(self, settings: Mapping[str, str]) -> None:
        """Writes what the next start reads."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lines = "".join(f"{name}={value}\n" for name, value in settings.items())
        self._properties.write_text(lines, "utf-8")

    def formatting(self, cluster_id: str, credentials: Sequence[str]) -> subprocess.Popen[str] | None:
        """The process that formats the data folder; None where that was done in an earlier life."""
        if (self.data / "meta.properties").exists():
            return None
        words = ["kafka.tools.StorageTool", "format", "--cluster-id", cluster_id]
        words += ["--config", str(self._properties)]
        words += [word for one in credentials for word in ("--add-scram", one)]
        # From a file that Java itself reads: passwords must not show in the process list.
        arguments = self.folder / "format.arguments"
        arguments.touch(mode=0o600)
        arguments.write_text("\n".join(f'"{_escaped(word)}"' for word in words), "utf-8")
        return subprocess.Popen(
            [*self._java, f"@{arguments}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def formatted(self, process: subprocess.Popen[str] | None) -> None:
        """Waits for the formatting and checks that it was done."""
        if process is None:
            return
        said, _ = process.communicate(timeout=60)
        (self.folder / "format.arguments").unlink()
        if process.returncode:
            raise NotStarted(f"broker {self.number}: the data folder was not formatted:\n{said[-2000:]}")

    def start(self, guard: int) -> None:
        """Starts the process; `ready` waits for it. `guard` is the pipe to the warden."""
        self._log_from = self.log.stat().st_size if self.log.exists() else 0
        command = [*self._java, "kafka.Kafka", str(self._properties)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-S", "-c", GUARDED, str(guard), *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=(guard,),
                cwd=self.folder,
                start_new_session=True,
            )

    def ready(self, seconds: float) -> None:
        """Waits until the broker says that it serves; raises `NotStarted` with the end of its log."""
        assert self._process is not None
        end = monotonic() + seconds
        while STARTED not in self._said():
            try:
                code = self._process.wait(0.05)
            except subprocess.TimeoutExpired:
                if monotonic() < end:
                    continue
                raise NotStarted(f"broker {self.number} not ready in {seconds} s:\n{self.tail()}") from None
            kind = PortTaken if TAKEN.search(self._said()) else NotStarted
            raise kind(f"broker {self.number} ended with {code}:\n{self.tail()}")

    def tail(self, lines: int = 30) -> str:
        """The end of the broker's log."""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])

    def signal(self, number: signal.Signals) -> None:
        """Sends it to the process; one that has ended by itself gets nothing."""
        assert self._process is not None, f"broker {self.number} does not run"
        self._process.send_signal(number)

    def over(self, seconds: float) -> bool:
        """Whether the process ends by itself within that time."""
        assert self._process is not None
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def ended(self, guard: int, seconds: float) -> None:
        """Waits for the process to end and releases it from the warden; TimeoutExpired where it does not."""
        assert self._process is not None
        self._process.wait(seconds)
        os.write(guard, f"-{self._process.pid}\n".encode())
        self._process = None

    @property
    def _properties(self) -> Path:
        return self.folder / "broker.properties"

    def _said(self) -> bytes:
        with self.log.open("rb") as log:
            log.seek(self._log_from)
            return log.read()


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"')

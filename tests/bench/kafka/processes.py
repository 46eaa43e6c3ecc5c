"""Programs that run beside the bench until they are told to stop, and what they take meanwhile."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

from tests.bench.children import ChildFailed, environment

PROC = Path("/proc")
STOP_SECONDS = 60.0


class Process(AbstractContextManager["Process"]):
    """A program at work in `folder`, which is made. Linux tells of a process what others do not (/proc)."""

    def __init__(self, command: Sequence[str], folder: Path, **settings: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._command, self._said = command, folder / "stderr"
        with (folder / "stdout").open("wb") as out, self._said.open("wb") as said:
            self._child = subprocess.Popen(
                command, cwd=folder, env=environment() | settings, stdout=out, stderr=said
            )
        self._out = folder / "stdout"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    @property
    def cpu(self) -> float:
        """Seconds of all its threads until now, and of children it has waited for."""
        fields = (self._folder / "stat").read_text("utf-8").rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

    @property
    def peak(self) -> float:
        """The most resident memory until now, in MB."""
        lines = (self._folder / "status").read_text("utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1_000

    def check(self) -> None:
        """Raises ChildFailed if it has ended."""
        if self._child.poll() is not None:
            raise self._failure()

    def stop(self) -> str:
        """SIGTERM; what it printed. Raises ChildFailed if it ended otherwise than well."""
        self._child.send_signal(signal.SIGTERM)
        if self._child.wait(STOP_SECONDS):
            raise self._failure()
        return self._out.read_text("utf-8")

    def kill(self) -> None:
        """SIGKILL, unless it has ended."""
        if self._child.poll() is None:
            self._child.kill()
            self._child.wait()

    @property
    def _folder(self) -> Path:
        return PROC / str(self._child.pid)

    def _failure(self) -> ChildFailed:
        tail = self._said.read_text("utf-8", "replace")[-2_000:]
        return ChildFailed(f"{' '.join(self._command[1:])} ended with {self._child.returncode}: {tail}")


def can_be_watched() -> bool:
    """Whether this system tells what a running process takes."""
    return sys.platform == "linux"

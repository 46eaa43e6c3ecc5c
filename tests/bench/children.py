"""Runs a program in a process of its own and measures what it took, all its own children included."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULE = (sys.executable, "-m")


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds of wall and CPU, peak resident memory in MB, and what stood on standard output."""

    wall: float
    cpu: float
    peak: float
    output: bytes


class ChildFailed(Exception):
    """A measured program ended otherwise than well; the message holds the end of what it said."""


def run(command: Sequence[str | Path], folder: Path) -> Run:
    """Run to the end in `folder`, which must exist. Raises ChildFailed.

    Whoever calls stays small: a child's peak begins at its parent's size (Linux carries it over exec).
    """
    out, said = folder / "stdout", folder / "stderr"
    with out.open("wb") as stdout, said.open("wb") as stderr:
        started = time.perf_counter()
        child = subprocess.Popen(
            [str(word) for word in command], cwd=folder, env=environment(), stdout=stdout, stderr=stderr
        )
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        tail = said.read_text("utf-8", "replace")[-2_000:]
        raise ChildFailed(f"{' '.join(map(str, command[2:]))} ended with {child.returncode}: {tail}")
    return Run(wall, used.ru_utime + used.ru_stime, _megabytes(used.ru_maxrss), out.read_bytes())


def environment() -> dict[str, str]:
    """That of every child: ours without settings of storywire, and the project to import."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STORYWIRE_")}
    return kept | {"PYTHONPATH": str(ROOT)}


def _megabytes(peak: int) -> float:
    """ru_maxrss is in kilobytes, on macOS in bytes."""
    return peak / (1_000_000 if sys.platform == "darwin" else 1_000)

"""One worker per group: a lock file beside the log, held by the process and freed with it by the kernel."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agents.brokers.errors import WorkerRunning


@contextmanager
def worker_lock(log: Path, group: str) -> Iterator[None]:
    """Hold `<log>.<group>.lock` (flock, so a killed process never leaves it locked).

    Raises WorkerRunning with the holder's pid. The file stays: removing it would let two processes
    lock two files of one name.
    """
    path = log.with_name(f"{log.name}.{group}.lock")
    says = "a worker runs on this log already, as process {pid} (it holds {path}): "
    with _held(path, says + "stop it first (Ctrl-C in its terminal, or kill {pid})"):
        yield


@contextmanager
def own_file(path: Path) -> Iterator[Path]:
    """Hold `<path>.lock`: the rows of a worker's tables are in a file of its own. Raises WorkerRunning."""
    says = "{path} is held by process {pid}, another worker: give each worker a state_dir of its own"
    with _held(path.with_name(f"{path.name}.lock"), says):
        yield path


@contextmanager
def _held(path: Path, says: str) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _hold(descriptor, path, says)
        yield
    finally:
        os.close(descriptor)


def _hold(descriptor: int, path: Path, says: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        pid = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "unknown"
        raise WorkerRunning(says.format(pid=pid, path=path)) from error
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)

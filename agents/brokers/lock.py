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
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _hold(descriptor, path)
        yield
    finally:
        os.close(descriptor)


def _hold(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        pid = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "unknown"
        raise WorkerRunning(
            f"a worker runs on this log already, as process {pid} (it holds {path}): "
            f"stop it first (Ctrl-C in its terminal, or kill {pid})"
        ) from error
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)

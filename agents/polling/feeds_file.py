"""The file with the list of feeds: read, watched by the worker, rewritten by commands one at a time."""

import errno
import fcntl
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from pipeline.outcome import Reason, Rejected
from pipeline.poll.opml import FeedList, read_opml

WAIT = 10.0
"""Seconds that a command waits for another one to finish with the list: an edit takes milliseconds."""
STEP = 0.05

Edit: TypeAlias = Callable[[bytes], bytes | Rejected | None]
"""The bytes of the list to the new ones; None where nothing is to change."""
_Stamp: TypeAlias = tuple[int, int, int]


def read_feeds(path: Path) -> FeedList | Rejected:
    """The list of feeds in a file; a file that is not there or cannot be read is Rejected and named."""
    data = _bytes_of(path)
    return data if isinstance(data, Rejected) else _list_of(path, data)


class FeedsFile:
    """The list as the worker follows it. `feeds` is the last that could be read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: _Stamp | int | None = None
        self._unread: Rejected | None = None
        self.feeds = FeedList()

    def changed(self) -> FeedList | Rejected | None:
        """The list if the file is another than at the last look, Rejected if it is and cannot be used: told
        once, and `feeds` stays. None if nothing changed, at the price of one look at the directory.

        A file that cannot be read is tried again at each look: too many open files, or a bad moment of the
        disk, leave its stamp as it is when they are over.
        """
        stamp = _stamp(self._path)  # before the file is read: what is written meanwhile is a change again
        if stamp == self._seen:
            return None
        data = _bytes_of(self._path)
        told, self._unread = self._unread, data if isinstance(data, Rejected) else None
        if isinstance(data, Rejected):
            self._seen = None
            return None if data == told else data
        self._seen = stamp
        found = _list_of(self._path, data)
        if isinstance(found, FeedList):
            self.feeds = found
        return found


def edit_feeds(
    path: Path, edit: Edit, begin: bytes | None = None, wait: float = WAIT
) -> bytes | Rejected | None:
    """Rewrite the file by `edit`, with no other command in between. What `edit` said, or why it was not
    asked. Nothing is written where it says None or the same bytes.

    `begin` is what a file that is not there yet begins as; without it that is Rejected.
    """
    try:
        with _alone(path, wait):
            before = _bytes_of(path)
            if isinstance(before, Rejected):
                if begin is None or before.reason is not Reason.MISSING_FILE:
                    return before
                before = begin
            after = edit(before)
            if isinstance(after, Rejected):
                return _at(path, after)
            if after is not None and (after != before or before is begin):
                replace_bytes(path, after)
            return after
    except TimeoutError:
        return _rejected(
            path, f"another command has been changing it for {wait:g} s; try again when it is done"
        )
    except OSError as error:
        return _rejected(
            path, f"cannot be written ({error.strerror}); name another file in the setting feeds_file"
        )


def replace_bytes(path: Path, data: bytes) -> None:
    """Put `data` in the place of the file at once, on disk before it is seen, with the file's permissions.

    A link stays one: what it leads to is replaced. Raises OSError.
    """
    path = path.resolve()
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o644
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def _alone(path: Path, wait: float) -> Iterator[None]:
    """Hold the lock of the file's folder, which leaves nothing behind and survives that the file is replaced.

    Raises TimeoutError after `wait` seconds.
    """
    descriptor = os.open(path.resolve().parent, os.O_RDONLY)
    end = time.monotonic() + wait
    try:
        while not _held(descriptor):
            if time.monotonic() >= end:
                raise TimeoutError
            time.sleep(STEP)
        yield
    finally:
        os.close(descriptor)


def _held(descriptor: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _bytes_of(path: Path) -> bytes | Rejected:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        said = "no such file; `storywire feeds add URL` begins one, the setting feeds_file names another"
        return _at(path, Rejected(Reason.MISSING_FILE, said))
    except OSError as error:
        return _rejected(path, f"cannot be read: {error.strerror}")


def _list_of(path: Path, data: bytes) -> FeedList | Rejected:
    found = read_opml(data)
    return _at(path, found) if isinstance(found, Rejected) else found


def _stamp(path: Path) -> _Stamp | int:
    """What differs when the file does; of a file that is not there, why."""
    try:
        found = path.stat()
    except OSError as error:
        return error.errno or errno.EIO
    return found.st_mtime_ns, found.st_size, found.st_ino


def _at(path: Path, fault: Rejected) -> Rejected:
    """The fault with its place in the message: whoever shows only that names the file all the same."""
    place = ", ".join(filter(None, (str(path), fault.where)))
    return replace(fault, message=f"{place}: {fault.message}")


def _rejected(path: Path, message: str) -> Rejected:
    return _at(path, Rejected(Reason.BAD_FEED_LIST, message))

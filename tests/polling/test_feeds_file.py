"""The file with the list of feeds: told apart when it changes, never half written, one command at a time."""

import resource
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from agents.polling.feeds_file import FeedsFile, edit_feeds, read_feeds, replace_bytes
from pipeline.outcome import Reason, Rejected
from pipeline.poll.opml import FeedList, write_opml
from pipeline.poll.opml_edit import added
from pipeline.poll.spec import FeedSpec

ROOT = Path(__file__).resolve().parents[2]
ONE = FeedSpec("https://a.example/feed", "A")
TWO = FeedSpec("https://b.example/feed", "B")
EMPTY = write_opml([], "Feeds")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "feeds.opml"
    found.write_bytes(write_opml([ONE], "Feeds"))
    return found


def rejected(found: object) -> Rejected:
    assert isinstance(found, Rejected), found
    return found


def test_a_list_is_read(path: Path) -> None:
    """The feeds of the file."""
    found = read_feeds(path)
    assert isinstance(found, FeedList)
    assert found.feeds == (ONE,)


def test_a_file_that_is_not_there_is_named_with_what_to_do(tmp_path: Path) -> None:
    """The message has the path and both ways out."""
    found = rejected(read_feeds(tmp_path / "none.opml"))
    assert found.reason is Reason.MISSING_FILE
    assert found.message.startswith(f"{tmp_path / 'none.opml'}: ")
    assert "feeds add" in found.message
    assert "feeds_file" in found.message


def test_a_folder_is_no_list(tmp_path: Path) -> None:
    """What cannot be read is named, with the system's reason."""
    found = rejected(read_feeds(tmp_path))
    assert found.reason is Reason.BAD_FEED_LIST
    assert found.message.startswith(f"{tmp_path}: cannot be read")


def test_a_broken_list_is_named_with_path_and_line(path: Path) -> None:
    """A person finds the place."""
    path.write_bytes(b"<opml>\n<body>\n<outline xmlUrl='https://a.example/?a&b'/>\n</body></opml>")
    assert rejected(read_feeds(path)).message.startswith(f"{path}, line 3: ")


def test_a_change_is_told_once(path: Path) -> None:
    """The first look gives the list, the next ones nothing until the file is another."""
    file = FeedsFile(path)
    assert isinstance(file.changed(), FeedList)
    assert file.changed() is None
    replace_bytes(path, write_opml([ONE, TWO], "Feeds"))
    found = file.changed()
    assert isinstance(found, FeedList)
    assert found.feeds == file.feeds.feeds == (ONE, TWO)
    assert file.changed() is None


def test_a_broken_file_is_told_once_and_the_last_list_stays(path: Path) -> None:
    """A worker goes on with what it knows, and takes up the mended file."""
    file = FeedsFile(path)
    file.changed()
    path.write_bytes(b"<opml><body>")
    assert rejected(file.changed()).reason is Reason.BAD_FEED_LIST
    assert file.changed() is None
    assert file.feeds.feeds == (ONE,)
    path.unlink()
    assert rejected(file.changed()).reason is Reason.MISSING_FILE
    assert file.changed() is None
    path.write_bytes(write_opml([TWO], "Feeds"))
    found = file.changed()
    assert isinstance(found, FeedList)
    assert found.feeds == (TWO,)


def test_a_file_that_could_not_be_read_for_a_moment_is_read_later(path: Path) -> None:
    """While no file can be opened that is told once; afterwards the list is read, though it is the same."""
    file = FeedsFile(path)
    with no_more_files():
        assert rejected(file.changed()).message == f"{path}: cannot be read: Too many open files"
        assert file.changed() is None
    assert isinstance(file.changed(), FeedList)
    assert file.feeds.feeds == (ONE,)
    assert file.changed() is None


@contextmanager
def no_more_files() -> Iterator[None]:
    """A process that may open no file, as one whose descriptors are used up."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_rewrite_keeps_permissions_and_leaves_nothing_beside(path: Path) -> None:
    """Mode bits stay, and the folder holds the file alone, before and after a lock."""
    path.chmod(0o640)
    edit_feeds(path, lambda data: added(data, TWO))
    assert path.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in path.parent.iterdir()] == ["feeds.opml"]


def test_a_link_stays_one(path: Path) -> None:
    """What a link leads to is rewritten."""
    link = path.with_name("link.opml")
    link.symlink_to(path)
    edit_feeds(link, lambda data: added(data, TWO))
    assert link.is_symlink()
    found = read_feeds(path)
    assert isinstance(found, FeedList)
    assert found.feeds == (ONE, TWO)


def test_an_edit_that_refuses_writes_nothing(path: Path) -> None:
    """A broken file is left as it was found, and named."""
    path.write_bytes(b"<rss/>")
    found = rejected(edit_feeds(path, lambda data: added(data, TWO)))
    assert str(path) in found.message
    assert path.read_bytes() == b"<rss/>"


def test_a_list_begins_where_there_was_none(tmp_path: Path) -> None:
    """With `begin` the first edit makes the file; without it the missing file is named."""
    path = tmp_path / "new.opml"
    assert rejected(edit_feeds(path, lambda data: data)).reason is Reason.MISSING_FILE
    edit_feeds(path, lambda data: added(data, ONE), begin=EMPTY)
    assert path.read_bytes() == write_opml([ONE], "Feeds")


def test_edits_at_once_follow_each_other(path: Path) -> None:
    """Twenty edits from four threads: none is lost."""
    specs = [FeedSpec(f"https://h{n}.example/feed") for n in range(20)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda spec: edit_feeds(path, lambda data: added(data, spec)), specs))
    found = read_feeds(path)
    assert isinstance(found, FeedList)
    assert {feed.url for feed in found.feeds} == {ONE.url, *(spec.url for spec in specs)}


def test_an_edit_waits_for_another_process_and_then_says_so(path: Path) -> None:
    """While another process holds the list, an edit ends after its time with a word about it."""
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys\nfrom pathlib import Path\nfrom agents.polling.feeds_file import edit_feeds\n"
            "def hold(data):\n print('held', flush=True)\n sys.stdin.read()\n"
            f"edit_feeds(Path({str(path)!r}), hold)",
        ],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        found = rejected(edit_feeds(path, lambda data: added(data, TWO), wait=0.2))
        assert "another command" in found.message
    finally:
        holder.communicate(timeout=30)
    assert isinstance(edit_feeds(path, lambda data: added(data, TWO), wait=0.2), bytes)


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Where nothing can be put, the message names the file and the setting."""
    path = tmp_path / "none" / "feeds.opml"
    found = rejected(edit_feeds(path, lambda data: added(data, TWO), begin=EMPTY))
    assert str(path) in found.message
    assert "feeds_file" in found.message

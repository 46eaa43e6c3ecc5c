"""`storywire run` with feeds: what a person sees who starts it, with and without a network."""

import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson

from pipeline.poll.opml import write_opml
from pipeline.poll.spec import FeedSpec
from tests.whole.command import start, storywire
from tests.whole.site import rss, running_site

TALKS = "Cairo: the ceasefire talks go on"


def environment_of(folder: Path, *urls: str, **settings: str) -> dict[str, str]:
    (folder / "feeds.opml").write_bytes(write_opml([FeedSpec(url) for url in urls], "Test"))
    return {"STORYWIRE_FEEDS_FILE": str(folder / "feeds.opml"), **settings}


@contextmanager
def running(folder: Path, extra: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    worker = start("run", "--no-seeds", *arguments, folder=folder, extra=extra)
    try:
        yield worker
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=30)


def told_about_feeds(worker: subprocess.Popen[bytes]) -> str:
    assert worker.stdout is not None
    for line in worker.stdout:
        if line.startswith(b"feeds: "):
            return line.decode().strip()
    raise AssertionError(worker.stderr.read().decode() if worker.stderr else "")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_without_a_network_one_line_says_so(tmp_path: Path) -> None:
    """Feeds that cannot be reached are one line, with the reasons counted; the worker goes on."""
    extra = environment_of(tmp_path, "http://127.0.0.1:9/feed", "http://127.0.0.2:9/feed", "http://[::1]:9/x")
    with running(tmp_path, extra) as worker:
        line = told_about_feeds(worker)
        assert line == "feeds: none of 3 answers; unreachable or failing: refused-address 3"
        assert worker.poll() is None
    assert worker.returncode == 0


def test_a_feed_becomes_events_health_and_metrics(tmp_path: Path) -> None:
    """What a feed brings is on the topics; its health is listed and counted."""
    with running_site() as site:
        site.pages["/feed"] = rss("Harbour News", TALKS, "Trucks wait")
        port = free_port()
        extra = environment_of(
            tmp_path,
            f"{site.url}/feed",
            STORYWIRE_ALLOW_NETWORKS="127.0.0.0/8",
            STORYWIRE_CONTACT="desk@paper.example",
            STORYWIRE_METRICS_BIND=f"127.0.0.1:{port}",
        )
        with running(tmp_path, extra) as worker:
            assert told_about_feeds(worker) == "feeds: 1 of 1 answer"
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
                metrics = answer.read().decode()
            assert 'storywire_feed_polls_total{outcome="new"} 1.0' in metrics
            assert "storywire_feed_entries_total 2.0" in metrics
            health = storywire("feeds", "list", "--json", folder=tmp_path, extra=extra)
            found = orjson.loads(health.stdout.splitlines()[0])
            assert found["feed"] == f"{site.url}/feed"
            notes = storywire("subscribe", "feed-notes", "--from", "beginning", "--once", folder=tmp_path)
            assert "Harbour News: frozen: " in notes.stdout.decode(), notes.stderr.decode()
    assert site.asked == [("/feed", site.asked[0][1])]
    assert "storywire/" in site.asked[0][1] and "desk@paper.example" in site.asked[0][1]
    events = storywire("subscribe", "ceasefire", "--from", "beginning", "--once", "--json", folder=tmp_path)
    (event,) = [orjson.loads(line) for line in events.stdout.splitlines()]
    assert event["data"]["article"]["title"] == TALKS


def test_a_list_that_cannot_be_read_ends_the_command(tmp_path: Path) -> None:
    """No list, or none that is OPML: one message that names the file and the way out, exit code 2."""
    missing = {"STORYWIRE_FEEDS_FILE": str(tmp_path / "none.opml")}
    ended = storywire("run", folder=tmp_path, extra=missing)
    assert ended.returncode == 2
    assert "none.opml" in ended.stderr.decode() and "--no-feeds" in ended.stderr.decode()
    (tmp_path / "feeds.opml").write_text("<html><body>no list</body></html>")
    ended = storywire("run", folder=tmp_path, extra={"STORYWIRE_FEEDS_FILE": str(tmp_path / "feeds.opml")})
    assert ended.returncode == 2 and "feeds.opml" in ended.stderr.decode()


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    """Metrics or hubs that cannot be served end the worker with the setting's name."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        extra = environment_of(tmp_path, STORYWIRE_METRICS_BIND=bind)
        ended = storywire("run", "--no-seeds", folder=tmp_path, extra=extra)
        assert ended.returncode == 78 and "metrics_bind" in ended.stderr.decode()
        hub = {"STORYWIRE_WEBSUB_CALLBACK": "https://news.example/hub", "STORYWIRE_WEBSUB_BIND": bind}
        ended = storywire("run", "--no-seeds", folder=tmp_path, extra=environment_of(tmp_path, **hub))
        assert ended.returncode == 78 and "websub_bind" in ended.stderr.decode()

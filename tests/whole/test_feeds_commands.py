"""`storywire feeds`: the list changed, checked against a site on loopback, and shown from a log."""

import asyncio
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from agents.brokers.broker import open_broker
from agents.brokers.message import Outgoing
from agents.cli.main import app
from agents.polling.feeds_file import read_feeds
from agents.polling.states import states_topic
from agents.topics import FEED_NOTES
from pipeline.codec import encode
from pipeline.outcome import Reason
from pipeline.poll.note import FeedNote, NoteKind
from pipeline.poll.opml import FeedList, write_opml
from pipeline.poll.spec import FeedSpec
from pipeline.poll.state import Counts, Failing, FeedState, Habit, Subscription
from tests.whole.command import command, storywire
from tests.whole.command import environment as os_environment
from tests.whole.site import Page, Site, rss, running_site

NOW = datetime.now(UTC)
PREFIX = "storywire."
FEED = "https://news.example/feed"
OTHER = "https://other.example/feed"
LONG = FeedSpec("https://long.example/feed", "The Association of Harbours, Lighthouses and Ferries: All News")


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as found:
        found.pages["/feed"] = rss("Harbour News", "Talks go on", "Trucks wait")
        found.pages["/gone"] = Page(b"", "text/plain", 410)
        found.pages["/moved"] = Page(status=301, location="/feed")
        found.pages["/other"] = rss("Other News", "One")
        found.pages["/"] = Page(
            b"<html><head><link rel='alternate' type='application/rss+xml' title='All' href='/feed'>"
            b"<link rel='alternate' type='application/rss+xml' title='Other' href='/other'></head></html>",
            "text/html",
        )
        yield found


@dataclass(frozen=True)
class Ended:
    """A command that came to its end."""

    code: int
    stdout: str
    stderr: str


def environment(folder: Path) -> dict[str, str]:
    """The list and the log in `folder`, loopback allowed, no pace."""
    return {
        "STORYWIRE_FEEDS_FILE": str(folder / "feeds.opml"),
        "STORYWIRE_STATE_DIR": str(folder / "state"),
        "STORYWIRE_ALLOW_NETWORKS": "127.0.0.0/8",
        "STORYWIRE_HOST_PACE": "0",
        "STORYWIRE_FETCH_TIMEOUT": "10",
        "STORYWIRE_CONTACT": "https://reader.example/about",
    }


def feeds(folder: Path, *arguments: str, stdin: bytes = b"", **extra: str) -> Ended:
    """`storywire feeds ARGUMENTS`, in this process: starting one takes a second, and here are many."""
    settings = environment(folder) | extra
    result = CliRunner().invoke(app, ["feeds", *arguments], input=stdin, env=settings)
    return Ended(result.exit_code, result.stdout, result.stderr)


def done(ended: Ended, code: int = 0) -> str:
    assert ended.code == code, ended.stderr
    return ended.stdout


def listed(folder: Path) -> tuple[FeedSpec, ...]:
    found = read_feeds(folder / "feeds.opml")
    assert isinstance(found, FeedList), found
    return found.feeds


def keep(folder: Path, *specs: FeedSpec) -> None:
    (folder / "feeds.opml").write_bytes(write_opml(specs, "Feeds"))


def test_a_feed_is_added_with_what_it_says_of_itself(tmp_path: Path, site: Site) -> None:
    """The first feed begins the list; title, language, page and time of the check stand in it."""
    said = done(feeds(tmp_path, "add", f"{site.url}/feed", "--folder", "Region/Sea", "--full-text"))
    assert "added Harbour News to Region/Sea" in said
    (spec,) = listed(tmp_path)
    assert (spec.url, spec.title, spec.language) == (f"{site.url}/feed", "Harbour News", "en")
    assert (spec.site, spec.folders, spec.full_text) == ("https://news.example/", ("Region", "Sea"), True)
    assert spec.verified is not None
    assert spec.verified >= NOW.replace(microsecond=0)


def test_the_origin_is_told_who_asks(tmp_path: Path, site: Site) -> None:
    """The User-Agent names the project and the contact of the settings."""
    done(feeds(tmp_path, "add", f"{site.url}/feed"))
    assert site.asked[0][1].startswith("storywire/")
    assert "https://reader.example/about" in site.asked[0][1]


def test_a_page_leads_to_its_feeds(tmp_path: Path, site: Site) -> None:
    """Of the feeds that a page names the first is taken and all are told; --pick takes another."""
    first = feeds(tmp_path, "add", site.url)
    done(first)
    assert "--pick" in first.stderr
    assert f"{site.url}/other" in first.stderr
    done(feeds(tmp_path, "add", site.url + "/", "--pick", "2"))
    assert [spec.url for spec in listed(tmp_path)] == [f"{site.url}/feed", f"{site.url}/other"]
    assert "names 2 feeds" in feeds(tmp_path, "add", site.url, "--pick", "3").stderr


def test_a_page_that_names_none_is_looked_at_in_the_usual_places(tmp_path: Path, site: Site) -> None:
    """/feed is where many systems put it."""
    site.pages["/"] = Page(b"<html><body>Welcome</body></html>", "text/html")
    done(feeds(tmp_path, "add", f"{site.url}/"))
    assert [spec.url for spec in listed(tmp_path)] == [f"{site.url}/feed"]


def test_a_feed_that_moved_for_good_is_kept_by_its_new_address(tmp_path: Path, site: Site) -> None:
    """A permanent redirect at the time of adding: the id is the address where it stands."""
    done(feeds(tmp_path, "add", f"{site.url}/moved"))
    assert [spec.url for spec in listed(tmp_path)] == [f"{site.url}/feed"]


def test_a_feed_in_the_list_is_not_added_again(tmp_path: Path, site: Site) -> None:
    """Another spelling, or a page or redirect that leads there, is the same feed."""
    done(feeds(tmp_path, "add", f"{site.url}/feed"))
    for url in (f"{site.url}/feed/", f"{site.url}/feed#top", site.url, f"{site.url}/moved"):
        again = feeds(tmp_path, "add", url)
        assert "in the list already: Harbour News" in again.stderr
        done(again, 1)
    assert len(listed(tmp_path)) == 1


@pytest.mark.parametrize(
    ("path", "words"), [("/gone", "gone"), ("/nowhere", "not-found"), ("/page", "names no feed")]
)
def test_what_is_no_feed_is_not_added(tmp_path: Path, site: Site, path: str, words: str) -> None:
    """The reason stands in the message, and the list is not begun."""
    site.pages.pop("/feed")
    site.pages["/page"] = Page(b"<html><body>Nothing</body></html>", "text/html")
    refused = feeds(tmp_path, "add", site.url + path)
    done(refused, 1)
    assert words in refused.stderr
    assert not (tmp_path / "feeds.opml").exists()


def test_without_a_check_an_address_is_taken_as_it_is(tmp_path: Path, site: Site) -> None:
    """--no-check asks nobody, and the feed stays unverified."""
    done(feeds(tmp_path, "add", f"{site.url}/feed", "--no-check", "--title", "By hand"))
    assert site.asked == []
    assert listed(tmp_path) == (FeedSpec(f"{site.url}/feed", "By hand"),)
    done(feeds(tmp_path, "add", "ftp://news.example/feed"), 2)


def test_a_private_address_is_refused_unless_allowed(tmp_path: Path, site: Site) -> None:
    """Without the setting loopback is not asked, and the message names the setting."""
    refused = feeds(tmp_path, "add", f"{site.url}/feed", STORYWIRE_ALLOW_NETWORKS="")
    done(refused, 1)
    assert "allow_networks" in refused.stderr
    assert site.asked == []


def test_check_tells_what_came_and_marks_what_was_read(tmp_path: Path, site: Site) -> None:
    """Exit 1 as one is gone; the one that was read is marked, the other is not."""
    keep(tmp_path, FeedSpec(f"{site.url}/moved", "A", language="ar"), FeedSpec(f"{site.url}/gone", "B"))
    checked = feeds(tmp_path, "check")
    said = done(checked, 1)
    assert "ok  A: rss20, 2 entries, newest" in said
    assert f"moved for good to {site.url}/feed" in said
    assert "its language is en, the list says ar" in said
    assert "1 of 2 read" in said
    assert "gone: 1 feed (B): " in checked.stderr
    read, unread = listed(tmp_path)
    assert read.verified is not None
    assert unread.verified is None


def test_check_asks_only_what_nobody_has_read(tmp_path: Path, site: Site) -> None:
    """A verified feed is left alone, unless it is named or all are."""
    keep(tmp_path, FeedSpec(f"{site.url}/feed", "A", verified=NOW))
    assert "--all" in done(feeds(tmp_path, "check"))
    assert site.asked == []
    assert "1 of 1 read" in done(feeds(tmp_path, "check", "--all"))
    assert "1 of 1 read" in done(feeds(tmp_path, "check", f"{site.url}/other"))
    assert [path for path, _ in site.asked] == ["/feed", "/other"]


def test_check_in_json(tmp_path: Path, site: Site) -> None:
    """One object for each feed, with the reason code of what failed."""
    keep(tmp_path, FeedSpec(f"{site.url}/feed", "A"), FeedSpec(f"{site.url}/gone", "B"))
    rows = [orjson.loads(line) for line in done(feeds(tmp_path, "check", "--json"), 1).splitlines()]
    found = {row["title"]: row for row in rows}
    assert (found["A"]["ok"], found["A"]["version"], found["A"]["entries"]) == (True, "rss20", 2)
    assert (found["B"]["ok"], found["B"]["reason"], found["B"]["status"]) == (False, "gone", 410)


def test_without_a_network_one_line_says_so(tmp_path: Path) -> None:
    """Names that cannot be resolved: one reason, how many, and a question about the network."""
    keep(tmp_path, *(FeedSpec(f"https://h{n}.invalid/feed", f"F{n}") for n in range(5)))
    checked = feeds(tmp_path, "check")
    assert "0 of 5 read" in done(checked, 1)
    said = " ".join(checked.stderr.split())
    assert "5 feeds (F0, F1, F2, and 2 more): " in said
    assert said.count("is there a network?") == 1


def test_remove_takes_one_feed(tmp_path: Path) -> None:
    """The other stays; a feed that is not in the list is named."""
    keep(tmp_path, FeedSpec(FEED, "News"), FeedSpec(OTHER, "Other"))
    assert "removed News" in done(feeds(tmp_path, "remove", FEED + "/"))
    assert listed(tmp_path) == (FeedSpec(OTHER, "Other"),)
    done(feeds(tmp_path, "remove", FEED), 1)


def test_import_merges_and_export_gives_it_back(tmp_path: Path) -> None:
    """What is new is added, what is known stays as it is, what is no feed is named; exit 1 for that."""
    keep(tmp_path, FeedSpec(FEED, "Mine"))
    data = write_opml([FeedSpec(FEED, "Theirs"), FeedSpec(OTHER, "Other", folders=("A", "B"))], "t")
    bad = data.replace(b"</body>", b'<outline type="rss" text="Bad" xmlUrl="ftp://x.example"/></body>')
    merged = feeds(tmp_path, "import", "-", stdin=bad)
    assert "1 added, 1 known already, 1 refused" in done(merged, 1)
    assert "Bad" in merged.stderr
    expected = (FeedSpec(FEED, "Mine"), FeedSpec(OTHER, "Other", folders=("A", "B")))
    assert listed(tmp_path) == expected
    assert done(feeds(tmp_path, "export")).encode() == write_opml(expected, "Feeds")
    out = str(tmp_path / "out.opml")
    done(feeds(tmp_path, "export", "--out", out))
    (tmp_path / "feeds.opml").unlink()
    assert "2 added, 0 known already, 0 refused" in done(feeds(tmp_path, "import", out))
    assert listed(tmp_path) == expected


def test_a_list_that_cannot_be_read_ends_every_command(tmp_path: Path) -> None:
    """Exit 2 with the file, the line and the fault; nothing is written."""
    (tmp_path / "feeds.opml").write_bytes(b"<opml>\n<body>")
    for arguments in (["list"], ["check"], ["add", FEED, "--no-check"], ["remove", FEED], ["export"]):
        ended = feeds(tmp_path, *arguments)
        done(ended, 2)
        assert "feeds.opml, line 2" in ended.stderr, arguments
    assert (tmp_path / "feeds.opml").read_bytes() == b"<opml>\n<body>"
    done(feeds(tmp_path, "import", "nowhere.opml"), 2)


def states(now: datetime) -> tuple[FeedState, FeedState]:
    """One feed that a hub delivers and whose clock is off, and one that cannot be reached."""
    ok = FeedState(
        FEED,
        answered=now - timedelta(minutes=4, seconds=20),
        due=now + timedelta(minutes=50),
        habit=Habit((2.0,) * 24, (4.0,) * 24, now),
        lags=(3, 9, 4),
        counts=Counts(polls=10, not_modified=4),
        hub=Subscription("https://hub.example/", FEED, "TOKEN-OF-IT", "SECRET-OF-IT", now, verified=now),
        noted={NoteKind.CLOCK: now},
    )
    failing = Failing(now - timedelta(hours=3), 5, 5, Reason.DNS_FAILED, "no such \x1b[2Jhost")
    return ok, FeedState(OTHER, failing=failing, counts=Counts(polls=5, failures=5))


@pytest.fixture
def polled(tmp_path: Path) -> Path:
    """A folder with a list of three feeds, and a log in which two were polled."""
    keep(
        tmp_path,
        FeedSpec(FEED, "News"),
        FeedSpec(OTHER, "Down\x1b[31m"),
        FeedSpec("https://c.example/f"),
        LONG,
    )
    now = datetime.now(UTC)
    note = FeedNote(FEED, NoteKind.LOSS, now, None, "entries were probably lost", "News")

    async def publish() -> None:
        (tmp_path / "state").mkdir()
        broker = open_broker(f"sqlite:///{tmp_path}/state/storywire.db")
        await broker.declare(states_topic(PREFIX), 4)
        await broker.declare(PREFIX + FEED_NOTES.name, 4)
        rows = [(states_topic(PREFIX), state.feed, state) for state in states(now)]
        for topic, key, value in [*rows, (PREFIX + FEED_NOTES.name, FEED, note)]:
            await broker.publish([Outgoing(topic, key.encode(), encode(value))])
        await broker.close()

    asyncio.run(publish())
    return tmp_path


@pytest.mark.parametrize("arguments", [["list"], []])
def test_the_health_of_each_feed_at_a_glance(polled: Path, arguments: list[str]) -> None:
    """One row for each feed with its word and figures, then the failures by reason, then the notes."""
    said = done(feeds(polled, *arguments))
    rows = {line.split("  ")[0]: line.split() for line in said.splitlines()}
    assert rows["News"][1:] == ["hub,", "clock", "4m", "49m", "12", "40%", "4m"]
    assert rows["https://c.example/f"][1:] == ["unverified", *"-----"]
    assert "failing 3h" in said
    assert "dns-failed: 1 feed (Down[31m): no such [2Jhost" in said
    assert "loss, News: entries were probably lost" in said
    assert "4 feeds: " in said
    assert "\x1b" not in said


def test_only_the_failing_ones(polled: Path) -> None:
    """--failing leaves out what answers, and what was never asked."""
    said = done(feeds(polled, "list", "--failing"))
    assert "1 feed: 1 failing" in said
    assert "c.example" not in said


def test_the_list_in_json_tells_all_but_secrets(polled: Path) -> None:
    """One object for each feed; a subscription shows without what would let anybody speak for the hub."""
    said = done(feeds(polled, "list", "--json", "--notes"))
    rows = [orjson.loads(line) for line in said.splitlines()]
    assert [row.get("feed") for row in rows] == [FEED, OTHER, "https://c.example/f", LONG.url, None]
    assert rows[0]["health"]["word"] == "hub"
    assert rows[0]["state"]["counts"]["not_modified"] == 4
    assert rows[0]["state"]["hub"]["hub"] == "https://hub.example/"
    assert rows[4]["note"]["kind"] == "loss"
    assert "-OF-IT" not in said


def test_a_list_without_a_log_is_shown_all_the_same(tmp_path: Path) -> None:
    """Nothing was polled yet: that is said, and is no failure."""
    keep(tmp_path, FeedSpec(FEED, "News"))
    shown = feeds(tmp_path, "list")
    assert "1 unverified" in done(shown)
    assert "nothing was polled yet" in shown.stderr
    assert not (tmp_path / "state").exists()


def test_the_list_fits_a_terminal_and_a_pipe_has_no_colour(polled: Path) -> None:
    """On a terminal of 80 columns no line of the process is longer; in a pipe nothing is coloured."""
    piped = storywire("feeds", folder=polled, extra=environment(polled))
    assert piped.returncode == 0
    assert b"\x1b" not in piped.stdout
    shown = on_terminal(polled, columns=80)
    assert "\x1b[" in shown
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    assert max(len(line.rstrip()) for line in lines) <= 80
    assert lines[0].split() == ["feed", "state", "last", "next", "/day", "304", "lag"]
    assert any("hub, clock" in line for line in lines)
    assert any("The Association of" in line and "…" in line for line in lines)


def on_terminal(folder: Path, columns: int) -> str:
    """What `storywire feeds` prints on a terminal of that width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    settings = os_environment(environment(folder) | {"TERM": "xterm"})
    process = subprocess.Popen(command(["feeds"]), cwd=folder, env=settings, stdout=theirs, stderr=theirs)
    os.close(theirs)
    found = b""
    try:
        while chunk := os.read(ours, 65_536):
            found += chunk
    except OSError:  # Linux says so when the other side is closed
        pass
    finally:
        process.wait(timeout=60)
        os.close(ours)
    return found.decode()

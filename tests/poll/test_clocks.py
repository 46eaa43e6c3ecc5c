"""Notes of clocks that lie: by whole hours, into the future, at the ends of the calendar."""

from datetime import timedelta

import pytest

from pipeline.feed.entry import Entry
from pipeline.feed.parse import parse_feed
from pipeline.outcome import Rejected
from pipeline.poll.note import NoteKind
from tests.poll.polls import NOON, entry, hours
from tests.poll.watch import Watch, kinds, news, only


def arriving(watch: Watch, off: float, looks: int = 12) -> None:
    """Look every ten minutes at a feed whose entries come at once, dated `off` hours before the truth."""
    listed = list(news(watch.at - hours(30), "old"))
    watch.lists(listed)
    for number in range(looks):
        watch.wait(1 / 6)
        date = watch.at - hours(off) - timedelta(minutes=number % 4)
        listed.insert(0, entry(f"{off} {number}", date))
        watch.lists(listed[:20])


@pytest.mark.parametrize("off", [3.0, 2.0, 1.0], ids=str)
def test_a_clock_hours_behind(off: float) -> None:
    """Entries that are new and always hours old are dated by a wrong zone."""
    watch = Watch()
    arriving(watch, off)
    note = only(watch.notes)
    assert (note.kind, note.facts["off_minutes"]) == (NoteKind.CLOCK, 60 * off)
    assert "dated about" in note.message
    assert note.since is not None
    arriving(watch, 0, 6)
    assert kinds(watch.notes) == ["clock", "over clock"]


def test_a_clock_hours_ahead() -> None:
    """Local time marked UTC lies in the future; a night without news does not mend it."""
    watch = Watch()
    arriving(watch, -3.0)
    note = only(watch.notes)
    assert (note.kind, note.facts["future"]) == (NoteKind.CLOCK, 1)
    assert note.message == (
        "Its clock lies: 1 of the 11 entries it lists is dated in the future, by up to 3 hours."
    )
    watch.wait(10).lists([*news(watch.at - hours(20), "old")])
    assert NoteKind.CLOCK in watch.state.noted


@pytest.mark.parametrize("off", [0.0, 0.2, 0.5, -0.5, -0.1], ids=str)
def test_a_clock_that_is_right(off: float) -> None:
    """Entries a few minutes early or late, or through a cache of half an hour, are as they should be."""
    watch = Watch()
    arriving(watch, off)
    assert watch.notes == []


@pytest.mark.parametrize("hour", [0, 5])
def test_dates_that_name_days(hour: int) -> None:
    """Where all dates are midnight, here or elsewhere, entries are hours old when they come, and the clock is
    neither wrong nor right again."""
    watch = Watch()
    listed: list[Entry] = []
    for number in range(400):
        today = watch.wait(1 / 15).at.replace(hour=hour, minute=0, second=0, microsecond=0)
        listed.insert(0, entry(f"n{number}", today if today <= watch.at else today - hours(24)))
        assert watch.lists(listed[:20]) == ()


def test_what_a_late_look_finds_says_nothing_of_the_clock() -> None:
    """After the worker was off for three hours all that is new is three hours old, which is our doing."""
    watch = Watch()
    listed = news(watch.at, "old")
    watch.lists(listed)
    at_once = [entry(f"n{n}", watch.at + timedelta(minutes=n)) for n in range(8)]
    assert watch.wait(3.2).lists([*at_once, *listed]) == ()
    for number in range(5):
        watch.wait(0.2)
        listed = [entry(f"m{number}", watch.at), *at_once, *listed]
        assert watch.lists(listed[:20]) == ()


@pytest.mark.parametrize("date", ["Thu, 01 Jan 1970 00:00:00 GMT", "Sun, 07 Feb 2106 06:28:15 GMT"])
def test_impossible_dates(date: str) -> None:
    """Dates of 1970 and 2106, as a feed writes them, are named, and counted as damage."""
    body = f"""<rss version="2.0"><channel><title>Paper</title><link>https://p.example/</link>
        <item><guid>a</guid><title>A</title><link>https://p.example/a</link><pubDate>{date}</pubDate></item>
        </channel></rss>"""
    found = parse_feed(body.encode(), feed="f", origin="feed", observed=NOON)
    assert not isinstance(found, Rejected)
    notes = Watch().lists(found.entries, rejected=found.rejected)
    assert kinds(notes) == ["clock", "damaged"]
    assert notes[0].facts == {"listed": 1, "impossible": 1}
    assert notes[1].facts == {"bad-date": 1}

"""Notes of silence: a feed gone quiet against its own habit, a feed frozen in the past."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from pipeline.feed.entry import Entry
from pipeline.poll.note import NoteKind
from tests.poll.polls import NOON, entry, hours, same, unchanged, unreached
from tests.poll.watch import DAY, Watch, kinds, news, only


def publishing(watch: Watch, days: int, busy: Callable[[datetime], bool], every: float = 1.0) -> list[Entry]:
    """Look every half hour at a feed that publishes every so many hours while it is busy."""
    listed: list[Entry] = []
    last = watch.at
    for _ in range(days * 48):
        if busy(watch.at) and watch.at - last >= hours(every):
            last = watch.at
            listed.insert(0, entry(f"n{watch.at.isoformat()}", watch.at - hours(0.2)))
            watch.lists(listed[:20])
        else:
            watch.look(unchanged(watch.at))
        watch.wait(0.5)
    return listed[:19]


def never(at: datetime) -> bool:
    return False


def always(at: datetime) -> bool:
    return True


def by_day(at: datetime) -> bool:
    return 7 <= at.hour < 22


def on_weekdays(at: datetime) -> bool:
    return at.weekday() < 5 and 7 <= at.hour < 19


@pytest.mark.parametrize("start", range(0, 168, 29))
@pytest.mark.parametrize("busy", [by_day, on_weekdays])
def test_nights_and_weekends_are_not_quiet(busy: Callable[[datetime], bool], start: int) -> None:
    """Four weeks of an office that closes at night and at weekends give no alarm, whenever it was added."""
    watch = Watch(NOON + timedelta(hours=start))
    publishing(watch, 28, busy, 0.5)
    assert watch.notes == []


@pytest.mark.parametrize(("busy", "most"), [(always, 2.0), (by_day, 3.5), (on_weekdays, 7.0)])
def test_a_feed_that_falls_silent(busy: Callable[[datetime], bool], most: float) -> None:
    """A feed that stops is quiet within days, once; when it goes on, that is over."""
    watch = Watch()
    listed = publishing(watch, 21, busy)
    stopped = watch.at
    publishing(watch, 8, never)
    note = only(watch.notes)
    assert note.kind is NoteKind.QUIET
    assert note.since is not None
    assert note.since <= stopped < note.at < stopped + timedelta(days=most)
    assert note.facts["expected"] >= 36
    assert re.search(
        r"nothing new since 2024-05-2\d \d\d:\d\d UTC, for .*about \d+ entries would", note.message
    )
    assert watch.state.noted == {NoteKind.QUIET: note.since}
    ended = only(watch.lists([entry("back", watch.at), *listed]))
    assert (ended.kind, ended.of, ended.since) == (NoteKind.OVER, NoteKind.QUIET, note.since)
    assert ended.message.startswith("It publishes again, as of ")
    assert watch.state.noted == {}


def test_a_new_feed_that_falls_silent() -> None:
    """A feed added days ago, whose weekends nobody has seen, is quiet after the length of a weekend."""
    watch = Watch()
    publishing(watch, 4, always)
    stopped = watch.at
    publishing(watch, 4, never)
    note = only(watch.notes)
    assert note.kind is NoteKind.QUIET
    assert hours(65) <= note.at - stopped <= hours(68)


def test_failures_are_no_silence() -> None:
    """A feed that cannot be read is not called quiet: nobody knows."""
    watch = Watch()
    publishing(watch, 21, always)
    for _ in range(40):
        watch.look(unreached(watch.at))
        watch.wait(2)
    assert kinds(watch.notes) == ["failing"]


def test_a_feed_frozen_in_the_past() -> None:
    """A feed that answers with entries of weeks ago is frozen, once, until it lists something new."""
    watch = Watch()
    old = news(watch.at - hours(20 * DAY), "old", every=4)
    note = only(watch.lists(old))
    assert (note.kind, note.since) == (NoteKind.FROZEN, NOON - hours(20 * DAY + 4))
    assert "2024-04-14 08:00 UTC, 20 days 4 hours ago" in note.message
    assert watch.wait(DAY).lists(old) == ()
    assert watch.wait(DAY).look(unchanged(watch.at)) == ()
    assert watch.wait(DAY).look(same(watch.at)) == ()
    assert kinds(watch.lists([entry("new", watch.at), *old])) == ["over frozen"]


def test_a_feed_that_freezes_behind_304s() -> None:
    """A feed that answers "not modified" for weeks is found frozen without a document."""
    watch = Watch()
    watch.lists(news(watch.at, "a"))
    for _ in range(40 * 6):
        watch.wait(4).look(unchanged(watch.at))
    (note,) = [note for note in watch.notes if note.kind is NoteKind.FROZEN]
    assert timedelta(days=14) <= note.at - NOON <= timedelta(days=31)


@pytest.mark.parametrize(
    ("every", "age"), [(7 * DAY, 20 * DAY), (30 * DAY, 60 * DAY)], ids=["weekly", "monthly"]
)
def test_a_slow_feed_is_not_frozen(every: float, age: float) -> None:
    """What appears weekly or monthly may be weeks old."""
    watch = Watch()
    assert watch.lists([entry(f"n{n}", NOON - hours(age + n * every)) for n in range(10)]) == ()


def test_an_issue_of_many_articles_is_one() -> None:
    """A magazine that publishes ten articles every three weeks is not frozen before its next issue; one that
    stopped is, after months."""
    watch, issues = Watch(), [NOON - hours(n * 21 * DAY) for n in range(3)]
    for day in range(21):
        listed = [entry(f"{issue} {n}", issue - hours(n / 60)) for issue in issues for n in range(10)]
        assert watch.lists(listed[: 20 + day % 2]) == ()
        watch.wait(DAY)
    assert kinds(watch.wait(120 * DAY).lists(listed)) == ["frozen"]


def test_a_feed_without_dates_is_not_frozen() -> None:
    """Where nothing is dated nothing is known to be old."""
    assert Watch().lists([entry(f"n{n}") for n in range(10)]) == ()

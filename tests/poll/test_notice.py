"""Notes: each condition begins, lasts in silence, and is over; what is lost is said each time."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.feed.entry import Content, Entry
from pipeline.feed.parse import parse_feed
from pipeline.outcome import Reason, Rejected
from pipeline.poll.answer import Hop
from pipeline.poll.decide import after
from pipeline.poll.note import FeedNote, NoteKind
from pipeline.poll.note_text import lasting, period, shown
from pipeline.poll.notice import noticed
from pipeline.poll.policy import Policy
from pipeline.poll.poll import Poll
from pipeline.poll.spec import FeedSpec
from pipeline.poll.state import Subscription
from pipeline.poll.websub import denied, verified
from tests.poll.polls import NEVER, NOON, SPEC, answer, entry, hours, refused, same, unchanged, unreached
from tests.poll.watch import Watch, identity
from tests.test_docs import first_cells, section

DAY = 24.0


def news(at: datetime, label: str, count: int = 10, every: float = 0.5) -> list[Entry]:
    """Entries of the hours before `at`, the newest first."""
    return [entry(f"{label}{n}", at - hours(every * (n + 1))) for n in range(count)]


def kinds(notes: Sequence[FeedNote]) -> list[str]:
    """What the notes are, an end with what ended."""
    return [f"{note.kind} {note.of}" if note.of else str(note.kind) for note in notes]


def only(notes: Sequence[FeedNote]) -> FeedNote:
    (note,) = notes
    return note


# --- entries were lost


def test_a_list_that_rolled_over_is_a_loss() -> None:
    """When none of a full list is left after a pause, that is noted with its span and its figures."""
    watch = Watch()
    assert watch.lists(news(watch.at, "a", 30)) == ()
    watch.wait(0.5).look(unchanged(watch.at))
    note = only(watch.wait(6).lists(news(watch.at, "b", 30, 0.1)))
    assert (note.kind, note.since) == (NoteKind.LOSS, NOON)
    assert note.message.startswith(
        "Entries were probably lost between 2024-05-04 12:30 and 18:30 UTC:"
        " none of the 30 entries listed before is among the 30 listed now."
    )
    assert (note.facts["listed_before"], note.facts["listed_now"], note.facts["seconds"]) == (30, 30, 21_600)
    assert watch.state.counts.lost == 1
    assert watch.state.noted == {}


def test_each_loss_is_noted() -> None:
    """A loss is no condition that lasts: the next one is an event of its own."""
    watch = Watch()
    for label in "abcd":
        watch.wait(DAY).lists(news(watch.at, label, 8))
    assert kinds(watch.notes) == ["loss"] * 3
    assert len({identity(note) for note in watch.notes}) == 3
    assert watch.state.counts.lost == 3


def test_the_estimate_is_the_habits() -> None:
    """How many entries the feed publishes in such a time is said where its habit is known."""
    watch = Watch()
    published: list[Entry] = []
    for step in range(5 * 24):
        published.insert(0, entry(f"n{step}", watch.at - hours(0.5)))
        watch.lists(published[:20])
        watch.wait(1)
    note = only(watch.wait(47).lists(news(watch.at, "later", 20)))
    assert 40 <= note.facts["expected"] <= 52
    assert note.facts["estimated"] == note.facts["expected"] - 20
    assert "By its habit it publishes about 4" in note.message


@pytest.mark.parametrize(("before", "now"), [(2, 2), (3, 3), (30, 4), (1, 5)], ids=str)
def test_a_small_or_emptied_list_may_have_lost(before: int, now: int) -> None:
    """Of a list of few entries, or one that is not full, a loss is possible and no more than that."""
    watch = Watch()
    watch.lists(news(watch.at, "a", before, 0.1))
    note = only(watch.wait(6).lists(news(watch.at, "b", now, 0.1)))
    assert note.message.startswith("Entries may have been lost")


@pytest.mark.parametrize(
    "then",
    [
        pytest.param(lambda w: w.lists([entry("b0", w.at)]), id="one entry only"),
        pytest.param(lambda w: w.lists(()), id="an empty list"),
        pytest.param(lambda w: w.lists(news(w.at, "b"), complete=False), id="a document that is cut off"),
        pytest.param(lambda w: w.lists(news(w.at, "b"), status=226), id="a delta"),
        pytest.param(lambda w: w.lists(news(w.at, "b"), "delivered"), id="a delivery"),
        pytest.param(lambda w: w.lists(news(w.at - hours(90), "b")), id="older entries than before"),
    ],
)
def test_what_is_no_loss(then: Callable[[Watch], tuple[FeedNote, ...]]) -> None:
    """Where a list did not roll over, nothing is said to be lost."""
    watch = Watch()
    watch.lists([entry("a0", watch.at)])
    assert not {"loss", "replaced"} & set(kinds(then(watch.wait(6))))
    assert watch.state.counts.lost == 0


def test_new_ids_for_the_same_pages_are_no_loss() -> None:
    """A feed that numbers its entries anew still lists the same pages."""
    watch = Watch()
    listed = news(watch.at, "a")
    watch.lists(listed)
    anew = [replace(one, guid=f"urn:{one.guid}") for one in listed]
    assert watch.wait(1).lists(anew) == ()


# --- it became something else


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"title": "Casino"}, 'it was called "Paper" and is called "Casino"'),
        ({"link": "https://parked.example/"}, "its site was p.example and is parked.example"),
        ({"version": "atom10"}, "its format was rss20 and is atom10"),
    ],
    ids=["title", "site", "format"],
)
def test_a_feed_that_became_something_else(parts: dict[str, Any], words: str) -> None:
    """Nothing in common and a different name, site or format is no loss but another feed, said once."""
    watch = Watch()
    watch.lists(news(watch.at, "a"))
    note = only(watch.wait(6).lists(news(watch.at, "b"), **parts))
    assert (note.kind, note.since) == (NoteKind.REPLACED, NOON)
    assert words in note.message
    assert watch.state.counts.lost == 0
    assert watch.wait(1).lists(news(watch.at, "b"), **parts) == ()


def test_articles_at_another_host_are_another_feed() -> None:
    """A feed all of whose articles were at one host, and now are at others, was taken over."""
    watch = Watch()
    watch.lists(news(watch.at, "a"))
    moved = [replace(one, url=f"https://other.example/{one.guid}") for one in news(watch.at, "b")]
    assert only(watch.wait(6).lists(moved)).kind is NoteKind.REPLACED


def test_a_title_that_carries_the_time_is_the_same() -> None:
    """Figures and signs in a title do not make it another."""
    watch = Watch()
    watch.lists(news(watch.at, "a"), title="Paper (updated 12:00)")
    assert kinds(watch.wait(6).lists(news(watch.at, "b"), title="PAPER, updated 18:00")) == ["loss"]


def test_a_changed_title_alone_is_nothing() -> None:
    """A feed that lists what it listed may be called what it likes."""
    watch = Watch()
    listed = news(watch.at, "a")
    watch.lists(listed)
    assert watch.wait(6).lists(listed, title="The Paper of Record") == ()


# --- quiet and frozen


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


@pytest.mark.parametrize(("busy", "most"), [(always, 2.0), (by_day, 3.0), (on_weekdays, 7.0)])
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
    assert note.facts["expected"] >= 24
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
    old = news(watch.at - hours(20 * DAY), "old")
    note = only(watch.lists(old))
    assert (note.kind, note.since) == (NoteKind.FROZEN, NOON - hours(20 * DAY + 0.5))
    assert "2024-04-14 11:30 UTC, 20 days ago" in note.message
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


def test_a_feed_without_dates_is_not_frozen() -> None:
    """Where nothing is dated nothing is known to be old."""
    assert Watch().lists([entry(f"n{n}") for n in range(10)]) == ()


# --- clocks


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


# --- where and whether it answers


def test_a_feed_that_moved() -> None:
    """A permanent redirect is noted once it is confirmed, from its first sighting; the way back ends it."""
    watch = Watch()
    listed = news(watch.at, "a")
    there = "https://new.example/feed"
    for _ in range(4):
        head = answer(watch.at, url=there, hops=[Hop(SPEC.url, 301)])
        watch.look(Poll(watch.at, answer=replace(head, status=304, conditional=True)))
        watch.wait(DAY)
    note = only(watch.notes)
    assert (note.kind, note.since) == (NoteKind.MOVED, NOON)
    assert f"sent us to {there} since 2024-05-04 12:00 UTC" in note.message
    assert note.facts == {"address": there}
    assert watch.lists(listed) == ()
    for _ in range(4):
        head = replace(answer(watch.at, hops=[Hop(there, 301)]), asked=there)
        watch.look(Poll(watch.at, answer=replace(head, status=304, conditional=True)))
        watch.wait(DAY)
    assert kinds(watch.notes) == ["moved", "over moved"]


def test_a_feed_that_is_gone() -> None:
    """410 over days is noted once, and is not failing as well; feeds do come back."""
    watch = Watch()
    watch.lists(news(watch.at, "a"))
    for _ in range(60):
        watch.wait(2).look(refused(watch.at, 410))
    note = only(watch.notes)
    assert (note.kind, note.since) == (NoteKind.GONE, NOON + hours(2))
    assert timedelta(days=2) <= note.at - NOON <= timedelta(days=2.2)
    assert "since 2024-05-04 14:00 UTC" in note.message
    assert kinds(watch.lists(news(NOON, "a"))) == ["over gone"]


def test_a_feed_that_fails() -> None:
    """Failures are noted after a day of them, with the last one's reason, once, whatever follows."""
    watch = Watch()
    watch.lists(news(watch.at, "a"))
    for _ in range(10):
        watch.wait(3).look(unreached(watch.at, Reason.DNS_FAILED))
    note = only(watch.notes)
    assert (note.kind, note.since) == (NoteKind.FAILING, NOON + hours(3))
    assert note.facts == {"reason": "dns-failed", "failures": 9}
    assert note.message == (
        "It could not be read since 2024-05-04 15:00 UTC, at 9 looks in a row (dns-failed): no answer."
        " It was last read at 2024-05-04 12:00 UTC."
    )
    assert watch.wait(1).look(refused(watch.at, 500)) == ()
    assert kinds(watch.wait(1).look(unchanged(watch.at))) == ["over failing"]


def test_few_failures_far_apart_are_none() -> None:
    """A worker that was switched off for days between two failed looks has seen too little."""
    watch = Watch()
    for _ in range(3):
        assert watch.wait(20).look(unreached(watch.at)) == ()


# --- what is wrong with the list


def damage(*named: str, reason: Reason = Reason.TOO_LARGE) -> tuple[Rejected, ...]:
    return tuple(Rejected(reason, "too much", f"entry {n + 1}, guid {name}") for n, name in enumerate(named))


def test_a_damaged_feed() -> None:
    """Damage is noted with its figures, again only when there is more of it, and is over without it."""
    watch = Watch()
    listed = news(watch.at, "a")
    note = only(watch.lists(listed, rejected=damage("x")))
    assert (note.kind, note.facts) == (NoteKind.DAMAGED, {"too-large": 1})
    assert note.message == (
        "Not all of it could be used: 1 part too large. For example entry 1, guid x: too much."
    )
    assert watch.wait(1).lists(listed, rejected=damage("new", "x")[1:]) == ()
    assert watch.wait(1).look(unchanged(watch.at)) == ()
    assert kinds(watch.wait(1).lists(listed, rejected=damage("x", "y"))) == ["damaged"]
    assert watch.wait(1).lists(listed, rejected=damage("y")) == ()
    assert watch.wait(1).lists(listed[:1], "delivered") == ()
    assert kinds(watch.wait(1).lists(listed)) == ["over damaged"]
    assert watch.state.damage is None


def test_a_fault_of_all_entries_is_noted_once() -> None:
    """Where every entry has the fault, each new entry that has it too is no news."""
    watch = Watch()
    listed = news(watch.at, "a")
    faulty = [f"g{n}" for n in range(30)]
    for first in range(20):
        watch.wait(1).lists(listed, rejected=damage(*faulty[first : first + 8], reason=Reason.BAD_DATE))
    assert kinds(watch.notes) == ["damaged"]


def test_what_a_limit_cut_off_is_damage() -> None:
    """Entries beyond the limit are counted by it."""
    cut = Rejected(Reason.TOO_MANY_ENTRIES, "98000 entries after the first 2000 were not read")
    note = only(Watch().lists(news(NOON, "a"), rejected=(cut,), cut=98_000, complete=False))
    assert note.facts == {"too-many-entries": 98_000}
    assert "98,000 entries beyond the limit" in note.message


def test_what_could_not_be_sent_is_damage() -> None:
    """An entry from which no article can be told is counted with what the document lost."""
    watch = Watch()
    why = Rejected(Reason.UNIDENTIFIABLE, "neither address nor title", "entry 3")
    poll = watch.polled(news(watch.at, "a"))
    assert only(watch.look(replace(poll, unsent=(why,)))).facts == {"unidentifiable": 1}


def test_one_guid_for_all() -> None:
    """Entries that share a guid are noted; an entry that is listed twice is not one of them."""
    watch = Watch()
    listed = [replace(one, guid="same") for one in news(watch.at, "a")]
    note = only(watch.lists(listed))
    assert (note.kind, note.facts) == (NoteKind.REPEATED, {"ids": 1, "entries": 10, "listed": 10})
    assert note.message.startswith('All 10 entries it lists share the id "same".')
    assert watch.wait(1).lists(listed) == ()
    twice = news(NOON, "b")
    ended = watch.wait(1).lists([*listed[:1], *twice, twice[0]])
    assert kinds(ended) == ["over repeated-guid"]


def test_entries_that_never_settle() -> None:
    """A feed that writes the time into its entries is noted once they are held back, until they settle."""
    watch = Watch()
    fixed = news(NOON, "b", 3)
    for number in range(40):
        ticking = replace(entry("t", NOON), title=Content(f"now {number}"))
        watch.wait(0.2).lists([ticking, *fixed])
    note = only(watch.notes)
    assert (note.kind, note.facts) == (NoteKind.RESTLESS, {"entries": 1, "listed": 4})
    watch.wait(1).lists([ticking, *fixed])
    assert kinds(watch.notes) == ["restless", "over restless"]


# --- hubs


def subscribed(at: datetime) -> Subscription:
    held = Subscription("https://hub.example/", "https://p.example/feed", "token", "secret", at)
    return verified(held, at, 864_000)


def test_a_hub_that_denies() -> None:
    """A subscription that is refused is noted with what the hub says; polling goes on; it can be mended."""
    watch = Watch()
    watch.lists(news(watch.at, "a"))
    watch.state = replace(watch.state, hub=subscribed(watch.at))
    assert watch.wait(1).look(unchanged(watch.at)) == ()
    watch.state = replace(watch.state, hub=denied(subscribed(watch.at), "too many feeds\x1b[2J"))
    note = only(watch.wait(1).look(unchanged(watch.at)))
    assert note.kind is NoteKind.HUB
    assert "does not take our subscription (denied: too many feeds[2J)" in note.message
    assert "secret" not in repr(note)
    assert watch.wait(1).look(unchanged(watch.at)) == ()
    watch.state = replace(watch.state, hub=subscribed(watch.at))
    assert kinds(watch.wait(1).look(unchanged(watch.at))) == ["over hub"]


def test_a_hub_that_ends_or_delivers_nothing() -> None:
    """A lease that runs out, and polls that find what was not delivered, are the hub's trouble as well."""
    for held, words in (
        (replace(subscribed(NOON), missed=3), "did not deliver what 3 polls in a row found new"),
        (replace(subscribed(NOON), expires=NOON), "has not renewed our subscription"),
        (replace(subscribed(NOON), verified=None, expires=None, failures=3), "left 3 requests"),
    ):
        watch = Watch(state=replace(NEVER, hub=held))
        assert words in only(watch.wait(1).look(unchanged(watch.at))).message


# --- all of them


HOSTILE = "a\x1b[31m\u202e\x00\n\t\u2028\ud800" + "x" * 9_000


def test_messages_are_bounded_and_harmless() -> None:
    """Whatever a feed writes, its notes are short lines without controls, and can be sent."""
    watch = Watch(spec=FeedSpec(SPEC.url, title=HOSTILE))
    listed = [replace(one, guid=HOSTILE.replace("\ud800", "")) for one in news(watch.at - hours(900), "a")]
    lost = (Rejected(Reason.BAD_FIELD, HOSTILE, HOSTILE),)
    watch.lists(listed, title=HOSTILE, link="https://" + "h" * 900 + ".example/", rejected=lost)
    watch.wait(1).lists(
        news(watch.at, "b"), title=HOSTILE + "other", link="https://other.example/", version="x" * 99
    )
    watch.state = replace(watch.state, address=None)
    for _ in range(9):
        watch.wait(9).look(Poll(watch.at, why=Rejected(Reason.BAD_RESPONSE, HOSTILE)))
    assert set(kinds(watch.notes)) >= {"frozen", "damaged", "repeated-guid", "replaced", "failing"}
    for note in watch.notes:
        told = [note.message, note.title or "", *(one for one in note.facts.values() if isinstance(one, str))]
        assert all(one.isprintable() and len(one) < 1_000 for one in told)
        assert all(one.encode() is not None for one in told)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("two\n lines\u2028 three", "two lines three"),
        ("\x1b]0;title\x07bell", "]0;titlebell"),
        ("\u202eevil\u200b\u00ad", "evil"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("y" * 300, "y" * 119 + "…"),
    ],
)
def test_shown_text(text: str, expected: str) -> None:
    """Text of feeds on one line; joiners stay, for words are spelled with them."""
    assert shown(text) == expected


def test_times_in_words() -> None:
    """Durations name their two largest units, periods a day once."""
    assert [lasting(hours(one)) for one in (0, 0.5, 1, 25.5, 48, 3.75)] == [
        *("1 minute", "30 minutes", "1 hour", "1 day 1 hour", "2 days", "3 hours 45 minutes")
    ]
    assert period(NOON, NOON + hours(2)) == "2024-05-04 12:00 and 14:00 UTC"
    assert period(NOON, NOON + hours(20)) == "2024-05-04 12:00 UTC and 2024-05-05 08:00 UTC"


def test_every_kind_of_note_has_its_line() -> None:
    """The table of notes in the reference holds each kind once, in the order of the code, and no other."""
    assert first_cells(section("Feed notes")) == [kind.value for kind in NoteKind]


MOMENTS = st.one_of(
    st.floats(-200, 200).map(lambda count: NOON + hours(count)),
    st.datetimes(timezones=st.just(UTC)),
)
LISTED = st.lists(
    st.builds(
        lambda name, guid, date, tick: replace(
            entry(name, date), guid=guid or name, title=Content(f"{name}{tick}")
        ),
        st.sampled_from("abcdefgh"), st.sampled_from((None, "g")), st.none() | MOMENTS, st.integers(0, 1),
    ),
    max_size=6,
)  # fmt: skip
REJECTIONS = st.lists(
    st.builds(Rejected, st.sampled_from(Reason), st.text(max_size=9), st.text(max_size=9)), max_size=3
)
LOOKS = st.one_of(
    st.sampled_from((unchanged, same, lambda at: refused(at, 410), unreached)),
    st.tuples(LISTED, st.sampled_from(("asked", "delivered")), st.sampled_from((200, 226)), REJECTIONS),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(MOMENTS | st.floats(0, 900), LOOKS, st.text(max_size=5)), max_size=12))
def test_any_history_of_looks(history: list[tuple[Any, Any, str]]) -> None:
    """Whatever polls bring, at whatever moments: no exception, the same notes for the same poll, never one
    of a condition that is noted and not over, and what is noted is what was told."""
    watch = Watch()
    standing: set[NoteKind] = set()
    for moment, look, title in history:
        at = moment if isinstance(moment, datetime) else watch.at + hours(min(moment, 900))
        watch.at = min(max(at, datetime(1980, 1, 1, tzinfo=UTC)), datetime(2090, 1, 1, tzinfo=UTC))
        if callable(look):
            poll = look(watch.at)
        else:
            listed, way, status, lost = look
            poll = watch.polled(listed, way, status, title=title, rejected=tuple(lost))
        before = watch.state
        plain = after(SPEC, before, poll, Policy())
        state, notes = noticed(SPEC, before, plain, poll)
        assert (state, notes) == noticed(SPEC, before, plain, poll)
        assert len({identity(note) for note in notes}) == len(notes)
        for note in notes:
            if note.kind is NoteKind.OVER:
                assert note.of in standing
                standing.discard(note.of)
            elif note.kind not in (NoteKind.LOSS, NoteKind.REPLACED):
                assert note.kind not in standing or note.kind in (NoteKind.DAMAGED, NoteKind.MOVED)
                standing.add(note.kind)
            assert note.feed == SPEC.url
            assert note.message.isprintable()
        assert set(state.noted) == standing
        watch.state = state
        watch.listing = poll.comparison.listing if poll.comparison else watch.listing


def test_a_quiet_look_changes_nothing() -> None:
    """A 304 of a feed of which nothing is to be said gives back the very state, at no cost."""
    watch = Watch()
    watch.lists(news(watch.at, "a"))
    poll = unchanged(NOON + hours(1))
    plain = after(SPEC, watch.state, poll, Policy())
    state, notes = noticed(SPEC, watch.state, plain, poll)
    assert state is plain
    assert notes == ()

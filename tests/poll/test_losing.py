"""Notes of what was lost: a list that rolled over while nobody looked, a feed that became another."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pipeline.feed.entry import Entry
from pipeline.poll.note import FeedNote, NoteKind
from tests.poll.polls import NOON, entry, hours, unchanged
from tests.poll.watch import DAY, Watch, identity, kinds, news, only


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


def test_a_loss_among_dates_without_times() -> None:
    """Where dates name days, a list may roll over within one; entries of the day before are an old copy."""
    watch, midnight = Watch(), NOON.replace(hour=0)
    watch.lists([entry(f"a{n}", midnight) for n in range(10)])
    note = only(watch.wait(6).lists([entry(f"b{n}", midnight) for n in range(10)]))
    assert (note.kind, watch.state.counts.lost) == (NoteKind.LOSS, 1)
    assert watch.wait(1).lists([entry(f"c{n}", midnight - hours(24)) for n in range(10)]) == ()


@pytest.mark.parametrize("stay", [1, 2])
def test_what_is_pinned_hides_no_loss(stay: int) -> None:
    """Where all but one or two old entries of a long list passed, more may have passed between."""
    watch = Watch()
    pinned = news(watch.at - hours(300), "pinned", stay)
    watch.lists([*pinned, *news(watch.at, "a", 12)])
    note = only(watch.wait(9).lists([*pinned, *news(watch.at, "b", 12)], title="Paper of Record"))
    assert note.message.startswith("Entries may have been lost between 2024-05-04 12:00 and 21:00 UTC")
    assert (
        f"none of the 12 entries listed before is among the 12 listed now, beside {stay} that stay"
        in note.message
    )
    assert (note.kind, watch.state.counts.lost) == (NoteKind.LOSS, 1)


@pytest.mark.parametrize(
    ("stay", "count", "age"),
    [(3, 12, 300), (1, 8, 300), (1, 12, 5)],
    ids=["three", "a short list", "the latest"],
)
def test_what_stays_and_is_not_pinned(stay: int, count: int, age: float) -> None:
    """More entries, of a short list, or the latest of those before: the list was seen to go on."""
    watch = Watch()
    kept = news(watch.at - hours(age), "kept", stay)
    watch.lists([*news(watch.at, "a", count), *kept])
    assert watch.wait(9).lists([*news(watch.at, "b", count), *kept]) == ()


def test_new_ids_for_the_same_pages_are_no_loss() -> None:
    """A feed that numbers its entries anew still lists the same pages."""
    watch = Watch()
    listed = news(watch.at, "a")
    watch.lists(listed)
    anew = [replace(one, guid=f"urn:{one.guid}") for one in listed]
    assert watch.wait(1).lists(anew) == ()


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


def test_an_old_copy_that_is_served_for_a_while_is_no_loss() -> None:
    """A cache that serves the list of weeks ago for a while, and then that of today again, loses nothing."""
    watch = Watch()
    today = news(watch.at, "a")
    watch.lists(today)
    assert kinds(watch.wait(0.5).lists(news(watch.at - hours(30 * DAY), "old"))) == ["frozen"]
    latest = [entry("latest", watch.at), *today[:9]]
    assert kinds(watch.wait(0.5).lists(latest)) == ["over frozen"]
    assert watch.state.counts.lost == 0


def test_a_feed_of_one_entry_may_be_called_like_it() -> None:
    """Where the one entry listed gives the feed its title, each new one is nothing but that."""
    watch = Watch()
    for name in "abcd":
        assert watch.wait(1).lists([entry(name, watch.at)], title=f"Now: {name}") == ()

"""Feeds whose entries have other ids at each look, and copies that are served in turn."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.feed.entry import Entry
from pipeline.poll.habit import expected
from pipeline.poll.note import NoteKind
from tests.poll.polls import entry, hours
from tests.poll.watch import Watch, kinds, news, only

Changing = Callable[[Entry, int], Entry]


def ids(one: Entry, look: int) -> Entry:
    return replace(one, guid=f"{one.guid} {look}")


def ids_and_addresses(one: Entry, look: int) -> Entry:
    return replace(ids(one, look), url=f"{one.url}?session={look}")


def undated(changing: Changing) -> Changing:
    return lambda one, look: replace(changing(one, look), published=None)


def published(watch: Watch, count: int = 20, every: int = 4) -> list[Entry]:
    """The latest entries of a feed that publishes every so many hours."""
    first = watch.at.replace(microsecond=0, second=0, minute=0, hour=watch.at.hour // every * every)
    return [entry(f"n{at}", at) for at in (first - hours(every * n) for n in range(count))]


def followed(watch: Watch, changing: Changing, looks: int) -> None:
    """Look as often as it is due."""
    for look in range(looks):
        watch.lists([changing(one, look) for one in published(watch)])
        assert watch.state.due is not None
        watch.at = watch.state.due


@pytest.mark.parametrize(
    ("changing", "losses"),
    [
        pytest.param(ids, 0, id="ids, dated"),
        pytest.param(undated(ids), 0, id="ids, undated"),
        pytest.param(ids_and_addresses, 2, id="ids and addresses, dated"),
        pytest.param(undated(ids_and_addresses), 2, id="ids and addresses, undated"),
    ],
)
def test_other_ids_at_each_look(changing: Changing, losses: int) -> None:
    """They are one lasting condition and no loss at each look, and they are no news: the feed is asked as
    seldom as its dates call for."""
    watch = Watch()
    followed(watch, changing, 500)
    assert [kind for kind in kinds(watch.notes) if kind != "loss"] == ["restless"]
    assert watch.state.counts.lost <= losses
    assert expected(watch.state.habit, watch.at, watch.at + hours(24)) < 12
    assert watch.state.interval == 3_600
    note = only([note for note in watch.notes if note.kind is NoteKind.RESTLESS])
    assert note.facts == {"looks": 3, "listed": 20}
    assert note.message.startswith("Its entries have other ids at each look, 3 in a row")
    assert note.message.endswith("cannot be told." if losses else "known by their addresses.")


def test_ids_that_stay_after_all() -> None:
    """The condition ends with the first look at which entries are known by their ids."""
    watch = Watch()
    followed(watch, ids, 10)
    watch.lists([ids(one, 9) for one in published(watch)])
    assert kinds(watch.notes) == ["restless", "over restless"]


def test_other_ids_at_the_same_pages_are_not_sent() -> None:
    """What is known by its page is sent once, however often its id changes."""
    watch = Watch()
    followed(watch, ids, 150)
    assert watch.state.counts.entries < 80


def test_ids_made_anew_once() -> None:
    """A feed that numbers its entries anew has published nothing, and nothing is noted."""
    watch = Watch()
    for look in range(40):
        watch.lists([ids(one, look // 20) for one in published(watch)])
        watch.wait(1)
    assert watch.notes == []
    assert watch.state.counts.entries == 20 + 39 // 4


def test_an_old_copy_and_the_way_back_are_no_loss() -> None:
    """Where servers of a feed disagree by days neither list has pushed out the other's: the feed is asked no
    more often for it."""
    watch = Watch()
    old, latest = news(watch.at - hours(90), "a", every=4), news(watch.at, "b", every=4)
    for listed in (old, latest, old, latest, old, latest):
        watch.lists(listed)
        watch.wait(1)
        if listed is latest and watch.state.counts.polls > 2:
            assert watch.state.interval == 3_600
    assert watch.state.counts.lost == 1

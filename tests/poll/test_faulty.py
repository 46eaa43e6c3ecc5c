"""Notes of what is wrong with a list: damage, shared ids, entries that never settle."""

from dataclasses import replace

import pytest

from pipeline.feed.entry import Content
from pipeline.outcome import Reason, Rejected
from pipeline.poll.note import NoteKind
from tests.poll.polls import NOON, entry, unchanged
from tests.poll.watch import DAY, Watch, kinds, news, only


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
    watch.wait(7 * DAY).lists(listed)
    assert watch.state.damage is None


def test_a_fault_of_all_entries_is_noted_once() -> None:
    """Where every entry has the fault, each new entry that has it too is no news."""
    watch = Watch()
    listed = news(watch.at, "a")
    faulty = [f"g{n}" for n in range(30)]
    for first in range(20):
        watch.wait(1).lists(listed, rejected=damage(*faulty[first : first + 8], reason=Reason.BAD_DATE))
    assert kinds(watch.notes) == ["damaged"]


@pytest.mark.parametrize("complete", [True, False], ids=["whole", "never whole"])
def test_a_fault_that_comes_with_some_entries(complete: bool) -> None:
    """Where one entry in many has the fault, it is noted for the first few and from then on remembered, in
    few bytes, until none had it for a week."""
    watch = Watch()
    listed, faults = news(watch.at, "a"), damage("x", reason=Reason.MALFORMED_FEED)[: not complete]
    for number in range(60):
        bad = damage(*[f"g{number}"][: number % 3], reason=Reason.BAD_DATE)
        watch.wait(2).lists(listed, rejected=(*bad, *faults), complete=complete)
    assert kinds(watch.notes).count("damaged") == 4 + (not complete)
    assert len(watch.notes) <= 8
    assert len(watch.state.damage or "") < 100
    known = len(watch.notes)
    for _ in range(8):
        watch.wait(DAY).lists(listed)
    assert [kind for kind in kinds(watch.notes[known:]) if "damaged" in kind] == ["over damaged"]
    assert watch.state.damage is None


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

"""Notes as a whole: bounded and harmless, the same for the same poll, told once, each in the reference."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.feed.entry import Content
from pipeline.outcome import Reason, Rejected
from pipeline.poll.decide import after
from pipeline.poll.note import NoteKind
from pipeline.poll.note_text import lasting, period, shown
from pipeline.poll.notice import noticed
from pipeline.poll.policy import Policy
from pipeline.poll.poll import Poll
from pipeline.poll.spec import FeedSpec
from tests.poll.polls import NOON, SPEC, entry, hours, refused, same, unchanged, unreached
from tests.poll.watch import Watch, identity, kinds, news
from tests.test_docs import first_cells, section

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

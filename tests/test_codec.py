"""The wire: what is written is read again, and the same value is the same bytes."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.codec import CodecError, decode, encode
from pipeline.event.event import ArticleRef, Attribution, Event, Figure, Finding
from pipeline.feed.entry import Content, Entry
from pipeline.mention.mention import Sentence
from pipeline.poll.note import NoteKind
from pipeline.poll.state import FeedState

words = st.text(st.characters(exclude_categories=["Cs"]))
moments = st.none() | st.datetimes(timezones=st.just(UTC))
offsets = st.integers(0, 10**9)
contents = st.none() | st.builds(Content, words, st.sampled_from(["text", "html"]))
entries = st.builds(
    Entry,
    feed=words,
    origin=st.sampled_from(["feed", "archive", "seed"]),
    observed=moments,
    guid=st.none() | words,
    title=contents,
    content=contents,
    authors=st.lists(words, max_size=3).map(tuple),
    published=moments,
    withdrawn=st.booleans(),
)
figures = st.builds(Figure, st.integers(0, 10**9), words, words, offsets, offsets)
findings = st.builds(
    Finding,
    field=st.sampled_from(["title", "text"]),
    start=offsets,
    end=offsets,
    surface=words,
    alias=words,
    sentence=st.builds(Sentence, st.just("text"), offsets, offsets, words),
    attribution=st.none() | st.builds(Attribution, words, words, st.booleans(), words, offsets, offsets),
    figures=st.lists(figures, max_size=2).map(tuple),
)
events = st.builds(
    Event,
    article=st.builds(ArticleRef, words, words, st.just("seed"), words, published=moments),
    subject=words,
    stories=st.lists(words, max_size=2).map(tuple),
    mentions=st.lists(findings, max_size=2).map(tuple),
    salience=st.floats(0, 1),
    rules=words,
)


@given(entries)
def test_entries_come_back(entry: Entry) -> None:
    """An entry is the same after the wire, and so are its bytes."""
    data = encode(entry)
    assert decode(Entry, data) == entry
    assert encode(decode(Entry, data)) == data


@given(events)
def test_events_come_back(event: Event) -> None:
    """An event is the same after the wire, and so are its bytes."""
    data = encode(event)
    assert decode(Event, data) == event
    assert encode(decode(Event, data)) == data


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"feed": 1, "origin": "feed"}', b"\xff"])
def test_foreign_bytes_are_an_error_that_names_the_type(data: bytes) -> None:
    """What is no entry raises one error, which says of which type it is none."""
    with pytest.raises(CodecError, match="Entry"):
        decode(Entry, data)


def test_a_time_without_a_zone_is_no_time() -> None:
    """A naive time on the wire is refused: it names no moment."""
    with pytest.raises(CodecError, match="observed"):
        decode(Entry, b'{"feed": "f", "origin": "feed", "observed": "2024-05-04T10:00:00"}')


def test_members_of_an_enum_are_keys_by_their_value() -> None:
    """A mapping by StrEnum is on the wire what it is by str, sorted, and comes back."""
    since = datetime(2024, 5, 4, 10, tzinfo=UTC)
    state = FeedState("f", noted={NoteKind.QUIET: since, NoteKind.CLOCK: since})
    data = encode(state)
    assert b'"noted":{"clock":"2024-05-04T10:00:00Z","quiet":"2024-05-04T10:00:00Z"}' in data
    assert data == encode(FeedState("f", noted={"clock": since, "quiet": since}))
    assert decode(FeedState, data) == state


def test_fields_stand_as_declared_and_keys_sorted() -> None:
    """A dataclass is written in the order of its fields, a mapping in that of its keys: hashes rest on it."""
    assert encode(Content("A pause.", "html")) == b'{"value":"A pause.","type":"html"}'
    assert encode({"value": 1, "type": Content("b")}) == b'{"type":{"value":"b","type":"text"},"value":1}'

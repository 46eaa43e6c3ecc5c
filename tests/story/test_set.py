"""The set of rows: what it holds does not depend on order or repetition, and time is a filter on it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.codec import CodecError, encode
from pipeline.story.derive import summarise
from pipeline.story.row import (
    StoryRow,
    as_of,
    current,
    decode_row,
    encode_row,
    parse_key,
    row_key,
    since,
)
from pipeline.story.shown import citations
from tests.story.build import SCOPE, contributions, simple
from tests.story.strategies import START, row_sets


def told(rows: list[StoryRow]) -> bytes:
    return encode(summarise(SCOPE, contributions(rows)))


@given(rows=row_sets(), data=st.data())
@settings(max_examples=200, deadline=None)
def test_order_and_repetition_change_no_byte(rows: list[StoryRow], data: st.DataObject) -> None:
    """Rows in any order, any of them any number of times, give the same summary byte for byte."""
    again = data.draw(st.lists(st.sampled_from(rows), max_size=6)) if rows else []
    shuffled = data.draw(st.permutations([*rows, *again]))
    assert told(shuffled) == told(rows)


@given(rows=row_sets(), hours=st.integers(-1, 97))
@settings(max_examples=100, deadline=None)
def test_as_of_is_the_summary_of_what_was_observed(rows: list[StoryRow], hours: int) -> None:
    """As of any time, the summary is that of the rows observed by then; unobserved ones always belong."""
    when = START + timedelta(hours=hours)
    kept = [row for row in rows if row.event.article.observed is None or row.event.article.observed <= when]
    assert told(as_of(rows, when)) == told(kept)
    assert encode(summarise(SCOPE, as_of(contributions(rows), when))) == told(kept)


@given(rows=row_sets(), version=st.integers(0, 6))
@settings(max_examples=50, deadline=None)
def test_since_is_what_had_arrived(rows: list[StoryRow], version: int) -> None:
    """A cursor's rows are those that had arrived by its version, and the version itself is in no summary."""
    assert since(rows, version) == [row for row in rows if row.version <= version]
    renumbered = [StoryRow(row.event, row.sequence, 7) for row in rows]
    assert told(renumbered) == told(rows)


@given(rows=row_sets())
@settings(max_examples=100, deadline=None)
def test_only_what_stands_is_cited(rows: list[StoryRow]) -> None:
    """Every citation is of the highest revision that is neither retracted nor ended, with its own words."""
    standing, _ = current(rows)
    texts = {}
    for row in standing:
        for finding in row.event.mentions:
            texts.setdefault((row.article, row.revision), set()).add(finding.sentence.text)
    for citation in citations(summarise(SCOPE, contributions(rows))):
        assert (citation.article, citation.revision) in texts
        if citation.field == "text":
            assert citation.words in texts[citation.article, citation.revision]


@given(row=row_sets().filter(bool).map(lambda rows: rows[0]))
@settings(max_examples=50, deadline=None)
def test_rows_survive_the_wire(row: StoryRow) -> None:
    """A row decoded from its bytes is the same row, and its key names its parts."""
    assert decode_row(encode_row(row)) == row
    key = row_key("s", row)
    assert parse_key(key) == ("s", row.article, row.subject, row.revision, row.sequence)


def test_key_is_what_it_always_was() -> None:
    """A row's key is story, article, subject, revision and sequence; changing it would orphan every row."""
    row = simple("u1", "A truce holds.", observed="2031-05-01T08")
    assert row_key("talks", row) == (
        "talks|u1|ceasefire|2031-05-01T08:00:00.000000Z-a0b9705e9d1d5b52|0001.00000001"
    )


@pytest.mark.parametrize("data", [b"", b"{}", b'{"event": 1, "sequence": "", "version": 1}'])
def test_bad_bytes_are_no_row(data: bytes) -> None:
    """Bytes that are no row are an error that the caller can name."""
    with pytest.raises(CodecError):
        decode_row(data)


def test_bad_key_is_an_error() -> None:
    """A string of other parts is no row's key."""
    with pytest.raises(ValueError, match="not a story row's key"):
        parse_key("talks|u1")


def test_the_highest_sequence_decides() -> None:
    """Of two messages about one revision the one that knew more counts, also when it takes it back."""
    older = simple("a", "A truce holds.", observed="2031-05-01T08")
    newer = simple("a", "A truce holds.", observed="2031-05-01T08", retracted=True, sequence=2)
    assert current([newer, older]) == ([], [])
    assert current([older]) == ([older], [])


def test_a_retracted_revision_uncovers_the_one_before() -> None:
    """When the newest revision is taken back, the one before it stands again."""
    first = simple("a", "A truce holds.", observed="2031-05-01T08")
    second = simple("a", "No truce holds.", observed="2031-05-01T09", sequence=2)
    taken_back = simple("a", "No truce holds.", observed="2031-05-01T09", retracted=True, sequence=3)
    assert current([first, second]) == ([second], [])
    assert current([taken_back, second, first]) == ([first], [])


def test_an_ended_revision_covers_the_one_before() -> None:
    """A withdrawn article does not fall back on its earlier wording; its ending is what stands."""
    first = simple("a", "A truce holds.", observed="2031-05-01T08")
    ended = simple("a", "", observed="2031-05-01T09", ended="withdrawn", sequence=2)
    assert current([ended, first]) == ([], [ended])


def test_as_of_before_everything_keeps_the_unobserved() -> None:
    """Articles that nobody dated belong to every as-of."""
    undated = simple("a", "A truce holds.")
    dated = simple("b", "A truce broke.", observed="2031-05-01T08")
    assert as_of([undated, dated], datetime(1999, 1, 1, tzinfo=UTC)) == [undated]

"""Identities against literals written out here: nobody re-keys the world by accident."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from pipeline import ids

CONTENT = "810f3bfa94b1de1097fe62d805c69ee6"


def test_article_ids() -> None:
    """Each kind of article id has its letter and its literal."""
    assert ids.article_by_url("https://daily.example/one") == "u41b59dd675f5129d87bfb97ba626919a"
    assert ids.article_by_title("daily example", "a title") == "p70496cf871467810c584215f35150af9"
    assert ids.article_by_text("a title", "a text") == "t77adf17dbc8a1ae897468d3a70c2ba07"


def test_content_hash() -> None:
    """Title, text, authors and withdrawal make it; a withdrawal is another content."""
    assert ids.content_hash("A title", "A text.", ["An Author"], False) == CONTENT
    assert ids.content_hash("A title", "A text.", ["An Author"], True) == "2d2fffebf6d65079aa014f2f70590444"


def test_revision_names() -> None:
    """A revision is named by UTC microseconds and 16 hex; an unknown moment sorts before every other."""
    moment = datetime(2024, 5, 4, 12, 0, 0, 123, tzinfo=timezone(timedelta(hours=2)))
    assert ids.revision_name(moment, CONTENT) == "2024-05-04T10:00:00.000123Z-810f3bfa94b1de10"
    assert ids.revision_name(None, CONTENT) == "0000-00-00T00:00:00.000000Z-810f3bfa94b1de10"
    assert ids.revision_name(None, CONTENT) < ids.revision_name(datetime.min.replace(tzinfo=UTC), CONTENT)


def test_message_id_and_rules_digest() -> None:
    """`ce_id` and the digests of rules and words keep their literals."""
    found = ids.message_id("storywire.event.v1", "u1", "ceasefire", "r1", "d1")
    assert found == "m1-d65473edc36a3fe3d7f1c30989ad86a7"
    assert ids.rules_digest(b"{}") == "04722eedbb8acc0f"
    assert ids.words_digest(b"{}") == "5578ff3559dc2f51551417db22e5ec62"


@given(st.lists(st.text(), min_size=2, max_size=4), st.integers(0, 3))
def test_parts_do_not_run_together(parts: list[str], at: int) -> None:
    """Moving the border between two parts gives another id."""
    at = at % (len(parts) - 1)
    joined = [*parts[:at], parts[at] + parts[at + 1], "", *parts[at + 2 :]]
    if joined != parts:
        assert ids.content_hash("", "", joined, False) != ids.content_hash("", "", parts, False)


@given(*[st.datetimes(timezones=st.just(UTC))] * 2)
def test_the_order_of_names_is_the_order_of_moments(one: datetime, other: datetime) -> None:
    """String order of revision names is the order of their moments, years below 1000 included."""
    assert (ids.revision_name(one, CONTENT) < ids.revision_name(other, CONTENT)) == (one < other)

"""Archives: rows of JSON lines and plain texts become entries, or say which field is wrong."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.feed.archive import read_plain_text, read_row
from pipeline.feed.entry import Content, Entry
from pipeline.outcome import Reason, Rejected

SEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"

ROW = {
    "url": "https://p.example/a",
    "title": "Talks resume",
    "text": "First.\n\nSecond.",
    "published": "2024-05-04T12:00:00+03:00",
    "publisher": "Paper",
    "language": "en",
}


def row(**changed: object) -> Entry | Rejected:
    """The row with fields changed; None takes a field out."""
    fields = {name: value for name, value in (ROW | changed).items() if value is not None}
    return read_row(json.dumps(fields).encode(), "line 7", "archive")


def entry(**changed: object) -> Entry:
    found = row(**changed)
    assert isinstance(found, Entry), found
    return found


def test_a_row_is_an_entry() -> None:
    """Every field has its place; the feed is the archive of the publisher, the observation its date."""
    published = datetime(2024, 5, 4, 9, tzinfo=UTC)
    assert entry() == Entry(
        feed="archive:Paper",
        origin="archive",
        observed=published,
        url="https://p.example/a",
        title=Content("Talks resume"),
        content=Content("First.\n\nSecond."),
        published=published,
        language="en",
        publisher="Paper",
    )


def test_optional_fields_are_taken_and_others_ignored() -> None:
    """updated, observed, feed, guid, authors, withdrawn count; anything else is nobody's business here."""
    found = entry(
        updated="2024-05-05T00:00:00Z",
        observed="2024-05-06T00:00:00Z",
        feed="https://p.example/rss",
        guid="g",
        authors=["Ada Lind", {"name": "Bo Ek"}, {"email": "x"}],
        withdrawn=True,
        section="world",
        score=3,
    )
    assert (found.feed, found.guid, found.authors) == ("https://p.example/rss", "g", ("Ada Lind", "Bo Ek"))
    assert (found.updated, found.observed) == (
        datetime(2024, 5, 5, tzinfo=UTC),
        datetime(2024, 5, 6, tzinfo=UTC),
    )
    assert found.withdrawn
    assert entry(author="Ada Lind <a@p.example>").authors == ("Ada Lind",)


def test_html_and_summary_are_markup_where_they_look_like_it() -> None:
    """html is markup; a summary is if it has tags or references; a text never is."""
    assert entry(text=None, html="Plain").content == Content("Plain", "html")
    assert entry(summary="a &amp; b").summary == Content("a &amp; b", "html")
    assert entry(summary="a < b").summary == Content("a < b")
    assert entry(text="<p>").content == Content("<p>")


@pytest.mark.parametrize(
    ("publisher", "url", "feed"),
    [
        ("Paper", "https://p.example/a", "archive:Paper"),
        (None, "https://www.p.example/a", "archive:www.p.example"),
        (None, None, "archive:unnamed"),
    ],
)
def test_an_archive_without_feed_has_a_stable_one(publisher: str | None, url: str | None, feed: str) -> None:
    """Publisher, else host: the same row in two files is one observation."""
    assert entry(publisher=publisher, url=url).feed == feed


def test_outlet_is_another_word_for_publisher() -> None:
    """Both names are in use; publisher wins."""
    assert entry(publisher=None, outlet="O").publisher == "O"
    assert entry(outlet="O").publisher == "Paper"


@pytest.mark.parametrize(
    "written",
    [
        "2024-05-04T09:00:00Z",
        "2024-05-04 11:00:00+02:00",
        "2024-05-04T09:00:00",
        "2024-05-04 09:00",
        "Sat, 04 May 2024 09:00:00 GMT",
        "4 May 2024 12:00 +0300",
        "Sat, 04 May 2024 12:00:00 IDT",
    ],
)
def test_dates_in_common_forms_are_read(written: str) -> None:
    """RFC 3339, RFC 822 and their relatives; without a zone it is UTC."""
    assert entry(published=written).published == datetime(2024, 5, 4, 9, tzinfo=UTC)


def test_an_undated_row_stays_undated() -> None:
    """Absent, null and empty dates are no date."""
    for none in (None, ""):
        found = entry(published=none)
        assert (found.published, found.observed) == (None, None)


def test_a_withdrawn_row_needs_its_address_only() -> None:
    """What is taken back need not be said again."""
    found = read_row(b'{"url": "https://p.example/a", "withdrawn": true}', "line 1", "seed")
    assert isinstance(found, Entry)
    assert (found.url, found.withdrawn, found.origin) == ("https://p.example/a", True, "seed")


@pytest.mark.parametrize(
    ("changed", "reason", "field"),
    [
        ({"url": None, "title": None}, Reason.MISSING_FIELD, "url"),
        ({"title": None, "text": None}, Reason.MISSING_FIELD, "title"),
        ({"title": "", "text": " "}, Reason.MISSING_FIELD, "title"),
        ({"title": 3}, Reason.BAD_FIELD, "title must be a string, not a number"),
        ({"text": ["a"]}, Reason.BAD_FIELD, "text must be a string, not a list"),
        ({"authors": "Ada"}, Reason.BAD_FIELD, "authors"),
        ({"withdrawn": "yes"}, Reason.BAD_FIELD, "withdrawn"),
        ({"published": 1714816800}, Reason.BAD_FIELD, "published"),
        ({"published": "yesterday"}, Reason.BAD_DATE, "published"),
        ({"published": "2024-02-30"}, Reason.BAD_DATE, "published"),
        ({"updated": "2024-13-01T00:00:00Z"}, Reason.BAD_DATE, "updated"),
        ({"observed": "1970-01-01T00:00:00Z"}, Reason.BAD_DATE, "observed"),
        ({"url": "/a"}, Reason.BAD_FIELD, "url"),
        ({"url": "http://[bad"}, Reason.BAD_FIELD, "url"),
        ({"url": "ftp://p.example/a"}, Reason.BAD_FIELD, "url"),
    ],
)
def test_a_wrong_field_is_named(changed: dict[str, object], reason: Reason, field: str) -> None:
    """The reason, the field and the place are told."""
    found = row(**changed)
    assert isinstance(found, Rejected)
    assert (found.reason, found.where) == (reason, "line 7")
    assert found.message.startswith(field)


@pytest.mark.parametrize("line", [b"", b"{", b"nonsense", b'{"a": 1} x', b"[1]", b'"text"', b"[" * 90_000])
def test_a_line_that_is_no_object_is_bad_json(line: bytes) -> None:
    """Anything but one JSON object is refused."""
    found = read_row(line, "line 1", "archive")
    assert isinstance(found, Rejected)
    assert (found.reason, found.where) == (Reason.BAD_JSON, "line 1")


@pytest.mark.parametrize(
    ("line", "byte"),
    [
        (b"\xff\xfe{}", 1),
        (b'{"url": "https://p.example/a", "title": "caf\xe9"}', 45),
        (b'{"url": "https://p.example/a", "title": "\\u0041 caf\xe9"}', 52),
    ],
)
def test_a_line_that_is_not_utf_8_is_bad_encoding(line: bytes, byte: int) -> None:
    """Bytes of another encoding are told as that, with their place in the line."""
    said = f"not UTF-8: byte {byte} of the line; save it as UTF-8"
    assert read_row(line, "line 1", "archive") == Rejected(Reason.BAD_ENCODING, said, "line 1")


@pytest.mark.parametrize(
    ("key", "meant"), [("txt", "text"), ("Text", "text"), ("texts", "text"), ("sumary", "summary")]
)
def test_words_under_a_misspelt_key_are_not_lost(key: str, meant: str) -> None:
    """Where a row has no text and a key that is nearly one, it is refused with the key that was meant."""
    said = f"no text, html or summary; did you mean {meant!r} for {key!r}?"
    assert row(text=None, **{key: "First."}) == Rejected(Reason.MISSING_FIELD, said, "line 7")
    assert entry(text=None, summary="Short.", **{key: "First."}).summary == Content("Short.")
    assert isinstance(row(text=None, withdrawn=True, **{key: "First."}), Entry)


@pytest.mark.parametrize(
    "more", [{}, {"next": "x"}, {"context": "x"}, {"txt": 3}, {"txt": " "}, {"body": "x"}]
)
def test_a_row_may_be_a_title_alone(more: dict[str, object]) -> None:
    """No text is needed beside a title, whatever else the row has."""
    assert entry(text=None, **more).content is None


def test_a_row_cut_within_an_emoji_is_read() -> None:
    """Half a surrogate pair becomes U+FFFD, which JSON and terminals survive."""
    found = read_row(b'{"url": "https://p.example/a", "title": "a\\ud83d b\\u0000"}', "line 1", "archive")
    assert isinstance(found, Entry)
    assert found.title == Content("a\ufffd b")


def test_a_plain_text_has_a_headline_and_paragraphs() -> None:
    """The first line is the title, each further line a paragraph; blank lines do not count."""
    found = read_plain_text(
        "\ufeffHeadline\r\n\r\nFirst paragraph.\r\nSecond.\r\n\r\n".encode(),
        origin="seed",
        publisher="Paper",
        url="https://p.example/a",
        observed=datetime(2024, 5, 4, tzinfo=UTC),
    )
    assert found == Entry(
        feed="archive:Paper",
        origin="seed",
        observed=datetime(2024, 5, 4, tzinfo=UTC),
        url="https://p.example/a",
        title=Content("Headline"),
        content=Content("First paragraph.\n\nSecond."),
        publisher="Paper",
    )


@pytest.mark.parametrize("data", ["Überschrift\nText".encode("utf-16"), "Überschrift\nText"])
def test_a_plain_text_may_be_utf_16_or_decoded(data: bytes | str) -> None:
    """With a byte order mark the encoding is certain."""
    found = read_plain_text(data, origin="archive")
    assert isinstance(found, Entry)
    assert found.title == Content("Überschrift")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.EMPTY_BODY),
        (b" \n\r\n", Reason.EMPTY_BODY),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", Reason.NOT_TEXT),
        (bytes(range(256)) * 4, Reason.NOT_TEXT),
        (b"\x01\x02\x03\x04 text", Reason.NOT_TEXT),
        (b"Headline\nCaf\xe9", Reason.BAD_ENCODING),
        (b"\xff\xfea", Reason.BAD_ENCODING),
    ],
)
def test_what_is_no_text_says_why(data: bytes, reason: Reason) -> None:
    """Binary junk and wrong encodings are two faults."""
    found = read_plain_text(data, origin="archive")
    assert isinstance(found, Rejected)
    assert found.reason == reason
    if reason == Reason.BAD_ENCODING:
        assert "save it as UTF-8" in found.message


def test_the_seed_article_keeps_its_paragraphs() -> None:
    """The seed document: its headline, its dateline, a paragraph a line, its credit."""
    if not SEEDS.is_dir():
        pytest.skip("absent: ../shared/seeds")
    for path in sorted(SEEDS.glob("*.txt")):
        data = path.read_bytes()
        found = read_plain_text(data, origin="archive")
        assert isinstance(found, Entry)
        assert found.title is not None and found.content is not None
        lines = [line for line in data.decode().splitlines() if line.strip()]
        assert [found.title.value, *found.content.value.split("\n\n")] == lines

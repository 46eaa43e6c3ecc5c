"""What holds for any bytes: no reader raises, every string is clean, comparisons are consistent."""

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.codec import decode, encode
from pipeline.feed.archive import read_plain_text, read_row
from pipeline.feed.compare import compare, compare_partial
from pipeline.feed.document import FeedDocument
from pipeline.feed.entry import Content, Entry
from pipeline.feed.listing import Listing
from pipeline.feed.parse import parse_feed
from pipeline.outcome import Reason, Rejected
from tests.feed.documents import ATOM, JSON, RDF, RSS

# Pieces that steer a mutation towards what parsers branch on
PIECES = [
    b"<item>",
    b"</item>",
    b"<entry>",
    b"<title/>",
    b"<authors>x</authors>",
    b"<at:deleted-entry ref='a'/>",
    b"]]>",
    b"<![CDATA[",
    b"<!--",
    b"-->",
    b"<!DOCTYPE rss [<!ENTITY a 'b'>]>",
    b'"',
    b"'",
    b"<",
    b">",
    b"/>",
    b"&",
    b"&#xD800;",
    b"&#0;",
    b"&nbsp;",
    b"\x00",
    b"\xff\xfe",
    b"\xd8\xaa",
    b"\xd8",
    b"\xef\xbb\xbf",
    b' type="xhtml"',
    b' xml:base="http://["',
    b' xml:lang=""',
    b"<?xml version='1.0' encoding='",
    b"{",
    b"}",
    b"\\ud83d",
    b'"items": 3',
]
WHOLE = [text.encode(form) for text in (RSS, ATOM, RDF, JSON) for form in ("utf-8", "utf-16")]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A real feed with bytes taken out and pieces put in."""
    body = draw(st.sampled_from(WHOLE))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(body)))
        end = draw(st.integers(start, min(len(body), start + 200)))
        put = draw(st.sampled_from(PIECES) | st.binary(max_size=20))
        body = body[:start] + put + body[end:]
    return body


headers = st.dictionaries(
    st.sampled_from(["Content-Type", "content-location", "Content-Language"]),
    st.sampled_from(
        ["text/xml; charset=utf-16", "application/json", "http://[", "http://p.example/", "en", ""]
    )
    | st.text(max_size=20),
)


def strings(entry: Entry) -> Iterator[str]:
    for one in fields(entry):
        value = getattr(entry, one.name)
        for part in value if isinstance(value, tuple) else [value]:
            if isinstance(part, str | Content):
                yield part.value if isinstance(part, Content) else part


def check(found: FeedDocument | Rejected | Entry) -> None:
    """Every value that leaves encodes, and carries no NUL; every date has its zone."""
    if isinstance(found, Rejected):
        assert found.reason in Reason
        assert found.message
        assert "\0" not in found.message
        encode(found)
        return
    encode(found)
    for entry in found.entries if isinstance(found, FeedDocument) else [found]:
        assert all("\0" not in text for text in strings(entry))
        moments = (entry.published, entry.updated, entry.observed)
        assert all(isinstance(one, datetime) and one.utcoffset() is not None for one in moments if one)


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=400) | mutated(), headers)
def test_the_parser_never_raises(body: bytes, given_headers: dict[str, str]) -> None:
    """Whatever the bytes and the headers, a document or a reason comes back."""
    check(parse_feed(body, feed="f", origin="feed", headers=given_headers))


@settings(max_examples=200, deadline=None)
@given(mutated())
def test_a_comparison_with_itself_is_nothing(body: bytes) -> None:
    """Any document compared twice sends everything once; the listing survives the codec."""
    document = parse_feed(body, feed="f", origin="feed")
    if isinstance(document, Rejected):
        return
    for again in (compare, compare_partial):
        first = again(None, document)
        assert {encode(one) for one in first.new} == {
            encode(entry) for entry in document.entries if not _deleted(entry, document)
        }
        listing = decode(Listing, encode(first.listing))
        assert listing == first.listing
        second = again(listing, document)
        assert (second.to_send, second.gone, second.rejected) == ((), (), ())
        assert second.listing == first.listing


def _deleted(entry: Entry, document: FeedDocument) -> bool:
    return any(one.ref == entry.guid for one in document.deleted)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
rows = st.dictionaries(
    st.sampled_from(
        ["url", "title", "text", "html", "summary", "published", "authors", "author", "withdrawn"]
    ),
    values | st.sampled_from(["https://p.example/a", "2024-05-04T12:00:00Z", "http://[", "\ud83d"]),
)


@settings(max_examples=300, deadline=None)
@given(rows.map(lambda row: json.dumps(row).encode()) | st.binary(max_size=60))
def test_the_reader_of_rows_never_raises(line: bytes) -> None:
    """Whatever the fields hold, an entry or a reason comes back."""
    check(read_row(line, "line 1", "archive"))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=100) | st.text(max_size=100))
def test_the_reader_of_texts_never_raises(data: bytes | str) -> None:
    """Whatever the bytes, an entry or a reason comes back."""
    check(read_plain_text(data, origin="archive"))

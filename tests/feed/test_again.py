"""Reading a feed again: with what is known the same comes out as without, and little of it is parsed."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.feed.compare import Comparison, compare, compare_partial
from pipeline.feed.document import FeedDocument
from pipeline.feed.listing import Listing
from pipeline.feed.listing_pack import pack, unpack
from pipeline.feed.parse import parse_feed
from pipeline.outcome import Rejected
from tests.feed.corpora import SHARED
from tests.feed.documents import ATOM, RDF, RSS
from tests.feed.test_feed_properties import mutated

NOON = datetime(2024, 5, 4, 12, tzinfo=UTC)
HEAD = (
    '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>Paper</title>'
)


def item(name: str, more: str = "") -> str:
    date = "<pubDate>Sat, 04 May 2024 09:00:00 GMT</pubDate>"
    return f"<item><guid>{name}</guid><title>About {name}</title>{date}{more}</item>"


def feed(*items: str, head: str = "<link>https://p.example/</link>", built: int = 0) -> bytes:
    return f"{HEAD}<lastBuildDate>{built}</lastBuildDate>{head}{' '.join(items)}</channel></rss>".encode()


def read(body: bytes, known: Listing | None, minute: int = 0, **given: object) -> FeedDocument | Rejected:
    """Without memory all is read, and marked as from the second look on."""
    observed, known = NOON + timedelta(minutes=minute), known or Listing("f")
    return parse_feed(body, feed="f", origin="feed", observed=observed, known=known, **given)  # type: ignore[arg-type]


def test_a_first_look_leaves_no_marks() -> None:
    """Of a feed never seen before nothing is split and hashed; the second look begins with that."""
    found = parse_feed(feed(item("a")), feed="f", origin="feed", observed=NOON)
    assert isinstance(found, FeedDocument)
    assert found.marks == {"a": ""}
    again = read(feed(item("a")), compare(None, found).listing)
    assert isinstance(again, FeedDocument)
    assert len(again.entries) == 1 and again.marks["a"]


def same(body: bytes, known: Listing | None, minute: int = 0) -> tuple[FeedDocument, Comparison] | None:
    """What is read and found with memory, after everything about it was as without."""
    anew, again = read(body, None, minute), read(body, known, minute)
    if isinstance(anew, Rejected) or isinstance(again, Rejected):
        assert anew == again
        return None
    bare = {"entries": (), "unchanged": (), "marks": {}}
    assert replace(anew, **bare) == replace(again, **bare)  # type: ignore[arg-type]
    assert anew.size == again.size
    assert sorted(anew.dates) == sorted(again.dates)
    assert compare_partial(known, anew) == compare_partial(known, again)
    found = compare(known, again)
    assert compare(known, anew) == found
    return again, found


def polled(*bodies: bytes) -> list[tuple[FeedDocument, Comparison]]:
    """The looks at these bodies one after the other, each remembered for the next by way of its pack."""
    listing, looks = None, []
    for minute, body in enumerate(bodies):
        look = same(body, listing, minute)
        assert look is not None
        looks.append(look)
        unpacked = unpack(pack(look[1].listing))
        assert isinstance(unpacked, Listing)
        listing = unpacked
    return looks


@pytest.mark.parametrize("more", ["", "<itunes:summary>S</itunes:summary>"], ids=["quick", "tolerant"])
def test_what_is_unchanged_is_not_read_again(more: str) -> None:
    """Of a feed with one new and one changed entry these two are read, whichever reader it takes."""
    first = [item(name, more) for name in "abcd"]
    then = [item("e", more), item("a", more), item("b", more + "<description>New.</description>"), *first[2:]]
    _, (document, found) = polled(feed(*first), feed(*then, built=1))
    assert [entry.guid for entry in document.entries] == ["e", "b"]
    assert [one.id for one in document.unchanged] == ["a", "c", "d"]
    assert [entry.guid for entry in found.to_send] == ["e", "b"]
    assert found.overlap == 4


def test_another_date_of_the_feed_changes_no_entry() -> None:
    """A head that tells of a new build leaves nothing to be read."""
    body = [item(name) for name in "abc"]
    _, (document, found) = polled(feed(*body), feed(*body, built=1))
    assert (document.entries, len(document.unchanged), found.to_send) == ((), 3, ())


@pytest.mark.parametrize(
    "head",
    [
        "<link>https://other.example/</link>",
        "<link>https://p.example/</link><language>fr</language>",
        "<link>https://p.example/</link><!DOCTYPE x>",
    ],
)
def test_another_head_means_reading_all(head: str) -> None:
    """What the meaning of entries may depend on is part of their mark."""
    body = [item(name, "<link>/x</link>") for name in "abc"]
    listing = polled(feed(*body))[0][1].listing
    document = read(feed(*body, head=head), listing)
    assert isinstance(document, Rejected) or document.unchanged == ()


def test_another_basis_means_reading_all() -> None:
    """So are a base address, the server's language, and what the caller puts into the entries."""
    body = feed(item("a"), item("b"))
    listing = polled(body)[0][1].listing
    for other in (
        {"basis": "publisher"},
        {"headers": {"Content-Location": "http://p.example/"}},
        {"headers": {"Content-Language": "fr"}},
    ):
        document = read(body, listing, **other)
        assert isinstance(document, FeedDocument)
        assert document.unchanged == ()


@pytest.mark.parametrize(
    "items",
    [
        (item("a"), item("a")),
        (item("a"), item("a", "<link>https://p.example/2</link>")),
        (item("a", "<pubDate>never</pubDate>"), item("b", '<description xml:lang="fr">x</description>')),
        (item("a"), "<x/>", item("b")),
        (item("a"), "<!-- <item> -->", item("b")),
        (item("a"), "<wrapper>", item("b"), "</wrapper>"),
        (item("a", item("b")), item("c")),
        (item("a"), item("b"), "<link>https://behind.example/</link>"),
    ],
    ids=[
        "twice",
        "one guid for two",
        "what a parser carries on",
        "between",
        "comment",
        "within",
        "nested",
        "behind",
    ],
)
def test_what_does_not_stand_on_its_own_is_read(items: tuple[str, ...]) -> None:
    """Where cutting could change what the rest means, everything is read."""
    for document, _ in polled(feed(*items), feed(*items, built=1)):
        assert document.unchanged == ()


def test_a_mark_is_that_of_the_entry_that_holds_the_id() -> None:
    """Of entries that share a guid, or whose names run into each other, none passes for the other later."""
    first, second = item("a"), item("a", "<link>https://p.example/2</link>")
    looks = polled(feed(first), feed(first, second), feed(second))
    assert [one.guid for one in looks[-1][0].entries] == ["a"]
    named_alike = "<item><guid isPermaLink='false'>a https://p.example/a</guid></item>"
    looks = polled(feed(first, item("a", "<author>B</author>"), named_alike), feed(named_alike))
    assert [one.guid for one in looks[-1][0].entries] == ["a https://p.example/a"]


def test_what_lost_something_is_read_and_reported_each_time() -> None:
    """A date that cannot be read is said at every look; its entry number is that of the whole document."""
    body = [item("a"), "<item><guid>b</guid><title>B</title><pubDate>never</pubDate></item>", item("c")]
    for document, _ in polled(feed(*body), feed(*body, built=1)):
        assert [one.where for one in document.rejected] == ["entry 2, guid b"]
    assert len(document.unchanged) == 2


def test_words_that_look_like_markup_are_words() -> None:
    """Tags of items in CDATA and comments neither begin nor end one."""
    odd = [item("a", "<description><![CDATA[</item><item>]]></description>"), item("b", "<!-- </item> -->")]
    _, (document, _) = polled(feed(*odd), feed(item("c"), *odd))
    assert [one.id for one in document.unchanged] == ["a", "b"]


def test_a_feed_that_breaks_is_read_as_a_whole() -> None:
    """A new entry that is not well-formed makes the tolerant reader see all of it, as without memory."""
    body = [item("a"), item("b")]
    _, (document, _) = polled(feed(*body), feed("<item><title>x & y<b></title></item>", *body))
    assert document.unchanged == ()
    assert document.rejected


@pytest.mark.parametrize("body", [RSS, ATOM, RDF], ids=["RSS", "Atom", "RDF"])
def test_each_format_is_remembered(body: str) -> None:
    """RSS, Atom and RSS 1.0 alike."""
    _, (document, _) = polled(body.encode(), body.encode())
    assert (document.entries, len(document.unchanged)) == ((), 1)


PLAIN = ["", "<description>d</description>", "<link>/x</link>", "<link>https://p.example/y</link>"]
STRANGE = [
    "<itunes:summary>S</itunes:summary>",
    "<pubDate>x</pubDate>",
    "<![CDATA[</item>]]>",
    "<ttl>5</ttl>",
]
HARMFUL = ["<x xmlns:x='urn:x'/>", '<link base="http://b.example/">z</link>', "&", "<b>"]
ODD = st.sampled_from([*PLAIN, *PLAIN, *STRANGE, *HARMFUL])
NAMES = st.sampled_from(["a", "b", "c", "d", "a 2", "a https://p.example/y", ""])
FEEDS = st.builds(
    lambda items, head, built: feed(*items, head=head, built=built),
    st.lists(st.builds(item, NAMES, ODD), max_size=5),
    st.sampled_from(["<link>https://p.example/</link>"] * 5 + ["", "<language>de</language>", "<x/><item/>"]),
    st.integers(0, 9),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(FEEDS, min_size=2, max_size=5))
def test_a_feed_that_changes_is_told_the_same(bodies: list[bytes]) -> None:
    """Whatever changes between looks: guids shared, entries edited, moved, lost, broken, back again."""
    listing: Listing | None = None
    for minute, body in enumerate(bodies):
        look = same(body, listing, minute)
        listing = look[1].listing if look else listing


@settings(max_examples=300, deadline=None)
@given(mutated(), mutated())
def test_mutated_documents_are_told_the_same(first: bytes, second: bytes) -> None:
    """Bytes taken out and pieces put in between two looks."""
    listing: Listing | None = None
    for body in (RSS.encode(), first, second, first):
        look = same(body, listing)
        listing = look[1].listing if look else listing


def halves(body: bytes) -> Iterator[Listing]:
    """Listings that know a part of a document, so that each of its items is cut out once and read once."""
    look = same(body, None)
    if look is not None:
        entries = look[1].listing.entries
        for part in (entries, entries[::2], entries[1::2]):
            yield replace(look[1].listing, entries=part)


def test_the_fixtures_are_told_the_same() -> None:
    """Of each fixture that stands apart any half of its entries can be cut out."""
    if not SHARED.is_dir():
        pytest.skip("absent: ../shared/corpora")
    cut = 0
    for path in sorted(SHARED.rglob("*.xml")):
        body = path.read_bytes()
        for listing in halves(body):
            look = same(body, listing)
            assert look is not None
            cut += bool(look[0].unchanged)
    assert cut > 1_000


def test_the_history_is_told_the_same() -> None:
    """Ten months of a real feed: the same at each look, and little over a quarter of the entries read."""
    history = SHARED / "polled_feed.history.jsonl.gz"
    if not history.is_file():
        pytest.skip("absent: ../shared/corpora/polled_feed.history.jsonl.gz")
    listing, fresh, total = None, 0, 0
    for line in gzip.decompress(history.read_bytes()).splitlines():
        look = same(json.loads(line)["body"].encode(), listing)
        assert look is not None
        listing = look[1].listing
        fresh += len(look[0].entries)
        total += look[0].size
    assert fresh < 0.3 * total

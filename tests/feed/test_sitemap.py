"""News sitemaps as a source beside feeds."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.feed.compare import compare
from pipeline.feed.document import FeedDocument
from pipeline.feed.entry import Content, Entry
from pipeline.feed.limits import Limits
from pipeline.feed.parse import parse_feed
from pipeline.feed.sitemap import LONGEST
from pipeline.outcome import Reason, Rejected
from tests.feed.test_feed_properties import PIECES, check

NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)
NEWS = (
    "<news:news><news:publication><news:name>The Paper</news:name><news:language>en</news:language>"
    "</news:publication><news:publication_date>2024-05-04T12:00:00+03:00</news:publication_date>"
    "<news:title>Talks &amp; tea</news:title><news:keywords>talks, tea</news:keywords></news:news>"
)
URL = (
    f"<url><loc> https://p.example/a?x=1&amp;y=2 </loc><lastmod>2024-05-04T10:00:00Z</lastmod>{NEWS}"
    "<image:image><image:loc>https://p.example/a.jpg</image:loc><image:title>Tea</image:title></image:image>"
    "</url>"
)


def urlset(urls: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- made by hand --><urlset {NAMESPACES}>{urls}</urlset>'
    )


def parsed(text: str, **given: object) -> FeedDocument:
    document = parse_feed(text.encode(), **({"feed": "f", "origin": "feed"} | given))  # type: ignore[arg-type]
    assert isinstance(document, FeedDocument)
    return document


def url(name: str, published: str = "", inside: str | None = None) -> str:
    news = f"<news:title>{name}</news:title>" if inside is None else inside
    date = f"<news:publication_date>{published}</news:publication_date>" if published else ""
    return f"<url><loc>https://p.example/{name}</loc><news:news>{date}{news}</news:news></url>"


def test_a_title_without_end_is_read_at_its_beginning() -> None:
    """Nine megabytes of title take a fraction of a second; the entry says the beginning."""
    begin = time.process_time()
    (entry,) = parsed(
        urlset(url("a", inside=f"<news:title>{'Talks &amp; tea ' * 560_000}</news:title>"))
    ).entries
    assert time.process_time() - begin < 3
    assert entry.title is not None
    assert entry.title.value.startswith("Talks & tea Talks")
    assert len(entry.title.value) <= 2 * LONGEST


def test_an_address_with_news_is_an_entry() -> None:
    """Address, title, dates, publisher and language are taken, pictures and keywords are not."""
    document = parsed(urlset(URL))
    assert (document.version, document.complete, document.rejected) == ("sitemap-news", True, ())
    assert document.entries == (
        Entry(
            feed="f",
            origin="feed",
            observed=datetime(2024, 5, 4, 10, tzinfo=UTC),
            guid="https://p.example/a?x=1&y=2",
            url="https://p.example/a?x=1&y=2",
            title=Content("Talks & tea"),
            published=datetime(2024, 5, 4, 9, tzinfo=UTC),
            updated=datetime(2024, 5, 4, 10, tzinfo=UTC),
            language="en",
            publisher="The Paper",
        ),
    )


@pytest.mark.parametrize(
    "change",
    [
        ("news:", "n:"),
        ("xmlns:news", "xmlns:other"),
        ("google.com/schemas/sitemap-news/0.9", "google.com/schemas/sitemap-news/0.84"),
        ("<url", "<s:url"),
    ],
    ids=["another prefix", "an undeclared prefix", "an old address", "a prefix for all"],
)
def test_namespaces_do_not_matter(change: tuple[str, str]) -> None:
    """Sites declare them in every way, or not at all."""
    text = urlset(URL).replace(*change)
    if change[1] == "<s:url":
        text = text.replace("</url", "</s:url")
    assert parsed(text).entries == parsed(urlset(URL)).entries


def test_an_address_without_news_is_counted() -> None:
    """Pages of whatever age are no news; how many there were is said once."""
    plain = "<url><loc>https://p.example/about</loc><lastmod>2024-05-04</lastmod></url>"
    document = parsed(urlset(plain + URL + plain))
    assert len(document.entries) == 1
    assert [(one.reason, one.message) for one in document.rejected] == [
        (Reason.MISSING_FIELD, "2 of 3 addresses have no news element and are not read as news")
    ]


def test_a_sitemap_may_be_empty() -> None:
    """At a quiet hour there is no news of the last two days, and nothing wrong."""
    document = parsed(urlset(""))
    assert (document.entries, document.rejected, document.complete) == ((), (), True)


def test_bad_entries_are_single_rejections() -> None:
    """Each is named by its number; the good ones beside them stand."""
    bad = [
        url("x", inside=""),
        "<url><news:news><news:title>T</news:title></news:news></url>",
        "<url><loc>ftp://p.example/</loc><news:news><news:title>T</news:title></news:news></url>",
        url("dated", "yesterday"),
    ]
    document = parsed(urlset("".join(bad) + URL))
    assert [entry.title for entry in document.entries] == [Content("dated"), Content("Talks & tea")]
    assert [(one.reason, one.where[:7]) for one in document.rejected] == [
        (Reason.MISSING_FIELD, "url 1"),
        (Reason.MISSING_FIELD, "url 2"),
        (Reason.BAD_FIELD, "url 3"),
        (Reason.BAD_DATE, "entry 1"),
    ]


def test_of_too_many_the_latest_are_read() -> None:
    """A sitemap has no order: beyond the limit the date decides, undated and dateless ones go first."""
    urls = [
        url("old", "2024-05-01"),
        url("undated"),
        url("new", "2024-05-04T08:00:00Z"),
        url("wild", "2106-02-07T06:28:15Z"),
        url("newer", "2024-05-04T09:00:00Z"),
    ]
    document = parsed(urlset("".join(urls)), limits=Limits(entries=2))
    assert [entry.url for entry in document.entries] == ["https://p.example/new", "https://p.example/newer"]
    assert (document.cut, document.complete) == (3, False)
    assert document.rejected[0].message == "3 entries older than the latest 2 were not read"


def test_an_index_names_what_to_follow() -> None:
    """An index of sitemaps is no feed; the refusal names up to three that it lists, of news first."""
    names = ["pages", "images", "tags", "news-1", "news-2"]
    listed = "".join(f"<sitemap><loc>https://p.example/{name}.xml</loc></sitemap>" for name in names)
    index = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</sitemapindex>'
    found = parse_feed(index.encode(), feed="f", origin="feed")
    assert found == Rejected(
        Reason.NOT_A_FEED,
        "an index of sitemaps: follow one of them, e.g. https://p.example/news-1.xml, "
        "https://p.example/news-2.xml, https://p.example/pages.xml",
    )
    empty = parse_feed(b"<sitemapindex/>", feed="f", origin="feed")
    assert empty == Rejected(Reason.NOT_A_FEED, "an index of sitemaps")


def test_a_sitemap_that_breaks_off_says_so() -> None:
    """What stands before the break is read; the half entry and what is behind it are not concluded gone."""
    whole = urlset(url("a") + url("b"))
    before = compare(None, parsed(whole)).listing
    document = parsed(whole[:-60])
    assert [entry.url for entry in document.entries] == ["https://p.example/a"]
    assert not document.complete
    assert [one.reason for one in document.rejected] == [Reason.MALFORMED_FEED]
    assert compare(before, document).gone == ()


def test_entities_are_refused_as_in_feeds() -> None:
    """A document type that expands or reaches out is refused before anything is read."""
    dtd = '<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    found = parse_feed((dtd + urlset(URL)[55:]).encode(), feed="f", origin="feed")
    assert isinstance(found, Rejected)
    assert found.reason is Reason.FORBIDDEN_DTD


def test_a_feed_that_tells_of_sitemaps_is_a_feed() -> None:
    """Only the root decides."""
    feed = "<rss><channel><title>P</title><!-- <urlset> --><item><guid>1</guid></item></channel></rss>"
    assert parsed(feed).version == "rss"


def test_depth_and_tags_are_bounded() -> None:
    """Endless elements, side by side or within each other, end the reading and not the worker."""
    limits = Limits(tags=1_000)
    for urls in (url("a") + "<x>" * 100_000, url("a") + "<url/>" * 100_000):
        document = parsed(urlset(urls), limits=limits)
        assert len(document.entries) == 1
        assert not document.complete
        assert len(document.rejected) < 5


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A sitemap with bytes taken out and pieces put in."""
    body = urlset(URL + url("b", "2024-05-04") * 2).encode(draw(st.sampled_from(["utf-8", "utf-16"])))
    pieces = [*PIECES, b"<url>", b"</url>", b"<news:news>", b"<loc>", b"<urlset>", b"<sitemapindex>"]
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(body)))
        end = draw(st.integers(start, min(len(body), start + 200)))
        body = body[:start] + draw(st.sampled_from(pieces) | st.binary(max_size=20)) + body[end:]
    return body


@settings(max_examples=400, deadline=None)
@given(mutated())
def test_the_reader_of_sitemaps_never_raises(body: bytes) -> None:
    """Whatever the bytes, a document or a reason comes back, and every string in it is clean."""
    check(parse_feed(body, feed="f", origin="feed"))

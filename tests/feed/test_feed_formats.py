"""Formats: each kind of feed comes out as the same Entry."""

from datetime import UTC, datetime

import pytest

from pipeline.feed.document import Deletion, FeedDocument
from pipeline.feed.entry import Content, Entry
from pipeline.feed.limits import Limits
from pipeline.feed.parse import parse_feed
from pipeline.outcome import Reason, Rejected
from tests.feed.documents import ATOM, JSON, RDF, RSS, atom, rss

WHEN = datetime(2024, 5, 4, 18, 30, tzinfo=UTC)


def parsed(body: bytes | str, **given: object) -> FeedDocument:
    data = body.encode() if isinstance(body, str) else body
    document = parse_feed(data, **({"feed": "f", "origin": "feed"} | given))  # type: ignore[arg-type]
    assert isinstance(document, FeedDocument), document
    return document


def only(body: bytes | str, **given: object) -> Entry:
    (entry,) = parsed(body, **given).entries
    return entry


@pytest.mark.parametrize(
    ("body", "version"), [(RSS, "rss20"), (RDF, "rss10"), (ATOM, "atom10"), (JSON, "json11")], ids=str
)
def test_one_story_in_each_format_is_the_same_entry(body: str, version: str) -> None:
    """RSS 2.0, RSS 1.0, Atom 1.0 and JSON Feed 1.1 of one story differ in nothing that Entry tells."""
    document = parsed(body, observed=WHEN)
    (entry,) = document.entries
    assert document.version == version
    assert document.rejected == ()
    assert document.complete
    assert (entry.guid, entry.url) == ("https://paper.example/a", "https://paper.example/a")
    assert entry.title == Content("Talks resume")
    assert entry.summary is not None and entry.summary.value == "Delegations are back."
    assert entry.authors == ("Ada Lind",)
    assert WHEN.replace(hour=9, minute=0) in (entry.published, entry.updated)
    assert (entry.feed, entry.origin, entry.observed) == ("f", "feed", WHEN)
    assert (entry.feed_title, entry.language) == ("Paper", "en")


@pytest.mark.parametrize(
    ("version", "attribute"), [("rss091u", "0.91"), ("rss092", "0.92"), ("rss20", "2.0"), ("rss20", "2.0.1")]
)
def test_old_rss_is_told_by_its_version(version: str, attribute: str) -> None:
    """RSS 0.9x and 2.x name themselves."""
    assert parsed(rss("<title>T</title>").replace('"2.0"', f'"{attribute}"')).version == version


def test_atom_03_is_read() -> None:
    """Atom 0.3 calls its dates issued and modified and its content by MIME type."""
    entry = only(
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>T</title><id>urn:1</id>'
        "<issued>2004-01-01T10:00:00+02:00</issued><modified>2004-01-02T10:00:00Z</modified>"
        '<content type="text/html" mode="escaped">&lt;p&gt;Body&lt;/p&gt;</content></entry></feed>'
    )
    assert entry.published == datetime(2004, 1, 1, 8, tzinfo=UTC)
    assert entry.updated == datetime(2004, 1, 2, 10, tzinfo=UTC)
    assert entry.content == Content("<p>Body</p>", "html")


def test_updated_does_not_fall_back_to_published() -> None:
    """An entry that names no update has none; feedparser's alias would answer with the publication."""
    body = rss("<title>T</title><pubDate>Sat, 04 May 2024 09:00:00 GMT</pubDate>")
    for page in (body, body.replace("<rss", "<!DOCTYPE rss><rss")):  # both readers
        entry = only(page)
        assert entry.published == datetime(2024, 5, 4, 9, tzinfo=UTC)
        assert entry.updated is None


def test_an_undated_entry_stays_undated() -> None:
    """No date in, no date out: not the poll's, and observed only if the poll is known."""
    entry = only(rss("<title>T</title>"))
    assert (entry.published, entry.updated, entry.observed) == (None, None, None)


def test_observed_falls_back_to_the_sources_dates() -> None:
    """Without the time of a poll an entry was observed when it was updated, else published."""
    body = atom("<title>T</title><published>2024-05-01T00:00:00Z</published>")
    assert only(body).observed == datetime(2024, 5, 1, tzinfo=UTC)
    newer = body.replace("</published>", "</published><updated>2024-05-02T00:00:00Z</updated>")
    assert only(newer).observed == datetime(2024, 5, 2, tzinfo=UTC)
    assert only(newer, observed=WHEN).observed == WHEN


@pytest.mark.parametrize(
    "written",
    ["Thu, 01 Jan 1970 00:00:00 GMT", "2106-02-07T06:28:15Z", "0001-01-01T00:00:00Z", "soon", "2024-02-30"],
)
def test_a_date_that_is_none_is_left_out_and_told(written: str) -> None:
    """Placeholders and unreadable dates give None, the entry stays, and the loss is named."""
    document = parsed(rss(f"<title>T</title><guid>g</guid><pubDate>{written}</pubDate>"))
    assert document.entries[0].published is None
    (lost,) = document.rejected
    assert (lost.reason, lost.where) == (Reason.BAD_DATE, "entry 1, guid g")
    assert written in lost.message


def test_rss_source_is_the_publisher() -> None:
    """The outlet that an aggregator names is kept for the entry."""
    entry = only(rss('<title>T</title><source url="https://o.example/rss">The Outlet</source>'))
    assert (entry.publisher, entry.feed_title) == ("The Outlet", "Paper")


def test_the_fullest_text_is_the_content() -> None:
    """content:encoded beside description: the longer reading text is content, whichever element it is."""
    full = "<p>" + "Long words. " * 30 + "</p>"
    entry = only(
        rss(f"<description>Short.</description><content:encoded><![CDATA[{full}]]></content:encoded>")
    )
    assert entry.content == Content(full.strip(), "html")
    assert entry.summary == Content("Short.", "html")
    picture = '<img src="https://cdn.example/' + "x" * 300 + '.jpg">'
    body = rss(
        f"<description>{'Words that say it. ' * 8}</description>"
        f"<content:encoded><![CDATA[{picture}]]></content:encoded>"
    )
    turned = only(body)
    assert turned.content is not None and turned.content.value.startswith("Words that say it.")


def test_titles_of_pictures_are_not_the_articles() -> None:
    """media:title and media:description belong to the picture, before or after the article's own."""
    media = (
        '<media:content url="https://c.example/p.jpg"><media:title>Photo</media:title>'
        "<media:description>Caption</media:description></media:content><media:title>Photo</media:title>"
    )
    for inside in (media + "<title>T</title>", "<title>T</title>" + media):
        entry = only(rss(inside))
        assert (entry.title, entry.summary) == (Content("T"), None)
        assert only(rss(inside).replace("<rss", "<!DOCTYPE rss><rss")) == entry


def test_relative_links_are_completed() -> None:
    """By xml:base, by Content-Location, else by the feed's own link; never by nothing."""
    relative = rss("<title>T</title><link>/a/b</link>")
    assert only(relative).url == "https://paper.example/a/b"
    located = {"Content-Location": "https://mirror.example/feeds/x.xml"}
    assert only(relative, headers=located).url == "https://mirror.example/a/b"
    based = atom('<title>T</title><link href="b"/>').replace(
        "<feed ", '<feed xml:base="https://b.example/a/" '
    )
    assert only(based).url == "https://b.example/a/b"
    adrift = relative.replace("<link>https://paper.example/</link>", "")
    assert only(adrift).url == "/a/b"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "mailto:a@b.example", "urn:uuid:1", "file:///etc/passwd"]
)
def test_a_link_that_is_no_web_address_is_none(link: str) -> None:
    """Only http and https lead to an article."""
    assert only(rss(f"<title>T</title><link>{link}</link>")).url is None


def test_feedburners_original_link_wins() -> None:
    """A redirect that names its target is replaced by it."""
    body = rss(
        "<title>T</title><link>https://feeds.example/~r/1</link>"
        '<f:origLink xmlns:f="http://rssnamespace.org/feedburner/ext/1.0">https://o.example/1</f:origLink>'
    )
    assert only(body).url == "https://o.example/1"
    assert only(body.replace("<rss", "<!DOCTYPE rss><rss")).url == "https://o.example/1"


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("<author>ada@p.example (Ada Lind)</author>", ("Ada Lind",)),
        ("<author>Ada Lind &lt;ada@p.example&gt;</author>", ("Ada Lind",)),
        ("<author>ada@p.example</author>", ()),
        ("<dc:creator>Ada Lind</dc:creator><dc:creator>Bo Ek</dc:creator>", ("Ada Lind", "Bo Ek")),
    ],
)
def test_authors_are_names(written: str, names: tuple[str, ...]) -> None:
    """Addresses are taken off; an address alone names nobody. Both readers agree."""
    body = rss("<title>T</title>" + written)
    assert only(body).authors == names
    assert only(body.replace("<rss", "<!DOCTYPE rss><rss")).authors == names


def test_every_deletion_is_kept() -> None:
    """feedparser remembers the last at:deleted-entry of a document; we all of them, with time and speaker."""
    body = atom("<title>T</title><id>urn:c</id>").replace(
        "<entry>",
        '<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="urn:a" '
        'when="2024-05-04T12:00:00+02:00"><at:by><name>Desk</name></at:by></at:deleted-entry>'
        '<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="urn:b" when="later"/>'
        "<entry>",
    )
    document = parsed(body)
    assert document.deleted == (
        Deletion("urn:a", datetime(2024, 5, 4, 10, tzinfo=UTC), "Desk"),
        Deletion("urn:b"),
    )
    assert [one.reason for one in document.rejected] == [Reason.BAD_DATE]
    assert len(document.entries) == 1


def test_a_deletion_quoted_in_a_text_deletes_nothing() -> None:
    """Only a child of the feed is the feed's own word."""
    quoted = (
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><at:deleted-entry '
        'xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="urn:a" when="2024-05-04T12:00:00Z"/>'
        "</div></content>"
    )
    assert parsed(atom("<title>T</title>" + quoted)).deleted == ()


def test_what_a_limit_cuts_is_counted() -> None:
    """Beyond the cap entries are left out, counted, named, and the document is not complete."""
    many = rss("</item><item>".join(f"<title>T{n}</title><guid>{n}</guid>" for n in range(30)))
    for body in (many, many.replace("<rss", "<!DOCTYPE rss><rss"), many.replace("</rss>", "</rss>&")):
        document = parsed(body, limits=Limits(entries=10))
        assert [entry.guid for entry in document.entries] == [str(n) for n in range(10)]
        assert (document.cut, document.complete) == (20, False)
        (lost,) = [one for one in document.rejected if one.reason == Reason.TOO_MANY_ENTRIES]
        assert lost.message == "20 entries after the first 10 were not read"


def test_ten_thousand_entries_are_read_up_to_the_cap() -> None:
    """The default cap is 2,000, and a feed of 10,000 says that 8,000 are missing."""
    document = parsed(rss("</item><item>".join(f"<guid>{n}</guid>" for n in range(10_000))))
    assert (len(document.entries), document.cut, document.complete) == (2_000, 8_000, False)


def test_an_entry_too_large_for_a_message_is_named() -> None:
    """Pictures inside a text are left out; what is still too large is refused, and its neighbour stands."""
    picture = f'<p>Words.</p><img src="data:image/png;base64,{"A" * 300_000}">'
    body = rss(
        f"<guid>1</guid><description><![CDATA[{picture}]]></description></item>"
        f"<item><guid>2</guid><content:encoded><![CDATA[{picture}]]></content:encoded></item>"
        f"<item><guid>3</guid><description>{'word ' * 60_000}</description></item><item><guid>4</guid>"
    )
    document = parsed(body, limits=Limits(entry=250_000))
    assert [entry.guid for entry in document.entries] == ["2", "4"]
    assert [(one.reason, one.where) for one in document.rejected] == [
        (Reason.TOO_LARGE, "entry 1, guid 1"),
        (Reason.TOO_LARGE, "entry 3, guid 3"),
    ]


def test_json_feed_forgives_single_items() -> None:
    """A number as id, an item that is no object, a title cut within an emoji: the rest goes on."""
    body = (
        '{"version": "https://jsonfeed.org/version/1", "title": "P", "items": ['
        '{"id": 7, "title": "a\\ud83d", '
        '"content_text": "x", "content_html": "<p>x y</p>", "author": {"name": "Ada"}}, "no", {"id": "8"}]}'
    )
    document = parsed(body)
    assert document.version == "json10"
    assert [entry.guid for entry in document.entries] == ["7", "8"]
    first = document.entries[0]
    assert first.title == Content("a\ufffd")
    assert first.content == Content("<p>x y</p>", "html")
    assert first.authors == ("Ada",)
    assert document.rejected == (Rejected(Reason.BAD_FIELD, "an item that is no JSON object", "entry 2"),)

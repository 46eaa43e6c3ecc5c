"""Finding a site's feeds on its page."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.feed.discover import LINKS, MOST, PAGE, PLACES, Found, feeds_in, usual_places

HOME = "https://paper.example/en/home"


def page(head: str = "", body: str = "") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


def urls(head: str = "", body: str = "") -> list[str]:
    return [found.url for found in feeds_in(page(head, body), HOME)]


def link(href: str, kind: str = "application/rss+xml", title: str = "") -> str:
    return f'<link rel="alternate" type="{kind}" href="{href}" title="{title}">'


def test_what_a_page_declares() -> None:
    """Address made absolute, title and type as given."""
    head = link("/rss?a=1&amp;b=2", title="Paper &raquo; News") + link("atom", "Application/Atom+XML; x=y")
    assert feeds_in(page(head), HOME) == (
        Found("https://paper.example/rss?a=1&b=2", "Paper » News", "application/rss+xml"),
        Found("https://paper.example/en/atom", None, "application/atom+xml"),
    )


def test_what_a_page_links_to() -> None:
    """Links whose address is evidently a feed's are called by their text."""
    body = (
        '<a href="/world/rss.xml"> All <b>the</b>\n world</a><a href="/about">About</a><a href="/n.xml"></a>'
    )
    assert feeds_in(page(body=body), HOME) == (
        Found("https://paper.example/world/rss.xml", "All the world"),
        Found("https://paper.example/n.xml"),
    )


@pytest.mark.parametrize(
    "href",
    [
        "/feed",
        "/feed/",
        "/en/feeds/world",
        "/world/rss",
        "/rss.aspx",
        "/rss-feed/45",
        "/xml/rss-en-all",
        "/latest.rss",
        "/index.rdf",
        "/blog.atom",
        "/?feed=rss2",
        "/news?format=feed&type=rss",
        "/news-sitemap.xml",
        "https://feeds.example/Paper",
        "feed:https://paper.example/rss",
        "feed://paper.example/rss",
    ],
)
def test_addresses_that_are_evidently_feeds(href: str) -> None:
    """By file, folder, parameter or host, as publishing systems make them."""
    assert len(urls(body=f'<a href="{href}">x</a>')) == 1


@pytest.mark.parametrize(
    "href",
    [
        "/feed-the-hungry",
        "/news/2024/feedback",
        "/sitemap.xml",
        "/opensearch.xml",
        "/xmlrpc.php?rss",
        "https://reader.example/add/feed/https://paper.example/rss",
        "https://reader.example/add?url=https%3A%2F%2Fpaper.example%2Frss.xml",
        "mailto:rss@paper.example",
        "javascript:rss()",
        "http://[/rss",
        "#rss",
        "",
    ],
)
def test_addresses_that_are_no_feeds(href: str) -> None:
    """Words of articles, plain sitemaps, services that carry an address, and what is no web address."""
    assert urls(body=f'<a href="{href}">x</a>') == []


def test_declarations_that_are_no_feeds() -> None:
    """Other languages, stylesheets, and interfaces of publishing systems."""
    head = (
        '<link rel="alternate" hreflang="fr" href="/fr">'
        '<link rel="stylesheet" type="text/css" href="/rss.css">'
        + link("/wp-json/wp/v2/pages/1", "application/json")
        + link("/wp-json/oembed/1.0/embed", "application/json+oembed")
    )
    assert urls(head) == []


def test_the_likeliest_comes_first() -> None:
    """Declared feeds, then loosely typed ones, linked files, linked folders, and comments after all."""
    head = link("/comments/feed", title="Comments") + link("/api.json", "application/json") + link("/main")
    body = '<a href="/feed/">a</a><a href="/top.xml">b</a><a href="/x/rss">Kommentare</a>'
    assert urls(head, body) == [
        f"https://paper.example{path}"
        for path in ("/main", "/api.json", "/top.xml", "/feed/", "/comments/feed", "/x/rss")
    ]


def test_each_feed_is_named_once() -> None:
    """The declaration stands for later links, whatever their fragment or scheme."""
    body = '<a href="/rss#top">RSS</a><a href="http://paper.example/rss">RSS</a>'
    assert feeds_in(page(link("/rss", title="News"), body), HOME) == (
        Found("https://paper.example/rss", "News", "application/rss+xml"),
    )
    assert len(urls(body="".join(f"<a href='/{n}.rss'>x</a>" for n in range(50)))) == MOST


def test_a_base_moves_relative_addresses() -> None:
    """The first base element counts, itself relative to the page."""
    head = '<base href="/archive/"><base href="/other/">' + link("rss")
    assert urls(head) == ["https://paper.example/archive/rss"]


def test_titles_are_read_in_their_encoding() -> None:
    """By the header, else by the page's own declaration."""
    greek = '<meta charset="iso-8859-7">' + link("/rss", title="Νέα")
    assert feeds_in(greek.encode("iso-8859-7"), HOME)[0].title == "Νέα"
    bare = link("/rss", title="Νέα").encode("iso-8859-7")
    assert feeds_in(bare, HOME, "text/html; charset=iso-8859-7")[0].title == "Νέα"


def test_the_usual_places_of_a_site() -> None:
    """On the site of the page, wherever the page lies; none without a site."""
    places = usual_places(HOME)
    assert places == tuple(f"https://paper.example{place}" for place in PLACES)
    assert usual_places("not an address") == usual_places("ftp://paper.example/") == ()
    assert usual_places("http://[:::]/") == ()


def test_a_page_is_read_up_to_its_bound() -> None:
    """What lies behind two megabytes is not looked at; nesting and endless attributes do no harm."""
    assert urls(body="x" * PAGE + '<a href="/rss">x</a>') == []
    assert urls(link("/rss"), "<div>" * 200_000) == ["https://paper.example/rss"]
    assert urls(link("/rss"), "<a " + "x=1 " * 100_000) == ["https://paper.example/rss"]


def test_a_base_that_is_no_address_is_none() -> None:
    """Links are then joined to the page itself: a long base took 30 s to be joined to 3,000 of them."""
    for base in ("//[", "http://a.example/" + "a/" * 50_000):
        begin = time.process_time()
        assert urls(f"<base href='{base}'>", '<a href="/rss">x</a>' * 3_000) == ["https://paper.example/rss"]
        assert time.process_time() - begin < 3


def test_a_page_of_links_is_looked_at_up_to_some_thousand() -> None:
    """Of more links than a front page has the first are looked at."""
    many = '<a href="/about">x</a>' * (LINKS - 1)
    assert urls(body=many + '<a href="/rss">x</a>') == ["https://paper.example/rss"]
    assert urls(body=many + '<a href="/about">x</a><a href="/rss">x</a>') == []


MARKUP = [
    "<a href='",
    "</a>",
    "<link rel=alternate type=application/rss+xml href=",
    "<base href='",
    "'>",
    ">",
]
ODD = [
    "/rss",
    "http://[",
    "http://[:::]/rss",
    "//[",
    "\0",
    "<!--",
    "-->",
    "&#xD800;",
    "<script>",
    "<![CDATA[",
    "<meta charset=",
    "utf-16",
]
pieces = st.sampled_from([*MARKUP, *ODD])


@settings(max_examples=300, deadline=None)
@given(
    st.lists(pieces | st.text(max_size=5), max_size=30).map("".join),
    st.text(max_size=20),
    st.binary(max_size=9),
)
def test_discovery_never_raises(text: str, base: str, junk: bytes) -> None:
    """Whatever the page, its address and its encoding: web addresses, each once, or nothing."""
    for address in (HOME, base):
        found = feeds_in(text.encode() + junk + text.encode("utf-16"), address)
        assert all(one.url.startswith(("http://", "https://")) for one in found)
        assert len({one.url for one in found}) == len(found)

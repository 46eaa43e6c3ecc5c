"""What documents and headers say about being read again: intervals, hubs, topics."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.feed.document import FeedDocument, Hints
from pipeline.feed.hints import HEAD, LONGEST, SHORTEST, of_document, with_links
from pipeline.feed.parse import parse_feed
from tests.feed.test_feed_properties import mutated

ATOM = 'xmlns:atom="http://www.w3.org/2005/Atom"'
SY = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
ITEM = "<item><title>T</title><guid>g</guid><ttl>9</ttl></item>"


def rss(head: str, after: str = "") -> bytes:
    return f'<rss version="2.0" {ATOM} {SY}><channel>{head}{ITEM}{after}</channel></rss>'.encode()


def hints(body: bytes, **headers: str) -> Hints:
    document = parse_feed(body, feed="f", origin="feed", headers=headers)
    assert isinstance(document, FeedDocument)
    return document.hints


@pytest.mark.parametrize(
    ("head", "seconds"),
    [
        ("", None),
        ("<ttl>30</ttl>", 1_800),
        ("<ttl> 30\n</ttl>", 1_800),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("<ttl>½</ttl>", None),
        ("<ttl>99999999</ttl>", LONGEST),
        ("<ttl>99999999999999999999999</ttl>", None),
        ("<ttl>15</ttl><ttl>30</ttl>", 900),
        ("<sy:updatePeriod>\n\thourly\t</sy:updatePeriod>", 3_600),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 900),
        ("<sy:updateFrequency>2</sy:updateFrequency>", 43_200),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 3_600),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>9999</sy:updateFrequency>", SHORTEST),
        ("<sy:updatePeriod>yearly</sy:updatePeriod>", LONGEST),
        ("<sy:updatePeriod>always</sy:updatePeriod>", None),
        ("<ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 3_600),
        ("<ttl>120</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 7_200),
        ("<image><ttl>7</ttl></image>", None),
        ("<description>a &nbsp; b</description><ttl>30</ttl>", 1_800),
    ],
)
def test_the_interval_that_a_channel_asks_for(head: str, seconds: float | None) -> None:
    """Minutes of ttl, periods of sy; of both the longer; nonsense is none, and what is extreme is bounded."""
    assert hints(rss(head)).interval == seconds


@pytest.mark.parametrize(
    ("links", "hub", "topic"),
    [
        ("<atom:link rel='hub' href='https://hub.example/'/>", "https://hub.example/", None),
        ("<atom:link rel='self' href='http://p.example/rss'/>", None, "http://p.example/rss"),
        (
            "<atom:link rel='hub' href='http://a.example/'/><atom:link rel='hub' href='https://b.example/'/>",
            "https://b.example/",
            None,
        ),
        (
            "<atom:link rel='hub' href='http://a.example/'/><atom:link rel='hub' href='http://b.example/'/>",
            "http://a.example/",
            None,
        ),
        ("<atom:link rel='HUB' href='https://hub.example/'/>", "https://hub.example/", None),
        ("<atom:link rel='hub' href='ftp://hub.example/'/><link>http://p.example/</link>", None, None),
        ("<atom:link rel='hub' href='/hub'/>", None, None),
        ("<atom:link rel='hub' href='http://['/>", None, None),
        ("<atom:link rel='hub'/>", None, None),
        ("<atom:link rel='self' href='http://p.example/a b'/>", None, None),
        ("<image><atom:link rel='hub' href='https://hub.example/'/></image>", None, None),
    ],
)
def test_the_hub_and_topic_of_a_channel(links: str, hub: str | None, topic: str | None) -> None:
    """Links of the channel by their relation; of several hubs the first by https; only web addresses."""
    assert hints(rss(links)) == Hints(None, hub, topic)


def test_an_atom_feed_names_hub_and_topic() -> None:
    """Links of the feed count, those of its entries do not."""
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>P</title>'
        '<link rel="self" href="https://p.example/atom"/><link rel="hub" href="https://hub.example/"/>'
        '<entry><id>1</id><title>T</title><link rel="hub" href="https://other.example/"/></entry></feed>'
    )
    assert hints(body.encode()) == Hints(None, "https://hub.example/", "https://p.example/atom")


def test_an_rdf_channel_says_how_often() -> None:
    """RSS 1.0, where the syndication module comes from."""
    body = (
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'{SY}><channel rdf:about="u"><title>P</title><sy:updatePeriod>daily</sy:updatePeriod></channel>'
        '<item rdf:about="a"><title>T</title></item></rdf:RDF>'
    )
    assert hints(body.encode()).interval == 86_400


def test_a_json_feed_names_hub_and_topic() -> None:
    """Hubs of type WebSub and the feed's own address; anything else in their place is ignored."""
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [], "feed_url": "https://p.example/f"}
    hubs = [
        {"type": "rssCloud", "url": "https://c.example/"},
        {"type": "WebSub", "url": "https://h.example/"},
    ]
    assert hints(json.dumps(feed | {"hubs": hubs}).encode()) == Hints(
        None, "https://h.example/", "https://p.example/f"
    )
    for other in ("x", [1, {"type": "WebSub"}, {"type": "WebSub", "url": 3}], {"url": "https://h.example/"}):
        assert hints(json.dumps(feed | {"hubs": other, "feed_url": 1}).encode()) == Hints()


@pytest.mark.parametrize(
    ("header", "hub", "topic"),
    [
        ('<https://h.example/>; rel="hub"', "https://h.example/", "http://doc.example/f"),
        (
            '<https://h.example/>; rel=hub, <https://p.example/f>; rel="self"',
            "https://h.example/",
            "https://p.example/f",
        ),
        ('<http://h.example/>;REL="Hub", <https://s.example/>; rel=hub', "https://s.example/", None),
        (
            '<https://p.example/a,b;c>; title="x, <y>; z"; rel="alternate self"',
            None,
            "https://p.example/a,b;c",
        ),
        ('<https://h.example/>; rel="hub"; anchor="https://other.example/"', None, None),
        ("<https://h.example/>; rel=next; rel=hub", None, None),
        ("<https://h.example/>", None, None),
        ("https://h.example/; rel=hub", None, None),
        ("</hub>; rel=hub", "https://p.example/hub", None),
    ],
)
def test_the_link_header_comes_first(header: str, hub: str | None, topic: str | None) -> None:
    """What the header names stands before the document's own; what it does not name stays."""
    said = Hints(600, "http://doc.example/hub", "http://doc.example/f")
    found = with_links(said, header, "https://p.example/")
    assert found == Hints(600, hub or said.hub, topic or said.topic)


def test_the_header_reaches_the_document() -> None:
    """A feed that names no hub has the one that its server names."""
    found = hints(rss("<ttl>30</ttl>"), Link='<https://h.example/>; rel="hub"')
    assert found == Hints(1_800, "https://h.example/", None)


def test_both_readers_give_the_same_hints() -> None:
    """What makes the quick reader decline a document changes nothing about its hints."""
    head = f"<ttl>30</ttl><atom:link rel='hub' href='https://h.example/'/>{'<generator>x</generator>' * 3}"
    declined = rss(head, "<item><title>a</title><title>b</title><enclosure/></item>")
    assert hints(rss(head)) == hints(declined) == Hints(1_800, "https://h.example/", None)


def test_only_the_head_is_walked_through() -> None:
    """What stands behind the first item, or far behind the start, is not looked for."""
    assert hints(rss("", "<ttl>30</ttl>")).interval is None
    assert hints(rss(f"<description>{'x' * HEAD}</description><ttl>30</ttl>")).interval is None


@settings(max_examples=300, deadline=None)
@given(
    mutated() | st.binary(max_size=200), st.text(max_size=40) | st.from_regex(r'(<[^>]*>; *rel="?\w+"?,? ?)+')
)
def test_hints_never_fail(body: bytes, header: str) -> None:
    """Whatever the bytes, an interval is within its bounds and an address a web address."""
    found = with_links(of_document(body, ""), header, "")
    assert found.interval is None or SHORTEST <= found.interval <= LONGEST
    assert all(one.lower().startswith(("http://", "https://")) for one in (found.hub, found.topic) if one)


def test_a_long_header_is_read_in_bounded_time() -> None:
    """Headers made to set a pattern back and forth cost no more than others."""
    for piece in ("<", "<a>;", "<a>; ", '<a>;x="', " ;", "<a> ; a = "):
        assert with_links(Hints(), piece * 10_000 + " " * 10_000, "") == Hints()


def test_many_links_are_no_work() -> None:
    """A relation said thousands of times is read once, and of thousands of addresses the first few."""
    said = f"<atom:link rel='{'hub ' * 16_000}' href='https://hub.example/'/>"
    other = "".join(f"<atom:link rel='hub' href='http://h.example/{n}'/>" for n in range(1_300))
    begin = time.process_time()
    assert hints(rss(said)).hub == "https://hub.example/"
    assert (
        hints(rss(other + "<atom:link rel='hub' href='https://hub.example/'/>")).hub == "http://h.example/0"
    )
    assert time.process_time() - begin < 0.2

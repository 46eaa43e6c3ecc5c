"""Lists of feeds: what other readers export is read, what we write is read back, edits leave the rest."""

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.outcome import Reason, Rejected
from pipeline.poll.opml import FeedList, read_opml, same_feed, unusable, write_opml
from pipeline.poll.opml_edit import added, removed, verified
from pipeline.poll.spec import FeedSpec

WHEN = datetime(2024, 5, 4, 10, 30, tzinfo=UTC)

EXPORTED = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- kept by hand -->
<opml version="1.0">
  <head><title>Exported &amp; merged</title><dateCreated>Sat, 04 May 2024 10:00:00 GMT</dateCreated></head>
  <body>
    <!-- wires first -->
    <outline text="Wires" isOpen="true">
      <outline text="Region" title="Middle East">
        <outline type="rss" text="Meridian" title="Meridian Wire" xmlUrl="https://meridian.example/rss"
                 htmlUrl="https://meridian.example/" language="en-GB" custom="7"/>
      </outline>
      <outline text="Estuaire" xmlURL="http://estuaire.example/feed?a=1&amp;b=2" type="rss"/>
    </outline>
    <outline text="Kav" xmlurl=" https://kav.example/atom " type="atom"/>
    <outline text="Again" xmlUrl="http://MERIDIAN.example/rss/" type="rss"/>
    <outline text="No address" type="rss"/>
    <outline text="Bad" type="rss" xmlUrl="ftp://old.example/feed"/>
    <outline text="Empty folder"/>
  </body>
</opml>
"""


def listed(data: bytes) -> FeedList:
    found = read_opml(data)
    assert isinstance(found, FeedList), found
    return found


def refused(data: bytes) -> Rejected:
    found = read_opml(data)
    assert isinstance(found, Rejected), found
    return found


def edited(data: bytes | Rejected | None) -> bytes:
    assert isinstance(data, bytes), data
    return data


def test_what_other_readers_export_is_read() -> None:
    """Folders nest, `xmlUrl` is found in any case, `title` wins over `text`, the document keeps its title."""
    found = listed(EXPORTED)
    assert found.title == "Exported & merged"
    assert found.feeds == (
        FeedSpec(
            "https://meridian.example/rss",
            "Meridian Wire",
            "https://meridian.example/",
            "en-GB",
            folders=("Wires", "Middle East"),
        ),
        FeedSpec("http://estuaire.example/feed?a=1&b=2", "Estuaire", folders=("Wires",)),
        FeedSpec("https://kav.example/atom", "Kav"),
    )


def test_each_unusable_outline_is_one_rejection() -> None:
    """An outline without a web address is named with its line and title; the others stand."""
    found = listed(EXPORTED)
    assert [(one.reason, one.where) for one in found.rejected] == [
        (Reason.BAD_FEED_LIST, "line 16 (No address)"),
        (Reason.BAD_FEED_LIST, "line 17 (Bad)"),
    ]


def test_a_feed_that_stands_twice_is_one_feed() -> None:
    """The first outline of an address counts; another spelling of it is noted and no fault."""
    assert listed(EXPORTED).repeated == ("http://MERIDIAN.example/rss/",)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "no address"),
        ("news.example/feed", "no web address"),
        ("javascript:alert(1)", "no web address"),
        ("file:///etc/passwd", "no web address"),
        ("https://news.example/a feed", "blanks"),
        ("https://news.example/\x1b[2J", "control"),
        ("https://me:secret@news.example/feed", "password"),
        (f"https://news.example/{'x' * 2_000}", "characters"),
    ],
)
def test_addresses_that_no_feed_can_have(url: str, why: str) -> None:
    """Only addresses of the web that can be published as they are may name a feed."""
    assert why in (unusable(url) or "")


@pytest.mark.parametrize("written", ["feed://news.example/rss", "feed:http://news.example/rss"])
def test_the_old_scheme_of_browsers_is_taken_off(written: str) -> None:
    """`feed:` before an address means the address."""
    data = f'<opml><body><outline xmlUrl="{written}"/></body></opml>'.encode()
    assert [feed.url for feed in listed(data).feeds] == ["http://news.example/rss"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1256", "utf-8"])
def test_encodings(encoding: str) -> None:
    """A byte order mark, two-byte text and a declared national encoding give the same feed."""
    declared = encoding.removesuffix("-sig")
    text = (
        f'<?xml version="1.0" encoding="{declared}"?><opml version="2.0"><body>'
        '<outline text="أخبار" xmlUrl="https://news.example/ar" type="rss"/></body></opml>'
    )
    assert listed(text.encode(encoding)).feeds == (FeedSpec("https://news.example/ar", "أخبار"),)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"<rss version='2.0'><channel/></rss>", "<rss>"),
        (b"<!doctype html><html><body>Log in</body></html>", "a web page"),
        (b'{"feeds": []}', "no well-formed XML"),
        (b"<opml><body><outline xmlUrl='https://a.example/?a=1&b=2'/></body></opml>", "&amp;"),
        (b"<opml><body>", "no well-formed XML"),
        (b"<opml>" + b"<outline>" * 100_000, "no well-formed XML"),
        (
            b'<!DOCTYPE o [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
            b'<opml><body><outline text="&b;"/></body></opml>',
            "document type definition",
        ),
        (
            b'<!DOCTYPE o [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml><body>&a;</body></opml>',
            "document type definition",
        ),
    ],
)
def test_what_is_no_list_is_refused_with_the_reason(data: bytes, words: str) -> None:
    """The whole is refused, in words, when it is not OPML, broken, or would blow up."""
    found = refused(data)
    assert found.reason is Reason.BAD_FEED_LIST
    assert words in found.message


def test_an_element_of_very_many_attributes_is_refused() -> None:
    """20,000 attributes of one outline took 6 s to be read; now none is."""
    crowd = " ".join(f'a{number}="1"' for number in range(20_000))
    begin = time.process_time()
    found = read_opml(f"<opml><body><outline xmlUrl='https://x.example/' {crowd}/></body></opml>".encode())
    assert time.process_time() - begin < 1
    assert isinstance(found, Rejected)
    assert (found.reason, found.message) == (
        Reason.BAD_FEED_LIST,
        "an element with more than 500 attributes",
    )


def test_a_list_larger_than_any_is_not_parsed() -> None:
    """Beyond the bound nothing is looked at."""
    assert refused(b"<opml>" + b" " * 20_000_000).reason is Reason.TOO_LARGE


def test_our_attributes_come_back() -> None:
    """Full text, the time of the check and the publisher stand in our namespace, times in UTC."""
    data = write_opml(
        [FeedSpec("https://a.example/f", "A", publisher="The A", full_text=True, verified=WHEN)], "t"
    )
    assert b'storywire:verified="2024-05-04T10:30:00Z"' in data
    assert data.count(b"xmlns:storywire") == 1
    (feed,) = listed(data).feeds
    assert (feed.publisher, feed.full_text, feed.verified) == ("The A", True, WHEN)


@pytest.mark.parametrize("written", ["yesterday", "2024-05-04T10:30:00", "2024-13-40", ""])
def test_a_time_that_is_none_leaves_the_feed_unverified(written: str) -> None:
    """What is not RFC 3339 with a zone says nothing about the feed, which stands."""
    data = (
        '<opml xmlns:s="urn:storywire:opml:1"><body>'
        f'<outline xmlUrl="https://a.example/f" s:verified="{written}"/></body></opml>'
    )
    (feed,) = listed(data.encode()).feeds
    assert feed.verified is None


NAMES = (
    st.text("aé中ש &<\"'>/.", min_size=1, max_size=8).map(lambda text: " ".join(text.split())).filter(bool)
)
FEEDS = st.lists(
    st.builds(
        FeedSpec,
        url=st.integers(0, 200).map(lambda n: f"https://h{n % 7}.example/feed?n={n}&x=é"),
        title=st.none() | NAMES,
        site=st.none() | st.just("https://h.example/"),
        language=st.none() | st.sampled_from(["en", "ar", "pt-BR"]),
        publisher=st.none() | NAMES,
        folders=st.lists(NAMES, max_size=3).map(tuple),
        full_text=st.booleans(),
        verified=st.none() | st.just(WHEN),
    ),
    max_size=12,
    unique_by=lambda feed: feed.url,
)


@given(FEEDS)
def test_what_is_written_is_read_back(feeds: list[FeedSpec]) -> None:
    """Every feed comes back as it was; written again, the list is the same bytes."""
    data = write_opml(feeds, "All & sundry")
    found = listed(data)
    assert sorted(found.feeds, key=lambda feed: feed.url) == sorted(feeds, key=lambda feed: feed.url)
    assert found.rejected == ()
    assert write_opml(found.feeds, "All & sundry") == data


@given(FEEDS.filter(bool))
def test_adding_one_by_one_is_writing_all(feeds: list[FeedSpec]) -> None:
    """Feeds added to an empty list give the very bytes of a list written at once, whitespace included."""
    data: bytes | Rejected = write_opml([], "t")
    for feed in feeds:
        data = added(edited(data), feed)
    assert data == write_opml(feeds, "t")


@given(FEEDS.filter(bool), st.data())
def test_removing_takes_one_feed_and_no_other(feeds: list[FeedSpec], data: st.DataObject) -> None:
    """The removed feed is gone, the others stand as they were; removing it again finds nothing."""
    gone = data.draw(st.sampled_from(feeds))
    left = edited(removed(write_opml(feeds, "t"), gone.url))
    assert {feed.url: feed for feed in listed(left).feeds} == {
        feed.url: feed for feed in feeds if feed != gone
    }
    assert removed(left, gone.url) is None


@given(st.binary(max_size=200) | st.binary(max_size=100).map(lambda tail: EXPORTED[:700] + tail))
def test_no_bytes_make_reading_fail(data: bytes) -> None:
    """Whatever the bytes, the answer is a list or a reason."""
    assert isinstance(read_opml(data), (FeedList, Rejected))


def test_a_site_with_control_characters_is_written_as_it_is_read() -> None:
    """What XML cannot hold well is left out at reading, so that writing changes nothing."""
    outline = '<outline xmlUrl="https://a.example/rss" htmlUrl="https://a.example/\x85b"/>'
    found = read_opml(f"<opml><body>{outline}</body></opml>".encode())
    assert isinstance(found, FeedList)
    assert [feed.site for feed in found.feeds] == ["https://a.example/b"]
    again = read_opml(write_opml(found.feeds, "Mine"))
    assert isinstance(again, FeedList)
    assert again.feeds == found.feeds


def test_an_edit_leaves_the_rest_of_the_file() -> None:
    """Comments, foreign attributes, the head and the order of all else survive each edit."""
    data = edited(added(EXPORTED, FeedSpec("https://new.example/rss", "New", folders=("Wires", "New one"))))
    data = edited(removed(data, "http://estuaire.example/feed?a=1&b=2"))
    data = edited(verified(data, {"https://kav.example/atom": WHEN}))
    for kept in (
        b"<!-- kept by hand -->",
        b"<!-- wires first -->",
        b'custom="7"',
        b"<dateCreated>",
        b"isOpen",
    ):
        assert kept in data
    assert b"estuaire" not in data
    found = listed(data)
    assert [feed.url for feed in found.feeds] == [
        "https://meridian.example/rss",
        "https://new.example/rss",
        "https://kav.example/atom",
    ]
    assert found.feeds[1].folders == ("Wires", "New one")
    assert found.feeds[2] == replace(listed(EXPORTED).feeds[2], verified=WHEN)


def test_an_edit_changes_only_its_lines() -> None:
    """Of a list as we write it, adding a feed adds one line and removing it gives the bytes before."""
    before = write_opml([FeedSpec(f"https://h{n}.example/f", folders=("F",)) for n in range(3)], "t")
    after = edited(added(before, FeedSpec("https://new.example/f", folders=("F",))))
    assert set(before.splitlines()) < set(after.splitlines())
    assert len(after.splitlines()) == len(before.splitlines()) + 1
    assert removed(after, "https://new.example/f/") == before


def test_an_edit_of_what_is_no_list_says_so() -> None:
    """A broken file is not written over."""
    spec = FeedSpec("https://a.example/f")
    for found in (added(b"<rss/>", spec), removed(b"<rss/>", spec.url), verified(b"", {spec.url: WHEN})):
        assert isinstance(found, Rejected)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://a.example/f", "https://A.example/f/", True),
        ("https://a.example/f", "https://a.example/f?utm_source=x#top", True),
        ("https://a.example/f", "https://a.example/F", False),
        ("https://a.example/f?n=1", "https://a.example/f?n=2", False),
    ],
)
def test_spellings_of_one_feed(one: str, other: str, same: bool) -> None:
    """Scheme, host's case, a final slash and tracking do not make another feed; path and query do."""
    assert (same_feed(one) == same_feed(other)) is same

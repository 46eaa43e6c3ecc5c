"""Which article an entry is about."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article.identity import article_id, source_of
from pipeline.feed.entry import Content, Entry
from pipeline.outcome import Reason, Rejected
from tests.article.strategies import PUBLISHERS

LINKED = Entry(feed="a", origin="feed", url="https://harbourpost.example/talks", title=Content("Talks"))
UNLINKED = replace(LINKED, url=None, publisher="Meridian Wire")
TEXT_ONLY = Entry(feed="a", origin="feed", title=Content("Talks"), summary=Content("A pause."))


def same(one: Entry, other: Entry) -> bool:
    return article_id(one, PUBLISHERS) == article_id(other, PUBLISHERS)


def test_ids_are_these():
    """Identities are literals: a change of any of them would give every stored article a new key."""
    assert article_id(LINKED, PUBLISHERS) == "u2bfb4ebf1db538f5b4252db52ee1208b"
    assert article_id(UNLINKED, PUBLISHERS) == "p41a69420f9dfd45dd15d6ec14185943e"
    assert article_id(TEXT_ONLY, PUBLISHERS) == "t1d8d7c48cd2a89d7f15242db76b33776"


SAME_ADDRESS = {
    "tracking": "https://harbourpost.example/talks?utm_source=rss",
    "the publisher's own parameter": "https://harbourpost.example/talks?via=feed",
    "http": "http://harbourpost.example/talks",
    "fragment": "https://harbourpost.example/talks#comments",
    "an archive": "https://vault.example/newest/https://harbourpost.example/talks",
}


@pytest.mark.parametrize("url", SAME_ADDRESS.values(), ids=SAME_ADDRESS.keys())
def test_one_page_is_one_article(url):
    """Addresses of one page name one article, whatever else the entry says."""
    assert same(LINKED, replace(LINKED, url=url, title=Content("Another title"), guid="g", feed="b"))


def test_another_path_is_another_article():
    """The canonical address decides, not guid, title or feed."""
    assert not same(LINKED, replace(LINKED, url="https://harbourpost.example/Talks"))


SAME_TITLE = {
    "suffix": "Talks resume - Meridian Wire",
    "suffix after a bar": "Talks resume | Meridian Wire",
    "suffix that is an alias": "Talks resume – MW",
    "section and publisher": "Talks resume | World | Meridian Wire",
    "case, blanks, punctuation": "«TALKS  resume!»",
    "full width": "Ｔａｌｋｓ resume",
    "markup": "Talks <b>resume</b>",
}


@pytest.mark.parametrize("title", SAME_TITLE.values(), ids=SAME_TITLE.keys())
def test_without_address_publisher_and_title_decide(title):
    """Titles that differ in what identity folds name one article of one publisher."""
    plain = replace(UNLINKED, title=Content("Talks resume"))
    assert same(plain, replace(plain, title=Content(title, "html")))


def test_an_alias_is_the_publisher():
    """An entry that names the publisher otherwise is about the same article."""
    assert same(UNLINKED, replace(UNLINKED, publisher="mw"))
    assert same(UNLINKED, replace(UNLINKED, publisher=None, feed_title="Meridian Wire"))
    assert not same(UNLINKED, replace(UNLINKED, publisher="Harbour Post"))


def test_opaque_links_are_passed_over():
    """Behind an aggregator's link publisher and title decide; the link itself changes from day to day."""
    one = replace(
        UNLINKED, url="https://gather.example/articles/CBM1", title=Content("Talks - Meridian Wire")
    )
    other = replace(one, url="https://gather.example/articles/XYZ2")
    assert same(one, other)
    assert same(one, UNLINKED)
    # Without a source the aggregator's title tells the publisher.
    assert same(one, replace(one, publisher=None))


def test_without_publisher_title_and_text_decide():
    """An entry that nobody answers for is known by its words."""
    assert same(TEXT_ONLY, replace(TEXT_ONLY, feed="b"))
    assert not same(TEXT_ONLY, replace(TEXT_ONLY, summary=Content("A pause of 40 days.")))


def test_nothing_to_go_by():
    """An entry without address, title and text is rejected with its reason."""
    rejected = article_id(Entry(feed="a", origin="feed", guid="g7", publisher="MW"), PUBLISHERS)
    assert isinstance(rejected, Rejected)
    assert (rejected.reason, rejected.where) == (Reason.UNIDENTIFIABLE, "g7")


SOURCES = {
    "named and known": ({"publisher": "MW"}, "Meridian Wire"),
    "the site's own publisher": ({"feed_title": "World news"}, "Harbour Post"),
    "named, unknown, on a known site": ({"publisher": "HP World"}, "Harbour Post"),
    "named, on an unknown site": ({"publisher": "Blog", "url": "https://b.example/a"}, "Blog"),
    "feed title": ({"feed_title": "A Blog", "url": "https://b.example/a"}, "A Blog"),
    "host": ({"url": "https://www.b.example/a"}, "b.example"),
    "nobody": ({"url": None}, None),
    "an aggregator names nobody": ({"url": "https://gather.example/a", "feed_title": "Gather"}, None),
}


@pytest.mark.parametrize(("given_fields", "name"), SOURCES.values(), ids=SOURCES.keys())
def test_publisher(given_fields, name):
    """The publisher is the known one named or linked to, else the name given, the feed's, the host."""
    assert source_of(replace(LINKED, **given_fields), PUBLISHERS).name == name


contents = st.none() | st.builds(Content, st.text(max_size=30), st.sampled_from(("text", "html")))


@given(
    st.builds(
        Entry,
        feed=st.just("a"),
        origin=st.just("feed"),
        url=st.none() | st.text(),
        title=contents,
        summary=contents,
    )
)
def test_identity_never_raises(entry):
    """Every entry has an identity or a reason why it has none."""
    found = article_id(entry, PUBLISHERS)
    assert isinstance(found, Rejected) or found[0] in "upt"

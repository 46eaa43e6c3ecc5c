"""What is kept of an entry."""

from dataclasses import replace

import pytest

from pipeline.article.observe import observe
from pipeline.feed.entry import Content, Entry
from tests.article.strategies import PUBLISHERS, minute

ENTRY = Entry(
    feed="a",
    origin="feed",
    observed=minute(1),
    guid="g1",
    url="https://harbourpost.example/talks?utm_source=x",
    title=Content("Talks <em>resume</em> &amp; go on - Harbour Post", "html"),
    summary=Content("<p>A pause.</p>", "html"),
    content=Content("<p>A pause of 40 days.</p><p>No answer yet.</p>", "html"),
    authors=("Ida  Marl", "", "Ida Marl", "Jonas Reddaway"),
    published=minute(0),
    language="en-GB",
)


def test_everything_in_its_place():
    """Title without suffix, the fuller text, clean names, canonical address, dates and language as given."""
    seen = observe(ENTRY, PUBLISHERS)
    assert (seen.text.title, seen.text.text) == (
        "Talks resume & go on",
        "A pause of 40 days.\n\nNo answer yet.",
    )
    assert seen.text.authors == ("Ida Marl", "Jonas Reddaway")
    kept = seen.observation
    assert (kept.url, kept.publisher) == ("https://harbourpost.example/talks", "Harbour Post")
    assert (kept.observed, kept.published, kept.updated) == (minute(1), minute(0), None)
    assert (kept.language, kept.guid, kept.length, kept.truncated) == ("en-GB", "g1", 35, False)
    assert kept.content == seen.text.content


TITLES = {
    "another publisher's name stays": ("Talks - Meridian Wire", "Talks - Meridian Wire"),
    "words after a dash stay": ("Talks - what we know", "Talks - what we know"),
    "a host": ("Talks | harbourpost.example", "Talks"),
    "a title that is the name stays": ("Harbour Post", "Harbour Post"),
    "no blank before the dash": ("Talks-Harbour Post", "Talks-Harbour Post"),
}


@pytest.mark.parametrize(("title", "wanted"), TITLES.values(), ids=TITLES.keys())
def test_title_suffix(title, wanted):
    """Only this publisher's own names go from the end of a title."""
    assert observe(replace(ENTRY, title=Content(title)), PUBLISHERS).text.title == wanted


TEXTS = {
    "content empty": (Content("<img src=x>", "html"), "A pause."),
    "content shorter": (Content("Read on", "text"), "A pause."),
    "content missing": (None, "A pause."),
}


@pytest.mark.parametrize(("content", "wanted"), TEXTS.values(), ids=TEXTS.keys())
def test_the_fullest_text_counts(content, wanted):
    """An empty or shorter content gives way to the summary."""
    assert observe(replace(ENTRY, content=content), PUBLISHERS).text.text == wanted


CONTENT = {
    "title": {"title": Content("Talks resume")},
    "text": {"content": Content("A pause of 42 days. No answer yet at all.")},
    "authors": {"authors": ("Ida Marl",)},
    "withdrawn": {"withdrawn": True},
}


@pytest.mark.parametrize("changed", CONTENT.values(), ids=CONTENT.keys())
def test_content_is_title_text_authors_and_withdrawal(changed):
    """A change in any of the four is another content."""
    other = observe(replace(ENTRY, **changed), PUBLISHERS)
    assert other.text.content != observe(ENTRY, PUBLISHERS).text.content


NO_CONTENT = {
    "dates": {"published": minute(5), "updated": minute(6), "observed": minute(7)},
    "address": {"url": "https://harbourpost.example/other"},
    "feed": {"feed": "b", "guid": "g2", "language": "fr"},
    "markup": {"content": Content("A pause of 40 days.\n\nNo answer yet.")},
}


@pytest.mark.parametrize("changed", NO_CONTENT.values(), ids=NO_CONTENT.keys())
def test_content_is_nothing_else(changed):
    """Dates, address, feed and markup are no content."""
    other = observe(replace(ENTRY, **changed), PUBLISHERS)
    assert other.text.content == observe(ENTRY, PUBLISHERS).text.content


def test_content_hash_is_this():
    """The content hash is a literal: a change would make every stored article look edited."""
    assert observe(ENTRY, PUBLISHERS).text.content == "97beb2e92d9af25d0aa505139b907419"


def test_what_is_cut_is_marked():
    """A text or title beyond the limits is cut and the observation says so."""
    long = observe(replace(ENTRY, content=Content("word " * 80_000)), PUBLISHERS)
    assert long.observation.truncated
    assert long.observation.length == len(long.text.text) < 256_000
    assert observe(replace(ENTRY, title=Content("word " * 300)), PUBLISHERS).observation.truncated
    assert observe(replace(ENTRY, truncated=True), PUBLISHERS).observation.truncated


def test_an_entry_that_moved_is_a_withdrawal():
    """What only says where the article went leaves no words behind."""
    seen = observe(replace(ENTRY, moved_to="u2"), PUBLISHERS)
    assert (seen.text.withdrawn, seen.text.text, seen.observation.moved_to) == (True, "", "u2")


def test_an_empty_entry_is_observed():
    """An entry of which nothing is known but its feed is an observation too."""
    seen = observe(Entry(feed="a", origin="feed"), PUBLISHERS)
    assert (seen.text.title, seen.text.text, seen.observation.publisher) == ("", "", None)


def test_the_texts_source_is_observed_and_no_content():
    """Words from the article's page are marked so, and the same words from the feed are the same content."""
    seen = observe(replace(ENTRY, text_from="https://harbourpost.example/talks"), PUBLISHERS)
    assert seen.observation.text_from == "page"
    assert observe(ENTRY, PUBLISHERS).observation.text_from == "feed"
    assert seen.text == observe(ENTRY, PUBLISHERS).text

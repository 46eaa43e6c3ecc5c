"""The list of feeds that comes with the project, and what its document says of it."""

import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from agents.polling.feeds_file import read_feeds
from config.settings import FOLDER, Settings
from pipeline.poll.opml import FeedList, same_feed
from pipeline.poll.opml_edit import verified

DOCUMENT = FOLDER.parent / "docs" / "feeds.md"
LISTED = FOLDER / "feeds.opml"


def feed_list() -> FeedList:
    found = read_feeds(LISTED)
    assert isinstance(found, FeedList), found
    return found


def test_it_is_the_list_of_the_settings() -> None:
    """Without a setting this is the worker's list."""
    assert Path(Settings.model_fields["feeds_file"].default) == LISTED


def test_every_outline_is_a_feed() -> None:
    """Nothing is rejected, and no feed stands twice under any spelling."""
    found = feed_list()
    assert (found.rejected, found.repeated) == ((), ())
    assert len({same_feed(feed.url) for feed in found.feeds}) == len(found.feeds)


def test_it_covers_the_world_and_the_region() -> None:
    """At least 60 feeds, 40 publishers, and eight languages with three feeds or more."""
    feeds = feed_list().feeds
    assert len(feeds) >= 60
    assert len({feed.publisher for feed in feeds}) >= 40
    languages = Counter(feed.language for feed in feeds)
    assert {"en", "ar", "he", "fr", "es", "de", "tr", "ru", "fa"} <= {
        language for language, count in languages.items() if count >= 3
    }


def test_each_feed_says_what_it_is() -> None:
    """Title, language, publisher and folder are there."""
    for feed in feed_list().feeds:
        assert feed.title and feed.language and feed.publisher and feed.folders, feed.url


def test_no_outlet_stands_for_many() -> None:
    """One publisher has at most two feeds in a language, and nothing comes by way of an aggregator."""
    feeds = feed_list().feeds
    assert max(Counter((feed.publisher, feed.language) for feed in feeds).values()) <= 2
    assert not [feed.url for feed in feeds if "google" in urlsplit(feed.url).netloc]
    assert not [feed.url for feed in feeds if re.search(r"comment|disqus|reddit", feed.url)]


def test_the_document_tells_where_each_address_comes_from() -> None:
    """The table holds each address of the list once, with its language, and no other."""
    rows = re.findall(
        r"^\| `(https?://[^`]+)` \| (\w+) \| [A-G]\b", DOCUMENT.read_text("utf-8"), re.MULTILINE
    )
    assert rows == [(feed.url, feed.language) for feed in feed_list().feeds]


def test_an_edit_of_the_list_touches_nothing_else() -> None:
    """The file stands in the form in which commands write it, so an edit is a small difference."""
    data = LISTED.read_bytes()
    assert verified(data, {}) == data

"""A real feed over ten months: every article found, every edit a revision, whatever the order."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from pathlib import Path
from random import Random

import pytest

from pipeline.article.article import Article
from pipeline.article.identity import article_id
from pipeline.article.observe import Observed, observe
from pipeline.article.publisher import parse_publishers
from pipeline.article.revise import revise
from pipeline.article.row import ArticleRow, add
from pipeline.codec import encode
from pipeline.feed.document import FeedDocument
from pipeline.feed.entry import Entry
from pipeline.feed.parse import parse_feed

ROOT = Path(__file__).resolve().parents[2]
HISTORY = ROOT.parent / "shared" / "corpora" / "polled_feed.history.jsonl.gz"
PUBLISHERS = parse_publishers((ROOT / "config" / "publishers.toml").read_text())

pytestmark = pytest.mark.skipif(
    not HISTORY.exists(), reason="absent: ../shared/corpora/polled_feed.history.jsonl.gz"
)


def snapshots() -> Iterator[tuple[datetime, str]]:
    with gzip.open(BytesIO(HISTORY.read_bytes()), "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield datetime.fromisoformat(row["committed"]).astimezone(UTC), row["body"]


def items(body: str) -> Iterator[dict[str, str]]:
    """Items of the raw XML by pattern: two snapshots hold both sides of an unresolved merge."""
    for item in re.findall(r"<item>(.*?)</item>", body, re.DOTALL):
        yield {
            name: unescape(value) for name, value in re.findall(r"<(\w+)[^>]*>(.*?)</\1>", item, re.DOTALL)
        }


def entries() -> Iterator[Entry]:
    for moment, body in snapshots():
        document = parse_feed(
            body.encode(), feed="https://ft.example/home", origin="archive", observed=moment
        )
        assert isinstance(document, FeedDocument)
        yield from document.entries


@pytest.fixture(scope="module")
def observed() -> list[tuple[str, Observed]]:
    found = [(article_id(entry, PUBLISHERS), observe(entry, PUBLISHERS)) for entry in entries()]
    return [(identity, seen) for identity, seen in found if isinstance(identity, str)]


def rows_of(observed: list[tuple[str, Observed]]) -> dict[str, ArticleRow]:
    rows: dict[str, ArticleRow] = {}
    for identity, seen in observed:
        rows[identity] = add(rows.get(identity, ArticleRow(identity)), seen)
    return rows


@pytest.fixture(scope="module")
def rows(observed: list[tuple[str, Observed]]) -> dict[str, ArticleRow]:
    return rows_of(observed)


@pytest.fixture(scope="module")
def articles(rows: dict[str, ArticleRow]) -> dict[str, tuple[Article, ...]]:
    return {identity: revise(row, PUBLISHERS) for identity, row in rows.items()}


@pytest.fixture(scope="module")
def counted() -> Counter[str]:
    """The same numbers from the raw XML, without any code of ours."""
    wordings: dict[str, list[tuple[str, str]]] = {}
    links: dict[str, set[str]] = {}
    for _, body in sorted(snapshots(), key=lambda snapshot: snapshot[0]):
        for item in items(body):
            address = re.sub(r"^https://archive\.is/newest/|\?.*$|#.*$", "", item["link"])
            words = " ".join(unescape(re.sub(r"<[^>]*>", " ", item["description"])).split())
            shown = wordings.setdefault(address, [])
            if not shown or shown[-1] != (item["title"], words):
                shown.append((item["title"], words))
            links.setdefault(address, set()).add(item["link"])
    return Counter(
        articles=len(wordings),
        revisions=sum(map(len, wordings.values())),
        returns=sum(len(shown) - len(set(shown)) for shown in wordings.values()),
        doubled=sum(len(found) - 1 for found in links.values()),
    )


def test_every_article_is_found_once(articles, counted):
    """4,403 articles: none lost, and none doubled by the 20 links that differ in their query."""
    assert (counted["articles"], counted["doubled"]) == (4403, 20)
    assert len(articles) == 4403
    assert {article.url.partition("/content/")[0] for found in articles.values() for article in found} == {
        "https://www.ft.com"
    }


def test_every_edit_is_a_revision(articles, counted):
    """Title and words changed 846 times; each change is a revision and no re-date is."""
    assert counted["revisions"] == 5249
    assert sum(map(len, articles.values())) == counted["revisions"]


def test_returns_to_an_earlier_wording_are_revisions(articles, counted):
    """Where the words went back to what they had been, that is a revision under its own name."""
    found = sum(
        len(revisions) - len({article.revision[-16:] for article in revisions})
        for revisions in articles.values()
    )
    assert found == counted["returns"] == 3
    assert all(len({article.revision for article in each}) == len(each) for each in articles.values())


def test_nothing_is_dropped(articles):
    """No article has so many texts that any had to be given up."""
    assert {article.texts_dropped for revisions in articles.values() for article in revisions} == {0}


def test_shuffled_and_doubled_it_is_the_same(observed, rows):
    """In any order, everything twice: the same rows byte for byte."""
    again = observed * 2
    Random(4403).shuffle(again)
    shuffled = rows_of(again)
    assert {key: encode(row) for key, row in shuffled.items()} == {
        key: encode(row) for key, row in rows.items()
    }


def test_publisher_family_and_dates(articles):
    """All articles are the publisher's behind the archive, dated as it dates them."""
    every = [article for revisions in articles.values() for article in revisions]
    assert {(article.publisher, article.family) for article in every} == {
        ("Financial Times", "financial-times")
    }
    assert {article.dated_by for article in every} == {"published"}
    assert Counter(article.language for article in every)["en"] > 0.99 * len(every)

"""The traps in the seeds: each that the README lists is really there."""

import re
from collections import Counter, defaultdict
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from seed_archive import ARTICLES, ITEMS, LISTINGS, SEEDS, TITLES_ONLY, documents, polls, published, worded

ARTICLE_OF_ENTITIES = "https://harbourpost.example/world/army-tells-100000-to-leave-eastern-rafah"


def test_trap_re_date() -> None:
    """One article is listed with two dates and the same words."""
    rows = LISTINGS["https://meridianwire.example/2024/05/01/blinken-in-israel"]
    assert len({item.published for item in rows}) == 2
    assert len({item.words for item in rows}) == 1


def test_trap_three_ways_to_withdraw() -> None:
    """One false report is withdrawn by a tombstone, by the manifest and by a JSON line."""
    withdrawn = {Path(item.path).suffix for item in ITEMS if item.withdrawn}
    assert withdrawn == {".xml", ".txt", ".jsonl"}


def test_trap_late_arrival() -> None:
    """An article is first listed more than ten days after its date, when the feed has been polled since."""
    url = "https://harbourpost.example/world/erez-crossing-reopens"
    first = LISTINGS[url][0]
    late = datetime.fromisoformat(first.observed) - published(first)
    assert late.days >= 10
    earlier = {item.observed for item in ITEMS if item.feed == first.feed and item.observed < first.observed}
    assert len(earlier) >= 5


def test_trap_titles_only_feed_comes_first() -> None:
    """A second feed lists titles alone, worded otherwise, with tracking links, before the full feed does."""
    short = [item for item in ITEMS if item.feed == TITLES_ONLY]
    assert all(not item.text for item in short)
    assert all(item.url in LISTINGS for item in short)
    assert all(item.title not in {full.title for full in LISTINGS[item.url]} for item in short)
    assert any(item.observed < LISTINGS[item.url][0].observed for item in short)
    paths = {item.path for item in short}
    assert all("?utm_source=" in (SEEDS / path).read_text("utf-8") for path in paths)


def test_trap_zero_overlap_and_leaving() -> None:
    """Some polls share nothing with the one before, and most feeds drop what they listed."""
    feeds = sorted({row["feed"] for row in documents() if row["path"].startswith("feeds/")})
    steps = [
        ({item.url for item in earlier}, {item.url for item in later})
        for feed in feeds
        for earlier, later in pairwise(polls(feed))
    ]
    assert sum(not earlier & later for earlier, later in steps) >= 2
    assert sum(bool(earlier - later) for earlier, later in steps) >= 10


def test_trap_one_guid_for_two_articles() -> None:
    """One guid names two articles in one snapshot, and another one moves to a new link later."""
    urls: dict[tuple[str, str], set[str]] = defaultdict(set)
    for item in ITEMS:
        if item.guid and item.title:
            urls[item.feed, item.guid].add(item.url)
    shared = {guid: found for (_, guid), found in urls.items() if len(found) > 1}
    assert sorted(shared) == ["gazette-1077", "hp-brief-0805"]
    moved = [article for article in ARTICLES if "moved_to" in article]
    assert {moved[0]["url"], moved[0]["moved_to"]} == shared["gazette-1077"]


def test_trap_titles_end_with_the_publisher() -> None:
    """One publisher puts its name behind each title."""
    titles = [item.title for item in ITEMS if "northgate-gazette" in item.feed]
    assert titles
    assert all(title.endswith(" - Northgate Gazette") for title in titles)


def test_trap_relative_links_and_tracking() -> None:
    """Links without a host, and links with tracking parameters, occur."""
    sources = [p.read_text("utf-8") for p in sorted((SEEDS / "feeds" / "northgate-gazette").iterdir())]
    assert any("<link>/news/" in source for source in sources)
    assert any("fbclid=" in source for source in sources)


def test_trap_encodings() -> None:
    """Snapshots in windows-1256 and iso-8859-1 hold the very words of the UTF-8 ones beside them."""
    declared = {
        row["path"]: re.search(rb'encoding="([^"]+)"', (SEEDS / row["path"]).read_bytes()[:80])
        for row in documents()
        if row["path"].endswith(".xml")
    }
    names = Counter(found.group(1).decode().lower() for found in declared.values() if found)
    assert names["windows-1256"] == 1
    assert names["iso-8859-1"] == 2
    rows = LISTINGS["https://al-marfa.example/arab/hamas-accepts-proposal"]
    assert {Path(item.path).stem for item in rows} >= {"2024-05-06T2200Z", "2024-05-07T1930Z"}
    assert rows[1].words == rows[2].words


def test_trap_entities_and_cdata() -> None:
    """One publisher mixes numeric entities, escaped markup and CDATA, which all resolve to plain words."""
    source = (SEEDS / "feeds/harbourpost/2024-05-06T1200Z.xml").read_text("utf-8")
    assert "Israel&#8217;s army" in source
    assert "<![CDATA[" in source
    assert "“People fold the tent" in worded(ARTICLE_OF_ENTITIES)[-1].text


def test_trap_undated() -> None:
    """A feed item and a plain text have no date; the text was not even observed."""
    undated = [article["url"] for article in ARTICLES if article.get("undated")]
    suffixes = {Path(item.path).suffix for url in undated for item in LISTINGS[url]}
    assert suffixes == {".json", ".txt"}
    assert [row["path"] for row in documents() if "observed" not in row] == [
        "articles/undated-background-talks.txt"
    ]


def test_trap_return_to_an_earlier_wording() -> None:
    """One article goes back to its first headline."""
    rows = LISTINGS["https://www.northgate-gazette.example/news/local/northgate-tents-wait"]
    assert rows[0].words != rows[1].words
    assert rows[0].words == rows[2].words


def test_trap_figurative_uses_and_another_war() -> None:
    """Articles that use the words for other things are in no story, and one real ceasefire is elsewhere."""
    outside = [article for article in ARTICLES if not article["in_story"]]
    assert [a["url"] for a in outside if a["subjects"]] == [
        "https://meridianwire.example/2024/05/03/sudan-el-fasher-truce-calls"
    ]
    figurative = [worded(a["url"])[-1] for a in outside if not a["subjects"]]
    assert len(figurative) >= 8
    texts = "\n".join(f"{item.title}\n{item.text}" for item in figurative)
    for word in ("truce", "captive", "hostage", "armistice", "Sabotage", "رهينة", "הפסקת", "trêve", "otages"):
        assert word in texts

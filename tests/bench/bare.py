"""The limit: the same parsing and matching in one loop, with no log and no worker; nothing is kept.

`python -m tests.bench.bare PATH` reads JSON lines, or a folder of snapshots with a manifest, and prints
how many articles, revisions and events it leads to.
"""

import sys
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import orjson

from config.load import ConfigProblems, load_rules
from config.settings import FOLDER
from pipeline.article.identity import article_id
from pipeline.article.observe import observe
from pipeline.article.row import ArticleRow, add
from pipeline.feed.archive import read_row
from pipeline.feed.compare import compare
from pipeline.feed.entry import Entry
from pipeline.feed.listing import Listing
from pipeline.feed.manifest import read_manifest
from pipeline.feed.parse import parse_feed
from pipeline.ids import UNOBSERVED
from pipeline.outcome import Rejected
from pipeline.publication import ARTICLES, publications
from pipeline.rules import Rules


def main(path: Path) -> None:
    """Take every entry at `path` the whole way to its messages."""
    rules = load_rules(FOLDER)
    assert not isinstance(rules, ConfigProblems), rules
    rows: dict[str, ArticleRow] = {}
    found: dict[str, set[str]] = {"articles": set(), "events": set()}
    for entry in snapshots(path) if path.is_dir() else lines(path):
        for topic, ce_id in apply(entry, rows, rules):
            found[topic].add(ce_id)
    counts = {"articles": len(rows), "revisions": len(found["articles"]), "events": len(found["events"])}
    sys.stdout.buffer.write(orjson.dumps(counts))


def apply(entry: Entry, rows: dict[str, ArticleRow], rules: Rules) -> Iterator[tuple[str, str]]:
    """Add one entry to its article's row; kind of topic and id of each message that this leads to."""
    identity = article_id(entry, rules.publishers)
    assert isinstance(identity, str), identity
    before = rows.get(identity) or ArticleRow(identity)
    after = rows[identity] = add(before, observe(entry, rules.publishers))
    for one in publications(before, after, rules):
        if not one.kind.endswith("retracted.v1") and (
            one.topic == ARTICLES or one.topic.startswith("events.")
        ):
            yield one.topic.partition(".")[0], one.ce_id


def lines(path: Path) -> list[Entry]:
    """The entries of JSON lines, in the order of observation as a replay sends them."""
    entries: list[Entry] = []
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            entry = read_row(line, f"line {number}", "archive")
            assert not isinstance(entry, Rejected), entry
            entries.append(entry)
    return sorted(entries, key=lambda e: (e.observed.isoformat() if e.observed else UNOBSERVED, e.feed))


def snapshots(folder: Path) -> Iterator[Entry]:
    """What each snapshot of the manifest says that its feed did not say before."""
    manifest = read_manifest(tomllib.loads((folder / "manifest.toml").read_text("utf-8")), str(folder))
    assert not isinstance(manifest, Rejected), manifest
    listings: dict[str, Listing] = {}
    for one in sorted(manifest.document, key=lambda document: str(document.observed)):
        feed, data = one.feed or "", (folder / one.path).read_bytes()
        document = parse_feed(data, feed=feed, origin=manifest.origin, observed=one.observed)
        assert not isinstance(document, Rejected), document
        news = compare(listings.get(feed), document)
        listings[feed] = news.listing
        yield from (replace(entry, publisher=entry.publisher or one.publisher) for entry in news.to_send)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

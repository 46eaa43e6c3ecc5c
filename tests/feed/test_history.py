"""A real feed as polled some 1,260 times in ten months, parsed and compared in file order."""

import gzip
import json
from collections import Counter, defaultdict
from datetime import datetime

import pytest

from pipeline.codec import encode
from pipeline.feed.compare import compare
from pipeline.feed.document import FeedDocument
from pipeline.feed.entry import Entry
from pipeline.feed.listing import Listing
from pipeline.feed.parse import parse_feed
from tests.feed.corpora import SHARED
from tests.feed.raw_history import count

HISTORY = SHARED / "polled_feed.history.jsonl.gz"

if not HISTORY.is_file():
    pytest.skip("absent: ../shared/corpora/polled_feed.history.jsonl.gz", allow_module_level=True)


def words(entry: Entry) -> tuple[str, ...]:
    parts = (entry.title, entry.content or entry.summary)
    return tuple(" ".join(part.value.split()) if part else "" for part in parts)


class Counted:
    """What the comparisons said, counted like the independent script counts the raw XML."""

    def __init__(self) -> None:
        self.facts: Counter[str] = Counter()
        self.listing: Listing | None = None
        self.last: dict[str, Entry] = {}
        self.worded: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        self.links: dict[str, set[str]] = defaultdict(set)
        self.largest = 0

    def poll(self, document: FeedDocument) -> None:
        found = compare(self.listing, document)
        self.listing = found.listing
        self.largest = max(self.largest, len(encode(found.listing)))
        self.facts["gone"] += len(found.gone)
        self.facts["gaps"] += found.gap is not None
        returned = {entry.guid for entry in (*found.new, *found.reappeared)}
        for entry in found.to_send:
            self.sent(entry, entry.guid in returned)

    def sent(self, entry: Entry, returned: bool) -> None:
        guid = entry.guid or ""
        known = self.last.get(guid)
        self.facts["items"] += known is None
        self.facts["reappeared"] += returned and known is not None
        if known is not None and words(known) != words(entry):
            self.facts["edits"] += 1
            self.facts["returns"] += words(entry) in self.worded[guid]
            for n, (was, now) in enumerate(zip(words(known), words(entry), strict=True)):
                earlier = now in [wording[n] for wording in self.worded[guid]]
                self.facts["titles or descriptions returned to"] += was != now and earlier
        self.facts["redates"] += known is not None and known.published != entry.published
        self.worded[guid].append(words(entry))
        self.links[guid].add(entry.url or "")
        self.last[guid] = entry


def test_the_history_comes_out_as_the_raw_xml_has_it() -> None:
    """Each item once as new; edits, re-dates, departures, returns, gaps as an independent count has them."""
    bodies, counted = [], Counted()
    for line in gzip.decompress(HISTORY.read_bytes()).splitlines():
        row = json.loads(line)
        bodies.append(row["body"])
        observed = datetime.fromisoformat(row["committed"])
        document = parse_feed(row["body"].encode(), feed="f", origin="archive", observed=observed)
        assert isinstance(document, FeedDocument)
        counted.poll(document)
    twice = [those for those in counted.links.values() if len(those) > 1]
    counted.facts["links that differ by query"] = sum(
        len({link.split("?")[0].split("#")[0] for link in those}) == 1 for those in twice
    )
    assert counted.facts == count(bodies)
    assert counted.facts["items"] == 4_403
    # Twice a title comes back, twice a description, once both at the same time
    assert counted.facts["titles or descriptions returned to"] == 4
    assert counted.facts["returns"] == 3
    assert counted.facts["links that differ by query"] == 20
    assert counted.largest < 60_000

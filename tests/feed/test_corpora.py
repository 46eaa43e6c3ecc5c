"""Two other parsers' fixtures, asserted on our Entry: none crashes, 97 % agree, the rest is known by name."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline.feed.document import FeedDocument
from pipeline.feed.parse import parse_feed
from pipeline.outcome import Rejected
from tests.feed.corpora import (
    SHARED,
    Claim,
    agrees,
    claims_of,
    comment_of,
    gofeed_claims,
    headers_of,
    shown,
)

if not SHARED.is_dir():
    pytest.skip("absent: ../shared/corpora", allow_module_level=True)

CLASSES = {
    "markup that only cleaning takes out": ("crazy", "nested_cdata", "not_a_doctype"),
    "markup that gofeed leaves escaped": ("base64_escaped_markup", "issue_275_extensions_and_source"),
    "the fuller text is the content": ("description_and_summary", "entry_content_xml_base_inherit_4"),
    "titles and texts of pictures are not the article's": ("item_media_title1", "media_group"),
    "a date under another name stays there": ("dublincore_item_fields", "entry_modified", "item_extensions"),
    "a link with an address in an attribute and in its text": ("uri_at_protocol",),
    "a guid that is markup": ("guid_naked_markup",),
    "bytes of no encoding": ("bozo_linenoise",),
}
"""Why we differ, by part of the fixture's name."""

PINNED = {
    "markup that only cleaning takes out": 8,
    "markup that gofeed leaves escaped": 2,
    "the fuller text is the content": 4,
    "titles and texts of pictures are not the article's": 2,
    "a date under another name stays there": 3,
    "a link with an address in an attribute and in its text": 1,
    "a guid that is markup": 1,
    "bytes of no encoding": 1,
}


@dataclass
class Tally:
    """How the claims of a corpus fared."""

    files: int = 0
    named: int = 0
    agreed: Counter[str] = field(default_factory=Counter)
    differ: Counter[str] = field(default_factory=Counter)
    unknown: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.agreed.total() / (self.agreed.total() + self.differ.total())

    def add(self, path: Path, claims: list[Claim], found: FeedDocument | Rejected) -> None:
        self.files += 1
        self.named += bool(claims)
        for claim in claims:
            ours = shown(found, claim) if isinstance(found, FeedDocument) else found
            how = agrees(ours, claim.expected)
            if how is not None:
                self.agreed[how] += 1
                continue
            name = _class_of(path)
            self.differ[name] += 1
            if name not in CLASSES:
                self.unknown.append(f"{path.name}: {claim}, ours {ours!r}")


def _class_of(path: Path) -> str:
    return next(
        (name for name, parts in CLASSES.items() if any(part in path.name for part in parts)), "unknown"
    )


def feedparsers() -> Iterator[tuple[Path, list[Claim], dict[str, str]]]:
    for path in sorted((SHARED / "feedparser").rglob("*.xml")):
        comment = comment_of(path.read_bytes())
        headers = headers_of(comment)
        if path.name.endswith("docuri.xml"):  # made to be served, and resolved against where from
            headers |= {"Content-Location": f"http://127.0.0.1:8097/{path.name}"}
        yield path, claims_of(comment), headers


def gofeeds() -> Iterator[tuple[Path, list[Claim], dict[str, str]]]:
    for path in sorted((SHARED / "gofeed").rglob("*.xml")):
        expected = path.with_suffix(".json")
        yield path, gofeed_claims(expected) if expected.is_file() else [], {}


def tally(corpus: Iterator[tuple[Path, list[Claim], dict[str, str]]]) -> Tally:
    total = Tally()
    for path, claims, headers in corpus:
        total.add(path, claims, parse_feed(path.read_bytes(), feed="f", origin="archive", headers=headers))
    return total


def test_the_fixtures_agree(figures: Callable[[str], None]) -> None:
    """At least 97 % of the titles, links, ids, dates, summaries and contents that they name are ours too."""
    tallies = {"feedparser": tally(feedparsers()), "gofeed": tally(gofeeds())}
    agreed = sum((one.agreed for one in tallies.values()), Counter())
    differ = sum((one.differ for one in tallies.values()), Counter())
    lines = [
        f"{name:>10}: {one.files:4} files, {one.named:3} name these fields; of "
        f"{one.agreed.total() + one.differ.total():3} values {one.agreed['exact']} agree to the letter, "
        f"{one.agreed['words']} but for markup, {one.differ.total()} differ ({one.share:.1%})"
        for name, one in tallies.items()
    ]
    figures("\n".join([*lines, *(f"{count:12}  {name}" for name, count in sorted(differ.items()))]))
    assert [line for one in tallies.values() for line in one.unknown] == []
    assert tallies["feedparser"].files > 2_000
    assert tallies["feedparser"].named > 800
    assert tallies["gofeed"].files > 530
    assert agreed.total() / (agreed.total() + differ.total()) >= 0.97
    assert dict(differ) == PINNED

"""The quick reader and feedparser read the same out of every document that the quick one accepts."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from pipeline.feed import ordinary, tolerant
from pipeline.feed.encoding import decoded
from pipeline.feed.item import Reading
from pipeline.feed.limits import LIMITS
from tests.feed.corpora import SHARED
from tests.feed.documents import ATOM, RSS, atom, rss
from tests.feed.test_feed_properties import mutated

BASES = (("", None), ("http://base.example/x/", "en_US"))


def both(body: bytes, base: str = "", language: str | None = None) -> tuple[Reading, Reading] | None:
    """What each makes of a document, but for the complaint; None where the quick reader declines."""
    data = decoded(body).data
    quick = ordinary.read(data, base=base, language=language, limits=LIMITS)
    if quick is None:
        return None
    slow = tolerant.read(data, base=base, language=language, limits=LIMITS)
    return quick, replace(slow, broken=None)


ORDINARY = [
    RSS,
    ATOM,
    rss("<title>a &amp;amp; b</title><link>http://x.example/?a=1&amp;b=2&amp;c;</link><guid>g</guid>"),
    rss('<guid isPermaLink="false">g</guid><title>caf\xc3\xa9 \x93x\x94</title><link></link>'),
    rss(
        "<guid>/p</guid><description/><content:encoded>x</content:encoded><content:encoded>y</content:encoded>"
    ),
    rss("<title>T</title><media:group><media:title>P</media:title></media:group><category>c</category>"),
    rss('<source url="u">S</source><dc:language>fr</dc:language><dc:publisher>P</dc:publisher>'),
    atom('<title type="html">&lt;b&gt;x&lt;/b&gt;</title><link rel="self" href="s"/><link href="a"/>'),
    atom("<id>urn:1</id><author><name>A</name></author><author><email>e</email></author><rights>r</rights>"),
    atom('<content type="html">x</content><summary type="text">s</summary><x:y xmlns:x="urn:x">z</x:y>'),
]


@pytest.mark.parametrize("body", ORDINARY, ids=range(len(ORDINARY)))
def test_ordinary_documents_are_accepted_and_agree(body: str) -> None:
    """The forms that news feeds are made of are read quickly, and as feedparser reads them."""
    for base, language in BASES:
        found = both(body.encode(), base, language)
        assert found is not None
        assert found[0] == found[1]


@pytest.mark.parametrize(
    "inside",
    [
        "<title>a</title><title>b</title>",
        "<title>a <b>bold</b></title>",
        '<title type="html">a</title>',
        "<TITLE>a</TITLE>",
        "<description>a</description><description>b</description>",
        '<itunes:summary xmlns:itunes="http://www.itunes.com/DTDs/PodCast-1.0.dtd">a</itunes:summary>',
        '<title xml:base="http://b.example/">a</title>',
        '<title xml:lang="fr">a</title>',
        "<authors>a</authors>",
    ],
)
def test_anything_else_is_declined(inside: str) -> None:
    """Where feedparser weighs, the quick reader leaves the weighing to it."""
    assert ordinary.read(rss(inside).encode(), base="", language=None, limits=LIMITS) is None


@settings(max_examples=400, deadline=None)
@given(mutated())
def test_mutated_documents_agree(body: bytes) -> None:
    """What survives mutation as ordinary is read alike."""
    found = both(body)
    assert found is None or found[0] == found[1]


def corpus() -> Iterator[bytes]:
    yield from (path.read_bytes() for path in sorted(SHARED.rglob("*.xml")))
    with gzip.open(SHARED / "polled_feed.history.jsonl.gz") as lines:
        yield from (json.loads(line)["body"].encode() for n, line in enumerate(lines) if n % 40 == 0)


def test_the_corpora_agree() -> None:
    """Of some 2,700 fixtures and snapshots the quick reader accepts over a third, and reads each alike."""
    if not Path(SHARED).is_dir():
        pytest.skip("absent: ../shared/corpora")
    accepted = 0
    for body in corpus():
        for base, language in BASES:
            found = both(body, base, language)
            if found is not None:
                accepted += 1
                assert found[0] == found[1], body
    assert accepted > 2_000

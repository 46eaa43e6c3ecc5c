"""News sitemaps (sitemaps.org 0.9 with Google's news extension): what a site published in the last days.

Elements are known by their local names and their place, since sites declare the namespaces under any
prefix, under old addresses, or not at all.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from feedparser.api import StrictFeedParser

from pipeline.characters import scalar
from pipeline.feed.entry import Content
from pipeline.feed.item import Item, Reading
from pipeline.feed.limits import Limits
from pipeline.feed.moment import is_placeholder, moment
from pipeline.feed.walk import walker
from pipeline.outcome import Reason, Rejected

VERSION = "sitemap-news"
SHOWN = 3
"""Sitemaps of an index that its refusal names."""

_ROOT = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:urlset|sitemapindex)[\s>/]")
_HEAD = 4_000
"""Bytes in which the root stands, behind comments and a stylesheet."""
LONGEST = 20_000
"""Characters of one element that are read: ten times the longest address, twenty times a title's."""
DEEPEST = 5
"""Levels of elements that are told apart; what is read stands on the third to fifth."""
_URL = ("urlset", "url")
_SITEMAP = ("sitemapindex", "sitemap")
_NEWS = (*_URL, "news")
_READ = {
    (*_URL, "loc"): "loc",
    (*_URL, "lastmod"): "updated",
    (*_NEWS, "title"): "title",
    (*_NEWS, "publication_date"): "published",
    (*_NEWS, "publication", "name"): "publisher",
    (*_NEWS, "publication", "language"): "language",
    (*_SITEMAP, "loc"): "loc",
}


class _EnoughError(Exception):
    """A limit is reached: what was read stands."""


@dataclass(slots=True)
class _Pass:
    """The state of one walk through a sitemap."""

    limits: Limits
    depth: int = 0
    path: tuple[str, ...] = ()
    root: str = ""
    tags: int = 0
    said: dict[str, str] = field(default_factory=dict)
    reading: str = ""
    items: list[Item] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)
    lost: list[Rejected] = field(default_factory=list)
    urls: int = 0
    plain: int = 0

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self.tags += 1
        self.depth += 1
        self.reading = ""
        if self.tags > self.limits.tags:
            raise _EnoughError
        if self.depth > DEEPEST:
            return
        self.path = (*self.path, name.rpartition(":")[2])
        self.root = self.root or self.path[0]
        if self.root not in ("urlset", "sitemapindex"):
            raise _EnoughError
        if self.path in (_URL, _SITEMAP):
            self.said = {}
        elif self.path == _NEWS:
            self.said["news"] = ""
        key = _READ.get(self.path)
        if key and key not in self.said:
            self.reading, self.said[key] = key, ""

    def text(self, data: str) -> None:
        if self.reading and len(self.said[self.reading]) < LONGEST:
            self.said[self.reading] += data[:LONGEST]

    def end(self, _name: str) -> None:
        self.depth -= 1
        self.reading = ""
        if self.depth >= DEEPEST:
            return
        if self.path == _URL:
            self.url({key: value.strip() for key, value in self.said.items()})
        elif self.path == _SITEMAP:
            self.sitemaps.append(self.said.get("loc", "").strip())
        self.path = self.path[:-1]

    def url(self, said: dict[str, str]) -> None:
        """One address: an item if it is news and says what and where."""
        self.urls += 1
        fault = _fault(said)
        if "news" not in said:
            self.plain += 1
        elif fault and len(self.lost) < self.limits.entries:
            self.lost.append(Rejected(fault[0], fault[1], f"url {self.urls}"))
        elif not fault:
            self.items.append(_item(said))


def read(data: bytes, limits: Limits) -> tuple[Reading, tuple[Rejected, ...]] | Rejected | None:
    """The news in this sitemap in UTF-8 and what was no entry; None for a document of another kind.

    An address without a news element is a page of whatever age: it is counted and no entry. Of more
    news than are read the latest stay, for a sitemap has no order. An index of sitemaps is refused by
    names to follow.
    """
    if not _ROOT.search(data, 0, _HEAD):
        return None
    walk = _Pass(limits)
    broken = _parse(walk, data)
    if walk.root == "sitemapindex":
        return _index(walk.sitemaps)
    if walk.root != "urlset":
        return None
    items = _latest(walk.items, limits.entries)
    reading = Reading(
        version=VERSION,
        items=items,
        cut=len(walk.items) - len(items),
        broken=broken,
        complete=broken is None and walk.tags <= limits.tags,
    )
    return reading, (*walk.lost, *_passed_over(walk))


def _parse(walk: _Pass, data: bytes) -> str | None:
    """Walk through the document; the parser's complaint, if it has one."""
    try:
        walker(walk, namespaces=False).Parse(data, True)
    except _EnoughError:
        return None
    except expat.ExpatError as error:
        return f"line {error.lineno}, column {error.offset}: {expat.errors.messages[error.code]}"
    return None


def _fault(said: dict[str, str]) -> tuple[Reason, str] | None:
    """Why an address cannot be an entry."""
    if not said.get("loc"):
        return Reason.MISSING_FIELD, "an address without loc"
    if not said["loc"].lower().startswith(("http://", "https://")):
        return Reason.BAD_FIELD, f"loc is no web address: {scalar(said['loc'][:80])!r}"
    return None if said.get("title") else (Reason.MISSING_FIELD, "news without a title")


def _item(said: dict[str, str]) -> Item:
    title = said["title"]
    return Item(
        guid=said["loc"],
        link=said["loc"],
        title=Content(title, "html" if StrictFeedParser.looks_like_html(title) else "text"),
        published=said.get("published") or None,
        updated=said.get("updated") or None,
        language=said.get("language") or None,
        publisher=said.get("publisher") or None,
    )


def _latest(items: list[Item], most: int) -> tuple[Item, ...]:
    """The items in their order, beyond `most` only the latest; undated ones count as oldest."""
    if len(items) <= most:
        return tuple(items)
    places = sorted(range(len(items)), key=lambda place: _age(items[place]))[:most]
    return tuple(items[place] for place in sorted(places))


def _age(item: Item) -> float:
    """A number that is smaller for later items."""
    dates = filter(None, (moment(item.published or ""), moment(item.updated or "")))
    return next((-one.timestamp() for one in dates if not is_placeholder(one)), float("inf"))


def _passed_over(walk: _Pass) -> Iterator[Rejected]:
    if walk.plain:
        said = f"{walk.plain} of {walk.urls} addresses have no news element and are not read as news"
        yield Rejected(Reason.MISSING_FIELD, said)


def _index(sitemaps: list[str]) -> Rejected:
    """Name some of what it lists, those of news first."""
    shown = sorted(filter(None, sitemaps), key=lambda url: "news" not in url.lower())[:SHOWN]
    said = "an index of sitemaps"
    if shown:
        said += ": follow one of them, e.g. " + ", ".join(scalar(url[:200]) for url in shown)
    return Rejected(Reason.NOT_A_FEED, said)

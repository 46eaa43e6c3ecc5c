"""The quick reader for ordinary feeds: well-formed RSS 2.0 and Atom 1.0 of elements that we know.

It does what the tolerant reader does with such documents, at a tenth of the cost (docs/architecture.md
has the figures), and declines every other: wherever feedparser knows an element or a form that this file
does not, `read` returns None and the tolerant reader decides. A test holds the two together on every
fixture that this one accepts.
"""

import re
from functools import lru_cache
from xml.etree.ElementTree import Element, ParseError, XMLParser

from feedparser.api import StrictFeedParser

from pipeline.feed.elements import ATOM, ATOM_ITEM, CHANNEL, FEED, RSS_ITEM, DeclinedError, Found, Table
from pipeline.feed.item import Item, Reading
from pipeline.feed.limits import Limits

LARGEST = 2_000_000
"""Bytes: the tree of a larger document would take tens of megabytes; it is left to the streaming parser."""

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_VERSIONS = {"0.91": "rss091u", "0.92": "rss092", "0.93": "rss093", "0.94": "rss094"}

_BASE = re.compile(rb"\sbase\s*=|xml:base")

_PREFIXES = {uri.lower(): prefix for uri, prefix in StrictFeedParser.namespaces.items()}
_UNREAD = ("media_", "category", "dc_subject", "enclosure", "georss_", "geo_", "rights", "dc_rights")
"""What the tolerant reader does not take over into an Item, by feedparser's names."""
_KEYS = frozenset(
    ("authors", "title_detail", "summary_detail", "publisher", "created", "feedburner_origlink")
)
"""Names of feedparser's own dictionaries; an element that is called so would be found there."""


def read(data: bytes, *, base: str, language: str | None, limits: Limits) -> Reading | None:
    """Read an ordinary feed in UTF-8, or None for one that needs the tolerant reader."""
    if len(data) > LARGEST or b"<!DOCTYPE" in data or (b"base" in data and _BASE.search(data)):
        return None
    try:
        parser = XMLParser()
        parser.feed(data)
        root = parser.close()
        reader = _READERS.get(root.tag)
        return reader(root, base, _language(root, language), limits) if reader else None
    except (ParseError, ValueError, DeclinedError):
        return None


def _rss(root: Element, base: str, language: str | None, limits: Limits) -> Reading:
    version = root.get("version", "")
    if len(root) != 1 or root[0].tag != "channel" or set(root.attrib) - {"version", _LANG}:
        raise DeclinedError
    channel = root[0]
    if channel.attrib:
        raise DeclinedError
    head = _head(channel, CHANNEL, Found(base, language))
    items = channel.findall("item")
    return Reading(
        version=_VERSIONS.get(version) or ("rss20" if version.startswith("2.") else "rss"),
        title=head.title.value if head.title else None,
        link=head.link or None,
        language=head.own_language or language,
        items=tuple(_item(item, RSS_ITEM, base, language) for item in items[: limits.entries]),
        cut=max(0, len(items) - limits.entries),
    )


def _atom(root: Element, base: str, language: str | None, limits: Limits) -> Reading:
    head = _head(root, FEED, Found(base, language))
    items = root.findall(ATOM + "entry")
    return Reading(
        version="atom10",
        title=head.title.value if head.title else None,
        link=head.link or None,
        language=language,
        items=tuple(_item(item, ATOM_ITEM, base, language) for item in items[: limits.entries]),
        cut=max(0, len(items) - limits.entries),
    )


def _head(parent: Element, table: Table, found: Found) -> Found:
    """What the feed says of itself: only the elements of `table` matter there."""
    for child in parent:
        take = table.get(child.tag)
        if take is not None:
            take(found, child)
        elif child.tag not in _ITEMS and _local(child.tag) in _HEAD:
            raise DeclinedError
    return found


@lru_cache(maxsize=1024)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def _item(element: Element, table: Table, base: str, language: str | None) -> Item:
    if element.attrib:
        raise DeclinedError
    found = Found(base, language)
    for child in element:
        take = table.get(child.tag)
        if take is not None:
            take(found, child)
        elif not _carries_nothing(child):
            raise DeclinedError
    return found.item()


def _carries_nothing(element: Element) -> bool:
    """Whether feedparser too would put this element, and all in it, where no Item looks."""
    return all(_unread(inner.tag) for inner in element.iter())


@lru_cache(maxsize=1024)
def _unread(tag: str) -> bool:
    namespace, _, local = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    prefix = _PREFIXES.get(namespace.lower())
    if prefix is None:
        return not namespace.lower().startswith("http://backend.userland.com/rss")
    name = (f"{prefix}_{local}" if prefix else local).lower()
    return name.startswith(_UNREAD) or not (name in _KEYS or hasattr(StrictFeedParser, f"_start_{name}"))


def _language(element: Element, inherited: str | None) -> str | None:
    """xml:lang as feedparser spells it; an empty one takes the inherited language away."""
    language = element.get(_LANG, inherited)
    return language.replace("_", "-") if language else None


_ITEMS = frozenset(("item", ATOM + "entry"))
_HEAD = frozenset(("title", "link", "language", "id", "item", "entry", "channel", "feed"))
"""Names that mean something of the feed itself, in whatever case or namespace a feed writes them."""
_READERS = {"rss": _rss, ATOM + "feed": _atom}

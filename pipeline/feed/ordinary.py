"""The quick reader for ordinary feeds: well-formed RSS 2.0 and Atom 1.0 of elements that we know.

It does what the tolerant reader does with such documents, at a tenth of the cost (docs/architecture.md
has the figures), and declines every other: wherever feedparser knows an element or a form that this file
does not, `read` returns None and the tolerant reader decides. A test holds the two together on every
fixture that this one accepts.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal
from xml.etree.ElementTree import Element, ParseError, XMLParser

from feedparser.api import StrictFeedParser
from feedparser.html import _cp1252
from feedparser.urls import _urljoin

from pipeline.feed.author import author_name
from pipeline.feed.entry import Content
from pipeline.feed.item import Item, Reading
from pipeline.feed.limits import Limits

LARGEST = 2_000_000
"""Bytes: the tree of a larger document would take tens of megabytes; it is left to the streaming parser."""

ATOM = "{http://www.w3.org/2005/Atom}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_VERSIONS = {"0.91": "rss091u", "0.92": "rss092", "0.93": "rss093", "0.94": "rss094"}

_C1 = re.compile("[\x80-\x9f]")
_QUERY = re.compile(r"&([A-Za-z0-9_]+);")
_BASE = re.compile(rb"\sbase\s*=|xml:base")

_PREFIXES = {uri.lower(): prefix for uri, prefix in StrictFeedParser.namespaces.items()}
_UNREAD = ("media_", "category", "dc_subject", "enclosure", "georss_", "gml_", "geo_", "dc_contributor")
"""What the tolerant reader does not take over into an Item, by feedparser's names."""
_KEYS = frozenset(
    ("authors", "title_detail", "summary_detail", "publisher", "created", "feedburner_origlink")
)
"""Names of feedparser's own dictionaries; an element that is called so would be found there."""


class _DeclinedError(Exception):
    """Something in the document is not ordinary."""


@dataclass(slots=True)
class _Found:
    """What the children of one item say, in the shape of Item."""

    base: str
    language: str | None
    guid: str | None = None
    link: str | None = None
    original: str | None = None
    linked: bool = False
    title: Content | None = None
    summary: Content | None = None
    contents: list[Content] = field(default_factory=list)
    authors: list[str | None] = field(default_factory=list)
    published: str | None = None
    updated: str | None = None
    own_language: str | None = None
    said_language: str | None = None
    publisher: str | None = None
    source: str | None = None

    def item(self) -> Item:
        return Item(
            guid=self.guid or None,
            link=self.original or self.link or None,
            title=_worded(self.title),
            summary=_worded(self.summary),
            contents=tuple(filter(None, map(_worded, self.contents))),
            authors=tuple(filter(None, self.authors)),
            published=self.published or None,
            updated=self.updated or None,
            language=self.own_language or self.said_language,
            publisher=self.source or self.publisher or None,
        )


def _worded(content: Content | None) -> Content | None:
    return content if content is not None and content.value else None


def read(data: bytes, *, base: str, language: str | None, limits: Limits) -> Reading | None:
    """Read an ordinary feed in UTF-8, or None for one that needs the tolerant reader."""
    if len(data) > LARGEST or b"<!DOCTYPE" in data or _BASE.search(data):
        return None
    try:
        parser = XMLParser()
        parser.feed(data)
        root = parser.close()
        reader = _READERS.get(root.tag)
        return reader(root, base, _language(root, language), limits) if reader else None
    except (ParseError, ValueError, _DeclinedError):
        return None


def _rss(root: Element, base: str, language: str | None, limits: Limits) -> Reading:
    version = root.get("version", "")
    if len(root) != 1 or root[0].tag != "channel" or set(root.attrib) - {"version", _LANG}:
        raise _DeclinedError
    channel = root[0]
    if channel.attrib:
        raise _DeclinedError
    head = _head(channel, _CHANNEL, _Found(base, language))
    items = channel.findall("item")
    return Reading(
        version=_VERSIONS.get(version) or ("rss20" if version.startswith("2.") else "rss"),
        title=head.title.value if head.title else None,
        link=head.link or None,
        language=head.own_language or language,
        items=tuple(_item(item, _RSS_ITEM, base, language) for item in items[: limits.entries]),
        cut=max(0, len(items) - limits.entries),
    )


def _atom(root: Element, base: str, language: str | None, limits: Limits) -> Reading:
    head = _head(root, _FEED, _Found(base, language))
    items = root.findall(ATOM + "entry")
    return Reading(
        version="atom10",
        title=head.title.value if head.title else None,
        link=head.link or None,
        language=language,
        items=tuple(_item(item, _ATOM_ITEM, base, language) for item in items[: limits.entries]),
        cut=max(0, len(items) - limits.entries),
    )


def _head(parent: Element, table: "_Table", found: _Found) -> _Found:
    """What the feed says of itself: only the elements of `table` matter there."""
    for child in parent:
        take = table.get(child.tag)
        if take is not None:
            take(found, child)
        elif child.tag not in _ITEMS and _local(child.tag) in _HEAD:
            raise _DeclinedError
    return found


@lru_cache(maxsize=1024)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def _item(element: Element, table: "_Table", base: str, language: str | None) -> Item:
    if element.attrib:
        raise _DeclinedError
    found = _Found(base, language)
    for child in element:
        take = table.get(child.tag)
        if take is not None:
            take(found, child)
        elif not _carries_nothing(child):
            raise _DeclinedError
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


def _text(element: Element) -> str:
    """The element's text, mended as feedparser does: UTF-8 read as Latin-1, and Windows-1252 controls."""
    if len(element):
        raise _DeclinedError
    text = (element.text or "").strip()
    if text.isascii():
        return text
    text = _once_decoded(text)
    return text.translate(_cp1252) if _C1.search(text) else text


def _once_decoded(text: str) -> str:
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:  # as usual: it was no UTF-8 read as Latin-1
        return text


def _once(present: object) -> None:
    """What stands twice in an item is for the tolerant reader to weigh."""
    if present is not None:
        raise _DeclinedError


def _only(element: Element, *names: str) -> None:
    if element.attrib and not element.attrib.keys() <= set(names):
        raise _DeclinedError


def _resolved(base: str, address: str) -> str:
    return _urljoin(base, address) if base or ":///" in address else address


def _query(address: str) -> str:
    """Undo what escaping did to a query: `?a=1&b;=2`, `&amp;`."""
    if "&" not in address:
        return address
    return _QUERY.sub(r"&\g<1>", address.replace("&amp;", "&"))


def _guid(found: _Found, element: Element) -> None:
    _once(found.guid)
    attributes = {name.lower(): value for name, value in element.attrib.items()}
    if attributes.keys() - {"ispermalink"}:
        raise _DeclinedError
    found.guid = _text(element)
    if attributes.get("ispermalink", "true") == "true":
        found.guid = _resolved(found.base, found.guid)
        if found.link is None:
            found.link = found.guid


def _link(found: _Found, element: Element) -> None:
    """RSS: the address is the text."""
    _only(element)
    if found.linked:
        raise _DeclinedError
    found.linked = True
    found.link = _query(_resolved(found.base, _text(element)))


def _atom_link(found: _Found, element: Element) -> None:
    """Atom: the last alternate that is a web page."""
    address = element.get("href")
    if not address or len(element) or element.get(_LANG) is not None:
        raise _DeclinedError
    kind = element.get("type", "html").lower()
    if element.get("rel", "alternate").lower() == "alternate" and kind in _PAGES:
        found.link = _resolved(found.base, address)


def _rss_title(found: _Found, element: Element) -> None:
    _once(found.title)
    _only(element)
    found.said_language = found.language
    text = _text(element)
    markup = "&" in text or "</" in text
    found.title = Content(text, "html" if markup and StrictFeedParser.looks_like_html(text) else "text")


def _description(found: _Found, element: Element) -> None:
    _once(found.summary)
    _only(element)
    found.said_language = found.language
    found.summary = Content(_text(element), "html")


def _encoded(found: _Found, element: Element) -> None:
    _only(element)
    found.said_language = found.language
    found.contents.append(Content(_text(element), "html"))


def _construct(found: _Found, element: Element) -> Content:
    """An Atom text construct of type text or html; XHTML is written back by the tolerant reader."""
    _only(element, "type")
    kind = _TYPES.get(element.get("type", "text").lower())
    if kind is None:
        raise _DeclinedError
    found.said_language = found.language
    return Content(_text(element), kind)


def _atom_title(found: _Found, element: Element) -> None:
    _once(found.title)
    found.title = _construct(found, element)


def _atom_summary(found: _Found, element: Element) -> None:
    _once(found.summary)
    found.summary = _construct(found, element)


def _atom_content(found: _Found, element: Element) -> None:
    found.contents.append(_construct(found, element))


def _published(found: _Found, element: Element) -> None:
    _once(found.published)
    _only(element)
    found.published = _text(element)


def _updated(found: _Found, element: Element) -> None:
    _once(found.updated)
    _only(element)
    found.updated = _text(element)


def _creator(found: _Found, element: Element) -> None:
    _only(element)
    found.authors.append(author_name(_text(element)))


def _atom_author(found: _Found, element: Element) -> None:
    names = element.findall(ATOM + "name")
    if len(names) > 1 or any(len(child) or child.tag not in _PERSON for child in element):
        raise _DeclinedError
    if names:
        found.authors.append(author_name((names[0].text or "").strip()))


def _source(found: _Found, element: Element) -> None:
    """RSS: the outlet that an aggregator took the item from."""
    _once(found.source)
    _only(element, "url")
    found.source = _text(element)


def _publisher(found: _Found, element: Element) -> None:
    _once(found.publisher)
    _only(element)
    found.publisher = _text(element)


def _own_language(found: _Found, element: Element) -> None:
    _once(found.own_language)
    _only(element)
    found.own_language = _text(element)


def _original(found: _Found, element: Element) -> None:
    """FeedBurner: the address behind its redirect."""
    _once(found.original)
    _only(element)
    found.original = _text(element)


_Table = dict[str, Callable[[_Found, Element], None]]

_PAGES = frozenset(("html", "text/html", "xhtml", "application/xhtml+xml"))
_TYPES: dict[str, Literal["text", "html"]] = {
    "text": "text", "plain": "text", "text/plain": "text", "html": "html", "text/html": "html",
}  # fmt: skip
_PERSON = frozenset((ATOM + "name", ATOM + "uri", ATOM + "email"))

_SHARED: _Table = {
    _DC + "creator": _creator,
    _DC + "date": _updated,
    _DC + "publisher": _publisher,
    _DC + "language": _own_language,
    ATOM + "link": _atom_link,
    ATOM + "published": _published,
    ATOM + "updated": _updated,
    "{http://rssnamespace.org/feedburner/ext/1.0}origLink": _original,
}
_RSS_ITEM: _Table = _SHARED | {
    "title": _rss_title,
    "link": _link,
    "guid": _guid,
    "description": _description,
    "{http://purl.org/rss/1.0/modules/content/}encoded": _encoded,
    "pubDate": _published,
    "author": _creator,
    "source": _source,
}
_ATOM_ITEM: _Table = _SHARED | {
    ATOM + "id": _guid,
    ATOM + "title": _atom_title,
    ATOM + "summary": _atom_summary,
    ATOM + "content": _atom_content,
    ATOM + "author": _atom_author,
}
_CHANNEL: _Table = {
    "title": _rss_title,
    "link": _link,
    "language": _own_language,
    ATOM + "link": _atom_link,
}
_FEED: _Table = {
    ATOM + "id": _guid,
    ATOM + "title": _atom_title,
    ATOM + "link": _atom_link,
}
_ITEMS = frozenset(("item", ATOM + "entry"))
_HEAD = frozenset(("title", "link", "language", "id", "item", "entry", "channel", "feed"))
"""Names that mean something of the feed itself, in whatever case or namespace a feed writes them."""
_READERS = {"rss": _rss, ATOM + "feed": _atom}

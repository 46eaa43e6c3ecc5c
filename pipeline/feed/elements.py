"""The elements of ordinary feeds: what each of them says of its item, or that it is not ordinary.

Each reader of an element does what feedparser does with that element in its plain form and raises
DeclinedError for any other form; ordinary.py walks, this file reads.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal
from xml.etree.ElementTree import Element

from feedparser.api import StrictFeedParser
from feedparser.html import _cp1252
from feedparser.urls import _urljoin

from pipeline.feed.author import author_name
from pipeline.feed.entry import Content
from pipeline.feed.item import Item

ATOM = "{http://www.w3.org/2005/Atom}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_C1 = re.compile("[\x80-\x9f]")
_QUERY = re.compile(r"&([A-Za-z0-9_]+);")


class DeclinedError(Exception):
    """Something in the document is not ordinary."""


@dataclass(slots=True)
class Found:
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


def _text(element: Element) -> str:
    """The element's text, mended as feedparser does: UTF-8 read as Latin-1, and Windows-1252 controls."""
    if len(element):
        raise DeclinedError
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
        raise DeclinedError


def _only(element: Element, *names: str) -> None:
    if element.attrib and not element.attrib.keys() <= set(names):
        raise DeclinedError


def _resolved(base: str, address: str) -> str:
    return _urljoin(base, address) if address and (base or ":///" in address) else address


def _query(address: str) -> str:
    """Undo what escaping did to a query: `?a=1&b;=2`, `&amp;`."""
    if "&" not in address:
        return address
    return _QUERY.sub(r"&\g<1>", address.replace("&amp;", "&"))


def _guid(found: Found, element: Element) -> None:
    _once(found.guid)
    attributes = {name.lower(): value for name, value in element.attrib.items()}
    if attributes.keys() - {"ispermalink"}:
        raise DeclinedError
    found.guid = _text(element)
    if attributes.get("ispermalink", "true") == "true":
        found.guid = _resolved(found.base, found.guid)
        if found.link is None:
            found.link = found.guid


def _link(found: Found, element: Element) -> None:
    """RSS: the address is the text."""
    _only(element)
    if found.linked:
        raise DeclinedError
    found.linked = True
    found.link = _query(_resolved(found.base, _text(element)))


def _atom_link(found: Found, element: Element) -> None:
    """Atom: the last alternate that is a web page."""
    address = element.get("href")
    if not address or len(element) or element.get(_LANG) is not None:
        raise DeclinedError
    kind = element.get("type", "html").lower()
    if element.get("rel", "alternate").lower() == "alternate" and kind in _PAGES:
        found.link = _resolved(found.base, address)


def _rss_title(found: Found, element: Element) -> None:
    _once(found.title)
    _only(element)
    found.said_language = found.language
    text = _text(element)
    markup = "&" in text or "</" in text
    found.title = Content(text, "html" if markup and StrictFeedParser.looks_like_html(text) else "text")


def _description(found: Found, element: Element) -> None:
    _once(found.summary)
    _only(element)
    found.said_language = found.language
    found.summary = Content(_text(element), "html")


def _encoded(found: Found, element: Element) -> None:
    _only(element)
    found.said_language = found.language
    found.contents.append(Content(_text(element), "html"))


def _construct(found: Found, element: Element) -> Content:
    """An Atom text construct of type text or html; XHTML is written back by the tolerant reader."""
    _only(element, "type")
    kind = _TYPES.get(element.get("type", "text").lower())
    if kind is None:
        raise DeclinedError
    found.said_language = found.language
    return Content(_text(element), kind)


def _atom_title(found: Found, element: Element) -> None:
    _once(found.title)
    found.title = _construct(found, element)


def _atom_summary(found: Found, element: Element) -> None:
    _once(found.summary)
    found.summary = _construct(found, element)


def _atom_content(found: Found, element: Element) -> None:
    found.contents.append(_construct(found, element))


def _published(found: Found, element: Element) -> None:
    _once(found.published)
    _only(element)
    found.published = _text(element)


def _updated(found: Found, element: Element) -> None:
    _once(found.updated)
    _only(element)
    found.updated = _text(element)


def _creator(found: Found, element: Element) -> None:
    _only(element)
    found.authors.append(author_name(_text(element)))


def _atom_author(found: Found, element: Element) -> None:
    names = element.findall(ATOM + "name")
    if len(names) > 1 or any(len(child) or child.tag not in _PERSON for child in element):
        raise DeclinedError
    if names:
        found.authors.append(author_name((names[0].text or "").strip()))


def _source(found: Found, element: Element) -> None:
    """RSS: the outlet that an aggregator took the item from."""
    _once(found.source)
    _only(element, "url")
    found.source = _text(element)


def _publisher(found: Found, element: Element) -> None:
    _once(found.publisher)
    _only(element)
    found.publisher = _text(element)


def _own_language(found: Found, element: Element) -> None:
    _once(found.own_language)
    _only(element)
    found.own_language = _text(element)


def _original(found: Found, element: Element) -> None:
    """FeedBurner: the address behind its redirect."""
    _once(found.original)
    _only(element)
    found.original = _text(element)


Table = dict[str, Callable[[Found, Element], None]]

_PAGES = frozenset(("html", "text/html", "xhtml", "application/xhtml+xml"))
_TYPES: dict[str, Literal["text", "html"]] = {
    "text": "text", "plain": "text", "text/plain": "text", "html": "html", "text/html": "html",
}  # fmt: skip
_PERSON = frozenset((ATOM + "name", ATOM + "uri", ATOM + "email"))

_SHARED: Table = {
    _DC + "creator": _creator,
    _DC + "date": _updated,
    _DC + "publisher": _publisher,
    _DC + "language": _own_language,
    ATOM + "link": _atom_link,
    ATOM + "published": _published,
    ATOM + "updated": _updated,
    "{http://rssnamespace.org/feedburner/ext/1.0}origLink": _original,
}
RSS_ITEM: Table = _SHARED | {
    "title": _rss_title,
    "link": _link,
    "guid": _guid,
    "description": _description,
    "{http://purl.org/rss/1.0/modules/content/}encoded": _encoded,
    "pubDate": _published,
    "author": _creator,
    "source": _source,
}
ATOM_ITEM: Table = _SHARED | {
    ATOM + "id": _guid,
    ATOM + "title": _atom_title,
    ATOM + "summary": _atom_summary,
    ATOM + "content": _atom_content,
    ATOM + "author": _atom_author,
}
CHANNEL: Table = {
    "title": _rss_title,
    "link": _link,
    "language": _own_language,
    ATOM + "link": _atom_link,
}
FEED: Table = {
    ATOM + "id": _guid,
    ATOM + "title": _atom_title,
    ATOM + "link": _atom_link,
}

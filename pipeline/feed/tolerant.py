"""The tolerant reader: feedparser, driven so that it opens nothing and does no work that nobody reads.

`feedparser.parse` would decode and re-encode the document, sanitize markup and read dates, which other
files here do with bounds of their own; so its two parsers are driven directly.
"""

import io
import re
import xml.sax
import xml.sax.handler
import xml.sax.xmlreader
from collections.abc import Callable
from typing import Any
from xml.sax.expatreader import create_parser

from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.sanitizer import replace_doctype

from pipeline.feed.author import author_name
from pipeline.feed.dtd import doctype_at
from pipeline.feed.entry import Content
from pipeline.feed.item import Item, Reading
from pipeline.feed.limits import Limits
from pipeline.urls import MAX_BYTES

_START = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_HIDING = {b"<!--": b"-->", b"<![CDATA[": b"]]>"}
_START_OR_HIDING = re.compile(rb"(?i:" + _START.pattern + rb")|<!--|<!\[CDATA\[")
_END = re.compile(rb"</(?:[\w.-]{1,40}:)?(?:item|entry)\s*>", re.IGNORECASE)
_ROOT_END = re.compile(rb"</(?:[\w.-]{1,40}:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_PICTURE = re.compile(r"(?:image|audio|video)/")
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{40,}={0,2}\s*")


NAMESPACES = 300
"""Namespaces of one document; real feeds declare up to some twenty."""


class _EnoughError(Exception):
    """A limit is reached: what was read stands."""


class _Frugal:
    """What both parsers of feedparser do differently here, and why.

    Dates stay as written (moment.py reads them, without the local time zone). Categories are not kept
    (their search for repetitions is quadratic), authors are taken apart elsewhere (a quadratic pattern),
    titles and descriptions of pictures are not those of the article. A base that is longer than any address
    is none, for each tag joins it.
    """

    entries: list[dict[str, Any]]
    namespaces_in_use: dict[str, str]
    baseuri: str | None
    limits: Limits
    resolve_relative_uris = False
    sanitize_html = False
    tags = 0
    cut = False

    # feedparser's names; they have no types
    def unknown_starttag(self, tag: Any, attrs: Any) -> Any:
        self.tags += 1
        if self.tags > self.limits.tags:
            self.cut = True
            raise _EnoughError
        if len(self.baseuri or "") > MAX_BYTES:
            self.baseuri = ""
        return super().unknown_starttag(tag, [one for one in attrs if not _long_base(*one)])  # type: ignore[misc]

    def track_namespace(self, prefix: Any, uri: Any) -> None:
        """Each element of an unknown namespace is looked up among all: their number is bounded."""
        if len(self.namespaces_in_use) > NAMESPACES:
            self.cut = True
            raise _EnoughError
        super().track_namespace(prefix, uri)  # type: ignore[misc]

    def _start_item(self, attrs: Any) -> None:
        if len(self.entries) >= self.limits.entries:
            raise _EnoughError
        super()._start_item(attrs)  # type: ignore[misc]

    _start_entry = _start_item

    def _end_published(self) -> None:
        self.pop("published")  # type: ignore[attr-defined]

    _end_issued = _end_pubdate = _end_dcterms_issued = _end_published

    def _end_updated(self) -> None:
        self.pop("updated")  # type: ignore[attr-defined]

    _end_modified = _end_lastbuilddate = _end_dc_date = _end_dcterms_modified = _end_updated

    def _end_created(self) -> None:
        self.pop("created")  # type: ignore[attr-defined]

    _end_dcterms_created = _end_created

    def _end_expirationdate(self) -> None:
        self.pop("expired")  # type: ignore[attr-defined]

    def _add_tag(self, term: Any, scheme: Any, label: Any) -> None:
        """Categories are not kept."""

    def _start_category(self, _attrs: Any) -> None:
        self.push("category", 1)  # type: ignore[attr-defined]

    def _end_category(self) -> None:
        self.pop("category")  # type: ignore[attr-defined]

    _start_keywords = _start_dc_subject = _start_media_category = _start_itunes_category = _start_category
    _end_keywords = _end_dc_subject = _end_media_category = _end_itunes_category = _end_category

    def _sync_author_detail(self, key: str = "author") -> None:
        """Names are taken from the plain values by author_name()."""

    def _end_author(self) -> None:
        written = self.pop("author")  # type: ignore[attr-defined]
        self.inauthor = 0
        authors = self._get_context().get("authors")  # type: ignore[attr-defined]
        if written and authors and not authors[-1].get("name"):
            authors[-1]["name"] = written

    _end_dc_author = _end_dc_creator = _end_itunes_author = _end_managingeditor = _end_author

    def _start_media_title(self, _attrs: Any) -> None:
        self.push("media_title", 0)  # type: ignore[attr-defined]

    def _end_media_title(self) -> None:
        self.pop("media_title")  # type: ignore[attr-defined]

    def _start_media_description(self, _attrs: Any) -> None:
        self.push("media_description", 0)  # type: ignore[attr-defined]

    def _end_media_description(self) -> None:
        self.pop("media_description")  # type: ignore[attr-defined]


class _Strict(_Frugal, StrictFeedParser):  # type: ignore[misc]
    """For well-formed XML."""


class _Loose(_Frugal, LooseFeedParser):  # type: ignore[misc]
    """For anything else."""

    def handle_charref(self, ref: str) -> None:
        """A reference to no character (a surrogate, beyond Unicode) is U+FFFD, not an exception."""
        try:
            super().handle_charref(ref)
        except (ValueError, OverflowError):
            self.handle_data("\ufffd")


def read(data: bytes, *, base: str = "", language: str | None = None, limits: Limits) -> Reading:
    """Read a feed in UTF-8. Anything yields a Reading; one without version and items is no feed."""
    doctype, data, entities = _without_doctype(data)
    strict = _Strict(base, language, "utf-8")
    strict.limits = limits
    broken = _fault(lambda: _parse_strictly(strict, data))
    if broken is None:
        return _reading(strict, doctype, data, None, complete=not strict.cut)
    whole = _up_to_last_end(data[: limits.broken])
    loose = _Loose(base, language, "utf-8", entities)
    loose.limits = limits
    failed = _fault(lambda: loose.feed(whole.decode("utf-8", "replace")))
    complete = failed is None and len(whole) == len(data) and not loose.cut
    # A comment or CDATA section without an end swallows what follows: count
    complete = complete and len(loose.entries) >= min(_starts(data), limits.entries)
    return _reading(loose, doctype, data, failed or broken, complete=complete)


def _long_base(name: str, value: str) -> bool:
    return name.lower() in ("base", "xml:base") and len(value) > MAX_BYTES


def _without_doctype(data: bytes) -> tuple[str | None, bytes, dict[str, str]]:
    """What the doctype tells of the version, the document with only safe entities left, and these."""
    if doctype_at(data) < 0:
        return None, data, {}
    root = re.search(rb"<\w", data)
    end = root.start() if root else len(data)
    # feedparser's patterns are quadratic in runs of space
    head = re.sub(rb"\s+", lambda run: b"\n" if b"\n" in run[0] else b" ", data[:end])
    version, data, entities = replace_doctype(head + data[end:])
    return version, data, entities


def _parse_strictly(parser: Any, data: bytes) -> None:
    """As feedparser does it: namespaces on, nothing fetched. Expat by name: other drivers differ."""
    sax = create_parser()
    sax.setFeature(xml.sax.handler.feature_namespaces, True)
    sax.setFeature(xml.sax.handler.feature_external_ges, False)
    sax.setContentHandler(parser)
    sax.setErrorHandler(parser)
    source = xml.sax.xmlreader.InputSource()
    source.setByteStream(io.BytesIO(data))
    sax.parse(source)


def _fault(parse: Callable[[], object]) -> str | None:
    """The one door for what the parsers raise; None when all went well or a limit ended it."""
    try:
        parse()
    except _EnoughError:
        return None
    except xml.sax.SAXParseException as error:
        return f"line {error.getLineNumber()}, column {error.getColumnNumber()}: {error.getMessage()}"
    except Exception as error:  # on hostile input feedparser raises whatever Python raises beneath it
        return f"{type(error).__name__}: {error}"[:200]
    return None


def _up_to_last_end(data: bytes) -> bytes:
    """A document whose root never closes, without the item it breaks off in: half an item is no edit."""
    starts = [match.start() for match in _START.finditer(data)]
    if not starts or any(True for _ in _ROOT_END.finditer(data, starts[-1])):
        return data
    ends = [match.end() for match in _END.finditer(data)]
    return data[: ends[-1]] if ends else data[: starts[0]]


def _starts(data: bytes) -> int:
    """How many items open, those not counted that stand in a comment or CDATA section with an end."""
    last = {opening: data.rfind(ending) for opening, ending in _HIDING.items()}
    number = hidden = 0
    for found in _START_OR_HIDING.finditer(data):
        if found.start() < hidden:
            continue
        ending = _HIDING.get(found[0])
        if ending is None:
            number += 1
        elif found.end() <= last[found[0]]:
            hidden = data.find(ending, found.end())
    return number


def _reading(parser: Any, doctype: str | None, data: bytes, broken: str | None, *, complete: bool) -> Reading:
    feed = parser.feeddata
    items = tuple(_item(entry) for entry in parser.entries)
    return Reading(
        version=doctype or parser.version or "",
        title=_plain(feed, "title"),
        link=_plain(feed, "link"),
        language=_plain(feed, "language"),
        items=items,
        cut=max(0, _starts(data) - len(items)) if complete or parser.cut else 0,
        broken=broken,
        complete=complete,
    )


def _item(entry: dict[str, Any]) -> Item:
    """An item from feedparser's dictionary, read past its aliases ("updated" falls back to "published")."""
    details = [_parts(entry, name) for name in ("title_detail", "summary_detail")]
    contents = [one for one in _list(entry, "content") if _is_text(one)]
    source = _parts(entry, "source")
    declared = (one.get("language") for one in (*contents, *reversed(details)))
    return Item(
        guid=_plain(entry, "id"),
        link=_plain(entry, "feedburner_origlink") or _plain(entry, "link"),
        title=_words(details[0]),
        summary=_words(details[1]),
        contents=tuple(filter(None, map(_words, contents))),
        authors=tuple(filter(None, (author_name(one.get("name")) for one in _list(entry, "authors")))),
        published=_plain(entry, "published") or _plain(entry, "created"),
        updated=_plain(entry, "updated"),
        language=_plain(entry, "language") or next(filter(None, declared), None),
        publisher=_plain(source, "title") or _plain(entry, "publisher"),
    )


def _is_text(content: dict[str, Any]) -> bool:
    """Whether a content is words: not a picture, nor what no decoding has made words of."""
    kind, value = content.get("type") or "text/plain", content.get("value")
    if kind.startswith("text/") or kind.endswith("xml"):
        return True
    return not _PICTURE.match(kind) and isinstance(value, str) and not _BASE64.fullmatch(value)


def _list(found: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """A list of feedparser's; an element that happens to be called like it left something else there."""
    value = dict.get(found, key)
    return value if isinstance(value, list) else []


def _parts(found: dict[str, Any], key: str) -> dict[str, Any]:
    value = dict.get(found, key)
    return value if isinstance(value, dict) else {}


def _plain(found: dict[str, Any], key: str) -> str | None:
    value = dict.get(found, key)
    return value if isinstance(value, str) and value else None


def _words(detail: Any) -> Content | None:
    """A text construct; whatever does not call itself plain is taken as markup."""
    value = detail.get("value")
    if not value or not isinstance(value, str):
        return None
    return Content(value, "text" if detail.get("type") in ("text/plain", "") else "html")

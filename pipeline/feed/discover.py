"""The feeds that a web page names: for somebody who knows a site and not the address of its feed."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml import etree

from pipeline.characters import scalar
from pipeline.feed.encoding import decoded
from pipeline.urls import MAX_BYTES, canonical, joined, page_key

PAGE = 2_000_000
"""Bytes of a page that are read: front pages have up to one million, and what they declare stands first."""
MOST = 20
"""Feeds named of one page: a list for a person to choose from."""
LINKS = 5_000
"""Addresses of one page that are looked at, in its order: several times those of a large front page."""
LONGEST_TITLE = 200
PLACES = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/news-sitemap.xml")
"""Where publishing systems put the feed of a site, the most common first."""

_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_LOOSE_TYPES = ("application/json", "application/xml", "text/xml")
_CHARSET = re.compile(rb"<meta\b[^<>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_FILE = re.compile(r"\.(?:rss|rdf|atom|xml)$")
_FOLDER = re.compile(r"(?:^|[/._-])rss2?(?:[/._-]|$)|/(?:feeds?|atom|rdf)(?:/|$)")
_QUERY = re.compile(r"(?:^|&)(?:feed|format|type|output|alt)=(?:rss2?|atom|feed|rdf|xml)(?:&|$)")
_COMMENTS = re.compile(r"comment|kommentar|comentario|commenti|replies", re.IGNORECASE)
_OTHER = re.compile(r"/wp-json/|/oembed|opensearch|manifest|browserconfig|/wlwmanifest|/xmlrpc")
"""Addresses that pages declare or link to like feeds, and that are none."""


@dataclass(frozen=True, slots=True)
class Found:
    """A feed as a page names it: its absolute address, what it is called there, its declared type or ""."""

    url: str
    title: str | None = None
    type: str = ""


def feeds_in(page: bytes, base: str, content_type: str = "") -> tuple[Found, ...]:
    """The feeds that the page at `base` names, each once, the likeliest first, at most MOST.

    What it declares (`link rel="alternate"`) stands before what it links to, and feeds of comments stand
    last. `content_type` is the header's. Never raises; a page that names none yields nothing.
    """
    walk = _Page(base)
    parser = etree.HTMLParser(target=walk, encoding="utf-8", no_network=True)
    with suppress(etree.LxmlError):  # what was read before the fault stands
        parser.feed(_text(page[:PAGE], content_type))
        parser.close()
    once: dict[str, Found] = {}
    for _, found in sorted(walk.found, key=lambda ranked: ranked[0]):
        once.setdefault(page_key(found.url), found)
    return tuple(once.values())[:MOST]


def usual_places(base: str) -> tuple[str, ...]:
    """Addresses on the site of `base` to try when its page names no feed; none for what is no web address."""
    site = canonical(base)
    return tuple(filter(None, (joined(site, place) for place in PLACES))) if site else ()


@dataclass(slots=True)
class _Page:
    """A target of the HTML parser: what was found, each with its rank (lower is likelier)."""

    base: str
    rebased: bool = False
    looked: int = 0
    found: list[tuple[tuple[bool, int], Found]] = field(default_factory=list)
    anchor: dict[str, str] | None = None
    words: list[str] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "base" and not self.rebased:
            self.base, self.rebased = _based(self.base, attributes.get("href", "")), True
        elif tag == "link":
            self._declared(attributes)
        elif tag == "a":
            self.anchor, self.words = dict(attributes), []

    def data(self, text: str) -> None:
        if self.anchor is not None:
            self.words.append(text)

    def end(self, tag: str) -> None:
        if tag == "a" and self.anchor is not None:
            self._linked(self.anchor, " ".join(self.words))
            self.anchor = None

    def close(self) -> None:
        """The parser asks for it."""

    def _declared(self, attributes: dict[str, str]) -> None:
        relations = attributes.get("rel", "").lower().split()
        kind = attributes.get("type", "").partition(";")[0].strip().lower()
        if "feed" in relations or ("alternate" in relations and kind in _TYPES):
            self._keep(0, attributes.get("href"), attributes.get("title"), kind)
        elif "alternate" in relations and kind in _LOOSE_TYPES:
            self._keep(1, attributes.get("href"), attributes.get("title"), kind)

    def _linked(self, attributes: dict[str, str], text: str) -> None:
        title = text.strip() or attributes.get("title") or attributes.get("aria-label")
        self._keep(None, attributes.get("href"), title, "")

    def _keep(self, rank: int | None, address: str | None, title: str | None, kind: str) -> None:
        """Note a feed; of what is only linked to (`rank` None) that whose address is evidently one's."""
        self.looked += 1
        if self.looked > LINKS:
            return
        url = canonical(_joined(self.base, address)) if address else None
        if url is None or _OTHER.search(url):
            return
        rank = _evidence(url) if rank is None else rank
        if rank is not None:
            title = scalar(" ".join((title or "").split())[:LONGEST_TITLE]) or None
            comments = bool(_COMMENTS.search(f"{url} {title or ''}"))
            self.found.append(((comments, rank), Found(url, title, scalar(kind))))


def _evidence(url: str) -> int | None:
    """How surely an address is a feed's: 2 by its file, 3 by a folder, parameter or host; None if not."""
    host, path, query = urlsplit(url.lower())[1:4]
    if "://" in path + query or "%3a%2f%2f" in path + query:
        return None  # a service that carries the address of something else
    if _FILE.search(path):
        return None if "sitemap" in path and "news" not in path else 2
    if _FOLDER.search(path) or _QUERY.search(query):
        return 3
    return 3 if host.startswith(("feeds.", "rss.")) and len(path) > 1 else None


def _joined(base: str, address: str) -> str:
    """The absolute address; readers of old put `feed:` in front of it."""
    return joined(base, address.strip().removeprefix("feed:")) or ""


def _based(page: str, written: str) -> str:
    """What a page's links are joined to: its own address, where `<base>` gives no usable one."""
    found = joined(page, written.strip()) or page
    return found if len(found) <= MAX_BYTES else page


def _text(page: bytes, content_type: str) -> bytes:
    """The page in UTF-8: by the header's charset, else the page's own."""
    named = _CHARSET.search(page, 0, 4_000)
    if "charset" not in content_type.lower() and named:
        content_type = f"text/html; charset={named[1].decode('ascii', 'replace')}"
    return decoded(page, content_type).data

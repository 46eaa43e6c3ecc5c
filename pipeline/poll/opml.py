"""OPML 1.0 and 2.0: the list of feeds as feed readers exchange it, and as config/feeds.opml keeps it.

http://opml.org/spec2.opml. Readers differ in the case of `xmlUrl`, in `title` or `text`, in whether
folders nest; all of that is read. What OPML has no attribute for stands in a namespace of ours.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from pipeline.attributes import MOST, crowded_xml
from pipeline.characters import scalar
from pipeline.feed.dtd import forbidden
from pipeline.feed.encoding import decoded
from pipeline.feed.limits import LONGEST_FEED
from pipeline.outcome import Reason, Rejected
from pipeline.poll.spec import FeedSpec
from pipeline.urls import canonical, page_key

NAMESPACE = "urn:storywire:opml:1"
PREFIX = "storywire"
FULL_TEXT, VERIFIED, PUBLISHER = (f"{{{NAMESPACE}}}{name}" for name in ("full-text", "verified", "publisher"))
LARGEST = 20_000_000
"""Bytes of a list that is read: some 60,000 feeds."""
LONGEST_NAME = 300
"""Characters of a title or folder: what fits a line, several times over; the rest is cut off."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,3}")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class FeedList:
    """A list of feeds, in the order of its document. `rejected` are the outlines that name no usable feed.

    `repeated` are the addresses that stood there again (another folder, another case); the first counts.
    """

    title: str | None = None
    feeds: tuple[FeedSpec, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    repeated: tuple[str, ...] = ()


def read_opml(data: bytes) -> FeedList | Rejected:
    """The feeds of an OPML document, or (BAD_FEED_LIST, TOO_LARGE) why the whole is none. Never raises."""
    root = document(data)
    if isinstance(root, Rejected):
        return root
    feeds: dict[str, FeedSpec] = {}
    rejected: list[Rejected] = []
    repeated: list[str] = []
    for outline, folders in outlines(root):
        found = _spec(outline, folders)
        if isinstance(found, Rejected):
            rejected.append(found)
        elif (key := same_feed(found.url)) in feeds:
            repeated.append(found.url)
        else:
            feeds[key] = found
    title = root.find("./head/title")
    return FeedList(
        None if title is None else _name(title.text), tuple(feeds.values()), tuple(rejected), tuple(repeated)
    )


def write_opml(feeds: Iterable[FeedSpec], title: str) -> bytes:
    """OPML 2.0 of these feeds: folders where they first occur, feeds of a folder in the order given.

    The same feeds and title give the same bytes.
    """
    root = etree.Element("opml", version="2.0", nsmap={PREFIX: NAMESPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _xml_text(title)
    body = etree.SubElement(root, "body")
    folders: dict[tuple[str, ...], Any] = {(): body}
    for feed in feeds:
        for depth, name in enumerate(feed.folders):
            above, path = feed.folders[:depth], feed.folders[: depth + 1]
            if path not in folders:
                folders[path] = new_folder(name)
                folders[above].append(folders[path])
        folders[feed.folders].append(outline_of(feed))
    etree.indent(root)
    return serialised(root)


def same_feed(url: str) -> str:
    """What two spellings of one feed's address have in common: `http` and `https`, a slash at the end, the
    case of the host, tracking parameters."""
    return page_key(canonical(url) or url).rstrip("/")


def unusable(url: str) -> str | None:
    """Why this is no address for a feed, or None. A feed's address is its id in every public message."""
    if not url:
        return "it has no address (xmlUrl)"
    if len(url) > LONGEST_FEED:
        return f"its address has {len(url):,} characters; {LONGEST_FEED:,} at most are kept"
    if _BLANK.search(url) or scalar(url) != url:
        return "its address holds blanks or control characters; write them %20"
    address = canonical(url)
    if address is None:
        return f"no web address: {url[:80]!r}; a feed's begins with http:// or https://"
    if "@" in address.split("/", 3)[2]:
        return "its address holds a user name or password, and addresses of feeds are published"
    return None


# --- the document, for reading and for editing


def document(data: bytes) -> Any:
    """The `opml` element of a document in any encoding, its comments before and after kept; or Rejected.

    Nothing is fetched and no entity of the document's own that could blow up is expanded.
    """
    if len(data) > LARGEST:
        return Rejected(Reason.TOO_LARGE, f"{len(data):,} bytes; a list of feeds has {LARGEST:,} at most")
    text = decoded(data).data
    root = _no_list(text) or _parsed(text)
    if not isinstance(root, Rejected) and _local(root) != "opml":
        return Rejected(Reason.BAD_FEED_LIST, f"no OPML: the document is <{scalar(_local(root))[:40]}>")
    return root


def outlines(root: Any) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Every outline that is, or should be, a feed, with the names of the outlines above it."""
    for child in root:
        if _local(child) == "body":
            yield from _below(child, ())


def address_of(outline: Any) -> str:
    """The address of an outline, empty if it has none; the `feed:` of old browsers is taken off."""
    url = (_attributes(outline).get("xmlurl") or "").strip()
    if url[:7].lower() == "feed://":
        return f"http://{url[7:]}"
    return url[5:] if url[:5].lower() == "feed:" else url


def folder_in(parent: Any, name: str) -> Any:
    """The folder of that name directly under `parent`, or None."""
    return next((each for each in parent if _is_folder(each) and _title(each) == name), None)


def new_folder(name: str) -> Any:
    """The outline of a folder."""
    return etree.Element("outline", text=_xml_text(name), title=_xml_text(name))


def outline_of(feed: FeedSpec) -> Any:
    """The outline of a feed, which has no whitespace around it yet."""
    name = _xml_text(feed.title or feed.url)
    given = {
        "type": "rss",
        "text": name,
        "title": name,
        "xmlUrl": feed.url,
        "htmlUrl": feed.site,
        "language": feed.language,
        PUBLISHER: feed.publisher,
        FULL_TEXT: "true" if feed.full_text else None,
        VERIFIED: moment_text(feed.verified) if feed.verified else None,
    }
    element = etree.Element("outline", nsmap={PREFIX: NAMESPACE})
    for attribute, value in given.items():
        if value:
            element.set(attribute, _xml_text(value))
    return element


def moment_text(when: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return when.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def serialised(root: Any) -> bytes:
    """The document as bytes: UTF-8, our namespace declared once, a line end at the end."""
    prefixes = {prefix for element in root.iter() for prefix in element.nsmap if prefix}
    etree.cleanup_namespaces(root, top_nsmap={PREFIX: NAMESPACE}, keep_ns_prefixes=sorted(prefixes))
    text: bytes = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")
    return text.rstrip(b"\n") + b"\n"


# --- reading an outline


def _below(parent: Any, folders: tuple[str, ...]) -> Iterator[tuple[Any, tuple[str, ...]]]:
    for child in parent:
        if _local(child) != "outline":
            continue
        if _is_folder(child):
            name = _title(child)
            yield from _below(child, (*folders, name) if name else folders)
        else:
            yield child, folders
            yield from _below(child, folders)


def _is_folder(outline: Any) -> bool:
    """An outline that neither has an address nor looks as if one were missing."""
    if _local(outline) != "outline":
        return False
    given = _attributes(outline)
    return not ({"xmlurl", "htmlurl", "url"} & given.keys()) and given.get("type", "").lower() not in (
        "rss",
        "atom",
    )


def _spec(outline: Any, folders: tuple[str, ...]) -> FeedSpec | Rejected:
    given, url = _attributes(outline), address_of(outline)
    title = _title(outline)
    fault = unusable(url)
    if fault:
        name = f" ({title})" if title else ""
        return Rejected(Reason.BAD_FEED_LIST, fault, f"line {outline.sourceline}{name}")
    site, language = _xml_text(given.get("htmlurl") or "").strip(), (given.get("language") or "").strip()
    return FeedSpec(
        url=url,
        title=None if title == url else title,
        site=site if canonical(site) else None,
        language=language if _LANGUAGE.fullmatch(language) else None,
        publisher=_name(outline.get(PUBLISHER)),
        folders=folders,
        full_text=(outline.get(FULL_TEXT) or "").strip().lower() in ("true", "yes", "on", "1"),
        verified=_moment(outline.get(VERIFIED)),
    )


def _attributes(outline: Any) -> Mapping[str, str]:
    """Attributes without a namespace, by lower-case name: readers write xmlUrl, xmlURL and xmlurl."""
    return {name.lower(): value for name, value in outline.attrib.items() if name[:1] != "{"}


def _title(outline: Any) -> str | None:
    given = _attributes(outline)
    return _name(given.get("title")) or _name(given.get("text"))


def _name(text: str | None) -> str | None:
    """A title or folder on one line, bounded; None for nothing."""
    return " ".join(_NO_TEXT.sub("", text or "").split())[:LONGEST_NAME].strip() or None


def _moment(text: str | None) -> datetime | None:
    """RFC 3339; anything else says nothing."""
    try:
        found = datetime.fromisoformat((text or "").strip())
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _local(element: Any) -> str:
    """The name without namespace, in lower case; empty for comments and instructions."""
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def _xml_text(text: str) -> str:
    """`text` without what XML cannot hold."""
    return _NO_TEXT.sub("", text)


def _no_list(text: bytes) -> Rejected | None:
    """What can be said of UTF-8 that is not to be parsed at all."""
    if not text.strip():
        return Rejected(Reason.BAD_FEED_LIST, "the list of feeds is empty; an empty one is <opml>...</opml>")
    if b"<html" in text[:2_000].lower():
        return Rejected(Reason.BAD_FEED_LIST, "a web page, not OPML; was a log-in page saved instead?")
    fault = forbidden(text)
    if fault:
        return Rejected(Reason.BAD_FEED_LIST, f"document type definition refused: {fault}")
    said = f"an element with more than {MOST} attributes"
    return Rejected(Reason.BAD_FEED_LIST, said) if crowded_xml(text) else None


def _parsed(text: bytes) -> Any:
    """The root element of UTF-8, or Rejected."""
    parser = etree.XMLParser(no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8")
    try:
        return etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        return _unreadable(error)


def _unreadable(error: etree.XMLSyntaxError) -> Rejected:
    """Names the line, and the fault that is most common by far."""
    said = _xml_text(str(error.msg or "")).split(", line")[0]
    hint = "; in an address & is written &amp;" if "Entity" in said else ""
    where = f"line {error.lineno}" if error.lineno else ""
    return Rejected(Reason.BAD_FEED_LIST, f"no well-formed XML: {said or 'it breaks off'}{hint}", where)

"""parse_feed: the bytes of a feed document to a FeedDocument, or the reason why not."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.characters import scalar
from pipeline.feed import again, deleted, dtd, hints, jsonfeed, ordinary, sitemap, tolerant
from pipeline.feed.again import Given
from pipeline.feed.assemble import Assembly, clean
from pipeline.feed.document import FeedDocument
from pipeline.feed.encoding import Decoded, decoded
from pipeline.feed.entry import Origin
from pipeline.feed.item import Reading
from pipeline.feed.limits import LIMITS, Limits
from pipeline.feed.listing import Listing, stand_apart
from pipeline.outcome import Reason, Rejected
from pipeline.urls import MAX_BYTES

_HTML = re.compile(
    rb"\s*(?:<!--.{0,2000}?-->\s*)*(?:<\?xml[^>]{0,400}>\s*)?<(?:!doctype\s+html|html)\b", re.I | re.S
)
_JSON = re.compile(rb"\s*[{\[]")
_ROOT = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:rss|feed|rdf|channel)[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a document comes from, and how much of it is read. `headers` have lower-case names."""

    feed: str
    origin: Origin
    observed: datetime | None
    headers: Mapping[str, str]
    limits: Limits

    @property
    def base(self) -> str:
        """Content-Location, if it is an absolute web address; one that is too long is none."""
        location = self.headers.get("content-location", "").strip()
        usable = len(location) <= MAX_BYTES and location.lower().startswith(("http://", "https://"))
        return location if usable else ""


def parse_feed(
    body: bytes,
    *,
    feed: str,
    origin: Origin,
    observed: datetime | None = None,
    headers: Mapping[str, str] | None = None,
    limits: Limits = LIMITS,
    known: Listing | None = None,
    basis: str = "",
) -> FeedDocument | Rejected:
    """Parse one answer or snapshot of a feed: RSS 0.9x, 1.0, 2.0, Atom 0.3, 1.0, JSON Feed 1.0, 1.1, or of
    a news sitemap.

    `observed` is the time of the poll (aware). `headers` are those of the response: Content-Type for the
    encoding, Content-Location as base, Content-Language, Link for a hub. Never raises, whatever the bytes;
    nothing is opened. A broken document yields what could be read and says so in `rejected` and `complete`.

    With `known`, what the feed listed before, entries that stand there as they did are not read again and
    come back as `unchanged`; comparing the document with `known` then gives what it gives without. `basis`
    names what the caller puts into its entries, for when that changes all are to be read. The second look
    leaves the marks by which the third one knows them.
    """
    lowered = {name.lower(): value for name, value in (headers or {}).items()}
    if len(body) > limits.body:
        return Rejected(Reason.TOO_LARGE, f"{len(body)} bytes; at most {limits.body} are read")
    text = decoded(body, lowered.get("content-type", ""))
    if not text.data.strip():
        return Rejected(Reason.EMPTY_BODY, "the body is empty")
    source = _Source(feed, origin, observed, lowered, limits)
    if known is None:  # a first look has nothing to compare with, and leaves no marks
        return _document(source, text, again.Given(text.data))
    basis = "\n".join((basis, source.base, lowered.get("content-language", "")))
    reduced, whole = again.ways(text.data, known, basis, limits)
    if reduced:
        document = _document(source, text, reduced)
        if isinstance(document, FeedDocument) and stand_apart(document.entries, document.unchanged, known):
            return document
    return _document(source, text, whole)


def _document(source: _Source, text: Decoded, given: Given) -> FeedDocument | Rejected:
    """What is read of the bytes given; marks and unchanged entries only if nothing is wrong with it."""
    found = _read(given.data, source)
    if isinstance(found, Rejected):
        return found
    reading, lost = found
    sound = reading.complete and not (reading.broken or reading.cut)
    sound = sound and len(reading.items) == len(given.places)
    assembly = Assembly(
        source.feed,
        source.origin,
        source.observed,
        reading,
        source.limits,
        given.places if sound else (),
        list(lost),
    )
    entries = tuple(assembly.entries())
    deletions, unread = deleted.deletions(given.data, source.limits.entries)
    return FeedDocument(
        feed=source.feed,
        origin=source.origin,
        version=reading.version,
        title=clean(reading.title),
        link=clean(reading.link),
        language=clean(reading.language),
        observed=source.observed,
        entries=entries,
        deleted=deletions,
        rejected=(*_losses(text, reading), *assembly.lost, *unread),
        complete=reading.complete and not reading.cut,
        cut=reading.cut,
        hints=hints.with_links(reading.hints, source.headers.get("link", ""), source.base),
        unchanged=given.unchanged if sound else (),
        marks=assembly.marks,
    )


def _read(data: bytes, source: _Source) -> tuple[Reading, tuple[Rejected, ...]] | Rejected:
    """By the reader that the document calls for."""
    if _JSON.match(data):
        return jsonfeed.read(data, source.limits)
    fault = dtd.forbidden(data)
    if fault:
        return Rejected(Reason.FORBIDDEN_DTD, f"document type definition refused: {fault}")
    if _HTML.match(data) and not _ROOT.search(data, 0, 4_000):
        return Rejected(Reason.HTML_NOT_FEED, "a web page, not a feed")
    found = sitemap.read(data, source.limits)
    return _read_feed(data, source) if found is None else found


def _read_feed(data: bytes, source: _Source) -> tuple[Reading, tuple[Rejected, ...]] | Rejected:
    """RSS or Atom, by the quick reader if it accepts the document."""
    language = source.headers.get("content-language")
    reading = ordinary.read(data, base=source.base, language=language, limits=source.limits)
    if reading is None:
        reading = tolerant.read(data, base=source.base, language=language, limits=source.limits)
    if reading.version or reading.items:
        return replace(reading, hints=hints.of_document(data, source.base)), ()
    return _no_feed(data, reading)


def _no_feed(data: bytes, reading: Reading) -> Rejected:
    """Name what it is instead."""
    if _HTML.match(data) or b"<html" in data[:2_000].lower():
        return Rejected(Reason.HTML_NOT_FEED, "a web page, not a feed")
    if reading.broken and _ROOT.search(data):
        return Rejected(Reason.MALFORMED_FEED, f"no entry could be read: {reading.broken}")
    start = scalar(" ".join(data[:200].decode("utf-8", "replace").split())[:80])
    return Rejected(Reason.NOT_A_FEED, f"neither RSS nor Atom nor JSON Feed; it starts {start!r}")


def _losses(text: Decoded, reading: Reading) -> Iterator[Rejected]:
    """What the document as a whole lost."""
    if text.damaged:
        yield Rejected(Reason.BAD_ENCODING, f"{text.damaged} characters could not be decoded and read U+FFFD")
    if text.guess:
        said = f"not in the encoding it declares, nor in UTF-8; read as {text.guess}"
        yield Rejected(Reason.BAD_ENCODING, said)
    if reading.broken:
        said = "broken, but all entries were read" if reading.complete else "broken; entries may be missing"
        yield Rejected(Reason.MALFORMED_FEED, f"{said}: {scalar(reading.broken)}")
    elif not reading.complete:
        yield Rejected(Reason.TOO_LARGE, "more tags or namespaces than are read; entries may be missing")
    if reading.cut:
        count = len(reading.items)
        which = "older than the latest" if reading.version == sitemap.VERSION else "after the first"
        said = f"{reading.cut} entries {which} {count} were not read"
        yield Rejected(Reason.TOO_MANY_ENTRIES, said)

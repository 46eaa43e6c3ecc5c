"""From a Reading to entries: dates, addresses, the fullest content, and what had to be left out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

import orjson

from pipeline.characters import scalar
from pipeline.feed.entry import Content, Entry, Origin
from pipeline.feed.item import Item, Reading
from pipeline.feed.limits import Limits
from pipeline.feed.listing import plain_id
from pipeline.feed.moment import is_placeholder, moment
from pipeline.outcome import Reason, Rejected
from pipeline.urls import joined

LONGEST_URL = 2_048
LONGEST_NAME = 1_000
"""Characters kept of a name (feed title, publisher, language): each entry carries them again."""
LONGEST_TEXT = 200_000
"""Characters of one content that are surely harmless: only beyond these is an entry's size measured."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_TAG = re.compile(r"<[^<>]*>")
_EMBEDDED = re.compile(r"data:[\w/+.;-]{1,80},[\w+/=%\s-]{200,}")


@dataclass(frozen=True, slots=True)
class Assembly:
    """What all entries of a document share, and the list of what was lost on the way.

    `places` are those of the items in their document, with their marks; `marks` then has those of the
    entries by id: of entries that lost nothing and share their id with no other.
    """

    feed: str
    origin: Origin
    observed: datetime | None
    reading: Reading
    limits: Limits
    places: Iterable[tuple[int, str]] = ()
    lost: list[Rejected] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)

    def entries(self) -> Iterator[Entry]:
        """The entries in the document's order."""
        title = clean(self.reading.title)
        places = self.places or ((number, "") for number in count(1))
        for (place, mark), item in zip(places, self.reading.items, strict=False):
            before = len(self.lost)
            where = f"entry {place}" + (f", guid {item.guid[:80]}" if item.guid else "")
            entry = self._fitting(self._entry(item, title, where), where)
            if entry is not None:
                name = plain_id(entry)
                self.marks[name] = "" if name in self.marks or len(self.lost) > before else mark
                yield entry

    def _entry(self, item: Item, feed_title: str | None, where: str) -> Entry:
        published = self._date("published", item.published, where)
        updated = self._date("updated", item.updated, where)
        summary, content = fullest(item)
        return Entry(
            feed=self.feed,
            origin=self.origin,
            observed=self.observed or updated or published,
            guid=scalar(item.guid) if item.guid else None,
            url=self._url(item.link, where),
            title=words(item.title),
            summary=words(summary),
            content=words(content),
            authors=tuple(filter(None, map(clean, item.authors))),
            published=published,
            updated=updated,
            language=clean(item.language) or clean(self.reading.language),
            publisher=clean(item.publisher),
            feed_title=feed_title,
        )

    def _date(self, name: str, written: str | None, where: str) -> datetime | None:
        """A date that names a real moment; any other is reported and left out, never replaced."""
        if written is None:
            return None
        found = moment(written)
        if found is None or is_placeholder(found):
            fault = "stands for no date" if found else "is no date"
            self.lost.append(Rejected(Reason.BAD_DATE, f"{name} {scalar(written[:80])!r} {fault}", where))
            return None
        return found

    def _url(self, link: str | None, where: str) -> str | None:
        """An http(s) address, made absolute by the feed's own link; other schemes lead to no article."""
        link = (link or "").strip()
        scheme = _SCHEME.match(link)
        if not link or (scheme and scheme[0].lower() not in ("http:", "https:")):
            return None
        if len(link) > LONGEST_URL:
            self.lost.append(Rejected(Reason.BAD_FIELD, f"a link of {len(link)} characters", where))
            return None
        found = link if scheme else joined(self.reading.link or "", link)
        if found is None:
            self.lost.append(Rejected(Reason.BAD_FIELD, f"link {scalar(link[:80])!r} is no address", where))
        return found and scalar(found)

    def _fitting(self, entry: Entry, where: str) -> Entry | None:
        """The entry, if need be without embedded pictures; one still too large for a message is left out."""
        texts = [part for part in (entry.title, entry.summary, entry.content) if part]
        names = len(entry.guid or "") + LONGEST_NAME * len(entry.authors)
        if names + sum(len(part.value) for part in texts) <= LONGEST_TEXT:
            return entry
        if entry.content is not None and len(orjson.dumps(entry)) > self.limits.entry:
            smaller = _EMBEDDED.sub("data:,", entry.content.value)
            entry = replace(entry, content=replace(entry.content, value=smaller))
        size = len(orjson.dumps(entry))
        if size <= self.limits.entry:
            return entry
        self.lost.append(
            Rejected(Reason.TOO_LARGE, f"{size} bytes; one entry may have {self.limits.entry}", where)
        )
        return None


def fullest(item: Item) -> tuple[Content | None, Content | None]:
    """(summary, content) of an item: the longest text is the content; a summary equal to it is none."""
    content = max(item.contents, key=lambda one: len(one.value), default=None)
    summary = item.summary
    if content is None or summary is None:
        return summary, content
    if summary.value == content.value:
        return None, content
    # An image with a long address must not pass for the text: measure what would be read
    if len(content.value) < 4 * len(summary.value) and read_length(content) < read_length(summary):
        return content, summary
    return summary, content


def read_length(content: Content) -> int:
    """Characters outside markup, roughly."""
    return len(_TAG.sub("", content.value)) if content.type == "html" else len(content.value)


def words(content: Content | None) -> Content | None:
    """The content with scalar values only."""
    if content is None:
        return None
    value = scalar(content.value)
    return content if value is content.value else Content(value, content.type)


def clean(text: str | None) -> str | None:
    """A name with scalar values only, of bounded length; None for an empty one."""
    return scalar(text[:LONGEST_NAME]) or None if text else None

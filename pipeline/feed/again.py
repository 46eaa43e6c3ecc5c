"""Reading a feed again: the items whose bytes are those of the last look need not be parsed.

Between two polls of a feed most items stay byte for byte what they were, while the head tells of another
`lastBuildDate`. An item's mark is a hash of its bytes and of all that its meaning depends on; an item whose
mark the listing remembers is cut out before any parser sees the document. Where that is not surely the same
as reading everything, everything is read.
"""

import re
from dataclasses import dataclass
from hashlib import blake2b

from pipeline.feed.limits import Limits
from pipeline.feed.listing import Listed, Listing

_CDATA = rb"<!\[CDATA\[(?:[^\]]++|\](?!\]>))*+(?:\]\]>)?+"
_COMMENT = rb"<!--(?:[^-]++|-(?!->))*+(?:-->)?+"
_INSTRUCTION = rb"<\?(?:[^?]++|\?(?!>))*+(?:\?>)?+"
"""One that has no end reaches to the end: looking for it again and again would take quadratic time."""
_TAG = rb"<(?![!?]|/?+(?:item|entry)[\s>])"
_INSIDE = rb"[^<]*+(?:(?:%b|%b|%b|%b)[^<]*+)*+" % (_TAG, _CDATA, _COMMENT, _INSTRUCTION)
_HEAD = re.compile(_INSIDE)
_ITEM = re.compile(rb"\s*+(<(item|entry)[\s>]%b</\2\s*+>)" % _INSIDE)
_TAIL = re.compile(rb"(?:\s++|</[^<>]*+>|%b)*+" % _COMMENT)
_FLEETING = re.compile(rb"(%b)|%b|<(lastBuildDate|pubDate|updated|dc:date)>[^<]*</\2>" % (_CDATA, _COMMENT))
"""What a head says anew each time and no item's meaning depends on."""
_CARRIED = (b"xmlns", b"xml:")
_BASE = re.compile(rb"\sbase\s*=")


@dataclass(frozen=True, slots=True)
class Given:
    """What is handed to a parser. `places`: where in the document each item in `data` stands, counted from
    1, and its mark, as far as that is known; `unchanged`: the memory of the items that were cut out."""

    data: bytes
    places: tuple[tuple[int, str], ...] = ()
    unchanged: tuple[Listed, ...] = ()


def ways(data: bytes, known: Listing, basis: str, limits: Limits) -> tuple[Given | None, Given]:
    """The ways to read this UTF-8 document: without its unchanged items, if it has any, and as a whole.

    `basis` is what the meaning of its items depends on beside the document itself.
    """
    parts = _parts(data, limits)
    if parts is None:
        return None, Given(data)
    head, items, tail = parts
    context = blake2b(_FLEETING.sub(rb"\1", head) + b"\0" + basis.encode("utf-8", "replace"), digest_size=16)
    key = context.digest()
    marks = [blake2b(item, digest_size=8, key=key).hexdigest() for item in items]
    memory = {one.mark: one for one in known.entries if one.mark and one.restless is None}
    unchanged = tuple(memory[mark] for mark in marks if mark in memory)
    places = tuple(enumerate(marks, 1))
    fresh = tuple(one for one in places if one[1] not in memory)
    left = b"".join(items[place - 1] for place, _ in fresh)
    if _carries(left):
        return None, Given(data)
    whole = Given(data, places)
    once = len(set(marks)) == len(marks)
    return (Given(head + left + tail, fresh, unchanged) if unchanged and once else None), whole


def _parts(data: bytes, limits: Limits) -> tuple[bytes, list[bytes], bytes] | None:
    """Head, items and tail of a document whose items stand one behind the other, parted by space alone.

    In well-formed XML no "<" stands in a text or an attribute: outside of CDATA, comments and instructions,
    which the patterns take whole, whatever looks like the tag of an item is one. Declined are documents
    whose head may speak of single items (deletions, entities), and all but closing tags and comments
    behind the last item.
    """
    if len(data) > 4 * limits.tags and data.count(b"<") > limits.tags:  # "<a/>" are four bytes
        return None
    found = _HEAD.match(data)
    head = found[0] if found else b""
    items, end = [], len(head)
    while item := _ITEM.match(data, end):
        items.append(item[1])
        end = item.end()
    stands = 0 < len(items) <= limits.entries and _TAIL.fullmatch(data, end) is not None
    if not stands or b"<!DOCTYPE" in head or b"deleted-entry" in head:
        return None
    return head, items, data[end:]


def _carries(items: bytes) -> bool:
    """Whether feedparser may carry something from these items to the next: namespaces, base addresses."""
    if b"xml" in items and any(word in items for word in _CARRIED):
        return True
    return b"base" in items and _BASE.search(items) is not None

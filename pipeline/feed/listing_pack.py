"""A listing in few bytes, as it is stored with each poll that changed it."""

import zlib
from dataclasses import MISSING, fields, replace
from typing import Any

from pipeline.codec import CodecError, decode, encode
from pipeline.feed.listing import Listed, Listing
from pipeline.outcome import Reason, Rejected

PACKED = 900_000
"""Bytes of the largest pack: one message holds it, under Kafka's customary megabyte."""
UNPACKED = 10_000_000
"""Bytes of the largest JSON in a pack: what a document may have (limits.py), ten times a large front page."""
LEVEL = 1
"""zlib's: level 6 would save a tenth of the bytes and take half again as long (30 to 2,000 entries)."""

_DEFAULTS = [(one.name, one.default) for one in fields(Listed)]


def pack(listing: Listing) -> bytes:
    """The listing, at most PACKED bytes. What does not fit is left out: the earliest gone first, then the
    addresses of what stands last, then that itself. An entry without its address is known when it is listed
    again, but not whence it moved nor which article its deletion ends; one left out counts as new."""
    data = _json(listing)
    packed = zlib.compress(data, LEVEL)
    while len(packed) > PACKED or len(data) > UNPACKED:
        listing = _smaller(listing)
        data = _json(listing)
        packed = zlib.compress(data, LEVEL)
    return packed


def unpack(data: bytes) -> Listing | Rejected:
    """The listing of a pack; UNDECODABLE for any other bytes. Memory stays within UNPACKED."""
    inflating = zlib.decompressobj()
    try:
        found = inflating.decompress(data, UNPACKED)
        if not inflating.eof or inflating.unused_data:
            return Rejected(Reason.UNDECODABLE, "a listing that is cut off, too long, or followed by more")
        return decode(Listing, found)
    except (zlib.error, CodecError) as error:
        return Rejected(Reason.UNDECODABLE, f"no listing: {error}")


def _json(listing: Listing) -> bytes:
    """What is as usual is not written: decoding puts it back."""
    return encode(
        {
            "feed": listing.feed,
            "observed": listing.observed,
            "entries": [_row(one) for one in listing.entries],
            "gone": [_row(one) for one in listing.gone],
        }
    )


def _row(one: Listed) -> dict[str, Any]:
    row = ((name, getattr(one, name), default) for name, default in _DEFAULTS)
    return {name: value for name, value, default in row if default is MISSING or value != default}


def _smaller(listing: Listing) -> Listing:
    """Without a quarter of what left the feed, or, when nothing is left of that, of its entries' addresses,
    or, when nothing is left of these, of its entries."""
    if listing.gone:
        return replace(listing, gone=listing.gone[: len(listing.gone) * 3 // 4])
    linked = [place for place, one in enumerate(listing.entries) if one.url is not None]
    if linked:
        first = linked[len(linked) * 3 // 4]
        bare = (replace(one, url=None) for one in listing.entries[first:])
        return replace(listing, entries=(*listing.entries[:first], *bare))
    return replace(listing, entries=listing.entries[: len(listing.entries) * 3 // 4])

"""Packs of listings: what is remembered of a feed between polls, in few bytes."""

import random
import zlib
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.codec import encode
from pipeline.feed.compare import compare
from pipeline.feed.document import FeedDocument
from pipeline.feed.entry import Content, Entry
from pipeline.feed.listing import Listed, Listing, Restless, Unlinked
from pipeline.feed.listing_pack import PACKED, UNPACKED, pack, unpack
from pipeline.outcome import Reason, Rejected

NOON = datetime(2024, 5, 4, 12, tzinfo=UTC)

words = st.text(st.characters(codec="utf-8"), max_size=20)
entries = st.builds(
    Listed,
    id=words,
    digest=words,
    url=st.none() | words,
    unlinked=st.none() | st.builds(Unlinked, st.none() | words, st.none() | words),
    restless=st.none() | st.builds(Restless, st.integers(0, 30), words),
    withdrawn=st.booleans(),
)
listings = st.builds(
    Listing,
    feed=words,
    observed=st.none() | st.datetimes(timezones=st.just(UTC)),
    entries=st.lists(entries, max_size=6).map(tuple),
    gone=st.lists(entries, max_size=6).map(tuple),
)


def listed(count: int, length: int = 60, seed: int = 1) -> tuple[Listed, ...]:
    """Entries whose addresses nothing compresses."""
    dice = random.Random(seed)
    return tuple(
        Listed(f"https://p.example/{n}", dice.randbytes(8).hex(), dice.randbytes(length).hex())
        for n in range(count)
    )


@settings(max_examples=200, deadline=None)
@given(listings)
def test_a_pack_holds_its_listing(listing: Listing) -> None:
    """Whatever is in a listing comes back as it was, and the same listing is the same bytes."""
    assert unpack(pack(listing)) == listing
    assert pack(listing) == pack(replace(listing))


def test_a_front_page_is_small() -> None:
    """Thirty entries take less than three kilobytes, random digests included."""
    entries = [
        Listed(f"https://paper.example/news/{one.digest}", one.digest, f"https://paper.example/{one.digest}")
        for one in listed(30)
    ]
    assert len(pack(Listing("https://paper.example/rss", NOON, tuple(entries)))) < 3_000


def test_the_earliest_gone_are_left_out_first() -> None:
    """Of a listing that does not fit all listed entries stay, and of the gone the latest."""
    listing = Listing("f", NOON, listed(500), listed(8_000, length=300, seed=2))
    data = pack(listing)
    found = unpack(data)
    assert len(data) <= PACKED
    assert isinstance(found, Listing)
    assert found.entries == listing.entries
    assert 0 < len(found.gone) < 8_000
    assert found.gone == listing.gone[: len(found.gone)]


def test_without_any_gone_the_last_addresses_are_left_out() -> None:
    """Of entries with the longest addresses all are known again, the first of them with theirs."""
    listing = Listing("f", NOON, listed(2_000, length=1_000), listed(10))
    data = pack(listing)
    found = unpack(data)
    assert len(data) <= PACKED
    assert isinstance(found, Listing)
    assert found.gone == ()
    linked = sum(1 for one in found.entries if one.url)
    assert 0 < linked < 2_000
    assert found.entries[:linked] == listing.entries[:linked]
    assert found.entries[linked:] == tuple(replace(one, url=None) for one in listing.entries[linked:])


def test_what_is_known_without_its_address_is_not_sent_again() -> None:
    """A feed of 2,000 entries with links of 1.5 kB is sent once, and then only what is new in it."""
    dice = random.Random(3)
    links = [f"https://p.example/{dice.randbytes(750).hex()}" for _ in range(2_001)]
    entries = tuple(Entry("f", "feed", url=link, title=Content("T")) for link in links)
    document = FeedDocument("f", "feed", "rss20", observed=NOON, entries=entries[:2_000])
    known = unpack(pack(compare(None, document).listing))
    assert isinstance(known, Listing)
    later = replace(document, entries=(entries[2_000], *entries[:1_999]))
    assert compare(known, document).to_send == ()
    assert compare(known, later).to_send == (entries[2_000],)


def test_without_any_address_the_last_entries_are_left_out() -> None:
    """A listing of hostile size is cut at its end, never refused."""
    dice = random.Random(4)
    entries = tuple(Listed(dice.randbytes(600).hex(), "0" * 16) for _ in range(2_000))
    found = unpack(pack(Listing("f", NOON, entries)))
    assert isinstance(found, Listing)
    assert 0 < len(found.entries) < 2_000
    assert found.entries == entries[: len(found.entries)]


def test_what_compresses_well_is_bounded_too() -> None:
    """A listing that packs to little but unpacks to much is cut, so that its own pack can be read."""
    same = tuple(Listed(f"{n}", "0" * 16, "https://p.example/" + "a" * 2_000) for n in range(8_000))
    found = unpack(pack(Listing("f", NOON, same[:2_000], same)))
    assert isinstance(found, Listing)
    assert len(found.entries) == 2_000


def test_other_bytes_are_undecodable() -> None:
    """Foreign, cut and followed bytes, other JSON and a bomb are one rejection each."""
    good = pack(Listing("f", NOON, listed(3)))
    bomb = zlib.compress(b'{"feed": "' + b" " * (UNPACKED + 1) + b'"}')
    other = zlib.compress(encode({"feed": "f", "entries": [{"id": 1}]}))
    for data in (b"", b"x", good[:-1], good[: len(good) // 2], good + b"x", bomb, other, zlib.compress(b"")):
        found = unpack(data)
        assert isinstance(found, Rejected)
        assert found.reason is Reason.UNDECODABLE


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.binary(max_size=200).map(zlib.compress))
def test_unpacking_never_raises(data: bytes) -> None:
    """Whatever the bytes, a listing or a reason comes back."""
    assert isinstance(unpack(data), Listing | Rejected)

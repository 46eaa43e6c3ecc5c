"""Comparison: what a feed's next document says that its last one did not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.codec import decode, encode
from pipeline.feed.compare import GONE_KEPT, RESTLESS, Comparison, compare, compare_partial
from pipeline.feed.document import Deletion, FeedDocument
from pipeline.feed.entry import Content, Entry
from pipeline.feed.listing import Listing, digest, stand_apart
from pipeline.feed.turn import Gap, Turn
from pipeline.outcome import Reason, Rejected

NOON = datetime(2024, 5, 4, 12, tzinfo=UTC)


def entry(guid: str | None, title: str = "T", url: str | None = "same", **more: object) -> Entry:
    address = f"https://p.example/{guid}" if url == "same" else url
    return Entry("f", "feed", guid=guid, url=address, title=Content(title), **more)  # type: ignore[arg-type]


def poll(*entries: Entry, hour: int = 0, **more: object) -> FeedDocument:
    observed = NOON + timedelta(hours=hour)
    return FeedDocument("f", "feed", "rss20", "Paper", observed=observed, entries=entries, **more)  # type: ignore[arg-type]


def after(*documents: FeedDocument) -> Comparison:
    """The comparison of the last of several polls."""
    found = Comparison(Listing("f"))
    for document in documents:
        found = compare(found.listing, document)
    return found


def test_everything_is_new_at_first() -> None:
    """A feed never seen before is sent whole, in its order, and nothing is lost or gone."""
    found = compare(None, poll(entry("a"), entry("b")))
    assert [one.guid for one in found.new] == ["a", "b"]
    assert (found.changed, found.gone, found.gap, found.overlap) == ((), (), None, 0)


def test_the_same_again_is_nothing() -> None:
    """An unchanged feed sends nothing, though it was polled later."""
    found = after(poll(entry("a"), entry("b")), poll(entry("a"), entry("b"), hour=1))
    assert found.to_send == ()
    assert found.overlap == 2
    assert found.listing.observed == NOON + timedelta(hours=1)


def test_an_edit_and_a_redate_are_changes() -> None:
    """Words and dates are in the digest; the feed's own title and the poll are not."""
    first = poll(entry("a"), entry("b"), entry("c"))
    edited, redated = entry("a", "T2"), entry("b", published=NOON)
    renamed = replace(entry("c"), feed_title="Paper at 12:01", observed=NOON)
    found = after(first, poll(edited, redated, renamed, hour=1))
    assert found.changed == (edited, redated)
    assert found.new == ()


def test_an_entry_that_left_is_gone_and_comes_back() -> None:
    """Gone is told once; the return is sent again although its words are known."""
    here, away = poll(entry("a"), entry("b")), poll(entry("b"), hour=1)
    assert after(here, away).gone == ("a",)
    assert after(here, away, poll(entry("b"), hour=2)).gone == ()
    back = after(here, away, poll(entry("b"), entry("a"), hour=3))
    assert (back.reappeared, back.new) == ((entry("a"),), ())


def test_static_feeds_do_not_age() -> None:
    """What a feed keeps listing is never new again, however many polls pass."""
    document = poll(*(entry(str(n)) for n in range(500)))
    found = after(*[document] * 30)
    assert found.to_send == ()


def test_memory_of_gone_entries_is_bounded() -> None:
    """The latest that left are remembered, and no more."""
    polls = [poll(entry("fix"), entry(f"x{n}"), hour=n) for n in range(GONE_KEPT + 50)]
    found = after(*polls)
    assert len(found.listing.gone) == GONE_KEPT
    assert found.listing.gone[0].id == f"x{GONE_KEPT + 48}"
    assert after(*polls, poll(entry("fix"), entry("x60"), hour=999)).reappeared == (entry("x60"),)
    assert after(*polls, poll(entry("fix"), entry("x1"), hour=999)).new == (entry("x1"),)


def test_no_overlap_is_a_gap() -> None:
    """If all that was listed is gone at once, more may have come and gone between: say so, with times."""
    found = after(poll(entry("a"), entry("b")), poll(entry("c"), hour=6))
    assert found.gap == Gap(NOON, NOON + timedelta(hours=6), Turn.OTHER)
    assert str(found.gap) == (
        "entries were probably lost between 2024-05-04T12:00:00Z and 2024-05-04T18:00:00Z"
    )
    assert after(poll(entry("a")), poll(hour=1)).gap is None


def dated(label: str, *published: int) -> tuple[Entry, ...]:
    """Entries of so many hours after noon."""
    return tuple(entry(f"{label}{n}", published=NOON + timedelta(hours=n)) for n in published)


DAY = timedelta(hours=24)
MIDNIGHTS = [[replace(one, published=NOON.replace(hour=0) + DAY * n) for one in dated("abc"[n], *range(5))]
             for n in range(3)]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "now", "turn"),
    [
        pytest.param(dated("a", 1, 2, 3), dated("b", 4, 5, 6), Turn.NEWER, id="all later"),
        pytest.param(dated("a", 1, 2, 3), dated("b", 2, 4, 5), Turn.OTHER, id="some later"),
        pytest.param([entry("a"), entry("b")], [entry("c"), entry("d")], Turn.OTHER, id="no dates"),
        pytest.param(dated("a", 1, 2, 3), dated("b", 0, 1, 2), Turn.EARLIER, id="none later"),
        pytest.param(dated("a", 1, 2, 3), dated("b", 1, 2, 3), Turn.EARLIER, id="the same times"),
        pytest.param(dated("a", 1, 2, 99), dated("b", 5, 6), Turn.NEWER, id="one was of the future"),
        pytest.param(MIDNIGHTS[1], MIDNIGHTS[2], Turn.NEWER, id="the next day"),
        pytest.param(MIDNIGHTS[1], MIDNIGHTS[0], Turn.EARLIER, id="the day before"),
        pytest.param(
            MIDNIGHTS[1], [replace(one, published=NOON.replace(hour=0) + DAY) for one in MIDNIGHTS[2]],
            Turn.OTHER, id="the same day, without times",
        ),
        pytest.param(dated("a", 1), dated("b", 2), Turn.LATEST, id="one entry each"),
        pytest.param(dated("a", 1), dated("b", 2, 3), Turn.NEWER, id="one entry, then two"),
        pytest.param(
            dated("a", 1, 2, 3), [replace(one, guid=f"other{one.guid}") for one in dated("a", 3, 4, 5)],
            Turn.SAME, id="one of the pages",
        ),
    ],
)  # fmt: skip
def test_what_a_list_turned_into(before: Sequence[Entry], now: Sequence[Entry], turn: Turn) -> None:
    """Where no entry is left, addresses and dates tell a list that rolled over from a copy and new ids."""
    found = after(poll(*before), poll(*now, hour=48))
    assert found.gap is not None
    assert (found.gap.turn, found.gap.lost) == (turn, turn in (Turn.NEWER, Turn.OTHER))


def test_the_way_back_from_an_old_copy() -> None:
    """A list half of which was listed before the last one is the one of before."""
    found = after(
        poll(*dated("a", 5, 6, 7, 8)), poll(*dated("b", 1, 2)), poll(*dated("a", 7, 8, 9, 10), hour=9)
    )
    assert (len(found.reappeared), found.gap and found.gap.turn) == (2, Turn.EARLIER)


def numbered(anew: str, *names: str) -> tuple[Entry, ...]:
    return tuple(replace(entry(name), guid=f"{name} {anew}") for name in names)


def test_entries_that_are_numbered_anew_are_known() -> None:
    """Where most of what was listed stands there under other guids, a guid alone is no news: what is new,
    edited or gone is found as ever, and at the next look the new guids are the known ones."""
    first = numbered("1", *"abcde")
    edited = replace(numbered("2", "b")[0], title=Content("T2"))
    found = after(poll(*first), poll(*numbered("2", "new", "a"), edited, *numbered("2", *"cd"), hour=1))
    assert (found.new, found.changed, found.gone) == (numbered("2", "new"), (edited,), ("e 1",))
    assert (found.renamed, found.overlap, found.gap) == (("a 2", "b 2", "c 2", "d 2"), 4, None)
    still = compare(found.listing, poll(*numbered("2", "new", "a"), edited, *numbered("2", *"cd"), hour=2))
    assert (still.to_send, still.renamed, still.gone) == ((), (), ())
    assert compare(found.listing, poll(*numbered("3", *"acd"), hour=2)).to_send == ()


@pytest.mark.parametrize(
    "now",
    [
        pytest.param((*numbered("2", *"ab"), *numbered("1", *"cde")), id="a few only"),
        pytest.param([replace(one, url="https://p.example") for one in numbered("2", *"abcde")], id="at one"),
    ],
)  # fmt: skip
def test_a_new_guid_is_a_new_entry(now: Sequence[Entry]) -> None:
    """Single entries at the addresses of others are new: a live page has all of its posts at one."""
    assert set(after(poll(*numbered("1", *"abcde")), poll(*now, hour=1)).new) == set(now) - {
        *numbered("1", *"cde")
    }
    assert after(poll(*numbered("1", "a")), poll(*numbered("2", "a"), hour=1)).new == numbered("2", "a")


def test_a_partial_document_concludes_nothing() -> None:
    """A delta, a truncated or an overlong document shows news and changes; absence means nothing."""
    first = compare(None, poll(entry("a"), entry("b"))).listing
    delta = poll(entry("c"), entry("b", "T2"), hour=1)
    for found in (compare_partial(first, delta), compare(first, replace(delta, complete=False))):
        assert (found.new, found.changed) == ((entry("c"),), (entry("b", "T2"),))
        assert (found.gone, found.gap) == ((), None)
        assert {one.id for one in found.listing.entries} == {"a", "b", "c"}
        assert compare(found.listing, poll(entry("a"), entry("b", "T2"), entry("c"), hour=2)).to_send == ()
    assert compare_partial(first, poll(entry("z"))).gap is None


def test_a_deletion_sends_what_withdraws_the_article() -> None:
    """A stated deletion is sent once, as a withdrawn entry with guid and address, however long it stands."""
    deleted = (Deletion("a", NOON, "Desk"),)
    first = compare(None, poll(entry("a"), entry("b")))
    found = compare(first.listing, poll(entry("b"), hour=1, deleted=deleted))
    assert found.deleted == (
        Entry(
            "f",
            "feed",
            observed=NOON + timedelta(hours=1),
            guid="a",
            url="https://p.example/a",
            feed_title="Paper",
            withdrawn=True,
        ),
    )
    assert (found.gone, found.rejected) == ((), ())
    again = compare(found.listing, poll(entry("b"), hour=2, deleted=deleted))
    assert (again.to_send, again.rejected) == ((), ())


def test_a_deletion_after_the_entry_left_is_matched() -> None:
    """Entries that are gone are remembered for this."""
    found = after(
        poll(entry("a"), entry("b")),
        poll(entry("b"), hour=1),
        poll(entry("b"), hour=2, deleted=(Deletion("a", NOON),)),
    )
    assert [one.url for one in found.deleted] == ["https://p.example/a"]


def test_an_entry_without_address_is_withdrawn_by_title() -> None:
    """Where an article is known by publisher and title, the listing keeps these."""
    lone = entry("a", "The title", None, publisher="Outlet")
    found = after(poll(lone, entry("b")), poll(entry("b"), hour=1, deleted=(Deletion("a", NOON),)))
    (withdrawn,) = found.deleted
    assert (withdrawn.title, withdrawn.publisher, withdrawn.url) == (Content("The title"), "Outlet", None)


def test_a_deletion_of_an_unknown_entry_is_told_once() -> None:
    """It withdraws nothing; at the next poll it is known to be unknown."""
    document = poll(entry("b"), deleted=(Deletion("never", NOON),))
    found = compare(None, document)
    said = "the feed deletes an entry that it was never seen to list"
    assert found.rejected == (Rejected(Reason.UNKNOWN_DELETION, said, "guid never"),)
    assert compare(found.listing, document).rejected == ()
    late = compare(found.listing, poll(entry("never", updated=NOON + timedelta(hours=1)), entry("b")))
    assert [one.guid for one in late.new] == ["never"]


def test_the_later_word_counts_where_an_entry_is_listed_and_deleted() -> None:
    """RFC 6721: an entry updated after its deletion lives; one deleted after its update does not."""
    deletion = (Deletion("a", NOON),)
    revived = entry("a", "T2", updated=NOON + timedelta(hours=1))
    found = after(poll(entry("a")), poll(revived, hour=2, deleted=deletion))
    assert (found.changed, found.deleted) == ((revived,), ())
    dead = entry("a", "T2", updated=NOON - timedelta(hours=1))
    found = after(poll(entry("a")), poll(dead, hour=2, deleted=deletion))
    assert [one.withdrawn for one in found.to_send] == [True]


def test_a_withdrawn_entry_may_return() -> None:
    """Listed again without a deletion it is sent again."""
    found = after(
        poll(entry("a"), entry("b")),
        poll(entry("b"), hour=1, deleted=(Deletion("a", NOON),)),
        poll(entry("b"), entry("a"), hour=2),
    )
    assert found.reappeared == (entry("a"),)


def test_entries_that_share_a_guid_are_told_apart() -> None:
    """By address, then by position; an exact repetition is one entry; the guid is named."""
    twins = (entry("g", "One", "https://p.example/1"), entry("g", "Two", "https://p.example/2"))
    found = compare(None, poll(*twins, twins[0]))
    assert found.new == twins
    assert found.repeated == ("g",)
    again = compare(found.listing, poll(*twins, hour=1))
    assert again.to_send == ()
    edited = replace(twins[1], title=Content("Two, corrected"))
    assert compare(again.listing, poll(twins[0], edited, hour=2)).changed == (edited,)
    same_place = (entry("h", "One"), entry("h", "Two"))
    assert compare(None, poll(*same_place)).new == same_place


def test_who_might_be_told_apart_is_named_beside_all() -> None:
    """An entry whose guid and address together are the id of another cannot be left unread: that changes what
    it is called."""
    plain, odd = entry("a", "One", "https://p.example/y"), entry("a https://p.example/y", "Two", None)
    listing = compare(None, poll(plain, entry("b"))).listing
    assert stand_apart((), listing.entries, listing)
    joined = compare(listing, poll(plain, entry("b"), odd, hour=1)).listing
    assert not stand_apart((), tuple(one for one in joined.entries if one.id == "a"), joined)
    assert stand_apart((), tuple(one for one in joined.entries if one.id == "b"), joined)


def test_a_twin_neither_renames_its_elder_nor_is_renamed_alone() -> None:
    """Who held the guid alone keeps it when a twin comes; who came as a twin keeps its name when alone."""
    elder, twin = entry("g", "One", "https://p.example/1"), entry("g", "Two", "https://p.example/2")
    joined = after(poll(elder), poll(twin, elder, hour=1))
    assert (joined.new, joined.changed, joined.gone) == ((twin,), (), ())
    alone = compare(joined.listing, poll(twin, hour=2))
    assert (alone.to_send, len(alone.gone)) == ((), 1)


def test_without_guid_the_link_and_without_link_the_words_are_the_id() -> None:
    """An entry without guid is recognised by its address, one without either by title and text."""
    linked, bare = entry(None, "T", "https://p.example/1"), entry(None, "Bare", None)
    first = poll(linked, bare)
    edited = replace(linked, title=Content("T2"))
    found = after(first, poll(edited, bare, hour=1))
    assert (found.changed, found.new) == ((edited,), ())
    reworded = replace(bare, title=Content("Barer"))
    assert after(first, poll(linked, reworded, hour=1)).new == (reworded,)


def test_a_changed_address_is_told() -> None:
    """The guid stays, the address changes: the entry is sent, beside what it was before."""
    moved = entry("a", "T", "https://p.example/new")
    found = after(poll(entry("a"), entry("b")), poll(moved, entry("b"), hour=1))
    assert found.changed == (moved,)
    (move,) = found.moved
    assert (move.entry, move.before.url, move.before.guid) == (moved, "https://p.example/a", "a")


def test_a_feed_that_embeds_the_time_is_held_back() -> None:
    """Changes at each of many polls are sent up to the bound; the last wording is sent once it settles."""
    listing, sent = Listing("f"), 0
    for n in range(60):
        found = compare(listing, poll(entry("a", f"now {n}"), entry("b"), hour=n))
        listing, sent = found.listing, sent + len(found.changed)
    assert sent == RESTLESS
    assert found.restless == ("a",)
    settled = compare(listing, poll(entry("a", "now 59"), entry("b"), hour=60))
    assert settled.changed == (entry("a", "now 59"),)
    quiet = compare(settled.listing, poll(entry("a", "now 59"), entry("b"), hour=61))
    assert quiet.to_send == ()
    assert compare(quiet.listing, poll(entry("a", "later"), entry("b"), hour=62)).changed == (
        entry("a", "later"),
    )


def test_the_listing_is_small_and_travels() -> None:
    """It round-trips through the codec; fifty entries, with their addresses, take under 12 kB."""
    found = compare(None, poll(*(entry(f"https://p.example/{n:08d}") for n in range(50))))
    data = encode(found.listing)
    assert decode(Listing, data) == found.listing
    assert len(data) < 12_000


def test_the_digest_is_what_it_was() -> None:
    """A changed digest would send every listed entry of every feed again: these are its literals."""
    assert digest(entry("a")) == "949933bacc6a7f6c"
    assert digest(entry("a", published=NOON)) == "9bdab1ff6ce27447"

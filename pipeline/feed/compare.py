"""compare: a feed document beside what the feed listed before, to what is news about it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice

from pipeline.feed.document import Deletion, FeedDocument
from pipeline.feed.entry import Content, Entry
from pipeline.feed.listing import (
    Listed,
    Listing,
    Named,
    Restless,
    digest,
    listed,
    name_entries,
    plain_id,
    short,
)
from pipeline.feed.turn import PINNED, Gap, pinned, turned
from pipeline.outcome import Reason, Rejected

GONE_KEPT = 200
"""Entries that left a feed and are remembered, or twice what it listed if that is more: enough for a
front page that turns over several times a day to have an entry back, or declared deleted, days later.
Beyond that a returning entry counts as new, and its deletion as unknown."""

ABSENT_KEPT = 4_000
"""Entries kept as listed though partial documents do not show them: twice what is read of one document."""

RESTLESS = 24
"""Changes at as many looks in a row, after which an entry is sent again only once it has settled: a feed
that writes the present time into its entries would be sent whole at each poll. lemon24/reader's figure."""


@dataclass(frozen=True, slots=True)
class Moved:
    """An entry whose address changed under the same guid, and the entry as far as it is remembered."""

    entry: Entry
    before: Entry


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a document says that was not known, and the listing to remember.

    `new`, `changed`, `reappeared` and `deleted` are entries to send, the last with `withdrawn` set.
    `gone` are ids that are no longer listed, a fact that ends nothing. `overlap` counts entries listed
    both times. `restless` are ids whose change is held back. `renamed` are the new ids of entries known by
    others, which alone is no news. `rejected` are deletions of unknown entries.
    """

    listing: Listing
    new: tuple[Entry, ...] = ()
    changed: tuple[Entry, ...] = ()
    reappeared: tuple[Entry, ...] = ()
    deleted: tuple[Entry, ...] = ()
    moved: tuple[Moved, ...] = ()
    gone: tuple[str, ...] = ()
    restless: tuple[str, ...] = ()
    renamed: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    overlap: int = 0
    gap: Gap | None = None
    rejected: tuple[Rejected, ...] = ()

    @property
    def to_send(self) -> tuple[Entry, ...]:
        """All entries to send: new, reappeared, changed, withdrawn."""
        return (*self.new, *self.reappeared, *self.changed, *self.deleted)


def compare(before: Listing | None, document: FeedDocument) -> Comparison:
    """Compare a full answer. Of an incomplete document nothing is concluded from what it does not show."""
    if not document.complete:
        return compare_partial(before, document)
    before = before or Listing(document.feed)
    news = _news(before, document)
    missing = [replace(one, mark=None, date=None) for one in _absent(before, news)]
    gap = _gap(before, document, news)
    remembered = chain(news.ended.values(), missing, _still_gone(before, news))
    kept = max(GONE_KEPT, 2 * len(before.entries), 2 * len(news.listing), len(document.deleted))
    after = _after(before, document, tuple(news.listing.values()), tuple(islice(remembered, kept)))
    return news.comparison(after, gone=tuple(one.id for one in missing), gap=gap)


def compare_partial(before: Listing | None, document: FeedDocument) -> Comparison:
    """Compare an answer that holds only a part: a delta (226), a document cut off or beyond the limits.

    What it does not show stays listed; no entry is gone and no gap is seen. A deletion that it states
    counts, for that is said and not concluded.
    """
    before = before or Listing(document.feed)
    news = _news(before, document)
    entries = (*news.listing.values(), *islice(_absent(before, news), ABSENT_KEPT))
    remembered = chain(news.ended.values(), _still_gone(before, news))
    kept = max(GONE_KEPT, 2 * len(before.entries), len(document.deleted))
    return news.comparison(_after(before, document, entries, tuple(islice(remembered, kept))))


@dataclass(slots=True)
class _News:
    """What is being found while the entries of a document are walked through. `before` are former ids by
    new ones, `same` the ids of those that are listed as they were."""

    repeated: tuple[str, ...]
    before: dict[str, str]
    same: set[str] = field(default_factory=set)
    listing: dict[str, Listed] = field(default_factory=dict)
    ended: dict[str, Listed] = field(default_factory=dict)
    new: list[Entry] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    reappeared: list[Entry] = field(default_factory=list)
    deleted: list[Entry] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    restless: list[str] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    overlap: int = 0

    def comparison(self, after: Listing, gone: tuple[str, ...] = (), gap: Gap | None = None) -> Comparison:
        return Comparison(
            listing=after,
            new=tuple(self.new),
            changed=tuple(self.changed),
            reappeared=tuple(self.reappeared),
            deleted=tuple(self.deleted),
            moved=tuple(self.moved),
            gone=gone,
            restless=tuple(self.restless),
            renamed=tuple(self.before),
            repeated=self.repeated,
            overlap=self.overlap,
            gap=gap,
            rejected=tuple(self.rejected),
        )


def _news(before: Listing, document: FeedDocument) -> _News:
    """Walk through the document's entries, then its deletions."""
    named = name_entries(document.entries, before)
    same = {one.id for one in document.unchanged}
    news = _News(named.repeated, named.before, same, overlap=len(document.unchanged))
    listed_before = {one.id: one for one in before.entries}
    gone_before = {one.id: one for one in before.gone}
    deletions = dict(_deletions(document, named))
    for name, entry in named.entries.items():
        if name not in deletions:
            mark = document.marks.get(name) if name == plain_id(entry) else None
            now = listed(name, entry, mark or None)
            known = listed_before.get(named.before.get(name, name))
            _entry(news, entry, now, known, gone_before.get(name))
    news.listing |= {one.id: one for one in before.entries if one.id in news.same}
    for name, deletion in deletions.items():
        known = listed_before.get(name) or gone_before.get(name)
        _deletion(news, name, deletion, known, document)
    return news


def _entry(news: _News, entry: Entry, now: Listed, known: Listed | None, gone: Listed | None) -> None:
    """One entry beside what is remembered of it."""
    if known is not None:
        news.overlap += 1
        _known(news, entry, now, known if known.id == now.id else _renamed(known, entry, now))
        return
    news.listing[now.id] = now
    if gone is None or not gone.digest:
        news.new.append(entry)
        return
    news.reappeared.append(entry)
    _note_move(news, entry, gone)


def _known(news: _News, entry: Entry, now: Listed, known: Listed) -> None:
    """An entry that was listed before: the same, changed, or changing so often that it is held back."""
    streak = known.restless.streak if known.restless else 0
    latest = known.restless.digest if known.restless else known.digest
    settled = now.digest == latest
    if now.digest == known.digest:
        if streak == 0 and now.mark == known.mark and now.id not in news.before:
            news.same.add(now.id)
        else:
            news.listing[now.id] = now
    elif settled or streak < RESTLESS:
        news.changed.append(entry)
        _note_move(news, entry, known)
        news.listing[now.id] = replace(now, restless=None if settled else Restless(streak + 1, now.digest))
    else:
        news.restless.append(now.id)
        news.listing[now.id] = replace(known, restless=Restless(streak, now.digest))


def _renamed(known: Listed, entry: Entry, now: Listed) -> Listed:
    """What is remembered of an entry, as if it had had the guid of now: that alone is no change."""
    was = digest(replace(entry, guid=known.id))
    restless = known.restless
    if restless and restless.digest == was:
        restless = replace(restless, digest=now.digest)
    return replace(known, digest=now.digest if known.digest == was else known.digest, restless=restless)


def _note_move(news: _News, entry: Entry, known: Listed) -> None:
    if known.url and entry.url and known.url != entry.url:
        news.moved.append(Moved(entry, _remembered(known, entry)))


def _deletions(document: FeedDocument, named: Named) -> Iterator[tuple[str, Deletion]]:
    """The deletions that hold: of an entry listed all the same the later word counts (RFC 6721, 3)."""
    names = {entry.guid: name for name, entry in named.entries.items() if entry.guid}
    for deletion in document.deleted:
        name = names.get(deletion.ref) or short(deletion.ref)
        entry = named.entries.get(name)
        spoken = (entry.updated or entry.published) if entry else None
        if spoken is None or deletion.when is None or deletion.when >= spoken:
            yield name, deletion


def _deletion(
    news: _News, name: str, deletion: Deletion, known: Listed | None, document: FeedDocument
) -> None:
    """A stated deletion: sent once, for an entry that was known."""
    if known is not None and known.withdrawn:
        news.ended[name] = known
        return
    if known is None:
        news.ended[name] = Listed(name, "", withdrawn=True)
        said = "the feed deletes an entry that it was never seen to list"
        news.rejected.append(Rejected(Reason.UNKNOWN_DELETION, said, f"guid {deletion.ref[:200]}"))
        return
    news.ended[name] = replace(known, withdrawn=True, restless=None)
    source = Entry(
        feed=document.feed,
        origin=document.origin,
        observed=document.observed or deletion.when,
        guid=deletion.ref,
        feed_title=document.title,
        language=document.language,
    )
    news.deleted.append(replace(_remembered(known, source), withdrawn=True))


def _remembered(known: Listed, source: Entry) -> Entry:
    """What is left of an entry in memory, enough to tell its article: address, or title and publisher."""
    unlinked = known.unlinked
    return Entry(
        feed=source.feed,
        origin=source.origin,
        observed=source.observed,
        guid=source.guid,
        url=known.url,
        title=Content(unlinked.title) if unlinked and unlinked.title else None,
        publisher=unlinked.publisher if unlinked else None,
        feed_title=source.feed_title,
        language=source.language,
    )


def _gap(before: Listing, document: FeedDocument, news: _News) -> Gap | None:
    """Where nothing is left, or nothing but what is pinned."""
    if not before.entries or not news.listing or news.overlap > PINNED:
        return None
    now = tuple(news.listing.values())
    both = {one.id for one in before.entries if one.id in news.listing}
    if news.overlap and not pinned(before.entries, now, both):
        return None
    passed, came = ([one for one in those if one.id not in both] for those in (before.entries, now))
    turn = turned(passed, came, len(news.reappeared), document.observed)
    return Gap(before.observed, document.observed, turn)


def _absent(before: Listing, news: _News) -> Iterator[Listed]:
    """What was listed before, and now is neither listed, under whatever id, nor deleted."""
    renamed = set(news.before.values())
    return (
        one
        for one in before.entries
        if not (one.id in news.listing or one.id in news.ended or one.id in renamed)
    )


def _still_gone(before: Listing, news: _News) -> Iterator[Listed]:
    return (one for one in before.gone if one.id not in news.listing and one.id not in news.ended)


def _after(
    before: Listing, document: FeedDocument, entries: tuple[Listed, ...], gone: tuple[Listed, ...]
) -> Listing:
    return Listing(before.feed, document.observed or before.observed, entries, gone)

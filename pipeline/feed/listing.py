"""Listing: what a feed was seen to list, small enough to be remembered with each poll."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import blake2b
from itertools import chain

import orjson

from pipeline.dates import Utc
from pipeline.feed.entry import Entry

AHEAD = timedelta(hours=1)
"""How far in the future an entry's date may lie and be plausible."""

LONGEST_ID = 200
"""Characters of an id that is kept as it is; a longer one is kept as its hash."""


@dataclass(frozen=True, slots=True)
class Unlinked:
    """What identifies an entry that has no address: needed to withdraw it."""

    title: str | None = None
    publisher: str | None = None


@dataclass(frozen=True, slots=True)
class Restless:
    """An entry that differs at each look: how often in a row, and how it looked last."""

    streak: int
    digest: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry as a feed listed it: its id within the feed and the digest of what was sent of it.

    `withdrawn`: the source has declared it deleted. An empty digest: only its deletion was ever seen.
    `mark` tells its bytes as they last stood in the document (again.py), None for one that is to be read
    each time; `date` is its own: published, else updated.
    """

    id: str
    digest: str
    url: str | None = None
    unlinked: Unlinked | None = None
    restless: Restless | None = None
    withdrawn: bool = False
    mark: str | None = None
    date: Utc | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed listed at `observed`: what was new or changed then in the feed's order, then the rest as
    it was listed before. `gone`: which entries have left it, the latest first."""

    feed: str
    observed: Utc | None = None
    entries: tuple[Listed, ...] = ()
    gone: tuple[Listed, ...] = ()


def digest(entry: Entry) -> str:
    """16 hex over the entry as given, dates included; not when or where it was seen, nor its feed's title."""
    given = (
        "entry:1",
        entry.guid,
        entry.url,
        entry.title,
        entry.summary,
        entry.content,
        entry.authors,
        entry.published,
        entry.updated,
        entry.language,
        entry.publisher,
        entry.withdrawn,
    )
    return blake2b(orjson.dumps(given), digest_size=8).hexdigest()


def listed(name: str, entry: Entry, mark: str | None = None) -> Listed:
    """The memory of an entry that is being sent."""
    unlinked = None
    if entry.url is None:
        unlinked = Unlinked(entry.title.value if entry.title else None, entry.publisher)
    date = entry.published or entry.updated
    return Listed(name, digest(entry), entry.url, unlinked, mark=mark, date=date)


@dataclass(frozen=True, slots=True)
class Named:
    """Entries of a document by their id within the feed, in order, and the guids that stood there twice.
    `before`: the ids by which those were known that stand there under new ones."""

    entries: dict[str, Entry]
    repeated: tuple[str, ...]
    before: dict[str, str] = field(default_factory=dict)


def name_entries(entries: tuple[Entry, ...], known: Listing) -> Named:
    """Give each entry its id: guid, else link, else the hash of its title and text.

    Entries that share a guid are told apart by URL, and those that share both by their position; an
    exact repetition is one entry. What `known` tells keeps ids as they were: the entry that held a
    guid alone keeps it, and one that was told apart by its URL stays so while its twin is away.
    """
    memory = {one.id: one for one in chain(known.entries, known.gone)}
    plain = [plain_id(entry) for entry in entries]
    shared = _repeated(plain)
    named: dict[str, Entry] = {}
    for entry in entries:
        for name in _names(entry, memory, shared):
            if named.setdefault(name, entry) == entry:
                break
    strangers = {entry.url: name for name, entry in named.items() if entry.guid and name not in memory}
    return Named(named, tuple(shared), _before(strangers, entries, set(plain), known))


def _before(
    strangers: dict[str | None, str], entries: tuple[Entry, ...], present: set[str], known: Listing
) -> dict[str, str]:
    """The ids that entries with unknown guids had before, told by their addresses: where most of what was
    listed stands there like this, its feed has numbered its entries anew. Single ones are not taken for
    each other: a live page has each of its posts at one address."""
    if len(strangers) * 2 <= len(known.entries):
        return {}
    alone = own_urls(entry.url for entry in entries) & own_urls(one.url for one in known.entries)
    left = {one.url: one.id for one in known.entries if one.url in alone and one.id not in present}
    found = {name: left[url] for url, name in strangers.items() if url in left}
    return found if len(found) > 1 and len(known.entries) < 2 * len(found) else {}


def own_urls(urls: Iterable[str | None]) -> set[str]:
    """The addresses that one entry has alone: those that several share (the site itself) tell nothing."""
    return {url for url, times in Counter(urls).items() if url and times == 1}


def stand_apart(entries: tuple[Entry, ...], unchanged: tuple[Listed, ...], known: Listing) -> bool:
    """Whether naming these entries is a matter of theirs alone: none has, or gets, an id of the unchanged."""
    if not unchanged:
        return False
    ids = {one.id for one in chain(known.entries, known.gone)}
    if any(
        short(f"{one.id} {one.url or ''}") in ids for one in unchanged
    ):  # one of these might be told apart
        return False
    if not entries:
        return True
    taken = {one.id for one in unchanged}
    named = name_entries(entries, known)
    claimed = chain(named.entries, named.before.values(), map(plain_id, entries))
    return taken.isdisjoint(claimed)


def _repeated(names: list[str]) -> dict[str, None]:
    """The names that stand there more than once, in order."""
    seen: set[str] = set()
    again: dict[str, None] = {}
    for name in names:
        if name in seen:
            again[name] = None
        seen.add(name)
    return again


def _names(entry: Entry, memory: dict[str, Listed], shared: dict[str, None]) -> Iterator[str]:
    """Ids for an entry, the best first; without end, so one of them is free."""
    plain = plain_id(entry)
    if entry.guid:
        qualified = short(f"{plain} {entry.url or ''}")
        holder = memory.get(plain)
        held = holder is not None and holder.url == entry.url
        if qualified in memory or (plain in shared and not held):
            plain = qualified
    yield plain
    for position in range(2, 1_000_000):
        yield short(f"{plain} {position}")


def plain_id(entry: Entry) -> str:
    """The id of an entry that nothing else in its feed lays claim to."""
    name = entry.guid or entry.url
    if name:
        return short(name)
    return (
        "h" + blake2b(orjson.dumps((entry.title, entry.content or entry.summary)), digest_size=16).hexdigest()
    )


def short(name: str) -> str:
    """The id as it is kept."""
    return name if len(name) <= LONGEST_ID else "l" + blake2b(name.encode(), digest_size=16).hexdigest()

"""faulty: what is wrong with what a feed lists: damaged parts, shared ids, entries that never settle."""

from collections import Counter, defaultdict
from hashlib import blake2b

from pipeline.feed.document import FeedDocument
from pipeline.feed.entry import Entry
from pipeline.feed.listing import short
from pipeline.outcome import Reason, Rejected
from pipeline.poll.condition import Condition, Facts, Finding, Look, Read, Sign, read
from pipeline.poll.note import NoteKind
from pipeline.poll.note_text import counted, shown
from pipeline.poll.seen import TURNS

SEVERAL = 3
"""Entries with one fault that are told apart; more are one fault of the feed, whichever they are."""

KEPT = 7
"""Days for which a fault is remembered after the last entry that had it has left."""

REASONS_SAID = 4

_IN_WORDS = {
    Reason.BAD_DATE: ("unreadable date", "unreadable dates"),
    Reason.BAD_FIELD: ("unusable field", "unusable fields"),
    Reason.BAD_ENCODING: ("part in a broken encoding", "parts in a broken encoding"),
    Reason.MALFORMED_FEED: ("break in its markup", "breaks in its markup"),
    Reason.TOO_LARGE: ("part too large", "parts too large"),
    Reason.TOO_MANY_ENTRIES: ("entry beyond the limit", "entries beyond the limit"),
    Reason.UNIDENTIFIABLE: ("entry without title and address", "entries without title and address"),
}


def _rejected(look: Look) -> tuple[Rejected, ...]:
    """What was lost of a document, and what could not be sent."""
    document = look.poll.document
    return (*document.rejected, *look.poll.unsent) if document else look.poll.unsent


def damage(look: Look) -> str | None:
    """What to remember of the damage, "reason/day/whose": whose it was as short digests of guids, for a
    position changes with each new entry, or nobody's once there were SEVERAL; None for none.
    """
    old, today = _remembered(look.before.damage), look.at.toordinal()
    now = {reason: one for reason, one in old.items() if not look.whole or today - one[0] < KEPT}
    for reason, whose in _faults(look).items():
        known = old[reason][1] if reason in old else whose
        those = known | whose
        now[reason] = today, those if known and len(those) <= SEVERAL else frozenset()
    said = (f"{reason}/{day}/{','.join(sorted(whose))}" for reason, (day, whose) in sorted(now.items()))
    return " ".join(said) or None


def _remembered(known: str | None) -> dict[str, tuple[int, frozenset[str]]]:
    parts = (one.split("/") for one in (known or "").split())
    return {one[0]: (int(one[1]), frozenset(one[2].split(",")) - {""}) for one in parts if len(one) == 3}


def _faults(look: Look) -> dict[str, frozenset[str]]:
    """Whose parts could not be used, by reason."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in _rejected(look):
        guid = one.where.partition("guid ")[2].encode("utf-8", "surrogatepass")
        found[one.reason].add(blake2b(b"damage:2 " + guid, digest_size=4).hexdigest())
    return {reason: frozenset(whose) for reason, whose in found.items()}


def _damaged(look: Look) -> Sign:
    """Single faults are over with the first whole document without them; those that come back with one entry
    or another, once none did for a while."""
    now, old = _remembered(damage(look)), _remembered(look.before.damage)
    if not _rejected(look):
        recurring = any(not whose for _, whose in now.values())
        return Sign.FINE if look.whole and not recurring else Sign.UNKNOWN
    more = any(reason not in old or old[reason][1] != whose for reason, (_, whose) in now.items())
    return Sign.AGAIN if more else Sign.HOLDS


def _tell_damaged(look: Look) -> Finding:
    rejected = _rejected(look)
    counts = Counter(one.reason for one in rejected)
    document = look.poll.document
    if document and document.cut:
        counts[Reason.TOO_MANY_ENTRIES] = document.cut
    said = [_in_words(reason, count) for reason, count in counts.most_common(REASONS_SAID)]
    more = len(counts) - len(said)
    message = (
        f"Not all of it could be used: {', '.join(said)}{f' and {more} other faults' if more > 0 else ''}."
    )
    first = rejected[0]
    where = f"{shown(first.where, 100)}: " if first.where else ""
    message += f" For example {where}{shown(first.message, 160).rstrip('.')}."
    facts: Facts = {reason.value: count for reason, count in sorted(counts.items())}
    return Finding(look.before.answered, message, facts)


def _in_words(reason: Reason, count: int) -> str:
    return counted(count, *_IN_WORDS.get(reason, (reason.value, reason.value)))


def _repeated(look: Look) -> Sign:
    found = read(look)
    if found is None:
        return Sign.UNKNOWN
    if found.comparison.repeated and _sharing(found):
        return Sign.HOLDS
    return Sign.FINE if look.whole else Sign.UNKNOWN


def _sharing(found: Read) -> dict[str, int]:
    """Ids that different entries share, and how many; an entry that is listed twice shares nothing."""
    repeated = set(found.comparison.repeated)
    entries: dict[str, list[Entry]] = defaultdict(list)
    for entry in found.document.entries:
        name = short(entry.guid or entry.url or "")
        if name in repeated and entry not in entries[name]:
            entries[name].append(entry)
    return {name: len(those) for name, those in entries.items() if len(those) > 1}


def _tell_repeated(look: Look) -> Finding:
    found = read(look)
    sharing = _sharing(found) if found else {}
    listed, entries = _size(look.poll.document), sum(sharing.values())
    names = f"{'the id' if len(sharing) == 1 else f'{len(sharing):,} ids, such as'}"
    message = f"{'All' if entries == listed else f'{entries:,} of'} {listed:,} entries it lists share {names}"
    message += f' "{shown(min(sharing, default=""))}". They are told apart by address and position.'
    return Finding(look.before.answered, message, {"ids": len(sharing), "entries": entries, "listed": listed})


def _size(document: FeedDocument | None) -> int:
    return document.size if document else 0


def _restless(look: Look) -> Sign:
    found = read(look)
    if found is None:
        return Sign.UNKNOWN
    if found.comparison.restless or look.after.turns >= TURNS:
        return Sign.HOLDS
    return Sign.FINE if look.whole else Sign.UNKNOWN


def _tell_restless(look: Look) -> Finding:
    found = read(look)
    if look.after.turns >= TURNS:
        return _other_ids(look)
    held = len(found.comparison.restless) if found else 0
    entries = counted(held, "entry changes", "entries change")
    message = f"{entries} at each look, so changes are held back until they have settled."
    return Finding(look.before.answered, message, {"entries": held, "listed": _size(look.poll.document)})


def _other_ids(look: Look) -> Finding:
    found, looks = read(look), look.after.turns
    message = f"Its entries have other ids at each look, {looks:,} in a row"
    if found and found.comparison.renamed:
        message += "; they are known by their addresses."
    else:
        message += ", or do not stay from one to the next, so what is new or lost cannot be told."
    facts: Facts = {"looks": looks, "listed": _size(look.poll.document)}
    return Finding(look.before.answered, message, facts)


FAULTS = (
    Condition(NoteKind.DAMAGED, _damaged, _tell_damaged, "All of it can be used again"),
    Condition(NoteKind.REPEATED, _repeated, _tell_repeated, "Its entries have ids of their own again"),
    Condition(NoteKind.RESTLESS, _restless, _tell_restless, "Its entries have settled"),
)
"""Judged at each look that brought a document."""

"""losing: nothing of what a feed listed is left: entries were lost, or it became something else."""

import re
from collections.abc import Iterable
from datetime import timedelta

from pipeline.dates import Utc
from pipeline.feed.listing import Listed
from pipeline.feed.turn import Turn
from pipeline.poll.condition import Facts, Finding, Read, plausible_dates
from pipeline.poll.habit import expected
from pipeline.poll.note import NoteKind
from pipeline.poll.note_text import counted, lasting, moment, period, shown
from pipeline.poll.seen import restless
from pipeline.urls import host_of

SMALL = 3
"""Entries of a list that rolls over in the ordinary course of things: then nothing may have been lost."""

FULL = 0.5
"""Share of what was listed before, from which the list is taken for full: one that shows fewer entries was
emptied, or shows those of a span of time, and did not push others out."""

_FAMILY = re.compile(r"[a-z]+")
_WORDS = re.compile(r"[^\W\d_]+")


def rolled(read: Read) -> tuple[NoteKind, Finding] | None:
    """LOSS or REPLACED where a document shows nothing of what was listed before, neither the same pages
    under new ids nor an old copy. A feed of one entry shows the latest, and may be called like it."""
    gap = read.comparison.gap
    if gap is None or not read.look.whole or gap.turn in (Turn.SAME, Turn.LATEST):
        return None
    before, now = _listed(read)
    changes = _changes(read, before, now)
    if changes and not read.comparison.overlap:
        return NoteKind.REPLACED, _replaced(read, changes)
    if not gap.lost or restless(read.look.before, read.look.poll):
        return None
    dates = plausible_dates(read.document, read.look.at)
    return NoteKind.LOSS, _lost(read, len(before), len(now) - read.comparison.overlap, dates)


def _listed(read: Read) -> tuple[list[Listed], tuple[Listed, ...]]:
    """What the feed listed before and lists no more, and what it lists now."""
    gone = set(read.comparison.gone)
    return [one for one in read.comparison.listing.gone if one.id in gone], read.comparison.listing.entries


def _changes(read: Read, before: Iterable[Listed], now: Iterable[Listed]) -> list[str]:
    """What else is different about the feed, in words: its title, site, format, or its articles' host."""
    known, document = read.look.before, read.document
    found = []
    if known.title and document.title and _words(known.title) != _words(document.title):
        found.append(f'it was called "{shown(known.title, 60)}" and is called "{shown(document.title, 60)}"')
    site, was = _host(document.link), _host(known.link)
    if site and was and site != was:
        found.append(f"its site was {shown(was, 60)} and is {shown(site, 60)}")
    if known.version and _family(known.version) != _family(document.version):
        found.append(f"its format was {shown(known.version, 20)} and is {shown(document.version, 20)}")
    hosts, others = _hosts(before), _hosts(now)
    if len(hosts) == 1 and others and hosts.isdisjoint(others):
        found.append(f"its articles were at {shown(hosts.pop(), 60)} and are at {shown(min(others), 60)}")
    return found


def _words(title: str) -> str:
    """A title without figures, signs and case: some carry the date, or a number of new entries."""
    return " ".join(_WORDS.findall(title.casefold())) or title


def _host(url: str | None) -> str:
    return host_of(url).lower().removeprefix("www.") if url else ""


def _hosts(listed: Iterable[Listed]) -> set[str]:
    return {host for one in listed if (host := _host(one.url))}


def _family(version: str) -> str:
    """RSS, Atom, JSON: "rss20" and "rss10" are one."""
    found = _FAMILY.match(version)
    return found[0] if found else version


def _replaced(read: Read, changes: list[str]) -> Finding:
    known, document = read.look.before, read.document
    said = f"It became something else by {moment(read.look.at)}: {'; '.join(changes[:2])}. "
    said += "None of the entries listed before is listed now."
    facts: Facts = {"listed_before": len(read.comparison.gone), "listed_now": document.size}
    pairs = (
        ("title", known.title, document.title),
        ("site", known.link, document.link),
        ("format", known.version, document.version),
    )
    for name, was, now in pairs:
        if was != now:
            facts[f"{name}_before"], facts[f"{name}_now"] = shown(was or ""), shown(now or "")
    return Finding(_since(read), said, facts)


def _lost(read: Read, before: int, now: int, dates: list[Utc]) -> Finding:
    """What was lost, with its span: from the last look that still found the old list."""
    look = read.look
    since = _since(read)
    looked = max((one for one in (since, look.before.answered) if one is not None), default=None)
    facts: Facts = {"listed_before": before, "listed_now": now}
    sure = _overran(look.before.newest, before, now, dates) and not read.comparison.reappeared
    lead = "Entries were probably lost" if sure else "Entries may have been lost"
    if looked is None or looked > look.at:
        return Finding(since, f"{lead} before {moment(look.at)}: {_nothing_left(before, now)}.", facts)
    facts["seconds"] = round((look.at - looked).total_seconds())
    beside = (
        f", beside {counted(read.comparison.overlap, 'that stays', 'that stay')}"
        if read.comparison.overlap
        else ""
    )
    message = f"{lead} between {period(looked, look.at)}: {_nothing_left(before, now)}{beside}."
    return Finding(since, message + _estimate(read, looked, now, facts), facts)


def _since(read: Read) -> Utc | None:
    gap = read.comparison.gap
    return gap.before if gap else None


def _overran(newest: Utc | None, before: int, now: int, dates: list[Utc]) -> bool:
    """Whether the list was pushed out as a whole: it is no small one, it is full, and all in it is newer."""
    if min(before, now) <= SMALL or now < FULL * before:
        return False
    return newest is None or not dates or min(dates) > newest


def _nothing_left(before: int, now: int) -> str:
    was = f"none of the {before:,} entries" if before > 1 else "the one entry"
    return f"{was} listed before is {'' if before > 1 else 'not '}among the {now:,} listed now"


def _estimate(read: Read, since: Utc, now: int, facts: Facts) -> str:
    """A sentence on how many entries the habit lets expect in that time; '' if about none."""
    habit = read.look.before.habit
    count = round(expected(habit, since, read.look.at)) if habit.hours else 0
    if count < 1:
        return ""
    facts["expected"] = count
    if count > now:
        facts["estimated"] = count - now
    within = lasting(max(read.look.at - since, timedelta()))
    return f" By its habit it publishes about {counted(count, 'entry', 'entries')} in such a time ({within})."

"""Holds what polling found beside what there was to find: the requests of the world, and its truth."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from statistics import mean, median

import orjson

from agents.brokers.broker import Broker, open_broker
from agents.polling.remember import KIND
from agents.scan import scan
from agents.topics import ENTRIES, FEED_NOTES, FEED_POLLS
from pipeline.codec import decode
from pipeline.poll.note import FeedNote, NoteKind
from tests.polling.simulation import Request, requests, settings_of
from tests.polling.world import START, Publisher


@dataclass(frozen=True)
class Verdict:
    """What a simulation came to. Times in seconds; `missing` entries stood in a feed at a poll and were
    not sent; `cut_short` polls were never answered, for the worker was killed; `unnoted` losses (feed,
    before, after) happened between two looks and no note says so; `false_notes` tell of losses that were
    none; `too_soon` are feeds and hosts asked within their pace."""

    polls: int
    cut_short: int
    polls_per_feed_day: float
    share_304: float
    entries: int
    mean_delay: float
    median_delay: float
    missing: tuple[tuple[str, int], ...]
    invented: tuple[tuple[str, int], ...]
    losses: int
    unnoted: tuple[tuple[str, float, float], ...]
    false_notes: tuple[str, ...]
    too_soon: tuple[tuple[str, float], ...]
    host_too_soon: tuple[tuple[str, float], ...]


async def judged(folder: Path, publishers: Sequence[Publisher], days: float) -> Verdict:
    """The verdict over all runs of the simulation in `folder`."""
    settings = settings_of(folder)
    asked = requests(folder)
    broker = open_broker(settings.broker)
    try:
        sent = await _sent(broker, settings.topic_prefix)
        notes = [note async for note in _notes(broker, settings.topic_prefix)]
        remembered = await _remembered(broker, settings.topic_prefix)
    finally:
        await broker.close()
    by_url = {one.url: one for one in publishers}
    looks = _looks(one for one in asked if (one.feed, round(one.at, 3)) in remembered)
    visible = {url: _visible(by_url[url], found) for url, found in looks.items()}
    losses = [loss for url, found in looks.items() for loss in _losses(by_url[url], found)]
    noted = _noted(notes)
    delays = list(_delays(by_url, looks))
    return Verdict(
        polls=len(asked),
        cut_short=len(asked) - len(remembered),
        polls_per_feed_day=len(asked) / len(publishers) / days,
        share_304=sum(one.status == 304 for one in asked) / max(1, len(asked)),
        entries=sum(map(len, sent.values())),
        mean_delay=mean(delays) if delays else 0.0,
        median_delay=median(delays) if delays else 0.0,
        missing=tuple((url, n) for url, found in visible.items() for n in sorted(found - sent[url])),
        invented=tuple(
            (url, n) for url, found in sent.items() for n in sorted(found - visible.get(url, set()))
        ),
        losses=len(losses),
        unnoted=tuple(loss for loss in losses if (loss[0], round(loss[1])) not in noted),
        false_notes=tuple(
            f"{url} {at}" for url, at in sorted(noted - {(url, round(at)) for url, at, _ in losses})
        ),
        too_soon=tuple(_too_soon(asked, lambda one: one.feed, settings.poll_shortest)),
        host_too_soon=tuple(_too_soon(asked, lambda one: by_url[one.feed].host, settings.host_pace)),
    )


async def delays(folder: Path, publishers: Sequence[Publisher]) -> dict[str, list[float]]:
    """Per feed how long each entry took that came out while it was polled, as in the verdict."""
    settings = settings_of(folder)
    broker = open_broker(settings.broker)
    try:
        remembered = await _remembered(broker, settings.topic_prefix)
    finally:
        await broker.close()
    by_url = {one.url: one for one in publishers}
    looks = _looks(one for one in requests(folder) if (one.feed, round(one.at, 3)) in remembered)
    return {url: list(_delays(by_url, {url: found})) for url, found in looks.items()}


async def _sent(broker: Broker, prefix: str) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    async for message in scan(broker, prefix + ENTRIES.name):
        entry = orjson.loads(message.value or b"{}")
        found[entry["feed"]].add(int(entry["guid"].rpartition("/")[2]))
    return found


async def _notes(broker: Broker, prefix: str) -> AsyncIterator[FeedNote]:
    async for message in scan(broker, prefix + FEED_NOTES.name):
        yield decode(FeedNote, message.value or b"")


async def _remembered(broker: Broker, prefix: str) -> set[tuple[str, float]]:
    """The polls whose answer the worker got, by feed and time."""
    found = set()
    async for message in scan(broker, prefix + FEED_POLLS.name):
        if (KIND, b"state") in message.headers:
            asked = orjson.loads(message.value or b"{}")["asked"]
            found.add(((message.key or b"").decode(), round(_seconds(datetime.fromisoformat(asked)), 3)))
    return found


def _looks(asked: Iterable[Request]) -> dict[str, list[Request]]:
    """Per feed the requests that showed it, in order: documents, and the word that nothing had changed."""
    found: dict[str, list[Request]] = defaultdict(list)
    for one in asked:
        if one.status in (200, 304):
            found[one.feed].append(one)
    return found


def _listed(publisher: Publisher, look: Request) -> range:
    return range(max(0, look.out - publisher.window), look.out)


def _visible(publisher: Publisher, looks: Iterable[Request]) -> set[int]:
    return {number for look in looks for number in _listed(publisher, look)}


def _losses(publisher: Publisher, looks: Sequence[Request]) -> Iterator[tuple[str, float, float]]:
    for before, after in pairwise(looks):
        earlier, later = _listed(publisher, before), _listed(publisher, after)
        if earlier and later and later.start >= earlier.stop:
            yield publisher.url, before.at, after.at


def _noted(notes: Iterable[FeedNote]) -> set[tuple[str, int]]:
    return {
        (note.feed, round(_seconds(note.since)))
        for note in notes
        if note.kind in (NoteKind.LOSS, NoteKind.REPLACED) and note.since is not None
    }


def _seconds(moment: datetime) -> float:
    return (moment - START).total_seconds()


def _delays(by_url: dict[str, Publisher], looks: dict[str, list[Request]]) -> Iterator[float]:
    """From publication to the look that first showed an entry, for those that came out while we looked."""
    for url, found in looks.items():
        publisher, seen = by_url[url], found[0].out
        for look in found[1:]:
            for number in _listed(publisher, look):
                if number >= seen:
                    yield look.at - publisher.published[number]
            seen = max(seen, look.out)


def _too_soon(
    asked: Iterable[Request], key: Callable[[Request], str], pace: float
) -> Iterator[tuple[str, float]]:
    last: dict[str, float] = {}
    for one in asked:
        before = last.get(key(one))
        if before is not None and one.at - before < pace - 0.001:
            yield key(one), one.at - before
        last[key(one)] = one.at

"""Holds what the feeds saw beside what the topics say: who asked when, and what became of it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

import orjson

from agents.brokers.broker import Broker
from agents.polling.remember import ASKED, KIND
from agents.scan import scan
from agents.topics import ENTRIES, FEED_POLLS
from config.settings import Settings
from pipeline.codec import decode
from pipeline.feed.entry import Entry
from tests.polling.crowd.feeds import Feeds, Request
from tests.polling.world import START


@dataclass(frozen=True)
class Verdict:
    """What was wrong, in words; and how much there was."""

    requests: int
    workers: int
    done: Mapping[str, int]
    entries: int
    wrong: list[str] = field(default_factory=list)

    def text(self) -> str:
        happened = ", ".join(f"{number} {word}" for word, number in sorted(self.done.items()))
        head = f"{self.requests:,} requests by {self.workers} workers ({happened}); {self.entries:,} entries"
        return "\n".join(
            [head, *(self.wrong or ["each feed asked by one worker at a time, at its pace; none lost"])]
        )


@dataclass
class Judge:
    """Reads the topics of one run."""

    broker: Broker
    prefix: str
    feeds: Feeds
    settings: Settings

    async def all_there(self) -> bool:
        """Every feed was asked since the feeds were frozen, and every entry that was served is sent."""
        assert self.feeds.frozen is not None
        frozen = self.feeds.frozen
        since = {one.feed for one in self.feeds.requests if one.begun > frozen and one.ended}
        if len(since) < len(self.feeds.publishers):
            return False
        return not any(self._missing(await self._sent()))

    async def verdict(self, done: Counter[str], wrong: Sequence[str]) -> Verdict:
        """After the last worker has left."""
        sent, stamps = await self._sent(), await self._stamps()
        by_feed: dict[str, list[Request]] = defaultdict(list)
        for one in self.feeds.requests:
            by_feed[one.feed].append(one)
        found = list(wrong)
        for publisher in self.feeds.publishers:
            feed = self.feeds.url(publisher)
            found += self._of_feed(feed, by_feed[feed], stamps.get(feed, []))
        found += self._missing(sent)
        workers = {one.worker for one in self.feeds.requests}
        entries = sum(map(len, sent.values()))
        return Verdict(len(self.feeds.requests), len(workers), dict(done), entries, found)

    def _of_feed(self, feed: str, asked: Sequence[Request], stamps: Sequence[float]) -> Iterator[str]:
        asked = sorted(asked, key=lambda one: one.begun)
        for one, other in pairwise(asked):
            if one.ended is None or other.begun < one.ended:
                yield f"{feed}: asked by {other.worker} at {other.begun:.0f} while {one.worker} was at it"
        for stamp, later in pairwise(stamps):
            if later - stamp < self.settings.poll_shortest:
                yield f"{feed}: to be asked at {later:.1f}, {later - stamp:.1f} s after the time before"
        for stamp, later in pairwise([*stamps, float("inf")]):
            within = [one for one in asked if stamp <= one.begun < later]
            if len(within) > 1:
                yield f"{feed}: asked {len(within)} times upon one record: {within}"
        if any(not stamps or one.begun < stamps[0] for one in asked):
            yield f"{feed}: asked before it was durable"
        frozen = self.feeds.frozen or 0.0
        if not any(one.begun > frozen for one in asked):
            yield f"{feed}: forgotten; last asked at {asked[-1].begun if asked else None}"

    def _missing(self, sent: Mapping[str, set[int]]) -> Iterator[str]:
        for feed, numbers in self.feeds.served.items():
            lost = numbers - sent.get(feed, set())
            if lost:
                yield f"{feed}: {len(lost)} entries served and not sent: {sorted(lost)[:5]}"

    async def _sent(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        async for message in scan(self.broker, self.prefix + ENTRIES.name):
            entry = decode(Entry, message.value or b"")
            found[entry.feed].add(int((entry.guid or "").rpartition("/")[2]))
        return found

    async def _stamps(self) -> dict[str, list[float]]:
        """When each feed was to be asked, by the records that made it durable, in the order of the log.

        Without those of a worker that was held up: they are before the last, and do not know it.
        """
        found: dict[str, list[float]] = defaultdict(list)
        last: dict[bytes, bytes] = {}
        async for message in scan(self.broker, self.prefix + FEED_POLLS.name):
            key, value, headers = message.key or b"", message.value or b"", dict(message.headers)
            if headers.get(KIND) != b"asked":
                continue
            at = (datetime.fromisoformat(orjson.loads(value)) - START).total_seconds()
            before = found[key.decode()]
            if before and at < before[-1] and headers.get(ASKED) not in (None, last[key]):
                continue
            before.append(at)
            last[key] = value
        return found

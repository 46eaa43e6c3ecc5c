"""A world of feeds by which polling is judged: publishers with bursts, nights and faults, and their truth.

Everything follows from a seed and the moment asked about, so a world that is begun again after a kill is
the same world. Every request is a line of a log file, written before it is answered.
"""

import math
import random
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from typing import IO

import orjson

from agents.http.fetcher import Get
from agents.polling.clock import Clock
from pipeline.outcome import Reason, Rejected
from pipeline.poll.answer import Answer, Fetched, Unfetched

START = datetime(2026, 3, 2, tzinfo=UTC)
"""A Monday."""
HOUR = 3_600.0


@dataclass(frozen=True)
class Publisher:
    """One feed: how much it publishes, when, how its server answers, and what befalls it.

    `published` are the seconds since START at which entries came out, sorted; `window` of them are
    listed. `validators`: it sends an ETag and answers 304; else its document is the same bytes while
    nothing is new, or, where `stamps`, has the present time in it. `down` are spells of failure.
    """

    url: str
    host: str
    window: int
    published: tuple[float, ...]
    validators: bool
    stamps: bool
    ttl: int | None
    down: tuple[tuple[float, float], ...]

    def out(self, at: float) -> int:
        """How many entries are out by `at`."""
        return bisect_right(self.published, at)

    def listed(self, at: float) -> range:
        """The numbers of the entries that the feed lists at `at`."""
        out = self.out(at)
        return range(max(0, out - self.window), out)

    def is_down(self, at: float) -> bool:
        return any(begin <= at < end for begin, end in self.down)


def world(seed: int, feeds: int, days: float) -> tuple[Publisher, ...]:
    """`feeds` publishers on fewer hosts, most of them quiet, some busy."""
    return tuple(
        _publisher(random.Random(f"{seed}:{number}"), number, feeds, days) for number in range(feeds)
    )


def _publisher(luck: random.Random, number: int, feeds: int, days: float) -> Publisher:
    host = f"news{number % max(1, feeds * 2 // 3)}.example"
    window = luck.choice((10, 20, 25, 30, 50))
    daily = min(150.0, max(0.5, luck.lognormvariate(2.3, 1.1)))
    end = days * 24 * HOUR
    published = set(_ordinary(luck, daily, end))
    down: list[tuple[float, float]] = []
    if number % 20 == 3:  # more at once than the feed can list: some of it nobody can see
        at = luck.uniform(0.2, 0.9) * end
        published |= {at + luck.uniform(0, 60) for _ in range(window + 15)}
    if number % 20 == 7:
        at = luck.uniform(0.2, 0.8) * end
        down.append((at, at + luck.uniform(1, 10) * HOUR))
    return Publisher(
        url=f"https://{host}/feed{number}.xml",
        host=host,
        window=window,
        published=tuple(sorted(published)),
        validators=number % 2 == 0,
        stamps=number % 10 == 1,
        ttl=60 if number % 12 == 5 else None,
        down=tuple(down),
    )


def _ordinary(luck: random.Random, daily: float, end: float) -> Iterator[float]:
    """A Poisson process, thinned: quiet nights of its own zone, bursts of hours with many times the rate."""
    zone = luck.choice((-5, 0, 1, 2, 3, 8))
    bursts = [(luck.uniform(0, end), luck.uniform(1, 4) * HOUR, luck.uniform(3, 8)) for _ in range(2)]
    highest = daily / (24 * HOUR) * 16
    before = -48 * HOUR  # a feed lists what came out before anybody looked
    at = before
    while True:
        at += luck.expovariate(highest)
        if at >= end:
            return
        hour = (at / HOUR + zone) % 24
        factor = 0.15 if hour < 6 else 1.3 + 0.7 * math.sin((hour - 6) / 18 * math.pi)
        factor *= max([rise for begin, lasts, rise in bursts if begin <= at < begin + lasts], default=1.0)
        if luck.random() < factor / 16:
            yield at


@dataclass
class World:
    """The network of a simulation: a Fetcher that answers for all publishers at the clock's time."""

    publishers: tuple[Publisher, ...]
    clock: Clock
    log: IO[bytes]
    delay: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._by_url = {one.url: one for one in self.publishers}

    async def fetch(self, request: Get) -> Fetched | Unfetched:
        """One request, logged before it is answered."""
        now = self.clock.now()
        at = (now - START).total_seconds()
        publisher = self._by_url.get(request.url)
        if publisher is None:
            return Unfetched(Rejected(Reason.DNS_FAILED, f"no such host: {request.url}"), now)
        status, headers, body = answer(publisher, at, request.headers)
        sent = bool(request.headers.get("If-None-Match"))
        self.log.write(orjson.dumps([at, publisher.url, status, publisher.out(at), sent]) + b"\n")
        self.log.flush()
        self.statuses[status] += 1
        if self.delay:
            await self.clock.until(now + timedelta(seconds=self.delay))
        conditional = "If-None-Match" in request.headers
        return Fetched(Answer(request.url, request.url, status, now, headers, (), conditional), body)


def answer(publisher: Publisher, at: float, sent: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body that a request with the headers `sent` gets at that moment."""
    if publisher.is_down(at):
        return 503, {"content-type": "text/html"}, b"<html>busy</html>"
    tag = f'W/"{publisher.out(at)}"'
    headers = {"content-type": "application/rss+xml"} | ({"etag": tag} if publisher.validators else {})
    if publisher.validators and sent.get("If-None-Match") == tag:
        return 304, headers, b""
    built = _moment(at) if publisher.stamps else None
    return 200, headers, document(publisher, publisher.out(at), built)


def document(publisher: Publisher, out: int, built: str | None) -> bytes:
    """The feed with `out` entries published so far; `built` is a time that it shows."""
    items = "".join(
        item(publisher, number) for number in range(out - 1, max(-1, out - 1 - publisher.window), -1)
    )
    extra = f"<lastBuildDate>{built}</lastBuildDate>" if built else ""
    ttl = f"<ttl>{publisher.ttl}</ttl>" if publisher.ttl else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>{publisher.host}</title>'
        f"<link>https://{publisher.host}/</link><description>News</description>{extra}{ttl}{items}"
        "</channel></rss>"
    ).encode()


@lru_cache(maxsize=50_000)
def item(publisher: Publisher, number: int) -> str:
    """One entry; number and publisher are all of it."""
    link = f"https://{publisher.host}/{publisher.url[-12:-4]}/{number}"
    return (
        f"<item><title>Report {number} of {publisher.host}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{_moment(publisher.published[number])}</pubDate>"
        f"<description>What was seen on day {number % 7} of the talks, in few words.</description></item>"
    )


def _moment(at: float) -> str:
    return format_datetime(START + timedelta(seconds=int(at)))

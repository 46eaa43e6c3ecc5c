"""The articles of a chaos run: generated, with known ids, each observed in an order that never varies.

Beside first texts there is all that makes a row grow: second feeds, revisions, mentions edited away,
withdrawals, a fuller feed that becomes the feed of record, and an observation that arrives late.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from heapq import heappop, heappush

from agents.prepare import Prepared, Refused, prepare
from pipeline.article.publisher import Publishers
from pipeline.feed.entry import Content, Entry
from tests.bench.generate import Made, make_corpus

SPREAD = 50
"""An article's further observations come at most this fraction (1/50) of all articles later."""
FICTION = 8
"""One article in so many is of origin "seed", so that two stories are told at once."""
EDITED, WITHDRAWN, FULLER, LATE = 11, 13, 17, 19
"""One article in so many loses its last paragraph, is withdrawn, has a fuller feed, is also seen late."""


@dataclass(frozen=True, slots=True)
class Observed:
    """An entry ready for its topic; `behind` is the number of the article with whose first one it comes."""

    behind: int
    entry: Prepared


Waiting = list[tuple[int, int, Entry]]


def observations(count: int, seed: int, publishers: Publishers) -> Iterator[Observed]:
    """Every observation of `count` articles, in the one order in which they are fed."""
    dice = random.Random(seed)
    spread = max(1, count // SPREAD)
    waiting: Waiting = []
    order = 0
    for one in make_corpus(count, seed):
        for late, entry in enumerate(entries(one)):
            behind = min(one.number + (dice.randint(1, spread) if late else 0), count - 1)
            heappush(waiting, (behind, order, entry))
            order += 1
        yield from _due(waiting, one.number, publishers)


def _due(waiting: Waiting, number: int, publishers: Publishers) -> Iterator[Observed]:
    while waiting and waiting[0][0] <= number:
        behind, _, entry = heappop(waiting)
        ready = prepare(entry, publishers)
        assert not isinstance(ready, Refused), ready.why
        yield Observed(behind, ready)


def entries(one: Made) -> Iterator[Entry]:
    """All observations of one article, the first one first."""
    first = _first(one)
    yield first
    if one.second:
        yield _seen(first, hours=1, feed="all", text="")
    if one.number % FULLER == 0:
        yield _seen(first, hours=2, feed="full", text=f"{one.text}\n\n{one.title}.\n\n{one.text}")
    if one.later:
        yield _seen(first, hours=5, text=one.later)
    if one.number % LATE == 0:
        yield _seen(first, hours=-3)
    if one.number % EDITED == 0:
        yield _seen(first, hours=6, text=one.text.rpartition("\n\n")[0])
    if one.number % WITHDRAWN == 0:
        yield replace(_seen(first, hours=8), withdrawn=True)


def _first(one: Made) -> Entry:
    return Entry(
        feed=_feed(one.publisher, "rss"),
        origin="feed" if one.number % FICTION else "seed",
        observed=one.published + timedelta(minutes=10),
        guid=f"{one.publisher}-{one.number}",
        url=one.url,
        title=Content(one.title),
        content=Content(one.text),
        published=one.published,
        language=one.language,
        publisher=f"Paper {one.publisher}",
    )


def _seen(first: Entry, hours: int, feed: str | None = None, text: str | None = None) -> Entry:
    """The same article so many hours later, perhaps in another feed, perhaps with another text."""
    assert first.observed is not None
    return replace(
        first,
        observed=first.observed + timedelta(hours=hours),
        feed=first.feed.replace("/rss", f"/{feed}") if feed else first.feed,
        content=first.content if text is None else Content(text),
    )


def _feed(publisher: int, name: str) -> str:
    return f"https://paper{publisher}.example/{name}"

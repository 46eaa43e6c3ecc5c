"""1,000 feeds in rounds: all entries new; then one new entry in each feed, which settles them and is not
measured; then, in each later round, one new entry in every tenth feed.

`python -m tests.bench.polling.rounds FEEDS LATER` serves them, each feed at one of 40 loopback addresses.
"""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from tests.bench.generate import document, entry, make_corpus
from tests.bench.polling.server import Reply, serve

LISTED = 30
EVERY = 10
"""Of so many feeds one has a new entry in a later round."""
HOSTS = tuple(f"127.0.0.{number}" for number in range(2, 42))
START = datetime(2026, 3, 2, tzinfo=UTC)
ROUND = timedelta(hours=2)
"""From round to round: every feed is due again, and none so old that it is asked without validators."""
SEED = 20260302


@dataclass(frozen=True, slots=True)
class Rounds:
    """How many feeds, and how many rounds after the two first."""

    feeds: int
    later: int

    @property
    def numbers(self) -> range:
        """All rounds: 0 is the first, 1 settles, the others are the later ones."""
        return range(2 + self.later)

    @property
    def first_entries(self) -> int:
        return self.feeds * LISTED

    @property
    def later_entries(self) -> int:
        """In all later rounds."""
        return sum(self._is_news(feed, at) for at in self.numbers[2:] for feed in range(self.feeds))

    @property
    def entries(self) -> int:
        """In all rounds."""
        return self.first_entries + self.feeds + self.later_entries

    @property
    def later_unchanged(self) -> int:
        """Answers that nothing has changed, in all later rounds."""
        return self.feeds * self.later - self.later_entries

    @property
    def most(self) -> int:
        """Entries that one feed may come to list."""
        return LISTED + self.later // EVERY + 2

    def out(self, feed: int, at: int) -> int:
        """New entries of a feed up to round `at`."""
        return sum(self._is_news(feed, one) for one in range(1, at + 1))

    def urls(self, port: int) -> list[str]:
        """All feeds, neighbours on different hosts."""
        return [f"http://{HOSTS[feed % len(HOSTS)]}:{port}/{feed}.xml" for feed in range(self.feeds)]

    def _is_news(self, feed: int, at: int) -> bool:
        # 40 hosts are a multiple of EVERY: without the division all news of a round were on four of them.
        return at == 1 or (feed + feed // len(HOSTS) + at) % EVERY == 0


class Site:
    """The feeds as they stand in a round. With `validators` they have an ETag and answer 304."""

    keeps = True

    def __init__(self, rounds: Rounds) -> None:
        self._rounds = rounds
        self._entries = _entries(rounds)
        self._documents: dict[tuple[int, int], bytes] = {}
        self._at = 0
        self._validators = False

    def told(self, command: str, words: Mapping[str, str]) -> None:
        """`begin?validators=0`: the first round; `next`: the one after."""
        if command == "begin":
            self._at, self._validators = 0, words["validators"] == "1"
        else:
            self._at += 1

    def answer(self, path: str, headers: Mapping[str, str]) -> Reply:
        """The feed, or that it is the one that was had."""
        feed = int(path[1:-4])
        out = self._rounds.out(feed, self._at)
        tag = f'"{feed}-{out}"'
        given = {"Content-Type": "application/rss+xml"} | ({"ETag": tag} if self._validators else {})
        if self._validators and headers.get("if-none-match") == tag:
            return Reply(304, given)
        return Reply(200, given, self._document(feed, out))

    def _document(self, feed: int, out: int) -> bytes:
        known = self._documents.get((feed, out))
        if known is None:
            entries = self._entries[feed][out : out + LISTED]
            known = self._documents[feed, out] = document(feed, reversed(entries)).encode()
        return known


def _entries(rounds: Rounds) -> list[list[str]]:
    """Per feed all its entries, the oldest first; those of the first round one an hour."""
    made = list(make_corpus(rounds.feeds * rounds.most, SEED))
    found = []
    for feed in range(rounds.feeds):
        own = made[feed * rounds.most : (feed + 1) * rounds.most]
        found.append([_written(rounds, feed, place, one) for place, one in enumerate(own)])
    return found


def _written(rounds: Rounds, feed: int, place: int, one) -> str:
    out = place - LISTED + 1
    if out > 0:
        at = next((at for at in rounds.numbers if rounds.out(feed, at) == out), 0)
        published = START + at * ROUND
    else:
        published = START + timedelta(hours=out)
    moved = replace(one, publisher=feed, published=published - timedelta(minutes=10, seconds=feed))
    return entry(feed, moved, moved.text)


if __name__ == "__main__":
    asyncio.run(serve(Site(Rounds(*map(int, sys.argv[1:]))), HOSTS))

"""A whole worker in this process, whose feeds stand on a chaos server.

    url = home.feed("/feed", answer(200, rss(1, 2, 3)))
    async with home.working():
        await home.polled(url, 2)
        ... home.state(url), await home.entries(url), await home.notes(url), home.asked(url) ...

A second `working` is the worker started again on the same log.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

from agents.brokers.broker import Broker, open_broker
from agents.http.session import open_fetcher
from agents.polling.feeds_file import FeedsFile
from agents.polling.metrics import Metrics
from agents.polling.polling import Sources
from agents.scan import scan
from agents.topics import DEAD_LETTERS, ENTRIES, FEED_NOTES, TopicSpec
from agents.worker import Worker, prepared, running
from config.load import load_rules
from config.settings import FOLDER, Settings
from pipeline.codec import decode
from pipeline.feed.entry import Entry
from pipeline.outcome import Reason
from pipeline.poll.note import FeedNote, NoteKind
from pipeline.poll.opml import write_opml
from pipeline.poll.spec import FeedSpec
from pipeline.poll.state import FeedState
from pipeline.rules import Rules
from tests.network.chaos import Asked, Behaviour, Chaos, Names, Reply
from tests.polling.held import FastClock, HeldClock

LOOK = timedelta(seconds=3)
"""After which a worker has seen what became of its list of feeds."""


@cache
def rules() -> Rules:
    """The configuration that comes with the project."""
    found = load_rules(FOLDER)
    assert isinstance(found, Rules)
    return found


@dataclass(frozen=True)
class Request:
    """A request as the server saw it, by the worker's clock."""

    at: datetime
    asked: Asked

    @property
    def conditions(self) -> tuple[str | None, str | None]:
        """If-None-Match and If-Modified-Since, as they came."""
        return self.asked.headers.get("if-none-match"), self.asked.headers.get("if-modified-since")


@dataclass
class House:
    """Feeds on a server, their list in a file, and the worker that reads them while `working`."""

    folder: Path
    server: Chaos
    clock: HeldClock | FastClock = field(default_factory=HeldClock)
    names: Names = field(default_factory=Names)
    metrics: Metrics = field(default_factory=Metrics)
    specs: dict[str, FeedSpec] = field(default_factory=dict)
    log: list[tuple[str, Request]] = field(default_factory=list)
    died: list[str] = field(default_factory=list)
    _worker: Worker | None = None
    _broker: Broker | None = None
    _prefix: str = ""
    _tokens: Iterator[int] = field(default_factory=lambda: count(1))

    # --- what stands on the server

    def on(self, path: str, behaviour: Behaviour, host: str = "127.0.0.1") -> str:
        """Answer a path so from now on, whatever host it is asked at; its URL at this one."""

        async def noted(asked: Asked, reply: Reply) -> None:
            self.log.append((path, Request(self.clock.now(), asked)))
            await behaviour(asked, reply)

        self.server.on(path, noted)
        return self.server.url(path, host)

    def feed(self, path: str, behaviour: Behaviour, host: str = "127.0.0.1", **of: object) -> str:
        """The same, and it is a feed of the list."""
        url = self.on(path, behaviour, host)
        self.listed(replace(FeedSpec(url, language="en"), **of))
        return url

    def listed(self, *specs: FeedSpec) -> None:
        """Add to the list of feeds."""
        self.specs |= {spec.url: spec for spec in specs}
        self._write()

    def unlisted(self, url: str) -> None:
        """Take off the list of feeds."""
        del self.specs[url]
        self._write()

    def _write(self) -> None:
        (self.folder / "feeds.opml").write_bytes(write_opml(list(self.specs.values()), "Feeds"))

    def asked(self, path: str) -> list[Request]:
        """The requests for a path, in order."""
        return [request for one, request in self.log if one == path]

    # --- the worker

    def settings(self, **changes: object) -> Settings:
        """Those of the worker: loopback may be asked."""
        return Settings.model_validate({
            "broker": f"sqlite:///{self.folder / 'log.db'}",
            "state_dir": self.folder / "state",
            "feeds_file": self.folder / "feeds.opml",
            "allow_networks": ("127.0.0.0/8",),
            "batch_within": 0.001,
            "fetch_timeout": 5,
            "log_level": "error",
            **changes,
        })  # fmt: skip

    @asynccontextmanager
    async def working(self, **changes: object) -> AsyncIterator[None]:
        """A worker polls while within; it may not end by itself."""
        self._write()
        settings = self.settings(**changes)
        self._broker, self._prefix = open_broker(settings.broker), settings.topic_prefix
        try:
            settings = await prepared(self._broker, settings, rules())
            async with open_fetcher(settings, resolver=self.names, clock=self.clock) as fetcher:
                feeds = FeedsFile(settings.feeds_file)
                sources = Sources(feeds, fetcher, self._token, self.clock, self.metrics)
                async with running(settings, rules(), self._broker, sources=sources) as self._worker:
                    self._begin(self._worker)
                    yield
            assert not self.died, self.died
        finally:
            self._worker = None
            await self._broker.close()

    def _token(self) -> str:
        return f"token-{next(self._tokens)}"

    def _begin(self, worker: Worker) -> None:
        assert worker.polling is not None
        roster = worker.polling.desk.roster
        if isinstance(self.clock, HeldClock):
            self.clock.busy = lambda: roster.in_work
            self.clock.next_due = roster.next_at
        worker.polling.begin()

    # --- time

    async def pass_(self, **units: float) -> None:
        """Let so many hours, minutes, ... pass, and all be done that is due by then."""
        await self._held.reach(self._held.now() + timedelta(**units))

    def skip(self, **units: float) -> None:
        """Let so much time pass while no worker runs."""
        self._held.skip(**units)

    async def polled(self, url: str, times: int) -> FeedState:
        """Let time pass until the feed was polled so often in all, and no longer; its state."""
        while (state := self.state(url)).counts.polls < times:
            await self._held.reach(max(state.due or self._held.now(), self._held.now()) + LOOK)
        return state

    @property
    def _held(self) -> HeldClock:
        assert isinstance(self.clock, HeldClock)
        return self.clock

    # --- what the worker found

    def state(self, url: str) -> FeedState:
        """What is remembered of a feed."""
        assert self._worker is not None
        assert self._worker.polling is not None
        return self._worker.polling.desk.state(url)

    def wait(self, url: str) -> float:
        """Seconds from the last answer to the next request."""
        state = self.state(url)
        assert state.due is not None
        assert state.asked is not None
        return (state.due - state.asked).total_seconds()

    async def entries(self, url: str) -> list[Entry]:
        """The entries sent for a feed, in the order of the log."""
        found = [decode(Entry, value) for value in await self._values(ENTRIES)]
        return [entry for entry in found if entry.feed == url]

    async def numbers(self, url: str) -> list[int]:
        """The numbers of a feed's entries, each as often as it was sent, sorted."""
        return sorted(int((entry.guid or "").rpartition("/")[2]) for entry in await self.entries(url))

    async def notes(self, url: str) -> list[FeedNote]:
        """The notes about a feed, in order."""
        found = [decode(FeedNote, value) for value in await self._values(FEED_NOTES)]
        return [note for note in found if note.feed == url]

    async def kinds(self, url: str) -> list[NoteKind]:
        """What its notes are about."""
        return [note.kind for note in await self.notes(url)]

    async def letters(self) -> int:
        """How many dead letters there are."""
        return len(await self._values(DEAD_LETTERS))

    async def _values(self, topic: TopicSpec) -> list[bytes]:
        assert self._broker is not None
        return [message.value or b"" async for message in scan(self._broker, self._prefix + topic.name)]

    def rejected(self, reason: Reason) -> float:
        """How much was lost for this reason, by the metrics."""
        return self.metrics.registry.get_sample_value(
            "storywire_feed_rejected_total", {"reason": reason.value}
        ) or 0.0  # fmt: skip

"""Polling on an app: its tables, the agent that writes them, the schedule, and the orders in work.

    polling = Polling(app, settings, rules, sources, die)     # before the app starts
    async with polling.at_work(broker, group): ...       # after

[schedule] -> orders, in memory -> [read] -> entries, feed-notes, feed-polls -> [remember] -> tables
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

import faust

from agents.batches import EX_CONFIG, EX_SOFTWARE, EX_TEMPFAIL, batches
from agents.brokers.broker import Broker
from agents.brokers.errors import BrokerError
from agents.drain import read_up
from agents.http.errors import plain
from agents.http.fetcher import Fetcher
from agents.outbox import Outbox
from agents.polling.clock import Clock, SystemClock
from agents.polling.desk import Desk, partition
from agents.polling.feeds_file import FeedsFile
from agents.polling.hub_server import serve_hub
from agents.polling.metrics import Metrics
from agents.polling.order import Order
from agents.polling.orders import Orders
from agents.polling.outlet import Outlet
from agents.polling.pages import Pages
from agents.polling.read import Reader, Reading
from agents.polling.remember import NAME, TABLES, RememberStage, moment, record
from agents.polling.report import HEALTH, counted
from agents.polling.schedule import Schedule
from agents.polling.subscriber import Subscriber
from agents.polling.tenure import Tenure
from agents.rows import Rows
from agents.sending import GiveUp
from agents.topics import FEED_POLLS
from agents.watch.metrics import WorkerMetrics
from config.settings import Settings
from pipeline.codec import CodecError, decode
from pipeline.outcome import Rejected
from pipeline.poll.policy import Policy
from pipeline.poll.state import FeedState
from pipeline.rules import Rules

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where polling gets its feeds, its documents, its time and its luck from: the seams of a simulation."""

    feeds: FeedsFile
    fetcher: Fetcher
    token: Callable[[], str]
    clock: Clock = field(default_factory=SystemClock)
    metrics: Metrics = field(default_factory=Metrics)


class NotServed(Exception):
    """A port that a setting names cannot be listened at."""


class Polling:
    """Everything that polls feeds for one worker."""

    def __init__(
        self,
        app: faust.App,
        settings: Settings,
        rules: Rules,
        sources: Sources,
        die: Callable[[str, int], None],
        watched: WorkerMetrics | None = None,
        lease: Callable[[], bool] = lambda: True,
    ) -> None:
        """`lease`: whether it is certain at this moment that the assignment still holds, see Tenure."""
        self._settings = settings
        self._watched = watched or WorkerMetrics()
        self._sources = sources
        self._die = die
        prefix, policy = settings.topic_prefix, policy_of(settings)
        self._lease = lambda: not app.rebalancing and lease()
        self.desk = Desk(policy, settings.partitions, settings.websub_callback)
        self._outlet = Outlet(app, prefix, settings.event_timeout, self._watched)
        self._rows = {kind: _rows(app, prefix + name, settings) for kind, name in TABLES.items()}
        self._orders = Orders(self._reader(rules, policy), self._failed)
        self._schedule = self._new_schedule()
        self._begun = asyncio.Event()
        self._remember = self._wire_remember(app)
        self._tenure = Tenure(app, prefix + FEED_POLLS.name, self._released, self._failed)
        self._watch()

    def _new_schedule(self) -> Schedule:
        prefix, partitions = self._settings.topic_prefix, self._settings.partitions
        return Schedule(
            self.desk,
            self._sources.feeds,
            self._sources.clock,
            self._settings.fetchers,
            lambda feed, stamp: record(
                prefix, "asked", feed, stamp, partition(feed, partitions), self.desk.stamped(feed)
            ),
            self._outlet.confirm,
            self._orders.put,
            self._sources.metrics,
            self._lease,
        )

    def _wire_remember(self, app: faust.App) -> RememberStage:
        outbox = Outbox(app, self._settings.topic_prefix, self._settings.event_timeout, self._watched)
        stage = RememberStage(self._rows, outbox, self.desk.announced, self._remembered, self._overheard)
        topic = app.topic(
            self._settings.topic_prefix + FEED_POLLS.name,
            partitions=self._settings.partitions,
            key_type=bytes,
            value_type=bytes,
        )
        work = self._watched.work(NAME, FEED_POLLS.name)
        app.agent(topic, name=NAME)(
            batches(stage, self._settings.batch_within, self._settings, self._die, work)
        )
        return stage

    def _reader(self, rules: Rules, policy: Policy) -> Reader:
        sources = self._sources
        subscriber = None
        if self._settings.websub_callback:
            subscriber = Subscriber(
                sources.fetcher,
                self._settings.websub_callback,
                sources.token,
                self.desk.callbacks,
                self._settings.host_pace,
            )
        return Reader(
            Reading(
                desk=self.desk,
                fetcher=sources.fetcher,
                outlet=self._outlet,
                listings=self._rows["listing"],
                publishers=rules.publishers,
                policy=policy,
                clock=sources.clock,
                metrics=sources.metrics,
                partitions=self._settings.partitions,
                pages=Pages(sources.fetcher, sources.clock, self.desk.roster.reserve, rules.publishers),
                subscriber=subscriber,
                lease=self._lease,
            )
        )

    def _watch(self) -> None:
        """Figures that are asked for when somebody looks."""
        metrics, desk = self._sources.metrics, self.desk
        metrics.in_work.set_function(lambda: desk.roster.in_work)
        for health in HEALTH:
            metrics.feeds.labels(health).set_function(partial(counted, desk, health))

    def _remembered(self, state: FeedState) -> None:
        """Of `remember`: the feed is free; an order that waited for it goes on."""
        order = self.desk.remembered(state, self._sources.clock.now())
        if order is not None:
            self._orders.put(order)
        self._schedule.wake()

    def _overheard(self, state: FeedState) -> None:
        """Of `remember`: what another worker said of a feed that is this one's now."""
        self.desk.overheard(state, self._sources.clock.now())
        self._schedule.wake()

    def _released(self) -> None:
        """The partitions are taken away, or given out anew."""
        self.desk.release()
        self._remember.forget()

    async def submit(self, order: Order) -> bool:
        """Take an order of a hub; False when the feed has too many, or is none of ours."""
        admitted = self.desk.admit(order)
        if admitted:
            self._orders.put(order)
        return admitted is not False

    def begin(self) -> None:
        """Let the schedule begin, as soon as it can."""
        self._begun.set()

    def _dropped(self, _feed: str, why: Rejected) -> None:
        self._sources.metrics.rejected.labels(why.reason).inc()

    @asynccontextmanager
    async def at_work(self, broker: Broker, group: str) -> AsyncIterator[None]:
        """Poll while within, from `begin` on. The app has started."""
        working = asyncio.create_task(self._working(broker, group))
        try:
            yield
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

    async def _working(self, broker: Broker, group: str) -> None:
        """Poll until cancelled, whatever partitions are held."""
        try:
            await self._begun.wait()
            async with self._hubs_served():
                self._tenure.open(partial(self._polled, broker, group))
                await asyncio.Event().wait()
        except Exception as error:
            self._failed(error)
        finally:
            await self._tenure.close()

    async def _polled(self, broker: Broker, group: str, held: frozenset[int]) -> None:
        """Poll the feeds of these partitions until cancelled; nothing is in work after it."""
        try:
            await read_up(broker, group, self._settings.topic_prefix + FEED_POLLS.name, held)
            self._recover(held)
            await self._schedule.run()
        finally:
            await self._orders.stop()

    def _failed(self, error: Exception) -> None:
        """Whatever stops polling stops the process: a worker that polls no more is none."""
        if isinstance(error, GiveUp):
            self._die(f"the broker does not take what has to be sent: {error}", EX_TEMPFAIL)
        elif isinstance(error, NotServed):
            self._die(str(error), EX_CONFIG)
        elif isinstance(error, BrokerError):
            self._die(f"feeds cannot be polled: {error}", EX_TEMPFAIL)
        else:
            log.error("polling failed", exc_info=error)
            self._die(f"polling failed: {type(error).__name__}: {error}", EX_SOFTWARE)

    def _recover(self, held: frozenset[int]) -> None:
        """Take over what was found out before. No other row is there: those of a partition go with it."""
        states = [state for row in self._rows["state"].items() if (state := _state(*row))]
        stamps = ((key, moment(value)) for key, value in self._rows["asked"].items())
        asked = {key.decode("utf-8", "replace"): at for key, at in stamps if at}
        self.desk.recover(states, asked, self._sources.clock.now(), held)

    @asynccontextmanager
    async def _hubs_served(self) -> AsyncIterator[None]:
        """Answer hubs, where that is set up; they are told to come again while their tokens are not known."""
        if not self._settings.websub_callback:
            yield
            return
        bind, now = self._settings.websub_bind, self._sources.clock.now
        async with AsyncExitStack() as stack:
            server = serve_hub(
                *(bind, self.desk.callbacks.find, self.submit, now, self._dropped),
                whole=lambda: self.desk.whole,
            )
            try:
                await stack.enter_async_context(server)
            except OSError as error:
                raise NotServed(f"websub_bind {bind}: {error.strerror or error}") from error
            yield


def policy_of(settings: Settings) -> Policy:
    """The numbers of the schedule as they are set."""
    longest = max(settings.poll_shortest, settings.poll_longest)
    return Policy(shortest=settings.poll_shortest, longest=longest, pace=settings.host_pace)


def _rows(app: faust.App, name: str, settings: Settings) -> Rows:
    """A table whose changelog has its own name: a rebuild starts new tables, and keeps these."""
    changelog = app.topic(
        name, partitions=settings.partitions, key_type=bytes, value_type=bytes, internal=True
    )
    table = app.Table(
        name, partitions=settings.partitions, key_type=bytes, value_type=bytes, changelog_topic=changelog
    )
    return Rows(table)


def _state(key: bytes, row: bytes) -> FeedState | None:
    """A row of another version says nothing to this one: the feed is polled anew."""
    try:
        return decode(FeedState, row)
    except CodecError as error:
        log.warning(
            "what was remembered of %s cannot be read: %s", plain(key.decode("utf-8", "replace")), error
        )
        return None

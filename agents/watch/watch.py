"""The watch over one worker: looks at it, shows what it sees, and ends it where it gets nowhere.

watch = Watch(settings, instruments, end_process)
async with watch.over(app, broker, group):      # before the app starts
    await app.start()
    watch.started()                             # from now on it should hold partitions
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from agents.batches import EX_SOFTWARE, EX_TEMPFAIL
from agents.brokers.broker import Broker
from agents.watch.decide import Limits, Memory, decide
from agents.watch.health import Health
from agents.watch.heart import beating
from agents.watch.look import ANSWER, look
from agents.watch.metrics import WorkerMetrics
from agents.watch.sensor import CommitSensor
from config.settings import Settings

log = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds between looks, where patience is long enough; each asks the broker a few small questions."""


@dataclass(frozen=True, slots=True)
class Instruments:
    """What one worker is measured by and what is told of it."""

    metrics: WorkerMetrics
    health: Health


def instruments_of(settings: Settings) -> Instruments:
    """Instruments for one worker."""
    return Instruments(WorkerMetrics(), Health(patience(settings)))


def patience(settings: Settings) -> float:
    """Seconds of standing still: `stuck_after`, but longer than a stage may wait for the broker's answer."""
    return max(settings.stuck_after, settings.event_timeout + 10)


class Watch:
    """Looks every few seconds; `die` ends the process: it gets a message and an exit code."""

    def __init__(self, settings: Settings, instruments: Instruments, die: Callable[[str, int], None]) -> None:
        allowed = patience(settings)
        self._prefix = settings.topic_prefix
        self._every = min(EVERY, allowed / 10)
        self._limits = Limits(allowed, self._every + 2 * ANSWER)
        self._instruments = instruments
        self._die = die
        self._started = False
        self._memory: Memory | None = None

    def started(self) -> None:
        """The app's start is over."""
        self._started = True

    @asynccontextmanager
    async def over(self, app: Any, broker: Broker, group: str) -> AsyncIterator[None]:
        """Watch the app while within."""
        app.sensors.add(CommitSensor(self._instruments.metrics, self._prefix))
        self._instruments.metrics.at_work.set_function(
            lambda: float(self._instruments.health.ready().status == 200)
        )
        async with beating(self._instruments.health, self._die):
            watching = asyncio.create_task(self._watching(app, broker, group))
            try:
                yield
            finally:
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)

    async def _watching(self, app: Any, broker: Broker, group: str) -> None:
        """Look until cancelled, or until there is nothing more to look at."""
        try:
            while not await self._stuck(app, broker, group):  # noqa: ASYNC110  nothing signals standing still
                await asyncio.sleep(self._every)
        except Exception as error:
            log.exception("the watch failed")
            self._die(f"the watch failed: {type(error).__name__}: {error}", EX_SOFTWARE)

    async def _stuck(self, app: Any, broker: Broker, group: str) -> bool:
        metrics, health = self._instruments.metrics, self._instruments.health
        done = {topic: work.done for topic, work in metrics.works.items()}
        before = self._memory.seen if self._memory else None
        seen = await look(app, broker, group, self._prefix, done, self._started, before)
        verdict = decide(seen, self._memory, time.monotonic(), self._limits)
        if seen.reach is None and (self._memory is None or self._memory.seen.reach is not None):
            log.warning("whether there is progress cannot be known: %s", seen.why_blind)
        self._memory = verdict.memory
        metrics.show(seen, verdict.stood)
        health.look(seen, verdict.stuck)
        if verdict.stuck:
            self._die(verdict.stuck, EX_TEMPFAIL)
        return bool(verdict.stuck)

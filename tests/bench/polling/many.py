"""One worker polls a living world: `python -m tests.bench.polling.many FOLDER DAYS [MINUTES]`.

Without MINUTES through simulated days, by a clock that jumps to whatever is next; with them for real minutes
after those days, on the same log. All but the time is real: HTTP, the log, the tables. The list of feeds lies
in FOLDER. Prints what the process took from the first order to the last, and what it took to start.
"""

import asyncio
import logging
import resource
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from math import ceil
from pathlib import Path

import orjson

from agents.brokers.broker import open_broker
from agents.http.session import open_fetcher
from agents.polling.clock import Clock
from agents.polling.feeds_file import FeedsFile
from agents.polling.polling import Polling, Sources
from agents.worker import prepared
from tests.bench.polling.living import Names, TellingFetcher
from tests.bench.polling.worker import MovedClock, alone, quiet, rules_of, settings_of
from tests.polling.simulation import DELAY
from tests.polling.virtual import VirtualClock
from tests.polling.world import START

TICK = 2.0
"""Seconds from one moment of the simulated days to the next, which is how often a worker looks around in any
case. What falls due between is done together, and shares its transactions."""


class TickingClock(VirtualClock):
    """A clock that jumps, and stands at whole ticks only."""

    async def until(self, moment: datetime) -> None:
        """Wait for the first tick that is not before the moment."""
        ticks = ceil((moment - START).total_seconds() / TICK)
        await super().until(START + timedelta(seconds=ticks * TICK))


async def simulated(folder: Path, days: float) -> None:
    """Through the days, as fast as it goes."""
    clock = TickingClock(START, end=START + timedelta(days=days))
    # Time stands still meanwhile: nobody waits long for company.
    async with _polling(folder, clock, DELAY, batch_within=0.01) as polling:
        clock.busy = lambda: polling.desk.roster.in_work
        begun = taken()
        polling.begin()
        await clock.over.wait()
        report(begun, taken())


async def real(folder: Path, days: float, minutes: float) -> None:
    """For so many minutes, then until those are done who are being asked."""
    clock = MovedClock(START + timedelta(days=days))
    async with _polling(folder, clock, 0) as polling:
        clock.move(START + timedelta(days=days))
        begun = taken()
        polling.begin()
        await asyncio.sleep(60 * minutes)
        clock.stop()
        await quiet(polling, clock)
        report(begun, taken())


@asynccontextmanager
async def _polling(folder: Path, clock: Clock, delay: float, **others: object) -> AsyncIterator[Polling]:
    settings = settings_of(folder, **others)
    rules = rules_of(settings)
    broker = open_broker(settings.broker)
    try:
        settings = await prepared(broker, settings, rules)
        async with open_fetcher(settings, Names(), clock) as fetcher:
            telling = TellingFetcher(fetcher, clock, delay)
            sources = Sources(FeedsFile(settings.feeds_file), telling, lambda: "token", clock)
            async with alone(settings, rules, broker, sources) as polling:
                yield polling
    finally:
        await broker.close()


def taken() -> tuple[float, float]:
    """Seconds of wall and CPU of this process so far, all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter(), used.ru_utime + used.ru_stime


def report(begun: tuple[float, float], ended: tuple[float, float]) -> None:
    """Print what lies between."""
    found = {"wall": ended[0] - begun[0], "cpu": ended[1] - begun[1], "start": begun[1]}
    sys.stdout.buffer.write(orjson.dumps(found))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    place, length, *minutes = sys.argv[1:]
    asyncio.run(
        real(Path(place), float(length), float(minutes[0]))
        if minutes
        else simulated(Path(place), float(length))
    )

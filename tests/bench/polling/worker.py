"""A worker that polls and does nothing else, and a clock for it that can be moved."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from agents.app import create_app
from agents.brokers.broker import Broker
from agents.generations import ensure, group
from agents.polling.polling import Polling, Sources
from agents.worker import end_process, spare_the_collector
from config.load import ConfigProblems, load_rules
from config.settings import Settings
from pipeline.rules import Rules
from tests.bench.polling.task import CONCURRENT

STEP = 0.05


class MovedClock:
    """The machine's clock, moved."""

    def __init__(self, start: datetime) -> None:
        self._stopped: datetime | None = None
        self.move(start)

    def move(self, to: datetime) -> None:
        """It is `to` now; who waits finds out within STEP seconds."""
        self._ahead = to - datetime.now(UTC)

    def stop(self) -> None:
        """Let no more time pass."""
        self._stopped = self.now()

    def now(self) -> datetime:
        """The moved time."""
        return self._stopped or datetime.now(UTC) + self._ahead

    async def until(self, moment: datetime) -> None:
        """Sleep until that moment has come, or was moved to."""
        while (left := (moment - self.now()).total_seconds()) > 0:  # noqa: ASYNC110  nothing signals time
            await asyncio.sleep(min(left, STEP))


@asynccontextmanager
async def alone(settings: Settings, rules: Rules, broker: Broker, sources: Sources) -> AsyncIterator[Polling]:
    """What `agents.worker.running` starts, without the stages that read `entries`."""
    name = group(settings.topic_prefix, await ensure(broker, settings.topic_prefix, rules))
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    app = create_app(settings, name, settings.state_dir / "polling.rows")
    polling = Polling(app, settings, rules, sources, end_process)
    spare_the_collector()
    await app.start()
    try:
        async with polling.at_work(broker, name):
            yield polling
    finally:
        await app.stop()


def settings_of(folder: Path, **others: object) -> Settings:
    """A worker below `folder` that may read loopback."""
    return Settings(
        broker=f"sqlite:///{folder / 'log.db'}",
        state_dir=folder / "state",
        feeds_file=folder / "feeds.opml",
        allow_networks=("127.0.0.0/8",),
        fetchers=CONCURRENT,
        log_level="error",
        **others,
    )


def rules_of(settings: Settings) -> Rules:
    """The project's own rules."""
    rules = load_rules(settings.config_dir)
    assert not isinstance(rules, ConfigProblems), rules
    return rules


async def quiet(polling: Polling, clock: MovedClock) -> None:
    """Return once nobody is asked and nobody is due."""
    roster = polling.desk.roster
    while roster.in_work or (due := roster.next_at()) is None or due <= clock.now():  # noqa: ASYNC110
        await asyncio.sleep(0.005)

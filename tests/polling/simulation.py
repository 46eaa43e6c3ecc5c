"""A worker that polls a simulated world on an embedded log, through time that jumps.

    python -m tests.polling.simulation --folder F --feeds 20 --days 1 --seed 7 [--until SECONDS]

It goes on where the requests in F/requests.log end, so it may be killed at any moment and started again.
"""

import argparse
import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import orjson

from agents.brokers.broker import Broker, open_broker
from agents.polling.feeds_file import FeedsFile
from agents.polling.metrics import Metrics
from agents.polling.polling import Sources
from agents.worker import prepared, running
from config.load import load_rules
from config.settings import Settings
from pipeline.poll.opml import write_opml
from pipeline.poll.spec import FeedSpec
from pipeline.rules import Rules
from tests.polling.virtual import VirtualClock
from tests.polling.world import START, World, world

REQUESTS = "requests.log"
DELAY = 0.4
"""Seconds that a request takes in the simulation."""


@dataclass(frozen=True)
class Request:
    """A request as the world saw it: seconds since START, status answered, entries out by then."""

    at: float
    feed: str
    status: int
    out: int
    conditional: bool


def requests(folder: Path) -> list[Request]:
    """All requests so far; a line that a kill cut off is none."""
    path = folder / REQUESTS
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    return [Request(*orjson.loads(line)) for line in lines if line.endswith(b"\n")]


def settings_of(folder: Path, partitions: int = 4) -> Settings:
    return Settings(
        broker=f"sqlite:///{folder / 'log.db'}",
        state_dir=folder / "state",
        feeds_file=folder / "feeds.opml",
        partitions=partitions,
        fetchers=16,
        batch_within=0.001,
        log_level="error",
    )


async def simulate(folder: Path, feeds: int, days: float, seed: int, end: float) -> Metrics:
    """Poll until `end` seconds of simulated time; what was found is in the log of `folder`."""
    publishers = world(seed, feeds, days)
    settings = settings_of(folder)
    if not settings.feeds_file.exists():
        specs = [FeedSpec(one.url, title=one.host, language="en") for one in publishers]
        settings.feeds_file.write_bytes(write_opml(specs, "Simulated"))
    rules = load_rules(settings.config_dir)
    assert isinstance(rules, Rules)
    done = requests(folder)
    begin = START + timedelta(seconds=done[-1].at + 1 if done else 0)
    clock = VirtualClock(begin, end=START + timedelta(seconds=end))
    metrics = Metrics()
    broker = open_broker(settings.broker)
    try:
        with (folder / REQUESTS).open("ab") as log:
            network = World(publishers, clock, log, DELAY)
            await _polled(settings, rules, broker, Sources(
                FeedsFile(settings.feeds_file), network, lambda: "token", clock, metrics
            ), clock)  # fmt: skip
    finally:
        await broker.close()
    return metrics


async def _polled(
    settings: Settings, rules: Rules, broker: Broker, sources: Sources, clock: VirtualClock
) -> None:
    settings = await prepared(broker, settings, rules)
    async with running(settings, rules, broker, sources=sources) as worker:
        assert worker.polling is not None
        roster = worker.polling.desk.roster
        clock.busy = lambda: roster.in_work
        worker.polling.begin()
        ended = asyncio.create_task(worker.ended())
        over = asyncio.create_task(clock.over.wait())
        await asyncio.wait({ended, over}, return_when=asyncio.FIRST_COMPLETED)
        assert not ended.done(), ended.result().message
        ended.cancel()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--feeds", type=int, default=20)
    parser.add_argument("--days", type=float, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--until", type=float, default=None)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.ERROR)
    end = options.days * 86_400 if options.until is None else options.until
    asyncio.run(simulate(options.folder, options.feeds, options.days, options.seed, end))


if __name__ == "__main__":
    main()

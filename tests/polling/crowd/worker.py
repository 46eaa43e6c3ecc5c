"""One worker of the crowd, until SIGTERM; everything it needs is on its command line."""

import argparse
import asyncio
import logging
import signal
from pathlib import Path
from unittest.mock import patch

import faust

from agents.app import create_app
from agents.brokers.broker import open_broker
from agents.http.session import open_fetcher
from agents.polling.feeds_file import FeedsFile
from agents.polling.polling import Sources
from agents.worker import prepared, running
from config.load import load_rules
from config.settings import Settings
from pipeline.rules import Rules
from tests.polling.crowd.feeds import OneAddress
from tests.polling.held import FastClock
from tests.polling.world import START

SESSION, HEARTBEAT = 6.0, 1.0
"""Seconds: as short as brokers allow, so that a killed worker's feeds are soon another's."""


def settings_of(broker: str, folder: Path, number: int, prefix: str, feeds: Path) -> Settings:
    """Those of worker `number`, whose own things are below `folder`."""
    return Settings.model_validate({
        "broker": broker,
        "topic_prefix": prefix,
        "state_dir": folder / f"state-{number}",
        "feeds_file": feeds,
        "partitions": 12,
        "replication": 1,
        "allow_networks": ("127.0.0.0/8",),
        "poll_shortest": 600,
        "poll_longest": 1_200,
        "fetchers": 16,
        "fetch_timeout": 10,
        "log_level": "warning",
    })  # fmt: skip


def restless(settings: Settings, group: str, tables: Path) -> faust.App:
    """The worker's app, which a group misses soon."""
    app = create_app(settings, group, tables)
    app.conf.broker_session_timeout = SESSION
    app.conf.broker_heartbeat_interval = HEARTBEAT
    return app


async def work(settings: Settings, number: int, clock: FastClock) -> None:
    """Poll until told to stop."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    rules = load_rules(settings.config_dir)
    assert isinstance(rules, Rules)
    broker = open_broker(settings.broker, prefix=settings.topic_prefix)
    try:
        settings = await prepared(broker, settings, rules)
        resolver = OneAddress(f"127.0.0.{number}")
        async with open_fetcher(settings, resolver=resolver, clock=clock) as fetcher:
            sources = Sources(FeedsFile(settings.feeds_file), fetcher, lambda: "token", clock)
            async with running(settings, rules, broker, sources=sources, alone=False) as worker:
                assert worker.polling is not None
                worker.polling.begin()
                ended = asyncio.create_task(worker.ended())
                stopping = asyncio.create_task(stop.wait())
                await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
                assert not ended.done(), ended.result().message
                ended.cancel()
    finally:
        await broker.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    for name, kind in {
        "broker": str,
        "folder": Path,
        "number": int,
        "prefix": str,
        "feeds": Path,
        "speed": float,
        "begun": float,
    }.items():
        parser.add_argument(f"--{name}", type=kind, required=True)
    known = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format=f"%(asctime)s {known.number} %(name)s: %(message)s")
    settings = settings_of(known.broker, known.folder, known.number, known.prefix, known.feeds)
    with patch("agents.worker.create_app", restless):
        asyncio.run(work(settings, known.number, FastClock(known.speed, START, known.begun)))


if __name__ == "__main__":
    main()

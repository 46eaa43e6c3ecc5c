"""One replay from its files to drained topics, with a worker of its own where none is running."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from agents.brokers.broker import Broker
from agents.brokers.errors import WorkerRunning
from agents.drain import Backlog, drained
from agents.generations import current, group
from agents.replay.send import Progress, Report, send
from agents.topics import flow_topics
from agents.worker import Stopped, prepared, running
from config.settings import Settings
from pipeline.rules import Rules


class Bars(Progress, Protocol):
    """Hears of a replay's whole way."""

    def draining(self, backlog: Backlog) -> None:
        """So many messages are still to be worked on."""


class NotDrained(Exception):
    """The worker ended before everything was done; `code` is its exit code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


async def replay_all(
    settings: Settings, rules: Rules, broker: Broker, paths: Sequence[Path], bars: Bars
) -> Report:
    """Send all of `paths` and return when everything that follows from it is published.

    Where a worker of the same log is running already, that one does the work and we watch.
    Raises NotDrained when the worker ends early.
    """
    settings = await prepared(broker, settings, rules)
    report = await send(paths, broker, settings.topic_prefix, rules, bars)
    try:
        async with running(settings, rules, broker) as worker:
            watching = asyncio.create_task(_drained(settings, broker, bars))
            ended = asyncio.create_task(worker.ended())
            await asyncio.wait({watching, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not watching.done():
                watching.cancel()
                raise _not_drained(await ended)
            ended.cancel()
            await watching
    except WorkerRunning:
        await _drained(settings, broker, bars)
    return report


async def _drained(settings: Settings, broker: Broker, bars: Bars) -> None:
    generation = await current(broker, settings.topic_prefix)
    topics = [settings.topic_prefix + topic for topic in flow_topics()]
    await drained(broker, group(settings.topic_prefix, generation), topics, bars.draining)


def _not_drained(stopped: Stopped) -> NotDrained:
    return NotDrained(f"{stopped.message}: run it again to go on, what was sent is kept", stopped.code)

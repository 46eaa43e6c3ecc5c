"""One replay from its files to drained topics, with a worker of its own where none is running."""

import asyncio
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, Protocol

from agents.brokers.broker import Broker
from agents.brokers.errors import WorkerRunning
from agents.drain import Backlog, drained
from agents.generations import current, group
from agents.replay.send import Progress, Report, send
from agents.topics import flow_topics
from agents.worker import Stopped, Worker, lock_name, prepared, running
from config.settings import Settings
from pipeline.rules import Rules

LOOK = 0.5
"""Seconds between two looks at whether another worker has gone."""


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
    settings: Settings, rules: Rules, broker: Broker, paths: Sequence[Path], bars: Bars, silent: bool = False
) -> Report:
    """Send all of `paths` and return when everything that follows from it is published.

    Where a worker of the same log is running already, that one does the work and we watch; should
    it end, we go on ourselves. `silent`: no changes of stories are told. Raises NotDrained when our
    own worker ends early.
    """
    settings = await prepared(broker, settings, rules)
    report = await send(paths, broker, settings.topic_prefix, rules, bars)
    while True:
        try:
            async with running(settings, rules, broker, silent) as worker:
                await _first(_drained(settings, broker, bars), _ended(worker))
                return report
        except WorkerRunning:
            if await _first(_drained(settings, broker, bars), _alone(settings, broker)):
                return report


async def _first(drained: Coroutine[Any, Any, None], other: Coroutine[Any, Any, None]) -> bool:
    """Wait for the first of the two; whether it was the drain. What the other raises is raised."""
    watching, aside = asyncio.create_task(drained), asyncio.create_task(other)
    try:
        await asyncio.wait({watching, aside}, return_when=asyncio.FIRST_COMPLETED)
        for task in (watching, aside):
            if task.done():
                task.result()
        return watching.done()
    finally:
        for task in (watching, aside):
            task.cancel()
        await asyncio.gather(watching, aside, return_exceptions=True)


async def _drained(settings: Settings, broker: Broker, bars: Bars) -> None:
    generation = await current(broker, settings.topic_prefix)
    topics = [settings.topic_prefix + topic for topic in flow_topics()]
    await drained(broker, group(settings.topic_prefix, generation), topics, bars.draining)


async def _ended(worker: Worker) -> None:
    raise _not_drained(await worker.ended())


async def _alone(settings: Settings, broker: Broker) -> None:
    """Return once the worker of this log is gone."""
    while True:
        try:
            async with broker.worker_lock(lock_name(settings.topic_prefix)):
                return
        except WorkerRunning:
            await asyncio.sleep(LOOK)  # nobody tells when a lock becomes free


def _not_drained(stopped: Stopped) -> NotDrained:
    return NotDrained(f"{stopped.message}: run it again to go on, what was sent is kept", stopped.code)

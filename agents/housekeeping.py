"""Beside the worker: its log drops what topics need not keep any more, every minute."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from agents.brokers.errors import BrokerError
from agents.brokers.log import Log

log = logging.getLogger(__name__)
EVERY = 60.0
"""Seconds: a message is looked at when it is a minute old, so two minutes of each key lie in the log."""


@asynccontextmanager
async def housekeeping(
    broker: object, every: float = EVERY, clock: Callable[[], float] = time.time
) -> AsyncIterator[None]:
    """While this is open an embedded log is tidied; a cluster does so itself.

    `broker` should be the one that the worker appends to, so that appends and tidying take turns in one
    thread. `every` is in seconds, `clock` gives seconds since 1970.
    """
    if not isinstance(broker, Log):
        yield
        return
    task = asyncio.create_task(_tidy(broker, every, clock))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _tidy(broker: Log, every: float, clock: Callable[[], float]) -> None:
    while True:
        await asyncio.sleep(every)
        try:
            dropped = await broker.tidy(clock())
        except BrokerError as error:
            log.warning("the log is not tidied now, and will be in %g s: %s", every, error)
        else:
            log.debug("dropped %s", dropped)

"""How a stage is fed: in batches, each inside a bound, and nothing that fails is ever acknowledged."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

from agents.rows import StreamEvent
from agents.sending import GiveUp
from agents.watch.work import Work
from config.settings import Settings

log = logging.getLogger(__name__)

EX_SOFTWARE = 70
"""Exit code for a fault of ours (sysexits.h): a supervisor may restart, a person should look."""
EX_TEMPFAIL = 75
"""Exit code for a broker that does not answer (sysexits.h): start again later."""

EX_CONFIG = 78
"""Exit code for a setting that cannot be used here, a port that is taken for instance (sysexits.h)."""

PART_BYTES = 1_000_000
"""Bytes of messages worked on at once: bounds memory, and how long a stop signal waits (about 2 s where
every article has 240 kB and speaks of nothing but the subjects)."""

Stage = Callable[[Sequence[StreamEvent]], Awaitable[None]]
Agent = Callable[[Any], Awaitable[None]]


def batches(
    stage: Stage, within: float, settings: Settings, die: Callable[[str, int], None], work: Work
) -> Agent:
    """A Faust agent that hands `stage` what came `within` seconds, at most `settings.batch` messages.

    Nothing may leave the loop: an exception out of `take_events` would leave an agent that never
    receives again, and any way out acknowledges the batch. So a failure ends the process, and the
    batch is delivered again to the next one. The broker's answers are bounded where they are awaited
    (sending.py); the stage's own work is not, or a slow machine would try the same batch for ever.
    `work` is told of each part and batch that is done.
    """

    async def agent(stream: Any) -> None:
        async for events in stream.take_events(settings.batch, within=within):
            try:
                with work.batch(len(events)):
                    for part in parts(events):
                        await stage(part)
                        work.part()
                        await asyncio.sleep(0)
            except asyncio.CancelledError:
                raise  # a clean stop; the driver does not acknowledge what was cancelled
            except GiveUp as error:
                die(f"the broker does not take what has to be sent: {error}", EX_TEMPFAIL)
            except Exception as error:
                log.exception("a stage failed")
                die(f"a stage failed: {type(error).__name__}: {error}", EX_SOFTWARE)

    return agent


def parts(events: Sequence[StreamEvent], limit: int = PART_BYTES) -> Iterator[list[StreamEvent]]:
    """`events` in order, in parts of at most `limit` bytes, or of one event."""
    part: list[StreamEvent] = []
    size = 0
    for event in events:
        length = len(event.value or b"")
        if part and size + length > limit:
            yield part
            part, size = [], 0
        part.append(event)
        size += length
    if part:
        yield part

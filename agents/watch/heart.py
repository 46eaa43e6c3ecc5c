"""Notices an event loop that turns no more: from a thread, since the loop itself cannot."""

import asyncio
import os
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from agents.batches import EX_TEMPFAIL
from agents.watch.health import Health

TICK = 1.0
"""Seconds between two turns that are noted; the thread looks as often."""
LAST_WORDS = 5.0
"""Seconds to say why. What blocks the loop may block whoever speaks: a pipe that nobody reads."""


@dataclass(frozen=True, slots=True)
class Silence:
    """How long the loop has not turned, as counted by looks from outside."""

    beats: int
    at: float
    seconds: float = 0.0


def listened(before: Silence, beats: int, now: float) -> Silence:
    """A look at the number of turns; a step counts as two ticks at most, since the process may have slept."""
    if beats != before.beats:
        return Silence(beats, now)
    return Silence(beats, now, before.seconds + min(now - before.at, 2 * TICK))


@asynccontextmanager
async def beating(health: Health, die: Callable[[str, int], None]) -> AsyncIterator[None]:
    """While within, a loop that does not turn for `health.patience` ends the process."""
    over = threading.Event()
    listener = threading.Thread(
        target=_listen, args=(health, die, over, threading.get_ident()), name="heart", daemon=True
    )
    listener.start()
    heart = asyncio.create_task(_beat(health))
    try:
        yield
    finally:
        over.set()
        heart.cancel()


async def _beat(health: Health) -> None:
    while True:
        health.beat()
        await asyncio.sleep(TICK)


def _listen(health: Health, die: Callable[[str, int], None], over: threading.Event, loop: int) -> None:
    silence = Silence(health.beats, time.monotonic())
    while not over.wait(TICK):
        silence = listened(silence, health.beats, time.monotonic())
        if silence.seconds >= health.patience:
            _end(f"the event loop has not turned for {silence.seconds:.0f} s; it is in {_where(loop)}", die)
            return


def _where(thread: int) -> str:
    """The innermost lines of ours and of anybody that a thread stands in."""
    frame = sys._current_frames().get(thread)
    if frame is None:
        return "no Python code"
    return f"{frame.f_code.co_name} ({frame.f_code.co_filename}:{frame.f_lineno})"


def _end(message: str, die: Callable[[str, int], None]) -> None:
    """Say it, in a thread that may be left behind, and end."""
    speaker = threading.Thread(target=die, args=(message, EX_TEMPFAIL), daemon=True)
    speaker.start()
    speaker.join(LAST_WORDS)
    os._exit(EX_TEMPFAIL)

"""Tenure: the stretch of time in which this worker holds certain partitions, and may work on their feeds."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import faust

Work = Callable[[frozenset[int]], Awaitable[None]]

ENDED_WITHIN = 20.0
"""Seconds within which work has to end when partitions are revoked: the whole group waits for it, and goes on
without this worker after broker_rebalance_timeout (60 s)."""


class NotEnded(Exception):
    """Work on feeds goes on although their partitions are taken away."""


class Tenure:
    """Once it is open, does its work from each assignment of the partitions of `topic` to their revocation.

    The work gets the partitions' numbers and is cancelled at the end; `ended` is called once it has ended.
    The revocation waits for both, and for what was sent until then to be durable: nothing is sent after it.
    What the work raises goes to `failed`.

    A group that is balanced anew takes all partitions from all workers and gives them out again; what stays
    is told from what came by nobody. So both begin in the same way: with what the tables say.
    """

    def __init__(
        self,
        app: faust.App,
        topic: str,
        ended: Callable[[], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._app = app
        self._topic = topic
        self._work: Work | None = None
        self._ended = ended
        self._failed = failed
        self._held: frozenset[int] | None = None
        self._task: asyncio.Task[None] | None = None
        app.on_partitions_revoked.connect(self._on_revoked, weak=False)
        app.on_partitions_assigned.connect(self._on_assigned, weak=False)

    def open(self, work: Work) -> None:
        """Do this, as soon as there is an assignment."""
        self._work = work
        self._begin()

    async def close(self) -> None:
        """Work no more."""
        self._work = None
        await self._end()

    async def _on_revoked(self, _app: faust.App, *_: Any, **__: Any) -> None:
        self._held = None
        self._app.tables.recovery.completed.clear()  # Faust sets it once for all, at the first recovery
        try:
            async with asyncio.timeout(ENDED_WITHIN):
                if await self._end():
                    await self._app.producer.flush()
        except TimeoutError:
            self._failed(NotEnded(f"work on feeds did not end within {ENDED_WITHIN:g} s of their revocation"))

    async def _on_assigned(self, _app: faust.App, assigned: Any, **_: Any) -> None:
        await self._end()
        self._held = frozenset(place.partition for place in assigned if place.topic == self._topic)
        self._begin()

    def _begin(self) -> None:
        if self._work is not None and self._held is not None and self._task is None:
            self._task = asyncio.create_task(self._done(self._work, self._held))

    async def _end(self) -> bool:
        """Whether there was work to end."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})
        self._ended()
        return task is not None

    async def _done(self, work: Work, held: frozenset[int]) -> None:
        try:
            await self._app.tables.recovery.completed.wait()
            await work(held)
        except Exception as error:
            self._failed(error)

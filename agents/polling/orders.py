"""Orders in work: a task for each, so that none is lost on its way and a slow one holds up no other.

Not a Faust agent on a channel: a rebalance clears channels, so that orders would be lost until somebody
missed them; and an exception that leaves such an agent ends the worker. How many are at work is decided
where they come from: the schedule has slots, hubs have a bounded intake.
"""

import asyncio
from collections.abc import Awaitable, Callable

from agents.polling.order import Order


class Orders:
    """`work` does one order. What it raises is given to `failed`, and should be the end of the process."""

    def __init__(self, work: Callable[[Order], Awaitable[None]], failed: Callable[[Exception], None]) -> None:
        self._work = work
        self._failed = failed
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, order: Order) -> None:
        """Begin with an order."""
        task = asyncio.get_running_loop().create_task(self._done(order))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: order.resolve(False))  # broken off, perhaps before it began

    async def _done(self, order: Order) -> None:
        try:
            await self._work(order)
        except Exception as error:
            self._failed(error)

    async def stop(self) -> None:
        """Break off what is in work: what is not remembered is due again."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

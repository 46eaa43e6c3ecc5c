"""A worker of a generation that is over ends itself: a rebuild began another one beside it.

On the embedded log the worker's lock makes that impossible; on a cluster a worker may come up in the
moment between a rebuild's look at the group and its record.
"""

import asyncio
from contextlib import suppress

from agents.brokers.broker import Broker
from agents.brokers.errors import MaybeError
from agents.generations import current
from agents.topics import GENERATIONS

LOOK = 2.0
"""Seconds between two looks, each one question. Two generations at once do no harm, they are a waste."""


async def successor(broker: Broker, prefix: str, number: int) -> int:
    """The number of a generation after `number`, once there is one. Raises what is no passing trouble."""
    seen: dict[int, int] = {}
    while True:
        with suppress(MaybeError):  # the worker's own transport judges how long a cluster may be away
            ends = await broker.ends(prefix + GENERATIONS.name)
            if ends != seen:
                found = (await current(broker, prefix)).number
                if found > number:
                    return found
                seen = ends
        await asyncio.sleep(LOOK)

"""When a pipeline has done all that it was given: a question of offsets, never of sleeping."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agents.brokers.broker import Broker


@dataclass(frozen=True, slots=True)
class Backlog:
    """Messages that a group has not yet committed, per topic in flow order."""

    waiting: dict[str, int]

    @property
    def empty(self) -> bool:
        """Nothing is waiting anywhere."""
        return not any(self.waiting.values())


async def backlog(broker: Broker, group: str, topics: Sequence[str]) -> Backlog:
    """What `group` still has to read of `topics`, looked at in flow order."""
    waiting = {}
    for topic in topics:
        ends = await broker.ends(topic)
        committed = await broker.committed(group)
        waiting[topic] = sum(end - committed.get((topic, part), 0) for part, end in ends.items())
    return Backlog(waiting)


async def drained(
    broker: Broker, group: str, topics: Sequence[str], progress: Callable[[Backlog], None]
) -> None:
    """Return once `topics` are read to their ends, seen twice without an append in between.

    One look is not enough: a message on a later topic may be on its way while the earlier topic is
    already committed. Waits on the broker's own change signal.
    """
    quiet_at: int | None = None
    while True:
        version, appended = broker.version(), await broker.appended()
        found = await backlog(broker, group, topics)
        progress(found)
        if found.empty and quiet_at == appended:
            return
        if found.empty:
            quiet_at = appended
            await asyncio.sleep(0)
        else:
            quiet_at = None
            await broker.changed(version)

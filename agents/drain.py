"""When a pipeline has done all that it was given: a question of offsets, never of sleeping."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from agents.brokers.broker import Broker
from agents.brokers.message import TopicPartition


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
    committed = await broker.committed(group)  # before the ends, so that nothing counts as read too early
    for topic in topics:
        ends = await broker.ends(topic)
        starts = await broker.starts(topic)  # what the broker has dropped waits no more
        waiting[topic] = sum(
            max(0, end - max(committed.get((topic, part), 0), starts[part])) for part, end in ends.items()
        )
    return Backlog(waiting)


async def read_up(broker: Broker, group: str, topic: str, partitions: Iterable[int]) -> None:
    """Return once `group` has read these partitions of `topic` as far as they reach now."""
    held, reach = set(partitions), await _reach(broker, topic)
    wanted = {place: end for place, end in reach.items() if place[1] in held}
    version = broker.version()
    while await _behind(broker, group, wanted):
        version = await broker.changed(version)


async def passed(
    broker: Broker, group: str, topics: Sequence[str], progress: Callable[[Backlog], None]
) -> None:
    """Return once `group` has read each of `topics`, in flow order, as far as it reached when its turn came.

    What others append meanwhile is not waited for.
    """
    for topic in topics:
        wanted = await _reach(broker, topic)
        version = broker.version()
        while await _behind(broker, group, wanted):
            progress(await backlog(broker, group, topics))
            version = await broker.changed(version)
    progress(Backlog(dict.fromkeys(topics, 0)))


async def _reach(broker: Broker, topic: str) -> dict[TopicPartition, int]:
    """The end of each partition that holds something."""
    starts, ends = await broker.starts(topic), await broker.ends(topic)
    return {(topic, part): end for part, end in ends.items() if starts[part] < end}


async def _behind(broker: Broker, group: str, wanted: Mapping[TopicPartition, int]) -> bool:
    committed = await broker.committed(group)
    return any(committed.get(place, 0) < end for place, end in wanted.items())


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

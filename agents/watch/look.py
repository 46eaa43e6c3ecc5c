"""A look at a worker: what its app says of itself, and what the broker says from outside."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from agents.brokers.broker import Broker
from agents.brokers.errors import BrokerError
from agents.watch.seen import Done, Phase, Place, Reach, Seen

ANSWER = 10.0
"""Seconds for all that one look asks of the broker; after them nothing is known."""


async def look(
    app: Any, broker: Broker, group: str, prefix: str, done: Mapping[str, Done], started: bool
) -> Seen:
    """What there is to see of the topics in `done`; an error of the broker is a look without its word."""
    phase = phase_of(app, started)
    remaining = app.tables.recovery.active_remaining_total() if phase is Phase.RECOVERING else 0
    held = _held(app, prefix, done) if started else frozenset()
    try:
        async with asyncio.timeout(ANSWER):
            reach = await _reaches(app, broker, group, prefix, done, started)
    except (BrokerError, TimeoutError) as error:
        why = str(error) or f"no answer within {ANSWER:g} s"
        return Seen(phase, held, None, done, remaining, why)
    return Seen(phase, held, reach, done, remaining)


def phase_of(app: Any, started: bool) -> Phase:
    """`started`: the app's start is over. Until partitions were given to it for the first time it starts."""
    if not started or not app.rebalancing_count:
        return Phase.STARTING
    if app.in_recovery:
        return Phase.RECOVERING
    return Phase.REBALANCING if app.rebalancing else Phase.RUNNING


def _held(app: Any, prefix: str, topics: Iterable[str]) -> frozenset[Place]:
    places = ((tp.topic.removeprefix(prefix), tp.partition) for tp in app.consumer.assignment())
    return frozenset(place for place in places if place[0] in topics)


async def _reaches(
    app: Any, broker: Broker, group: str, prefix: str, topics: Iterable[str], started: bool
) -> dict[Place, Reach]:
    committed = await broker.committed(group)
    found: dict[Place, Reach] = {}
    for topic in topics:
        ends, starts = await broker.ends(prefix + topic), await broker.starts(prefix + topic)
        for partition, end in ends.items():
            place = (prefix + topic, partition)
            at = max(committed.get(place, 0), starts.get(partition, 0))
            oldest = await _oldest(broker, prefix + topic, partition, at) if at < end else None
            own = _own(app, place) if started else None
            found[topic, partition] = Reach(committed.get(place), at, end, oldest, own)
    return found


async def _oldest(broker: Broker, topic: str, partition: int, at: int) -> float | None:
    """When the first message from `at` on was sent; the worker reads offsets in order, so it is next."""
    found = await broker.read(topic, partition, at, 1)
    return found[0].time / 1000 if found else None


def _own(app: Any, place: Place) -> int | None:
    """Faust keys by its own kind of pair, which is one."""
    offset = app.consumer._committed_offset.get(place)
    return None if offset is None else int(offset)

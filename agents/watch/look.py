"""A look at a worker: what its app says of itself, and what the broker says from outside."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from agents.brokers.broker import Broker
from agents.brokers.errors import BrokerError
from agents.watch.seen import Done, Phase, Place, Reach, Seen

ANSWER = 10.0
"""Seconds for all that one look asks of the broker; after them nothing is known."""


HAS_CONSUMER = (Phase.REBALANCING, Phase.RECOVERING, Phase.RUNNING)


async def look(
    app: Any,
    broker: Broker,
    group: str,
    prefix: str,
    done: Mapping[str, Done],
    started: bool = True,
    before: Seen | None = None,
) -> Seen:
    """What there is to see of the topics in `done`; an error of the broker is a look without its word.

    `before` spares questions: what waits at the same offset was sent at the same time.
    """
    phase = phase_of(app, started)
    asked = phase in HAS_CONSUMER
    remaining = sum(table.data.remaining for table in app.tables.values()) if asked else 0
    held = _held(app, prefix, done) if asked else frozenset()
    found: dict[Place, Reach] = {}
    try:
        async with asyncio.timeout(ANSWER):
            for topic in done:
                reached = await _reaches(broker, group, prefix, topic)
                # After the answer: what was committed on its way is not another's.
                own = _own(app, prefix) if asked else {}
                found |= {place: replace(reach, own=own.get(place)) for place, reach in reached.items()}
            reach = await _dated(broker, prefix, found, held, (before and before.reach) or {})
    except (BrokerError, TimeoutError) as error:
        why = str(error) or f"no answer within {ANSWER:g} s"
        return Seen(phase, held, None, done, remaining, why)
    return Seen(phase, held, reach, done, remaining)


def phase_of(app: Any, started: bool) -> Phase:
    """`started`: the app's start is over. Until partitions were given to it for the first time it starts."""
    if app.should_stop:
        return Phase.STOPPING
    if not started or not app.rebalancing_count:
        return Phase.STARTING
    if app.in_recovery:
        return Phase.RECOVERING
    return Phase.REBALANCING if app.rebalancing else Phase.RUNNING


def _held(app: Any, prefix: str, topics: Iterable[str]) -> frozenset[Place]:
    places = ((tp.topic.removeprefix(prefix), tp.partition) for tp in app.consumer.assignment())
    return frozenset(place for place in places if place[0] in topics)


def _own(app: Any, prefix: str) -> dict[Place, int | None]:
    """How far the consumer itself has committed, or where it began."""
    committed = app.consumer._committed_offset.items()
    return {(tp.topic.removeprefix(prefix), tp.partition): offset for tp, offset in committed}


async def _reaches(broker: Broker, group: str, prefix: str, topic: str) -> dict[Place, Reach]:
    """The ends last: an offset is never taken for one beyond them."""
    name = prefix + topic
    committed, starts = await broker.committed(group), await broker.starts(name)
    found: dict[Place, Reach] = {}
    for partition, end in (await broker.ends(name)).items():
        known = committed.get((name, partition))
        found[topic, partition] = Reach(known, max(known or 0, starts.get(partition, 0)), end)
    return found


async def _dated(
    broker: Broker,
    prefix: str,
    found: Mapping[Place, Reach],
    held: frozenset[Place],
    before: Mapping[Place, Reach],
) -> dict[Place, Reach]:
    """With the time of the first message that waits: of what is held, or of all where nothing is."""
    dated = dict(found)
    for place, reach in found.items():
        if reach.at >= reach.end or (held and place not in held):
            continue
        known = before.get(place)
        if known and known.at == reach.at and known.oldest is not None:
            oldest: float | None = known.oldest
        else:
            oldest = await _oldest(broker, prefix + place[0], place[1], reach.at)
        dated[place] = replace(reach, oldest=oldest)
    return dated


async def _oldest(broker: Broker, topic: str, partition: int, at: int) -> float | None:
    """When the first message from `at` on was sent, in seconds since 1970; None if there is none."""
    found = await broker.read(topic, partition, at, 1)
    return found[0].time / 1000 if found else None

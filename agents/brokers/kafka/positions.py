"""Where partitions begin and end, and where a time stands in them: one question to each leader."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping

from aiokafka.protocol.offset import OffsetRequest

from agents.brokers.kafka.connection import Connection, check
from agents.brokers.kafka.errors import Asked
from agents.brokers.kafka.layout import Layout, led, look
from agents.brokers.message import TopicPartition

END = -1
START = -2


async def offsets(
    connection: Connection, topics: Iterable[str], at: int, layout: Layout | None = None
) -> dict[TopicPartition, int]:
    """Of every partition of `topics` the offset at END, at START, or of the first message sent at or after a
    time in milliseconds (-1: there is none). `layout` spares the first look at who leads."""
    names = sorted(topics)
    asked = Asked(connection.servers, "read offsets", topic=", ".join(names), operation="Describe")
    given = [layout] if layout is not None else []

    async def question() -> dict[TopicPartition, int]:
        places = (given.pop() if given else await look(connection, names)).places(names)
        return await _asked(connection, places, at)

    return await connection.patiently(asked, question)


async def _asked(
    connection: Connection, places: Mapping[TopicPartition, int], at: int
) -> dict[TopicPartition, int]:
    leaders: dict[int, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for (topic, partition), leader in places.items():
        leaders[led(leader)][topic].append((partition, at))
    answers = await asyncio.gather(*(_of(connection, node, wanted) for node, wanted in leaders.items()))
    return {place: offset for answer in answers for place, offset in answer.items()}


async def _of(
    connection: Connection, node: int, wanted: Mapping[str, list[tuple[int, int]]]
) -> dict[TopicPartition, int]:
    response = await connection.send(OffsetRequest(-1, 0, list(wanted.items())), node)
    found: dict[TopicPartition, int] = {}
    for topic, partitions in response.topics:
        for partition, code, _, offset in partitions:
            check(code)
            found[topic, partition] = offset
    return found

"""Reading a topic as it stands: every message up to the ends that were there when the reading began."""

from collections.abc import AsyncIterator, Mapping

from agents.brokers.broker import Broker, follow
from agents.brokers.message import Message

PAGE = 1_000
"""Messages per look: short transactions, and memory that does not grow with the topic."""


async def scan(broker: Broker, topic: str, starts: Mapping[int, int] | None = None) -> AsyncIterator[Message]:
    """The messages of `topic`, partition after partition, from `starts` (offsets) or the beginning.

    A topic that does not exist has no messages.
    """
    if topic not in await broker.topics():
        return
    for partition in sorted(await broker.ends(topic)):
        async for message in scan_partition(broker, topic, partition, (starts or {}).get(partition, 0)):
            yield message


async def scan_partition(broker: Broker, topic: str, partition: int, start: int) -> AsyncIterator[Message]:
    """The messages of one partition from `start` up to the end that stood there at the first look."""
    end = (await broker.ends(topic))[partition]
    offset = start
    while offset < end:
        page = await broker.read(topic, partition, offset, min(PAGE, end - offset))
        for message in page:
            if message.offset >= end:  # what stood before it is gone
                return
            yield message
        if not page:
            return
        offset = page[-1].offset + 1


async def tail(broker: Broker, topic: str, starts: Mapping[int, int]) -> AsyncIterator[Message]:
    """The messages of `topic` from `starts` on, for ever, as they come; waits for the topic."""
    version = broker.version()
    while topic not in await broker.topics():
        version = await broker.changed(version)
    async for message in follow(broker, topic, starts):
        yield message

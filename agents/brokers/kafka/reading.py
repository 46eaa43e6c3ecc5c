"""Fetching messages page by page, from any offset, without ever waiting for one to come."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiokafka.errors import OffsetOutOfRangeError
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.record.memory_records import MemoryRecords

from agents.brokers.kafka.connection import FETCH_BYTES, Connection, check
from agents.brokers.kafka.errors import Asked
from agents.brokers.kafka.layout import known, led
from agents.brokers.kafka.positions import START, offsets
from agents.brokers.message import Message

PER_MESSAGE = 4_096
"""Bytes that a page asks for per message: an event has about two thousand."""

LEAST_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Page:
    """Messages, the offset after the last of them (or after what was dropped there), and the end."""

    messages: list[Message]
    after: int
    end: int


class Reader:
    """Reads page after page; what a fetch brought beyond the page is kept for the next one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._leaders: dict[str, Mapping[int, int]] = {}
        self._rest: list[Message] = []

    async def read(self, topic: str, partition: int, offset: int, limit: int) -> list[Message]:
        """At most `limit` messages from `offset` on, or from the oldest on; [] at the end."""
        if limit < 1:
            return []
        rest = self._rest
        if not (rest and (rest[0].topic, rest[0].partition, rest[0].offset) == (topic, partition, offset)):
            rest = await self._fetched(topic, partition, offset, limit)
        self._rest = rest[limit:]
        return rest[:limit]

    async def _fetched(self, topic: str, partition: int, offset: int, limit: int) -> list[Message]:
        size = min(FETCH_BYTES, max(LEAST_BYTES, limit * PER_MESSAGE))
        while True:
            page = await self._page(topic, partition, offset, size)
            if page.messages or page.after >= page.end or page.after == offset:
                return page.messages
            offset = page.after  # a stretch of which nothing is left

    async def _page(self, topic: str, partition: int, offset: int, size: int) -> Page:
        asked = Asked(self._connection.servers, f"read {topic!r}", topic, operation="Read")

        async def question() -> Page:
            try:
                leader = await self._leader(topic, partition)
                pages = await fetch(self._connection, leader, topic, {partition: offset}, size)
                return pages[partition]
            except OffsetOutOfRangeError:
                return await self._from_oldest(topic, partition, offset, size)
            except Exception:
                self._leaders.pop(topic, None)  # who leads may have changed
                raise

        return await self._connection.patiently(asked, question)

    async def _leader(self, topic: str, partition: int) -> int:
        if topic not in self._leaders:
            self._leaders[topic] = (await known(self._connection, topic)).leaders[topic]
        return led(self._leaders[topic].get(partition))

    async def _from_oldest(self, topic: str, partition: int, offset: int, size: int) -> Page:
        start = (await offsets(self._connection, [topic], START))[topic, partition]
        if offset >= start:  # beyond the end
            return Page([], offset, offset)
        leader = await self._leader(topic, partition)
        return (await fetch(self._connection, leader, topic, {partition: start}, size))[partition]


async def fetch(
    connection: Connection, node: int, topic: str, at: Mapping[int, int], size: int
) -> dict[int, Page]:
    """One request to a leader for these partitions, answered with what is there.

    Raises aiokafka's errors, for `patiently`.
    """
    wanted = [(partition, offset, size) for partition, offset in at.items()]
    request = FetchRequest(0, 1, FETCH_BYTES, 0, [(topic, wanted)])
    response = await connection.send(request, node)
    found: dict[int, Page] = {}
    for _, partitions in response.topics:
        for partition, code, end, *_, batches in partitions:
            check(code)
            found[partition] = _page_of(topic, partition, at[partition], end, batches)
    check(getattr(response, "error_code", 0))
    return found


def _page_of(topic: str, partition: int, offset: int, end: int, batches: bytes) -> Page:
    """The messages in the bytes of a fetch, whose first batch may begin before `offset`."""
    messages: list[Message] = []
    records = MemoryRecords(batches or b"")
    after = offset
    while records.has_next():
        batch = records.next_batch()
        after = max(after, batch.next_offset)
        if not batch.is_control_batch:
            messages += [message_of(topic, partition, record) for record in batch if record.offset >= offset]
    return Page(messages, after, end)


def message_of(topic: str, partition: int, record: Any) -> Message:
    """A record of aiokafka as ours."""
    key, value = record.key, record.value
    return Message(
        topic,
        partition,
        record.offset,
        record.timestamp,
        None if key is None else bytes(key),
        tuple(record.headers),
        None if value is None else bytes(value),
    )

"""Changelogs in a cluster: claimed by each new owner, read without a group."""

from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any
from uuid import uuid4

from agents.brokers.changelog import (
    CATCH_UP_ROWS,
    CLAIM_KEY,
    NOBODY,
    Record,
    claim_value,
    record_of,
)
from agents.brokers.errors import StorageFailed
from agents.brokers.kafka.reading import Reader


class KafkaChangelog:
    """The changelogs of one worker; `worker` is a name no other has."""

    def __init__(self, transport: Any, worker: str = "") -> None:
        self._transport = transport
        self._worker = worker or uuid4().hex
        self._reader = Reader(transport.connection)

    async def claim(self, topic: str, numbers: Mapping[int, int]) -> dict[int, int]:
        """Rows sent from now on carry the new numbers; those of before are all in the cluster or refused."""
        producer = self._transport.app.producer
        sent = {}
        for partition, number in numbers.items():
            value = claim_value(number, self._worker)
            sent[partition] = await producer.send_claimed(topic, CLAIM_KEY, value, (), partition)
        found = {partition: int((await future).offset) for partition, future in sent.items()}
        for partition, number in numbers.items():
            producer.claim(topic, partition, number)
        return found

    def give_up(self, topic: str, partitions: Iterable[int]) -> None:
        for partition in partitions:
            self._transport.app.producer.claim(topic, partition, NOBODY)

    async def records(
        self, topic: str, starts: Mapping[int, int], lasts: Mapping[int, int]
    ) -> AsyncIterator[tuple[int, list[Record]]]:
        for partition, last in lasts.items():
            at = starts[partition]
            while at <= last:
                found = await self._reader.read(topic, partition, at, CATCH_UP_ROWS)
                if not found:
                    raise StorageFailed(
                        f"{topic!r} partition {partition}: record {last}, which was confirmed, is not there; "
                        "did brokers lose data, or was the topic deleted?"
                    )
                at = found[-1].offset + 1
                yield partition, [record_of(message) for message in found]

    async def is_ours(self) -> bool:
        return bool(await self._transport.app.consumer.is_member())

    def disturbed(self) -> None:
        self._transport.app.consumer.rejoin()

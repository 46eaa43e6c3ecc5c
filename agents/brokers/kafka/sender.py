"""Sending, each message with an end: one idempotent producer of aiokafka behind a queue per partition.

aiokafka lets a message wait where the batch of its partition is full, as it stays while nobody leads the
partition. Order is promised within a partition, so only those behind it wait with it.

aiokafka tries a message of an idempotent producer again for ever, so nothing here waits for it without a
bound; after `PATIENCE` a message counts as not taken, although it may still arrive. It also counts the
sequence of a partition on when a broker has refused a batch, and every batch after that is out of
sequence; here the count goes back. What then is still out of sequence is fatal.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from itertools import count
from math import inf
from typing import Any, TypeAlias

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import (
    InvalidProducerEpoch,
    InvalidProducerIdMapping,
    KafkaError,
    OutOfOrderSequenceNumber,
    ProducerFenced,
)

from agents.brokers.errors import BrokerError, Closed, MaybeError, NeverError, TimedOut, Unusable
from agents.brokers.headers import Headers
from agents.brokers.kafka.admin import MAX_BATCH_BYTES
from agents.brokers.kafka.connection import BACKOFF, PATIENCE, REQUEST_MS, Connection
from agents.brokers.kafka.errors import Asked, translated

LINGER_MS = 5
BATCH_BYTES = 131_072
"""Per partition and request; a larger message goes alone, so a refusal for its size hits no other."""
WATCH_SECONDS = 0.5
STOP_SECONDS = 5.0
FATAL = (OutOfOrderSequenceNumber, ProducerFenced, InvalidProducerEpoch, InvalidProducerIdMapping)

Reply: TypeAlias = Callable[[int, BrokerError | None], None]


@dataclass(slots=True, eq=False)
class Going:
    """A message on its way; `reply(offset, None)` or `reply(-1, error)` is called once."""

    number: int
    at: TopicPartition
    key: bytes | None
    value: bytes | None
    headers: Headers
    reply: Reply
    until: float


def _look_calmly(producer: AIOKafkaProducer) -> None:
    """While nobody leads the partition of a batch, aiokafka asks who does a thousand times a second."""
    client, batches = producer.client, producer._message_accumulator._batches
    update = client._metadata_update

    async def updated(cluster: Any, topics: Any) -> Any:
        if any(cluster.leader_for_partition(at) in (None, -1) for at in batches):
            await asyncio.sleep(BACKOFF)
        return await update(cluster, topics)

    client._metadata_update = updated


class Sender:
    """Used from one event loop. `failed` is told, once, when nothing can be sent any more."""

    def __init__(self, connection: Connection, failed: Callable[[BrokerError], None]) -> None:
        self._connection, self._failed = connection, failed
        self._client: Any = None
        self._numbers = count()
        self._queues: dict[TopicPartition, deque[Going]] = {}
        self._going: OrderedDict[int, Going] = OrderedDict()
        self._drained: list[tuple[int, asyncio.Future[None]]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._broken: BrokerError | None = None

    async def start(self) -> None:
        """Connect. Raises BrokerError, in bounded time."""
        await self._connection.client()  # what is wrong with the cluster is said there
        client = AIOKafkaProducer(
            **await self._connection.options(),
            acks="all",
            enable_idempotence=True,
            linger_ms=LINGER_MS,
            max_batch_size=BATCH_BYTES,
            max_request_size=MAX_BATCH_BYTES,
            request_timeout_ms=REQUEST_MS,
        )
        # A batch that aiokafka gives up takes numbers of its partition with it that no broker will ever see.
        client._message_accumulator._batch_ttl = inf
        _look_calmly(client)
        try:
            async with asyncio.timeout(PATIENCE):
                await client.start()
        except (KafkaError, OSError) as error:
            await client.stop()
            raise translated(error, Asked(self._connection.servers, "write")) from None
        self._client = client
        client._sender.sender_task.add_done_callback(self._ended)
        self._begin(self._watch())

    async def stop(self) -> None:
        """Everything is sent or refused before; what a broker does not answer is left."""
        if self._client is None:
            return
        await self.drained()
        client, self._client = self._client, None
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await client.stop()
        except TimeoutError:
            await client.client.close()

    def send(
        self,
        topic: str,
        partition: int,
        key: bytes | None,
        value: bytes | None,
        headers: Headers,
        reply: Reply,
    ) -> None:
        """Send after what was sent there before. Raises the error that ended the producer."""
        if self._broken is not None:
            raise self._broken
        if self._client is None:
            raise Closed(f"nothing can be sent to {self._asked(topic).where}: not started, or stopped")
        until = asyncio.get_running_loop().time() + PATIENCE
        at = TopicPartition(topic, partition)
        going = Going(next(self._numbers), at, key, value, headers, reply, until)
        self._going[going.number] = going
        if at in self._queues:
            self._queues[at].append(going)
        else:
            self._queues[at] = deque([going])
            self._begin(self._pump(at))

    async def know(self, topic: str) -> None:
        """Learn who leads the topic's partitions before the first message goes there."""
        self._client.client.add_topic(topic)
        await self._client.client.force_metadata_update()

    async def drained(self) -> None:
        """Wait until everything sent up to now was replied to."""
        if self._going:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._drained.append((next(reversed(self._going)), future))
            await future

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def _pump(self, at: TopicPartition) -> None:
        """Hand over what is sent to a partition, until nothing is left of it."""
        queue = self._queues[at]
        while queue:
            await self._hand_over(queue.popleft())
        del self._queues[at]

    async def _hand_over(self, going: Going) -> None:
        if going.number not in self._going:
            return  # its time was over before its turn came
        left = max(0.1, going.until - asyncio.get_running_loop().time())
        try:
            # Behind AIOKafkaProducer.send, which refuses a message with neither key nor value.
            sent = await self._client._message_accumulator.add_message(
                going.at, going.key, going.value, left, headers=list(going.headers)
            )
        except (KafkaError, OSError) as error:
            self._settle(going, -1, translated(error, self._asked(going.at.topic)))
        else:
            sent.add_done_callback(partial(self._heard, going))

    def _heard(self, going: Going, sent: "asyncio.Future[Any]") -> None:
        if sent.cancelled():
            return
        error = sent.exception()
        if error is None:
            self._settle(going, sent.result().offset, None)
        elif isinstance(error, FATAL):
            self._break(Unusable(f"{self._asked('').where}: the producer lost its place "
                                 f"({type(error).__name__}); begin again"))  # fmt: skip
        else:
            if not getattr(error, "retriable", False):
                # One message of a batch that the broker did not append.
                self._client._txn_manager.increment_sequence_number(going.at, -1)
            self._settle(going, -1, self._refusal(error, going.at.topic))

    def _refusal(self, error: BaseException, topic: str) -> BrokerError:
        found = translated(error, self._asked(topic))
        if type(found) is MaybeError and not getattr(error, "retriable", False):
            return NeverError(f"{topic!r} does not take the message ({type(error).__name__})")
        return found

    def _settle(self, going: Going, offset: int, error: BrokerError | None) -> None:
        if self._going.pop(going.number, None) is None:
            return
        going.reply(offset, error)
        if self._drained:
            self._tell_drained()

    def _tell_drained(self) -> None:
        oldest = next(iter(self._going), None)
        for last, future in list(self._drained):
            if oldest is None or oldest > last:
                self._drained.remove((last, future))
                if not future.done():
                    future.set_result(None)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            now = asyncio.get_running_loop().time()
            while self._going and (oldest := next(iter(self._going.values()))).until < now:
                where = self._asked(oldest.at.topic)
                self._settle(oldest, -1, TimedOut(f"no answer in time from {where.where} to {where.doing}"))

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._break(Unusable(f"{self._asked('').where}: sending ended ({type(error).__name__})"))

    def _break(self, error: BrokerError) -> None:
        """Nothing that waits is left waiting."""
        if self._broken is not None:
            return
        self._broken = error
        for going in list(self._going.values()):
            self._settle(going, -1, error)
        self._failed(error)

    def _asked(self, topic: str) -> Asked:
        return Asked(self._connection.servers, f"write to {topic!r}", topic, operation="Write")

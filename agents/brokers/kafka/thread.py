"""aiokafka's consumer in a thread of its own, so that heartbeats go on while stages compute."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from aiokafka import AIOKafkaConsumer
from aiokafka.client import ConnectionGroup
from aiokafka.errors import (
    IllegalGenerationError,
    IllegalStateError,
    KafkaError,
    NodeNotReadyError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)
from aiokafka.protocol.group import JoinGroupRequest, SyncGroupRequest
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from agents.brokers.errors import BrokerError, TimedOut
from agents.brokers.kafka.connection import FETCH_BYTES, PATIENCE, REQUEST_MS
from agents.brokers.kafka.errors import Asked, translated
from agents.brokers.kafka.reach import reached

COMMIT_SECONDS = 30.0
"""For a commit with all its repetitions; after that the process ends uncommitted."""
RETRY_SECONDS = 0.2
FETCH_WAIT_MS = 200
"""A fetch that waits for messages holds up a seek on the same broker for so long at most."""
FETCH_RECORDS = 1_000

REBALANCED = (IllegalGenerationError, RebalanceInProgressError, UnknownMemberIdError)

Fetched: TypeAlias = tuple[int, Mapping[TP, list[Any]]]


def _join_patiently(client: Any, seconds: float) -> None:
    """A group answers who joins when all have; anything else is answered soon, or by a broker that is dead.

    aiokafka knows one time-out for both: with the long one a fetch from a broker that takes connections and
    answers nothing holds up its partitions for that long, although others lead them by then.
    """
    send = client.send

    async def sent(node: int, request: Any, *, group: Any = ConnectionGroup.DEFAULT) -> Any:
        connection = await client._get_conn(node, group=group)
        if connection is None:  # `send` would try to connect once more, for as long again
            raise NodeNotReadyError(f"no connection to broker {node}")
        joins = isinstance(request, JoinGroupRequest | SyncGroupRequest)
        connection._request_timeout = seconds if joins else REQUEST_MS / 1000
        return await send(node, request, group=group)

    client.send = sent


class Listener(driver.ConsumerRebalanceListener):  # type: ignore[misc]
    """Heartbeats go on while tables catch up: aiokafka begins them only when this has returned."""

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        consumer = self._thread._ensure_consumer()
        changelogs = self._thread.app.tables.changelog_topics
        consumer.pause(*(tp for tp in assigned if tp.topic in changelogs))  # read by catchup.py
        consumer._coordinator._start_heartbeat_task()
        await super().on_partitions_assigned(assigned)


class Thread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]
    """What is asked of aiokafka's consumer; raises BrokerError."""

    seeks = 0
    """Counts `rewind`; what was fetched tells by it from which side of a seek it comes."""

    def _create_consumer(self, loop: asyncio.AbstractEventLoop) -> AIOKafkaConsumer:  # noqa: ARG002
        conf = self.app.conf
        self._assignor = self.app.assignor
        consumer = AIOKafkaConsumer(
            **self._options,
            group_id=conf.id,
            partition_assignment_strategy=[self.app.assignor],
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_poll_interval_ms=int(conf.broker_max_poll_interval * 1000),
            fetch_max_wait_ms=FETCH_WAIT_MS,
            fetch_max_bytes=FETCH_BYTES,
            request_timeout_ms=REQUEST_MS,
            session_timeout_ms=int(conf.broker_session_timeout * 1000),
            rebalance_timeout_ms=int(conf.broker_rebalance_timeout * 1000),
            heartbeat_interval_ms=int(conf.broker_heartbeat_interval * 1000),
        )
        _join_patiently(consumer._client, conf.broker_rebalance_timeout + REQUEST_MS / 1000)
        return consumer

    async def on_start(self) -> None:
        self._options = await reached(self.transport.servers, self.transport.access)
        try:
            await super().on_start()
        except (KafkaError, OSError) as error:
            raise self._ours(error, "read") from None

    def close(self) -> None:
        """Faust closes the client when a rebalance meets a stop; the stop itself commits and leaves first."""

    async def rewind(self, partitions: list[TP]) -> tuple[int, dict[TP, int]]:
        """Go back to the committed offsets; the number of this seek, and where each partition goes on."""
        return await self.call_thread(self._rewind, partitions)  # type: ignore[no-any-return]

    async def _rewind(self, partitions: list[TP]) -> tuple[int, dict[TP, int]]:
        consumer = self._ensure_consumer()
        wanted = [TopicPartition(*tp) for tp in partitions]
        try:
            found = await consumer._coordinator.fetch_committed_offsets(wanted)
            starts = {tp: one.offset for tp, one in found.items() if one.offset >= 0}
            missing = [tp for tp in wanted if tp not in starts]
            if missing:
                starts |= await consumer._fetcher.beginning_offsets(missing, PATIENCE * 1_000)
            for tp, offset in starts.items():
                consumer.seek(tp, offset)
        except (KafkaError, OSError) as error:
            if isinstance(error, IllegalStateError):
                raise  # assigned anew meanwhile, as Faust's recovery knows
            raise self._ours(error, "go on where the group was") from None
        self.seeks += 1
        return self.seeks, {TP(*tp): offset for tp, offset in starts.items()}

    async def fetch(self, partitions: set[TP], seconds: float) -> Fetched:
        """Records of some of these, and the number of the seek that they come after."""
        return await self.call_thread(self._fetch, partitions, seconds)  # type: ignore[no-any-return]

    async def _fetch(self, partitions: set[TP], seconds: float) -> Fetched:
        consumer = self._ensure_consumer()
        if not self.consumer.flow_active or consumer._closed:
            return self.seeks, {}
        fetcher = consumer._fetcher
        try:
            with fetcher._subscriptions.fetch_context():
                found = await fetcher.fetched_records(partitions, seconds, FETCH_RECORDS)
        except (KafkaError, OSError) as error:
            raise self._ours(error, "read") from None
        return self.seeks, {TP(*tp): records for tp, records in found.items()}

    async def commit_in(self, generation: int, offsets: Mapping[TP, int]) -> bool:
        """Commit as a member of this generation of the group. False if it has rebalanced since, or has us
        for no member any more: what these offsets count is another worker's now."""
        plain = {TopicPartition(*tp): OffsetAndMetadata(offset, "") for tp, offset in offsets.items()}
        return bool(await self.call_thread(self._commit_in, generation, plain))

    async def _commit_in(self, generation: int, offsets: Mapping[TopicPartition, OffsetAndMetadata]) -> bool:
        try:
            async with asyncio.timeout(COMMIT_SECONDS):
                while (taken := await self._committed(generation, offsets)) is None:  # noqa: ASYNC110  nothing signals it
                    await asyncio.sleep(RETRY_SECONDS)
        except REBALANCED:
            return False
        except TimeoutError:
            raise self._late("commit offsets of") from None
        except (KafkaError, OSError) as error:
            raise self._ours(error, "commit") from None
        return taken

    async def _committed(
        self, generation: int, offsets: Mapping[TopicPartition, OffsetAndMetadata]
    ) -> bool | None:
        """None to try again. aiokafka's own `commit` goes by whatever generation there is when its turn
        comes, and by none for a worker that was thrown out, which a group without members accepts."""
        coordinator = self._ensure_consumer()._coordinator
        await coordinator.ensure_coordinator_known()
        if coordinator.generation != generation:
            return False
        try:
            await coordinator._do_commit_offsets(None, offsets)
        except KafkaError as error:
            if not error.retriable or isinstance(error, REBALANCED):
                raise
            return None
        return True

    async def is_member(self) -> bool:
        """Whether the group's coordinator takes our heartbeat. Raises TimedOut where it says neither."""
        return bool(await self.call_thread(self._is_member))

    async def _is_member(self) -> bool:
        coordinator = self._ensure_consumer()._coordinator
        try:
            async with asyncio.timeout(COMMIT_SECONDS):
                while not await coordinator._do_heartbeat():
                    if coordinator.member_id == JoinGroupRequest.UNKNOWN_MEMBER_ID:
                        return False
                    await asyncio.sleep(RETRY_SECONDS)
                    await coordinator.ensure_coordinator_known()
        except TimeoutError:
            raise self._late("tell whether we are of") from None
        except (KafkaError, OSError) as error:
            raise self._ours(error, "read") from None
        return True

    def rejoin(self) -> None:
        """Have all partitions of the group assigned anew."""
        coordinator = self._ensure_consumer()._coordinator
        self.thread_loop.call_soon_threadsafe(coordinator.request_rejoin)

    async def trouble(self) -> BrokerError | None:
        """What has ended aiokafka's work for the group, where it says nothing of it by itself."""
        return await self.call_thread(self._trouble)  # type: ignore[no-any-return]

    async def _trouble(self) -> BrokerError | None:
        consumer = self._ensure_consumer()
        coordinator = consumer._coordinator
        try:
            coordinator.check_errors()
        except KafkaError as error:
            return self._ours(error, "read")
        task = coordinator._coordination_task
        if task.done() and not consumer._closed and not task.cancelled():
            return self._ours(task.exception() or RuntimeError("the coordinator's task ended"), "read")
        return None

    @property
    def _group(self) -> str:
        return str(self.app.conf.id)

    def _late(self, doing: str) -> TimedOut:
        where = ",".join(self.transport.servers)
        return TimedOut(f"no answer in time from {where} to {doing} {self._group!r}")

    def _ours(self, error: BaseException, doing: str) -> BrokerError:
        topic = next(iter(error.args), "") if "Topic" in type(error).__name__ else ""
        named = ", ".join(topic) if isinstance(topic, set | frozenset) else str(topic)
        asked = Asked(
            self.transport.servers, f"{doing} for group {self._group!r}", named, self._group, "Read"
        )
        return translated(error, asked)

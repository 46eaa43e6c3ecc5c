"""The embedded log's side of Faust's consumer: subscription, positions, reading, committing.

The numbers in brackets are the contracts between Faust and a driver, as agents/brokers/sqlite.py lists
them; the repairs that are the same for every transport are in strict.py.
"""
# ruff: noqa: ARG002, ASYNC109  the signatures are Faust's

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from faust.assignor.client_assignment import ClientAssignment
from faust.types import TP
from faust.types.tuples import ConsumerMessage

from agents.brokers.errors import BrokerError, UnknownTopic
from agents.brokers.headers import decode_headers
from agents.brokers.log import Log
from agents.brokers.reader import Stored
from agents.brokers.strict import StrictConsumer

# Rows per partition and fetch: enough to share a query's price, few enough to take turns.
FETCH_ROWS = 200


class Consumer(StrictConsumer):
    """Reads the log in the event loop; all partitions of all subscribed topics are this worker's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._assignment: set[TP] = set()
        self._position: dict[TP, int] = {}
        self._ends: dict[tuple[str, int], int] = {}
        self._ends_version = 0
        self._woken = asyncio.Event()
        self._assigning = asyncio.Lock()
        self._unwatch: Callable[[], None] | None = None

    @property
    def engine(self) -> Log:
        return self.transport.broker  # type: ignore[no-any-return]

    async def on_start(self) -> None:
        """Refuses a second worker of the group (WorkerRunning) before anything else is touched."""
        self.transport.hold(self.app.conf.id)
        self._unwatch = self.engine.watch(self._woken.set)
        await super().on_start()

    async def on_stop(self) -> None:
        await super().on_stop()
        if self._unwatch is not None:
            self._unwatch()

    # --- (2), (3), (6): subscription and assignment

    async def subscribe(self, topics: Iterable[str]) -> None:
        """(6) Declares every topic, not only Faust's internal ones.

        (2) The assignment runs as a task of its own: it waits until this call has returned.
        """
        names = sorted(topics)
        try:
            for name in names:
                self.transport.declare(name, self._wanted(name))
        except BrokerError as error:
            self.refuse(str(error))  # Faust would stop the worker without a word
            raise
        self.add_future(self._assign(names))

    async def _assign(self, names: list[str]) -> None:
        """(2) The order Kafka's rebalance has; (1) a new generation for each assignment."""
        async with self._assigning:
            self.app.on_rebalance_start()
            await self.on_partitions_revoked(set(self._assignment))
            self._position.clear()  # nothing is read before it was sought
            self._assignment = {TP(name, p) for name in names for p in range(len(self.engine.parts(name)))}
            self.app.consumer_generation_id += 1
            self._feed_assignor(names)
            await self.on_partitions_assigned(set(self._assignment), self.app.consumer_generation_id)

    def _feed_assignor(self, names: list[str]) -> None:
        """(3) Recovery and the router ask the assignor, which Kafka's join would have filled."""
        assignor = self.app.assignor
        actives = {name: list(range(len(self.engine.parts(name)))) for name in names}
        assignor._assignment = ClientAssignment(actives=actives, standbys={})
        assignor._active_tps = set(self._assignment)
        assignor._topic_groups = dict.fromkeys(names, 0)
        changelogs = {name: actives[name] for name in names if name in self.app.tables.changelog_topics}
        assignor.changelog_distribution = {str(self.app.conf.canonical_url): changelogs}

    def assignment(self) -> set[TP]:
        return self._assignment

    def topic_partitions(self, topic: str) -> int | None:
        try:
            return len(self.engine.parts(topic))
        except UnknownTopic:
            return None

    # --- (4), (5), (7), (9): positions

    def highwater(self, tp: TP) -> int:
        """(9) Next offset as of the last fetch, from memory."""
        return self._ends.get(tp, 0)

    async def highwaters(self, *partitions: TP) -> Mapping[TP, int]:
        """(4) Next offsets; the message before exists: a changelog never drops its last one."""
        ends = self.engine.all_ends()
        return {tp: ends[tp] for tp in partitions}

    async def earliest_offsets(self, *partitions: TP) -> Mapping[TP, int]:
        return {tp: self.engine.earliest(tp.topic, tp.partition) for tp in partitions}

    async def position(self, tp: TP) -> int | None:
        return self._position.get(tp)

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """(7) Each partition of a topic whose offsets count, with where it goes on.

        That is its oldest message, where nothing was committed or what was to come next is dropped.
        """
        committed = self.engine.committed_now(self.app.conf.id)
        changelogs = self.app.tables.changelog_topics
        sources = {tp for tp in self._assignment if tp.topic not in changelogs}
        starts = {
            tp: max(committed.get(tp, 0), self.engine.earliest(tp.topic, tp.partition)) for tp in sources
        }
        self._position.update(starts)
        self._woken.set()
        return starts

    async def _seek(self, partition: TP, offset: int) -> None:
        self._position[partition] = offset
        self._woken.set()

    async def seek_wait(self, partitions: Mapping[TP, int]) -> None:
        """(5) The read offset moves with the position, or what follows is taken for seen."""
        for tp, offset in partitions.items():
            await self.seek(tp, offset)

    # --- reading

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Mapping[TP, list[Stored]]:
        version = self.engine.version()
        if version != self._ends_version:
            self._ends, self._ends_version = self.engine.all_ends(), version
        wanted = self._assignment if active_partitions is None else active_partitions
        found = {tp: self._ahead(tp) for tp in sorted(wanted) if tp in self._position}
        return {tp: records for tp, records in found.items() if records}

    def _ahead(self, tp: TP) -> list[Stored]:
        """The next records; where there are none before the end, they were dropped: it goes on at the end."""
        end = self._ends.get(tp, 0)
        if self._position[tp] >= end:
            return []
        found = self.engine.stored(tp.topic, tp.partition, self._position[tp], FETCH_ROWS)
        if not found:
            self._position[tp] = end
        return found

    async def fetch(self) -> Mapping[TP, list[Stored]]:
        """Waits for an append, a resumed partition or a seek; other processes' appends within 20 ms."""
        self._woken.clear()
        records = await self._getmany(self._get_active_partitions(), 0)
        if not records:
            await self._woken.wait()
        return records

    def delivered(self, tp: TP, offset: int) -> None:
        self._position[tp] = offset + 1

    def resume_partitions(self, tps: Iterable[TP]) -> None:
        super().resume_partitions(tps)
        self._woken.set()

    def on_buffer_drop(self, tp: TP) -> None:
        super().on_buffer_drop(tp)
        self._woken.set()

    def _to_message(self, tp: TP, record: Stored) -> Any:
        """(1) Streams skip a message that is not of the present generation."""
        offset, time, key, headers, value = record
        return ConsumerMessage(
            tp.topic,
            tp.partition,
            offset,
            time / 1000,
            0,
            decode_headers(headers),
            key,
            value,
            None,
            tp=tp,
            generation_id=self.app.consumer_generation_id,
        )

    def _new_topicpartition(self, topic: str, partition: int) -> TP:
        return TP(topic, partition)

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        """Durable when it returns, and never before what was sent earlier is."""
        await self.engine.commit(self.app.conf.id, offsets)
        return True

    def key_partition(self, topic: str, key: bytes | None, partition: int | None = None) -> int | None:
        return self.engine.place(topic, key, partition)

    async def create_topic(self, topic: str, partitions: int, replication: int, **_: Any) -> None:
        self.transport.declare(topic, partitions)

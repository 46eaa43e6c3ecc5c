"""Kafka's side of Faust's consumer: what is particular about it beside the repairs of strict.py."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from faust import Service
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from agents.brokers.errors import BrokerError
from agents.brokers.kafka.thread import Fetched, Listener, Thread
from agents.brokers.strict import StrictConsumer

FETCH_SECONDS = 1.0
WATCH_SECONDS = 1.0


class Consumer(StrictConsumer, driver.Consumer):  # type: ignore[misc]
    """Faust's aiokafka driver, strict."""

    RebalanceListener = Listener

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._woken = asyncio.Event()
        self._fetching: asyncio.Task[Fetched] | None = None
        self._left: dict[TP, list[Any]] = {}
        self._early: Fetched = (0, {})
        self._seek_number = 0
        self._moving = True  # since the last revocation no seek has come

    def _new_consumer_thread(self) -> Thread:
        return Thread(self, loop=self.loop, beacon=self.beacon)

    async def on_stop(self) -> None:
        await super().on_stop()
        if self._fetching is not None:
            self._fetching.cancel()

    # --- subscription

    async def subscribe(self, topics: Iterable[str]) -> None:
        """Checks every topic first: Faust leaves out one that is missing, and says nothing."""
        names = sorted(topics)
        try:
            for name in names:
                await self.transport.check(name, self._wanted(name))
        except BrokerError as error:
            self.refuse(str(error))
            raise
        await super().subscribe(names)

    @Service.task  # type: ignore[untyped-decorator]
    async def _watch(self) -> None:
        """aiokafka keeps errors of the group to itself while nothing is fetched."""
        while not self.should_stop:
            await self.sleep(WATCH_SECONDS)
            if not self.should_stop and (trouble := await self._thread.trouble()) is not None:
                self.refuse(str(trouble))
                return

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Nothing: agents/watch judges progress. Faust would call every idle changelog an error after five
        minutes, again and again, since those are never fetched by the group."""

    async def is_member(self) -> bool:
        return bool(await self._thread.is_member())

    def rejoin(self) -> None:
        self._thread.rejoin()

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        return bool(await self._thread.commit_in(self.app.consumer_generation_id, offsets))

    # --- positions

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """What was fetched before is dropped: Faust resumes the flow for its recovery, before it seeks."""
        self._moving = True
        self._left = {}
        await super().on_partitions_revoked(revoked)

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """What was fetched before is dropped; what came back early from behind the seek is kept."""
        sources = [tp for tp in self.assignment() if not self._is_changelog_tp(tp)]
        starts: Mapping[TP, int]
        self._seek_number, starts = await self._thread.rewind(sources)
        self._left, self._moving = {}, False
        self._sort_in(self._early)
        return starts

    async def seek_wait(self, partitions: Mapping[TP, int]) -> None:
        """Changelogs are read by catchup.py alone."""
        sources = {tp: offset for tp, offset in partitions.items() if not self._is_changelog_tp(tp)}
        if sources:
            await super().seek_wait(sources)

    async def highwaters(self, *partitions: TP) -> Mapping[TP, int]:
        """Of a changelog what the table's store has read, so that Faust's recovery finds nothing to do."""
        changelogs = {tp for tp in partitions if self._is_changelog_tp(tp)}
        found = {tp: self._caught_up(tp) for tp in changelogs}
        sources = [tp for tp in partitions if tp not in changelogs]
        return found | dict(await super().highwaters(*sources)) if sources else found

    def _caught_up(self, tp: TP) -> int:
        offset = self.app.tables._changelogs[tp.topic].persisted_offset(tp)
        return 0 if offset is None else int(offset) + 1

    async def earliest_offsets(self, *partitions: TP) -> Mapping[TP, int]:
        sources = [tp for tp in partitions if not self._is_changelog_tp(tp)]
        found = dict.fromkeys(partitions, 0)
        return found | dict(await super().earliest_offsets(*sources)) if sources else found

    # --- reading

    async def fetch(self) -> Mapping[TP, list[Any]]:
        """What was left over first; else what comes, or nothing when a partition is free again."""
        active = self._get_active_partitions()
        if ready := {tp: self._left.pop(tp) for tp in list(self._left) if tp in active}:
            return ready
        self._woken.clear()
        if self._fetching is None and active:
            self._fetching = asyncio.ensure_future(self._thread.fetch(set(active), FETCH_SECONDS))
            self._fetching.add_done_callback(lambda _: self._woken.set())
        if self._fetching is None or not self._fetching.done():
            await self._woken.wait()
        if self._fetching is not None and self._fetching.done():
            self._take_fetched()
        return {}

    def _take_fetched(self) -> None:
        done, self._fetching = self._fetching, None
        if done is None or done.cancelled():
            return
        error = done.exception()
        if error is not None:
            self.refuse(f"nothing more is read: {error}")
            return
        self._sort_in(done.result())

    def _sort_in(self, fetched: Fetched) -> None:
        number, found = fetched
        if number == self._seek_number and not self._moving:
            self._left.update(found)
        elif number > self._seek_number:
            self._early = fetched

    def left_over(self, tp: TP, records: list[Any]) -> None:
        if not self._moving:
            self._left[tp] = records

    def resume_partitions(self, tps: Iterable[TP]) -> None:
        super().resume_partitions(tps)
        self._woken.set()

    def on_buffer_drop(self, tp: TP) -> None:
        super().on_buffer_drop(tp)
        self._woken.set()

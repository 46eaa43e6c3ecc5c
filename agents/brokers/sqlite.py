"""The embedded log as a Faust transport: agents, tables, changelogs and commits are Faust's own.

    register()                                   # once, before `app.transport` is touched
    app = faust.App("id", broker="sqlite:////var/lib/storywire.db", store="sqlite:////var/lib/state.db",
                    TableManager=PromptTables, topic_disable_leader=True, table_standby_replicas=0, ...)
    app.transport.die = my_end                   # optional: what ends the process

Topics are created when they are subscribed or sent to, with `topic_partitions` partitions (or the
topic's own); one that exists with another number is an error.

What Faust expects of a driver beyond its abstract methods (found by running it; consumer.py and
producer.py name the number where they keep it, tests/delivery/test_contracts.py tests each):
 (1) messages carry the present `generation_id`, or streams skip them; each assignment has a new one
 (2) on_rebalance_start, revoked, assignment, assigned, in a task of its own: `subscribe` must return
 (3) `app.assignor` is filled by the driver
 (4) highwaters are next offsets, and the message before exists
 (5) `seek_wait` moves the read offset as well
 (6) every topic is created at subscription; Faust declares only its internal ones
 (7) `seek_to_committed` answers for each partition
 (8) `perform_seek` stops the flow first
 (9) `highwater` is O(1)
(10) `flush` waits until everything is durable
"""

import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, NoReturn

from faust.stores import STORES
from faust.tables.manager import TableManager
from faust.transport import base
from faust.transport.drivers import TRANSPORTS

from agents.brokers.broker import log_path
from agents.brokers.changelog import Changelog, LogChangelog
from agents.brokers.consumer import Consumer
from agents.brokers.errors import BrokerError, PartitionsDiffer, UnknownTopic
from agents.brokers.log import Log
from agents.brokers.producer import Producer
from agents.brokers.topics import declare_topic

# A try-again-later exit for a supervisor (sysexits.h EX_TEMPFAIL).
EXIT_TEMPORARY = 75


def register() -> None:
    """Make Faust know the scheme `sqlite`, for `broker` and for `store`."""
    TRANSPORTS.aliases["sqlite"] = "agents.brokers.sqlite:Transport"
    STORES.aliases["sqlite"] = "agents.brokers.store:Store"


def end_process(why: str) -> NoReturn:
    """Say why and leave at once: a clean shutdown would acknowledge what was not done."""
    print(f"storywire: stopped, to go on from the last commit: {why}", file=sys.stderr, flush=True)
    os._exit(EXIT_TEMPORARY)


class PromptTables(TableManager):  # type: ignore[misc]
    """Faust's table manager without the second it sleeps at start "for agents to come up": it asks them."""

    async def on_rebalance(self, *args: Any, **kwargs: Any) -> None:
        """A table that cannot be brought up to date ends the process: Faust would stop without a word."""
        try:
            await super().on_rebalance(*args, **kwargs)
        except BrokerError as error:
            self.app.consumer.refuse(f"tables cannot be brought up to date: {error}")
            raise

    async def on_start(self) -> None:
        await self.app.agents.wait_until_agents_started()
        if not self.should_stop:
            await self._update_channels()
            await self.recovery.start()


class Transport(base.Transport):  # type: ignore[misc]
    """One log, opened when first needed and shared by consumer and producer."""

    Consumer = Consumer
    Producer = Producer
    default_port = 0
    driver_version = "storywire-log=1"

    #: Called with a sentence when going on would lose something. It should not return.
    die: Callable[[str], None] = staticmethod(end_process)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._log: Log | None = None
        self._held = ExitStack()

    @property
    def broker(self) -> Log:
        if self._log is None:
            self._log = Log(log_path(str(self.url[0])))
        return self._log

    @property
    def changelog(self) -> Changelog:
        return LogChangelog(self.broker)

    @property
    def log_name(self) -> str:
        """The identity of the log: rows derived from it are of no other."""
        return self.broker.name

    def hold(self, group: str) -> None:
        self._held.enter_context(self.broker.lock(group))

    def knows(self, topic: str) -> bool:
        try:
            return bool(self.broker.parts(topic))
        except UnknownTopic:
            return False

    def declare(self, topic: str, partitions: int) -> None:
        """Create it or check it. Raises PartitionsDiffer, naming both numbers."""
        if not self.knows(topic):
            declare_topic(self.broker.path, topic, partitions)
        found = len(self.broker.parts(topic))
        if found != partitions:
            raise PartitionsDiffer(
                f"topic {topic!r} in {self.broker.path} has {found} partitions, this app is set to "
                f"{partitions}: set it to {found}, or use a new log"
            )

    async def close(self) -> None:
        self._held.close()
        if self._log is not None:
            await self._log.close()
            self._log = None

"""Kafka as a Faust transport: Faust's aiokafka driver, repaired as the embedded log's (strict.py).

    register()                                   # once, before `app.transport` is touched
    app = faust.App("id", broker="kafka://a:9092,b:9092", store="sqlite:////var/lib/state.db",
                    TableManager=PromptTables, canonical_url=unique_url(), ...)
    app.transport.access = Access(...)           # optional: how to log in
    app.transport.die = my_end                   # optional: what ends the process

Topics must exist: nothing is created by the way. Table rows are in the worker's state file, brought up
to date by our own reading of the changelogs (catchup.py), so Faust's recovery has nothing to do.
"""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import uuid4

from faust.stores import STORES
from faust.transport.drivers import TRANSPORTS
from faust.transport.drivers import aiokafka as driver

from agents.brokers.access import Access
from agents.brokers.changelog import Changelog
from agents.brokers.errors import PartitionsDiffer
from agents.brokers.kafka.changelog import KafkaChangelog
from agents.brokers.kafka.connection import Connection
from agents.brokers.kafka.consumer import Consumer
from agents.brokers.kafka.layout import look
from agents.brokers.kafka.producer import Producer
from agents.brokers.sqlite import end_process


def register() -> None:
    """Make Faust take `kafka://` for this driver, and `sqlite` for our table store."""
    TRANSPORTS.aliases["kafka"] = "agents.brokers.kafka.transport:Transport"
    STORES.aliases["sqlite"] = "agents.brokers.store:Store"


def unique_url() -> str:
    """A `canonical_url` that no other worker has: Faust's assignor tells workers apart by it."""
    return f"http://{uuid4().hex}.worker"


class Transport(driver.Transport):  # type: ignore[misc]
    """One cluster; the producer opens it first and closes it last."""

    Consumer: ClassVar[Any] = Consumer
    Producer: ClassVar[Any] = Producer

    access = Access()
    log_name = ""

    #: Called with a sentence when going on would lose something. It should not return.
    die: Callable[[str], None] = staticmethod(end_process)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.servers = tuple(f"{url.host}:{url.port or self.default_port}" for url in self.url)
        self.connection: Any = None
        self.changelog: Changelog

    async def open(self) -> None:
        """Reach the cluster, and learn its name. Raises BrokerError, in bounded time."""
        self.connection = Connection(self.servers, self.access)
        self.log_name = (await look(self.connection, [])).cluster
        self.changelog = KafkaChangelog(self)

    async def check(self, topic: str, partitions: int) -> None:
        """Raises UnknownTopic, or PartitionsDiffer naming both numbers."""
        found = await self.app.producer.learn(topic)
        if found != partitions:
            raise PartitionsDiffer(
                f"topic {topic!r} on {','.join(self.servers)} has {found} partitions, this app is set to "
                f"{partitions}: set it to {found}, or use other topics (topic_prefix)"
            )

    async def close(self) -> None:
        """Again is harmless."""
        if self.connection is not None:
            await self.connection.close()

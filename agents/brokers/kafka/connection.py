"""One client of a cluster: reached at the first question, patient while leaders move, silent otherwise."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from random import choice
from typing import Any, TypeVar

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError, NodeNotReadyError, RequestTimedOutError, for_code
from aiokafka.protocol.coordination import FindCoordinatorRequest

from agents.brokers.access import Access
from agents.brokers.errors import BrokerError, Closed, Unreachable
from agents.brokers.kafka.errors import Asked, translated
from agents.brokers.kafka.noise import quieten
from agents.brokers.kafka.options import client_options
from agents.brokers.kafka.reach import BOUND, reach, reached

PATIENCE = 30.0
"""Seconds for an answer, once the cluster was reached: a broker that dies is replaced in less than ten."""

BACKOFF = 0.1
REQUEST_MS = 10_000
"""For one request of any client. A broker that takes connections and answers nothing (stopped, its disk
hanging) is left out by its cluster after nine seconds (`broker.session.timeout.ms`), so that the next attempt
finds another one, well within `PATIENCE`."""

FETCH_BYTES = 2_000_000
"""In one answer: what a line of two megabits per second carries within `REQUEST_MS`. One that takes longer is
asked for again, and would never come."""

T = TypeVar("T")


class Connection:
    """Requests to the brokers of a cluster. Raises `BrokerError` alone."""

    def __init__(self, servers: Sequence[str], access: Access) -> None:
        self.servers = tuple(servers)
        self.access = access
        self._client: Any = None
        self._lock = asyncio.Lock()
        self._closed = False
        self._silent: set[int] = set()

    async def client(self) -> Any:
        """aiokafka's client, made at the first call. Raises what `reach` raises."""
        if self._closed:
            raise Closed(f"the connection to {','.join(self.servers)} was closed")
        async with self._lock:
            if self._client is None:
                self._client = await self._made()
            return self._client

    async def _made(self) -> Any:
        quieten()
        client = AIOKafkaClient(**await self.options(), request_timeout_ms=REQUEST_MS)
        try:
            async with asyncio.timeout(BOUND):
                await client.bootstrap()
        except (KafkaError, OSError) as error:
            await client.close()
            raise translated(error, Asked(self.servers)) from None
        return client

    async def options(self) -> dict[str, Any]:
        """For another client of the cluster, which begins with a server that answers now."""
        return await reached(self.servers, self.access)

    async def send(self, request: Any, node: int | None = None) -> Any:
        """The response of that broker, of any without `node`; raises aiokafka's errors, for `patiently`."""
        client = await self.client()
        asked = self._any(client) if node is None else node
        try:
            response = await client.send(asked, request)
        except (RequestTimedOutError, NodeNotReadyError):
            self._silent.add(asked)
            raise
        self._silent.discard(asked)
        return response

    def _any(self, client: Any) -> int:
        """A broker that was not silent when it was asked last, where there is one."""
        nodes = [broker.nodeId for broker in client.cluster.brokers()]
        if not nodes:
            raise NodeNotReadyError("the cluster names no broker")
        return int(choice([node for node in nodes if node not in self._silent] or nodes))

    async def coordinator(self, group: str) -> int:
        """The broker that keeps the group's offsets; raises aiokafka's errors, for `patiently`."""
        response = await self.send(FindCoordinatorRequest(group, 0))
        check(response.error_code)
        return int(response.coordinator_id)

    async def patiently(
        self, asked: Asked, question: Callable[[], Awaitable[T]], seconds: float = PATIENCE
    ) -> T:
        """Ask again while the cluster says that it may work in a moment; then the reason as ours."""
        until = asyncio.get_running_loop().time() + seconds
        while True:
            try:
                return await question()
            except (KafkaError, OSError) as error:
                late = asyncio.get_running_loop().time() > until
                if late or not _again(error):
                    raise await self._reason(error, asked) from None
            if self._client is not None:
                self._client.force_metadata_update()
            await asyncio.sleep(BACKOFF)

    async def _reason(self, error: BaseException, asked: Asked) -> BrokerError:
        """A node that is not ready may hide a login that is refused by now, or an address of no use."""
        found = translated(error, asked)
        if not isinstance(found, Unreachable):
            return found
        try:
            await reach(client_options(self.servers, self.access))
        except BrokerError as reason:
            return reason
        known = ", ".join(f"{broker.host}:{broker.port}" for broker in self._client.cluster.brokers())
        return Unreachable(
            f"{asked.where} answers, but not when it is to {asked.doing or 'go on'}: its brokers say they "
            f"are at {known} (advertised.listeners); is that so from here?"
        )

    async def close(self) -> None:
        """Again is harmless."""
        self._closed = True
        client, self._client = self._client, None
        if client is not None:
            await client.close()


def check(code: int, message: str | None = None) -> None:
    """Raise aiokafka's error for the code of a response, unless it is 0."""
    if code:
        raise for_code(code)(*filter(None, [message]))


def _again(error: BaseException) -> bool:
    return bool(getattr(error, "retriable", False)) or isinstance(error, OSError)

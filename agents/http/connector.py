"""Connections through the guard: the address is judged where it is connected to, and once connected."""

import socket
from functools import lru_cache
from typing import TYPE_CHECKING

from aiohttp import ClientRequest, ClientTimeout, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from agents.http.guard import Network, refused

if TYPE_CHECKING:
    from ssl import SSLContext

    from aiohttp.connector import AddrInfoType, Connection
    from aiohttp.tracing import Trace

KEPT_ALIVE = 30.0
"""Seconds that an idle connection is kept: some times the pace of a host with several feeds."""
NAMES_KEPT = 60
"""Seconds that the addresses of a name are remembered. The guard judges them at each connection."""


class RefusedAddress(OSError):
    """The guard let no connection go to `address`, which is `kind`.

    All have the same text: of a name with several such addresses the first is raised as it is.
    """

    def __init__(self, address: str, kind: str) -> None:
        super().__init__("not a public address")
        self.address = address
        self.kind = kind


class Guard:
    """Judges addresses by `refused`, remembering the last judgements."""

    def __init__(self, allowed: tuple[Network, ...]) -> None:
        self._judge = lru_cache(4_096)(lambda address: refused(address, allowed))

    def __call__(self, address: str) -> str | None:
        """Why no connection may go there; None if it may."""
        return self._judge(address)

    def check(self, address: str) -> None:
        """Raise RefusedAddress unless a connection may go there."""
        if kind := self._judge(address):
            raise RefusedAddress(address, kind)


class PublicNames(AbstractResolver):
    """A resolver without the addresses that the guard refuses, as long as others remain.

    A name with nothing else keeps them all, and is refused at the connection. So what happens to a name
    with both kinds does not depend on the order in which they came.
    """

    def __init__(self, resolver: AbstractResolver, guard: Guard) -> None:
        self._resolver = resolver
        self._guard = guard

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a name. Raises OSError if there are none."""
        found = await self._resolver.resolve(host, port, family)
        if not found:
            raise OSError("the name has no address")
        return [one for one in found if self._guard(one["host"]) is None] or found

    async def close(self) -> None:
        """Close the resolver behind it."""
        await self._resolver.close()


class GuardedConnector(TCPConnector):
    """A TCPConnector whose every socket is for an address that the guard lets through.

    `socket_factory` is given the very address that is about to be connected to, also of a literal and
    after any look-up. The peer of the connection is judged again, should another way in ever appear.
    """

    def __init__(
        self, guard: Guard, resolver: AbstractResolver, tls: "SSLContext", limit: int, per_host: int
    ) -> None:
        super().__init__(
            resolver=PublicNames(resolver, guard),
            socket_factory=self._socket,
            ssl=tls,
            limit=limit,
            limit_per_host=per_host,
            keepalive_timeout=KEPT_ALIVE,
            ttl_dns_cache=NAMES_KEPT,
        )
        self._guard = guard

    def _socket(self, target: "AddrInfoType") -> socket.socket:
        family, kind, protocol, _, address = target
        self._guard.check(str(address[0]))
        return socket.socket(family, kind, protocol)

    async def connect(
        self,
        req: ClientRequest,
        traces: "list[Trace]",
        timeout: ClientTimeout,  # noqa: ASYNC109  the signature is aiohttp's
    ) -> "Connection":
        """A connection, new or kept alive. Raises RefusedAddress if its peer is one that is refused.

        One on which something came while nobody was asking is given up: aiohttp would take a second
        answer, or what trails behind a 304, for the answer to the next request.
        """
        connection = await super().connect(req, traces, timeout)
        for _ in range(self.limit_per_host):
            if not (connection.protocol and connection.protocol.should_close):
                break
            connection.close()
            connection = await super().connect(req, traces, timeout)
        try:
            peer = connection.transport.get_extra_info("peername") if connection.transport else None
            if peer:
                self._guard.check(peer[0])
        except RefusedAddress:
            connection.close()
            raise
        return connection

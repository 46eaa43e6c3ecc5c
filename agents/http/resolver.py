"""Names to addresses by the system's resolver, in threads of its own."""

import asyncio
import socket
from contextlib import suppress
from threading import Thread
from typing import TypeAlias

from aiohttp.abc import AbstractResolver, ResolveResult

Found: TypeAlias = list[tuple[int, int, int, str, tuple[object, ...]]]


class SystemResolver(AbstractResolver):
    """getaddrinfo, up to `threads` at once, each in a thread of its own.

    The loop's own pool has a handful of threads and other work; a few names whose servers are dead would
    hold up every other name there. And what a pool has begun is waited for when the process ends, which a
    dead server delays by half a minute: these threads are daemons, and end with the process. To begin one
    takes a tenth of a millisecond, and names are kept for a while once they are known.
    """

    def __init__(self, threads: int) -> None:
        self._free = asyncio.Semaphore(threads)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a name, in the system's order. Raises OSError if there are none."""
        await self._free.acquire()
        try:
            looking = _Looking(self._free)
            Thread(target=looking.up, args=(host, port, family), name="names", daemon=True).start()
        except BaseException:  # else the thread gives the place back, however long it takes and whoever waits
            self._free.release()
            raise
        found = await looking.found
        return [_result(host, family_, protocol, address) for family_, _, protocol, _, address in found]

    async def close(self) -> None:
        """Nothing is held: look-ups under way end by themselves, or with the process."""


class _Looking:
    """One look-up: `up` runs in its thread, `found` is awaited in the loop's."""

    def __init__(self, free: asyncio.Semaphore) -> None:
        self._free = free
        self._loop = asyncio.get_running_loop()
        self.found: asyncio.Future[Found] = self._loop.create_future()

    def up(self, host: str, port: int, family: int) -> None:
        """Look the name up, and tell the loop unless it has ended meanwhile."""
        found: Found | Exception
        try:
            found = _look_up(host, port, family)
        except Exception as error:
            found = error
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._ended, found)

    def _ended(self, found: Found | Exception) -> None:
        self._free.release()
        if self.found.done():  # nobody waits any longer
            return
        if isinstance(found, Exception):
            self.found.set_exception(found)
        else:
            self.found.set_result(found)


def _look_up(host: str, port: int, family: int) -> Found:
    try:
        flags = socket.AI_ADDRCONFIG
        return list(socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, flags=flags))
    except UnicodeError as error:  # a label that is empty or too long
        raise OSError("not a host name") from error


def _result(host: str, family: int, protocol: int, address: tuple[object, ...]) -> ResolveResult:
    zone = f"%{address[3]}" if len(address) == 4 and address[3] else ""
    return ResolveResult(
        hostname=host,
        host=f"{address[0]}{zone}",
        port=int(str(address[1])),
        family=family,
        proto=protocol,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )

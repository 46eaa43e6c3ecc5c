"""Names to addresses by the system's resolver, in threads of its own."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

from aiohttp.abc import AbstractResolver, ResolveResult


class SystemResolver(AbstractResolver):
    """getaddrinfo in up to `threads` threads.

    The loop's own pool has a handful of threads and other work; a few names whose servers are dead would
    hold up every other name there.
    """

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a name, in the system's order. Raises OSError if there are none."""
        found = await asyncio.get_running_loop().run_in_executor(self._pool, _look_up, host, port, family)
        return [_result(host, family_, protocol, address) for family_, _, protocol, _, address in found]

    async def close(self) -> None:
        """Forget what is waiting; look-ups under way end by themselves."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str, port: int, family: int) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
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

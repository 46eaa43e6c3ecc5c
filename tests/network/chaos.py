"""A server on loopback that answers each path as a test tells it to, however badly.

It writes bytes itself: a server library is too polite for most of what feeds meet. Reusable:

    async with chaos() as server:
        server.on("/feed", answer(200, b"<rss/>", ETag='"1"'))
        ... server.url("/feed") ... server.asked("/feed") ...
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

from aiohttp.abc import AbstractResolver, ResolveResult


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came: header names in lower case, and the number of its connection."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    connection: int


@dataclass(slots=True)
class Reply:
    """Where a behaviour writes its answer. `send` raises ConnectionError once the client has gone."""

    writer: asyncio.StreamWriter
    sent: int = 0
    closing: bool = False

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()
        self.sent += len(data)

    def close(self) -> None:
        """No further request is read from this connection."""
        self.closing = True

    def reset(self) -> None:
        """Break the connection off as a crashed server does (RST)."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.writer.transport.abort()
        self.closing = True


Behaviour = Callable[[Asked, Reply], Awaitable[None]]


@dataclass(slots=True)
class Chaos:
    """The running server: its behaviours by path (without the query), and all that it was asked."""

    host: str
    port: int
    scheme: str
    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    requests: list[Asked] = field(default_factory=list)
    greeting: bytes = b""
    """Sent on each connection before anything was asked."""
    connections: int = 0
    sent: int = 0
    """Bytes written so far to connections whose behaviour has ended."""

    def on(self, path: str, behaviour: Behaviour) -> str:
        """Answer this path so from now on; its URL comes back."""
        self.behaviours[path] = behaviour
        return self.url(path)

    def url(self, path: str, host: str | None = None) -> str:
        """The address of a path, under another name of this machine if given."""
        name = host or (f"[{self.host}]" if ":" in self.host else self.host)
        return f"{self.scheme}://{name}:{self.port}{path}"

    def asked(self, path: str) -> list[Asked]:
        """The requests for a path (without its query), in the order in which they came."""
        return [one for one in self.requests if one.target.partition("?")[0] == path]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, request by request, until one side has enough."""
        self.connections += 1
        number, reply = self.connections, Reply(writer)
        try:
            await reply.send(self.greeting)
            while not reply.closing and (asked := await _request(reader, number)):
                self.requests.append(asked)
                behaviour = self.behaviours.get(asked.target.partition("?")[0], answer(404, b"no such path"))
                await behaviour(asked, reply)
        except (ConnectionError, ssl.SSLError):
            pass  # the client has gone, as clients do
        finally:
            self.sent += reply.sent
            writer.close()


async def _request(reader: asyncio.StreamReader, connection: int) -> Asked | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    except asyncio.IncompleteReadError:
        return None
    method, target, _ = head[0].split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Asked(method, target, headers, body, connection)


@asynccontextmanager
async def chaos(
    host: str = "127.0.0.1", tls: ssl.SSLContext | None = None, also: Sequence[str] = ()
) -> AsyncIterator[Chaos]:
    """A server on a free port, of further hosts too; at the end its connections are cut."""
    server = Chaos(host, 0, "https" if tls else "http")
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await server.serve(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            tasks.discard(task)

    listening = await asyncio.start_server(serve, host, 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    further = [await asyncio.start_server(serve, one, server.port, ssl=tls) for one in also]
    try:
        yield server
    finally:
        for one in (listening, *further):
            one.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await listening.wait_closed()


def head(status: int, headers: Mapping[str, str | int] | None = None) -> bytes:
    """A status line and headers, with nothing added."""
    reason = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Odd"
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in (headers or {}).items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def answer(status: int, body: bytes = b"", **headers: str) -> Behaviour:
    """A whole, polite answer; underscores in header names stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    data = head(status, {"Content-Length": len(body), **named}) + body
    return raw(data)


def raw(data: bytes, close: bool = False) -> Behaviour:
    """These bytes, whatever they are; then perhaps the end of the connection."""

    async def behave(_: Asked, reply: Reply) -> None:
        await reply.send(data)
        if close:
            reply.close()

    return behave


def redirect(location: str, status: int = 302) -> Behaviour:
    """A redirect to `location`."""
    return answer(status, b"moved", Location=location)


def drip(first: bytes, piece: bytes, pause: float) -> Behaviour:
    """`first`, and then a little more every `pause` seconds, for ever."""

    async def behave(_: Asked, reply: Reply) -> None:
        await reply.send(first)
        while True:
            await asyncio.sleep(pause)
            await reply.send(piece)

    return behave


def endless(first: bytes, piece: bytes) -> Behaviour:
    """`first`, and then `piece` as fast as it is taken, for ever."""

    async def behave(_: Asked, reply: Reply) -> None:
        await reply.send(first)
        while True:
            await reply.send(piece)
            await asyncio.sleep(0)

    return behave


def silence() -> Behaviour:
    """No answer at all, on a connection that stays open."""

    async def behave(_: Asked, reply: Reply) -> None:
        await asyncio.sleep(3_600)

    return behave


def hang_up(after: bytes = b"", reset: bool = False) -> Behaviour:
    """The end of the connection after these bytes, in good order or broken off."""

    async def behave(_: Asked, reply: Reply) -> None:
        await reply.send(after)
        if reset:
            await asyncio.sleep(0.05)
            reply.reset()
        reply.close()

    return behave


def conditional(body: bytes, etag: str, **headers: str) -> Behaviour:
    """A body with an ETag, and 304 to who has it."""
    whole = answer(200, body, ETag=etag, **headers)
    unchanged = raw(head(304, {"ETag": etag, **headers}))

    async def behave(asked: Asked, reply: Reply) -> None:
        await (unchanged if asked.headers.get("if-none-match") == etag else whole)(asked, reply)

    return behave


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """The first time the first, the second time the second, and the last from then on."""
    left = list(behaviours)

    async def behave(asked: Asked, reply: Reply) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(asked, reply)

    return behave


class Names(AbstractResolver):
    """A resolver that answers what a test wants: per name, addresses for the first time, the second, ..."""

    def __init__(self) -> None:
        self.answers: dict[str, list[tuple[str, ...]]] = {}
        self.asked: list[str] = []

    def name(self, host: str, *turns: str | tuple[str, ...]) -> "Names":
        """`host` has these addresses in turn, the last for ever."""
        self.answers[host] = [(turn,) if isinstance(turn, str) else turn for turn in turns]
        return self

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        """As aiohttp asks; an unknown name is an OSError. `family` is always "any" here."""
        assert family == 0
        self.asked.append(host)
        turns = self.answers.get(host)
        if not turns:
            raise OSError("no such name")
        addresses = turns.pop(0) if len(turns) > 1 else turns[0]
        return [_resolved(host, address, port) for address in addresses]

    async def close(self) -> None:
        """Nothing is held."""


def _resolved(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)


@asynccontextmanager
async def listener(host: str = "127.0.0.1") -> AsyncIterator[tuple[int, list[str]]]:
    """A port that only logs who connects: (port, log)."""
    log: list[str] = []

    async def note(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        log.append(str(writer.get_extra_info("peername")))
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(note, host, 0)
    try:
        yield server.sockets[0].getsockname()[1], log
    finally:
        server.close()
        await server.wait_closed()

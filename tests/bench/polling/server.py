"""HTTP/1.1 on loopback, as little of it as a poller needs, so that the server is never what is waited for."""

import asyncio
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

import orjson

CONTROL = "/bench/"
"""Below it the one who measures talks to the site; nothing there is counted."""
_HEADER = re.compile(rb"\r\n(Host|If-None-Match|X-At): *([^\r\n]*)", re.IGNORECASE)
_REASONS = {200: "OK", 304: "Not Modified", 404: "Not Found", 503: "Service Unavailable"}


@dataclass(frozen=True, slots=True)
class Reply:
    """A status, the headers that matter, and a body."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Site(Protocol):
    """What is served. `keeps`: connections are kept open between requests."""

    keeps: bool

    def answer(self, path: str, headers: Mapping[str, str]) -> Reply:
        """The answer to a poll; `headers` has lower-case names, those that a site may look at."""

    def told(self, command: str, words: Mapping[str, str]) -> None:
        """Do what the one who measures asks."""


class Served:
    """A site, and how many answers of each status it has given since the last command but `counts`."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.keeps = site.keeps
        self._statuses: Counter[int] = Counter()

    def reply(self, head: bytes) -> Reply:
        """The answer to a request's head."""
        path = head[4 : head.index(b" ", 4)].decode()
        if path.startswith(CONTROL):
            return self._control(path)
        headers = {name.lower().decode(): value.decode() for name, value in _HEADER.findall(head)}
        found = self._site.answer(path, headers)
        self._statuses[found.status] += 1
        return found

    def _control(self, path: str) -> Reply:
        parts = urlsplit(path)
        command = parts.path.removeprefix(CONTROL)
        if command == "counts":
            return Reply(200, body=orjson.dumps({str(one): count for one, count in self._statuses.items()}))
        self._statuses.clear()
        self._site.told(command, {name: values[0] for name, values in parse_qs(parts.query).items()})
        return Reply(200)


class _Conversation(asyncio.Protocol):
    """One connection."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head, self._buffer = self._buffer[:end], self._buffer[end + 4 :]
            self._write(self._served.reply(head))

    def _write(self, reply: Reply) -> None:
        lines = [f"HTTP/1.1 {reply.status} {_REASONS[reply.status]}"]
        lines += [f"{name}: {value}" for name, value in reply.headers.items()]
        if reply.status != 304:
            lines.append(f"Content-Length: {len(reply.body)}")
        if not self._served.keeps:
            lines.append("Connection: close")
        self._transport.write("\r\n".join([*lines, "", ""]).encode() + reply.body)
        if not self._served.keeps:
            self._transport.close()


async def serve(site: Site, addresses: Sequence[str]) -> None:
    """Serve on one free port of these loopback addresses until killed; the port goes to standard output."""
    loop, served = asyncio.get_running_loop(), Served(site)
    first = await loop.create_server(lambda: _Conversation(served), addresses[0], 0, backlog=4_096)
    port = first.sockets[0].getsockname()[1]
    if addresses[1:]:
        await loop.create_server(lambda: _Conversation(served), addresses[1:], port, backlog=4_096)
    print(port, flush=True)
    await first.serve_forever()

"""Everything bad at once on one worker, beside feeds that are well: one reason each, and nobody is harmed."""

import asyncio
import gzip
import json
import os
import ssl
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import mean

import brotli
import pytest
import trustme

from pipeline.outcome import Reason
from pipeline.poll.note import NoteKind
from pipeline.poll.spec import FeedSpec
from tests.network.chaos import (
    Asked,
    Behaviour,
    Chaos,
    Reply,
    answer,
    chaos,
    drip,
    endless,
    hang_up,
    head,
    raw,
    redirect,
    silence,
)
from tests.polling.bodies import TYPE, channel, down, item, rss
from tests.polling.held import PATIENCE, START, FastClock
from tests.polling.house import House

SPEED = 40.0
"""A minute takes a second and a half: so often good feeds are asked, while what drips takes longer."""
ROUNDS = 6
EVERY = 20
"""Seconds between entries of the good feeds."""
MEMORY = 200_000_000
"""Bytes that the process may grow by at most: some 26 feeds at once, of which four fill their limit of 10 MB,
and their trees; it grew by 75 MB when this was written. Each bomb is larger than this."""

MB = 1_000_000
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = head(200, {"Transfer-Encoding": "chunked", "Content-Type": TYPE})
CHUNK = b"80000\r\n" + b" " * 0x80000 + b"\r\n"
LENGTH = head(200, {"Content-Length": 5_000, "Content-Type": TYPE})
LAUGHS = b"".join(b'<!ENTITY l%d "%b">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 9))
FOREIGN = b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY own SYSTEM "file:///etc/passwd">]>'
LOUD = b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">' + LAUGHS + b"]>"
INNER = b"<rss version='2.0'><channel><title>&%b;</title></channel></rss>"
ERROR = json.dumps({"error": {"code": 500, "message": "no such feed"}}).encode()
PAGE = b"<!DOCTYPE html><html><body>Server error</body></html>"

BAD: dict[str, tuple[Behaviour, Reason]] = {
    "silence": (silence(), Reason.TIMED_OUT),
    "a slow head": (drip(OK, b"X: y\r\n", 0.05), Reason.TIMED_OUT),
    "a slow body": (drip(LENGTH, b" ", 0.05), Reason.TIMED_OUT),
    "slow chunks": (drip(CHUNKED, b"1\r\n \r\n", 0.05), Reason.TIMED_OUT),
    "a length too long": (raw(LENGTH + rss(down(5))), Reason.TIMED_OUT),
    "a length too long, closed": (raw(LENGTH + rss(down(5)), close=True), Reason.CUT_SHORT),
    "a length too short": (raw(head(200, {"Content-Length": 6}) + rss(down(5))), Reason.BAD_RESPONSE),
    "two lengths": (raw(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), Reason.BAD_RESPONSE),
    "a gigabyte announced": (raw(head(200, {"Content-Length": 1_000 * MB})), Reason.TOO_LARGE),
    "chunks without end": (endless(CHUNKED, CHUNK), Reason.TOO_LARGE),
    "headers without end": (endless(OK, b"X: yyyyyyyyyyyyyyy\r\n" * 500), Reason.BAD_RESPONSE),
    "a redirect loop": (redirect("/a_redirect_loop"), Reason.REDIRECT_LOOP),
    "a private address": (redirect("http://10.0.0.1/feed"), Reason.REFUSED_ADDRESS),
    "metadata": (redirect("http://169.254.169.254/latest"), Reason.REFUSED_ADDRESS),
    "broken off": (hang_up(reset=True), Reason.UNREACHABLE),
    "429 until last year": (
        answer(429, b"", Retry_After="Sun, 02 Mar 2025 09:00:00 GMT"),
        Reason.RATE_LIMITED,
    ),
    "an HTML error page": (answer(200, PAGE, Content_Type="text/html"), Reason.HTML_NOT_FEED),
    "a JSON error page": (answer(200, ERROR, Content_Type="application/json"), Reason.NOT_A_FEED),
    "a foreign DTD": (answer(200, FOREIGN + INNER % b"own", Content_Type=TYPE), Reason.FORBIDDEN_DTD),
    "a billion laughs": (answer(200, LOUD + INNER % b"l8", Content_Type=TYPE), Reason.FORBIDDEN_DTD),
    "half of UTF-16": (answer(200, b"\xff\xfe" + b"\x00\xd8" * 500, Content_Type=TYPE), Reason.NOT_A_FEED),
}  # fmt: skip


def bombs() -> dict[str, tuple[Behaviour, Reason]]:
    """100 MB of zeros and more, as some kilobytes."""
    packer, stronger = zlib.compressobj(1, wbits=31), brotli.Compressor(quality=1)
    gzipped = b"".join([*(packer.compress(bytes(MB)) for _ in range(100)), packer.flush()])
    brotlied = b"".join([*(stronger.process(bytes(MB)) for _ in range(300)), stronger.finish()])
    nested = gzip.compress(gzipped, 1)
    return {
        "a gzip bomb": (answer(200, gzipped, Content_Encoding="gzip"), Reason.TOO_LARGE),
        "a brotli bomb": (answer(200, brotlied, Content_Encoding="br"), Reason.TOO_LARGE),
        "a bomb in a bomb": (answer(200, nested, Content_Encoding="gzip, gzip"), Reason.TOO_LARGE),
    }


def short(number: int) -> str:
    return f"<item><title>N{number}</title><guid>http://paper.example/{number}</guid></item>"


ODD: dict[str, tuple[Behaviour, set[NoteKind]]] = {
    "100,000 entries": (
        answer(200, channel(*map(short, range(100_000))), Content_Type=TYPE),
        {NoteKind.DAMAGED},
    ),
    "1970 and 2106": (
        answer(200, channel(*(
            short(n).replace("</item>", f"<pubDate>{date}</pubDate></item>")
            for n, date in enumerate(("Thu, 01 Jan 1970 00:00:00 GMT", "Sun, 07 Feb 2106 06:28:15 GMT"))
        )), Content_Type=TYPE),
        {NoteKind.CLOCK, NoteKind.DAMAGED},
    ),
    "one guid": (
        answer(200, channel(*(
            item(n).replace(f"<guid>http://paper.example/{n}</guid>", "<guid>http://paper.example/0</guid>")
            for n in down(5)
        )), Content_Type=TYPE),
        {NoteKind.REPEATED},
    ),
}  # fmt: skip

GOOD = ("good one", "good two", "good three")


def path(name: str) -> str:
    return "/" + name.replace(" ", "_")


def published(number: int) -> datetime:
    """When a good feed publishes an entry: one every EVERY seconds."""
    return START + timedelta(seconds=(number - 30) * EVERY)


class Ticking:
    """A good feed, which lists its last 30 entries."""

    def __init__(self, clock: FastClock) -> None:
        self._clock = clock

    async def __call__(self, asked: Asked, reply: Reply) -> None:
        latest = 30 + int((self._clock.now() - START).total_seconds() // EVERY)
        tag = f'"{latest}"'
        if asked.headers.get("if-none-match") == tag:
            await reply.send(head(304, {"ETag": tag}))
            return
        items = [item(number, at=published(number)) for number in down(latest, 30)]
        await answer(200, channel(*items), Content_Type=TYPE, ETag=tag)(asked, reply)


@asynccontextmanager
async def measured() -> AsyncIterator[list[int]]:
    """Bytes of memory that the process held, every 20 ms while within; the first before anything began."""
    held = [_resident()]

    async def watch() -> None:
        while True:
            await asyncio.sleep(0.02)
            held.append(await asyncio.to_thread(_resident))

    watching = asyncio.create_task(watch())
    try:
        yield held
    finally:
        watching.cancel()


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


@pytest.fixture
async def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Chaos]:
    """A server whose certificate is trusted, and is of another name."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authorities.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authorities.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("elsewhere.example").configure_cert(context)
    async with chaos(tls=context) as server:
        yield server


async def test_everything_bad_at_once(home: House, secure: Chaos) -> None:
    """Each bad feed has its one reason, or its note; the good feeds' entries are all there and on time;
    memory stays bounded, and the worker is alive."""
    home.clock = FastClock(SPEED)
    hosts = map("127.0.0.{}".format, count(2))  # each feed has one of its own
    bad = {home.feed(path(name), one, next(hosts)): why for name, (one, why) in (BAD | bombs()).items()}
    odd = {home.feed(path(name), one, next(hosts)): kinds for name, (one, kinds) in ODD.items()}
    good = [home.feed(path(name), Ticking(home.clock), next(hosts)) for name in GOOD]
    home.names.name("tls.example", "127.0.0.1")
    bad[secure.url("/feed", "tls.example")] = Reason.BAD_CERTIFICATE
    home.listed(FeedSpec(secure.url("/feed", "tls.example")))
    async with (
        measured() as held,
        home.working(poll_shortest=60, poll_longest=60, fetch_timeout=2.5, host_pace=1),
    ):
        await looked_at(
            home, {**dict.fromkeys(bad, 1), **dict.fromkeys(odd, 2), **dict.fromkeys(good, ROUNDS)}
        )
        assert {url: home.state(url).outcome for url in bad} == {url: why.value for url, why in bad.items()}
        assert {url: set(await home.kinds(url)) for url in odd} == odd
        assert all(home.state(url).failing is None for url in odd)
        for url in good:
            await _all_there_and_on_time(home, url)
    assert max(held) - held[0] < MEMORY


async def looked_at(home: House, polls: dict[str, int]) -> None:
    """Wait until each of these feeds was polled so often."""
    async with asyncio.timeout(3 * PATIENCE):
        while any(home.state(url).counts.polls < count for url, count in polls.items()):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def _all_there_and_on_time(home: House, url: str) -> None:
    """No number is missing or sent twice; each was seen within one interval and a half in the mean,
    and never later than a busy machine explains."""
    state = home.state(url)
    assert (state.failing, state.counts.failures, state.counts.lost) == (None, 0, 0)
    assert await home.notes(url) == []
    numbers = await home.numbers(url)
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    assert len(numbers) >= 30 + 60 / EVERY * (ROUNDS - 2)
    entries = [entry for entry in await home.entries(url) if entry.published and entry.published > START]
    delays = [(entry.observed - entry.published).total_seconds() for entry in entries]
    assert min(delays) >= 0
    assert mean(delays) < 90
    assert max(delays) < 240

"""What the network sends that is no proper answer: one reason each, in bounded time and memory."""

import asyncio
import time
import tracemalloc

import pytest

from agents.http.fetcher import Fetcher, Get
from agents.http.session import open_fetcher
from pipeline.outcome import Reason
from pipeline.poll.answer import Fetched
from tests.network.asking import body, failed, unharmed, why
from tests.network.chaos import (
    Behaviour,
    Chaos,
    Names,
    answer,
    drip,
    endless,
    hang_up,
    head,
    in_turn,
    raw,
    silence,
)
from tests.network.conftest import PATIENCE, settings

LENGTH_50 = head(200, {"Content-Length": 50})
CHUNKED = head(200, {"Transfer-Encoding": "chunked"})
OK = b"HTTP/1.1 200 OK\r\n"

AT_ONCE: dict[str, tuple[Behaviour, Reason]] = {
    "closed before an answer": (hang_up(), Reason.UNREACHABLE),
    "broken off before an answer": (hang_up(reset=True), Reason.UNREACHABLE),
    "closed within the head": (hang_up(OK + b"Content-Le"), Reason.UNREACHABLE),
    "closed within the body": (hang_up(LENGTH_50 + b"a part"), Reason.CUT_SHORT),
    "broken off within the body": (hang_up(LENGTH_50 + b"a part", reset=True), Reason.CUT_SHORT),
    "closed within a chunk": (hang_up(CHUNKED + b"9\r\na part"), Reason.CUT_SHORT),
    "closed between chunks": (hang_up(CHUNKED + b"6\r\na part\r\n"), Reason.CUT_SHORT),
    "a length that is too short": (
        raw(head(200, {"Content-Length": 6}) + b"a part and more"),
        Reason.BAD_RESPONSE,
    ),
    "a length that is no number": (raw(head(200, {"Content-Length": "many"}) + b"a"), Reason.BAD_RESPONSE),
    "a negative length": (raw(head(200, {"Content-Length": -5}) + b"hello"), Reason.BAD_RESPONSE),
    "a length beyond all numbers": (raw(head(200, {"Content-Length": "9" * 40})), Reason.BAD_RESPONSE),
    "two lengths": (raw(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), Reason.BAD_RESPONSE),
    "a length and chunks": (
        raw(head(200, {"Content-Length": 5, "Transfer-Encoding": "chunked"}) + b"0\r\n\r\n"),
        Reason.BAD_RESPONSE,
    ),
    "100 MB announced": (raw(head(200, {"Content-Length": 100_000_000}) + b"a part"), Reason.TOO_LARGE),
    "a chunk without a size": (raw(CHUNKED + b"zz\r\nhello\r\n0\r\n\r\n"), Reason.BAD_RESPONSE),
    "a chunk size beyond all numbers": (raw(CHUNKED + b"f" * 40 + b"\r\nhello"), Reason.BAD_RESPONSE),
    "words": (raw(b"good day to you\r\n\r\n"), Reason.BAD_RESPONSE),
    "a TLS record": (raw(b"\x15\x03\x01\x00\x02\x02\x46", close=True), Reason.BAD_RESPONSE),
    "ICY": (raw(b"ICY 200 OK\r\n\r\n", close=True), Reason.BAD_RESPONSE),
    "a status of four digits": (raw(b"HTTP/1.1 2000 OK\r\n\r\n", close=True), Reason.BAD_RESPONSE),
    "NUL in a header": (raw(OK + b"ETag: a\0b\r\nContent-Length: 0\r\n\r\n"), Reason.BAD_RESPONSE),
    "a header without a colon": (raw(OK + b"what is this\r\nContent-Length: 0\r\n\r\n"), Reason.BAD_RESPONSE),
    "10,000 headers": (
        raw(OK + b"".join(b"X-%d: y\r\n" % n for n in range(10_000)) + b"\r\n"),
        Reason.BAD_RESPONSE,
    ),
    "headers without end": (endless(OK, b"X: yyyyyyyyyyyyyyyyyyyyyyy\r\n" * 1_000), Reason.BAD_RESPONSE),
    "a header line without end": (endless(OK + b"X: ", b"y" * 65_536), Reason.BAD_RESPONSE),
    "a status line without end": (endless(b"HTTP/1.1 200 ", b"y" * 65_536), Reason.BAD_RESPONSE),
    "chunks without end": (endless(CHUNKED, b"1000\r\n" + b"y" * 4_096 + b"\r\n"), Reason.TOO_LARGE),
    "a body without length or end": (endless(head(200), b"y" * 65_536), Reason.TOO_LARGE),
    "trailers without end": (endless(CHUNKED + b"0\r\nX: ", b"y" * 65_536), Reason.BAD_RESPONSE),
}
IN_TIME: dict[str, Behaviour] = {
    "silence": silence(),
    "a slow head": drip(OK, b"X: y\r\n", 0.05),
    "a slow line": drip(OK + b"X: ", b"y", 0.05),
    "a slow body": drip(LENGTH_50, b"y", 0.1),
    "slow chunks": drip(CHUNKED, b"1\r\ny\r\n", 0.05),
    "a length that is too long": raw(LENGTH_50 + b"a part"),
    "chunk extensions without end": endless(CHUNKED + b"1;", b"y" * 65_536),
    "interim answers without end": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 50),
}


@pytest.mark.parametrize("case", AT_ONCE)
async def test_bad_answers(case: str, server: Chaos, patient: Fetcher) -> None:
    """Each has its one reason, known at once and in little memory, and the next request is unharmed."""
    behaviour, reason = AT_ONCE[case]
    url = server.on("/bad", behaviour)
    begun = time.monotonic()
    tracemalloc.start()
    try:
        found = await why(patient, Get(url, limit=1_000_000))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found is reason
    assert time.monotonic() - begun < PATIENCE / 2
    assert peak < 8_000_000
    assert await unharmed(patient, server)


@pytest.mark.parametrize("case", IN_TIME)
async def test_slow_answers(case: str, server: Chaos, fetcher: Fetcher) -> None:
    """What never ends without being much is given up in time; meanwhile others are served."""
    url = server.on("/slow", IN_TIME[case])
    begun = time.monotonic()
    slow = asyncio.create_task(why(fetcher, url))
    await asyncio.sleep(0.1)
    assert await unharmed(fetcher, server)
    assert not slow.done()
    assert await slow is Reason.TIMED_OUT
    assert 0.9 < time.monotonic() - begun < 5
    assert await unharmed(fetcher, server)


async def test_slow_redirects_count_together(server: Chaos, fetcher: Fetcher) -> None:
    """The time is that of all redirects together, so that many slow ones are no way around it."""

    def slowly(number: int) -> Behaviour:
        async def behave(asked, reply) -> None:
            await asyncio.sleep(0.3)
            await reply.send(head(302, {"Location": f"/{number + 1}", "Content-Length": 0}))

        return behave

    for number in range(5):
        server.on(f"/{number}", slowly(number))
    begun = time.monotonic()
    assert await why(fetcher, server.url("/0")) is Reason.TIMED_OUT
    assert time.monotonic() - begun < 5


async def test_a_304_with_a_body(server: Chaos, fetcher: Fetcher) -> None:
    """A 304 has no body; one with a body is no HTTP, and the body is nobody's answer."""
    bad = raw(head(304, {"ETag": '"1"'}) + b"<rss>changed all the same</rss>")
    url = server.on("/feed", in_turn(bad, answer(200, b"<rss/>")))
    assert await why(fetcher, Get(url, headers={"If-None-Match": '"1"'})) is Reason.BAD_RESPONSE
    assert await unharmed(fetcher, server)
    assert await body(fetcher, url) == b"<rss/>"


async def test_a_304_whose_body_comes_later(server: Chaos, fetcher: Fetcher) -> None:
    """A body that trails behind a 304 is never taken for the answer to the next request."""

    async def behave(asked, reply) -> None:
        await reply.send(head(304, {"Content-Length": 90}))
        await asyncio.sleep(0.1)
        await reply.send(head(200, {"Content-Length": 8}) + b"smuggled")

    url = server.on("/feed", behave)
    found = await fetcher.fetch(Get(url, headers={"If-None-Match": '"1"'}))
    assert isinstance(found, Fetched)
    assert (found.answer.status, found.body) == (304, b"")
    await asyncio.sleep(0.2)
    assert await unharmed(fetcher, server)
    assert len({asked.connection for asked in server.requests}) == 2, "the connection was given up"


async def test_a_second_answer_nobody_asked_for(server: Chaos, fetcher: Fetcher) -> None:
    """An answer behind the answer is not given to the next request on the connection."""
    url = server.on(
        "/feed", raw(head(200, {"Content-Length": 1}) + b"1" + head(200, {"Content-Length": 1}) + b"2")
    )
    assert await body(fetcher, url) == b"1"
    assert await unharmed(fetcher, server)


async def test_a_server_that_speaks_first(server: Chaos, fetcher: Fetcher) -> None:
    """Another protocol's greeting is no HTTP, and no reason to connect again and again."""
    server.greeting = b"SSH-2.0-OpenSSH_9.6\r\n"
    assert await why(fetcher, server.url("/good")) is Reason.BAD_RESPONSE
    assert server.connections <= 3


async def test_a_connection_closed_between_requests(server: Chaos, fetcher: Fetcher) -> None:
    """A connection kept alive that the server closed meanwhile is replaced without anybody noticing."""
    url = server.on("/feed", in_turn(answer(200, b"1"), hang_up(), answer(200, b"3")))
    assert await body(fetcher, url) == b"1"
    assert await body(fetcher, url) == b"3"


@pytest.mark.parametrize("status", [400, 403, 404, 410, 429, 500, 503])
async def test_bodies_of_errors(status: int, server: Chaos, fetcher: Fetcher) -> None:
    """An error's status is the answer, whatever becomes of its body, of which little is read."""
    small, large = b"a word about it", b"y" * 5_000_000
    headers = {"Retry-After": "60"}
    for sent, behaviour in {
        small: answer(status, small, **headers),
        b"": answer(status, b"no gzip", Content_Encoding="gzip", **headers),
        b" ": endless(head(status, headers), b"y" * 65_536),
        b"  ": answer(status, large, **headers),
        b"   ": hang_up(head(status, {"Content-Length": 50, **headers}) + b"a part"),
    }.items():
        found = await fetcher.fetch(Get(server.on("/error", behaviour)))
        assert isinstance(found, Fetched)
        assert (found.answer.status, found.body) == (status, sent.strip())
        assert found.answer.headers["retry-after"] == "60"
    assert await unharmed(fetcher, server)


async def test_a_slow_body_of_an_error(server: Chaos, fetcher: Fetcher) -> None:
    """An error whose body never ends is that error still, once its time is over."""
    url = server.on("/error", drip(head(503, {"Content-Length": 50}), b"y", 0.2))
    found = await fetcher.fetch(Get(url))
    assert isinstance(found, Fetched)
    assert (found.answer.status, found.body) == (503, b"")


async def test_an_empty_body_is_an_answer(server: Chaos, fetcher: Fetcher) -> None:
    """An empty 200 is handed on as it is: what it means is not a question of transport."""
    assert await body(fetcher, server.on("/empty", answer(200, b""))) == b""
    assert await body(fetcher, server.on("/packed", answer(200, b"", Content_Encoding="gzip"))) == b""


async def test_old_servers(server: Chaos, fetcher: Fetcher) -> None:
    """HTTP/1.0 without a length, bare line feeds and folded headers are read as servers of old mean them."""
    assert await body(fetcher, server.on("/1", raw(b"HTTP/1.0 200 OK\r\n\r\nhello", close=True))) == b"hello"
    assert await body(fetcher, server.on("/2", raw(b"HTTP/1.1 200 OK\nContent-Length: 2\n\nab"))) == b"ab"
    assert (
        await body(fetcher, server.on("/3", raw(OK + b"A: b\r\n c\r\nContent-Length: 2\r\n\r\nab"))) == b"ab"
    )


async def test_nobody_there(fetcher: Fetcher, server: Chaos) -> None:
    """A port where nobody listens is unreachable, a name that nobody knows a failure of its own."""
    async with open_fetcher(settings(), resolver=Names()) as stranger:
        assert await why(stranger, "http://nowhere.example/") is Reason.DNS_FAILED
    assert await why(fetcher, "http://127.0.0.1:9/") is Reason.UNREACHABLE
    assert await unharmed(fetcher, server)


async def test_a_name_without_an_answer(server: Chaos) -> None:
    """A resolver that never answers costs its own request the time allowed, and nobody else's."""

    class Stuck(Names):
        async def resolve(self, host: str, port: int = 0, family: int = 0):
            if host == "stuck.example":
                await asyncio.sleep(3_600)
            return await super().resolve(host, port, family)

    names = Stuck().name("feeds.example", "127.0.0.1")
    async with open_fetcher(settings(), resolver=names) as fetcher:
        begun = time.monotonic()
        stuck = asyncio.create_task(why(fetcher, "http://stuck.example/"))
        await asyncio.sleep(0.05)
        assert await body(fetcher, server.url("/good", "feeds.example"))
        assert await stuck is Reason.TIMED_OUT
        assert time.monotonic() - begun < 5


async def test_messages_are_plain(server: Chaos, fetcher: Fetcher) -> None:
    """What a message quotes of the network is one short line without control characters."""
    url = server.on("/bad", raw("HTTP/1.1 \x1b[31m\u202e\r\r\u0007".encode() + b"\xff" * 5_000 + b"\r\n\r\n"))
    found = await failed(fetcher, url)
    assert found.why.reason is Reason.BAD_RESPONSE
    assert found.why.message.startswith("127.0.0.1: ")

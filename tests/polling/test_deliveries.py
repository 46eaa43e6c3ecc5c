"""Deliveries of a hub, over loopback: read, answered when durable, bounded; and what strangers see."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientSession

from agents.polling.hub_server import serve_hub
from agents.polling.intake import Bounds
from agents.polling.order import Order
from pipeline.outcome import Reason
from tests.polling.hub import only
from tests.polling.subscribing import FEED, document, subscribing


async def test_a_delivery_is_read_and_answered_once_it_is_durable() -> None:
    """What the hub brings is compared with what the feed listed; 204 says that nothing of it can get lost."""
    async with subscribing() as readers:
        await readers.poll("one")
        assert await readers.hub.publish(FEED, document(readers.hub.url, FEED, "two", "one")) == [204]
        assert readers.titles == ["one", "two"]
        assert readers.held().delivered == readers.now()


async def test_a_delivery_that_does_not_become_durable_is_delivered_again() -> None:
    """503 after a while, and the hub's next try; read twice it is new once."""
    async with subscribing(Bounds(durable_within=0.2)) as readers:
        await readers.poll("one")
        readers.hub.manners.retries = (0.5, 0.5)
        readers.stuck.clear()
        delivering = asyncio.create_task(readers.hub.publish(FEED, document(readers.hub.url, FEED, "two")))
        await asyncio.sleep(0.4)
        assert readers.hub.deliveries == [503]
        readers.stuck.set()
        assert await delivering == [204]
        assert readers.titles == ["one", "two"]


async def test_a_worker_that_takes_no_order_lets_the_hub_come_again() -> None:
    """Neither a delivery nor a verification is confirmed where its order was not taken."""
    async with subscribing() as readers:
        await readers.poll("one")
        readers.full = True
        assert await readers.hub.publish(FEED, document(readers.hub.url, FEED, "two")) == [503]
        query = {"hub.mode": "subscribe", "hub.topic": FEED, "hub.challenge": "c"}
        assert (await readers.hub.question(only(readers.hub).callback, query))[0] == 503
        readers.full = False
        assert await readers.hub.publish(FEED, document(readers.hub.url, FEED, "two")) == [204]


@pytest.mark.parametrize(
    ("method", "secret"),
    [
        pytest.param("sha256", "another secret", id="forged"),
        pytest.param("sha256", "luck-0", id="an old secret"),
        pytest.param("md5", None, id="a weak method"),
        pytest.param(None, None, id="no signature"),
    ],
)
async def test_a_bad_signature_is_dropped_and_counted(method: str | None, secret: str | None) -> None:
    """The answer is the same as to a good one, so that who forges learns nothing; nothing is read."""
    async with subscribing() as readers:
        await readers.poll("one")
        readers.hub.manners.method, readers.hub.manners.secret = method, secret
        assert await readers.hub.publish(FEED, document(readers.hub.url, FEED, "forged")) == [204]
        assert [(feed, why.reason) for feed, why in readers.dropped] == [(FEED, Reason.BAD_SIGNATURE)]
        assert readers.titles == ["one"] and readers.held().delivered is None


async def test_a_signed_delivery_of_another_topic_is_dropped() -> None:
    """Its Link header says what a delivery is of (section 7); a hub that mixes topics up is not followed."""
    async with subscribing() as readers:
        await readers.poll("one")
        readers.hub.manners.link_topic = "http://other.example/feed"
        assert await readers.hub.publish(FEED, document(readers.hub.url, FEED, "mixed")) == [204]
        assert readers.titles == ["one"] and len(readers.dropped) == 1


async def test_a_compressed_delivery_is_signed_as_it_was_sent() -> None:
    """The signature is over the bytes of the wire; decompression comes after it, and is bounded."""
    async with subscribing(Bounds(body=50_000)) as readers:
        await readers.poll("one")
        one, packed = only(readers.hub), {"Content-Encoding": "gzip"}
        body = gzip.compress(document(readers.hub.url, FEED, "two"))
        assert await readers.hub.deliver(one, body, "text/xml", packed) == 204
        assert readers.titles == ["one", "two"]
        bomb = gzip.compress(b" " * 5_000_000)
        assert await readers.hub.deliver(one, bomb, "text/xml", packed) == 204
        assert [why.reason for _, why in readers.dropped] == [Reason.TOO_LARGE]


async def test_a_body_over_the_limit_is_refused_before_it_is_held() -> None:
    """By its Content-Length at once; a chunked one when it has come to the limit."""
    async with subscribing(Bounds(body=10_000)) as readers:
        await readers.poll("one")
        assert await readers.hub.publish(FEED, b"x" * 10_001) == [413]

        async def chunks() -> AsyncIterator[bytes]:
            for _ in range(10):
                yield b"x" * 2_000
                await asyncio.sleep(0.01)

        async with (
            ClientSession() as session,
            session.post(only(readers.hub).callback, data=chunks()) as answer,
        ):
            assert answer.status == 413
        assert await readers.hub.publish(FEED, document(readers.hub.url, FEED, "two")) == [204]


async def test_a_body_that_drips_is_cut_off_and_holds_up_nobody() -> None:
    """A delivery has a time to come in; meanwhile others are taken, and afterwards its place is free."""
    async with subscribing(Bounds(body_within=0.3, per_feed=2)) as readers:
        await readers.poll("one")
        one = only(readers.hub)
        reader, writer = await connect(one.callback)
        writer.write(head(one.callback, "Content-Length: 100\r\n"))
        await writer.drain()
        assert await readers.hub.publish(FEED, document(readers.hub.url, FEED, "two")) == [204]
        assert (await asyncio.wait_for(reader.read(), 5)).startswith(b"HTTP/1.1 408 ")
        writer.close()
        assert await asyncio.gather(
            *(readers.hub.deliver(one, document(readers.hub.url, FEED, "three"), "text/xml") for _ in "ab")
        ) == [204, 204]


async def test_a_connection_on_which_nothing_is_asked_is_closed() -> None:
    """Half a request keeps a connection no longer than none."""
    async with subscribing(Bounds(idle=0.3)) as readers:
        reader, writer = await connect(readers.base)
        writer.write(b"GET / HTTP/1.1\r\nHost: me")
        await writer.drain()
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()


async def test_deliveries_that_wait_are_bounded_for_a_feed_and_for_all() -> None:
    """Beyond the bound a hub is told to come again; what became durable makes room."""
    async with subscribing(Bounds(per_feed=2, overall=3, durable_within=5)) as readers:
        await readers.poll("one")
        readers.now.pass_(seconds=5)
        await readers.poll("one", feed="http://second.example/feed")
        first, second = readers.hub.subscribers.values()
        readers.hub.manners.retries = ()
        readers.stuck.clear()
        body = document(readers.hub.url, FEED, "two")
        wait = [asyncio.create_task(readers.hub.deliver(first, body, "text/xml")) for _ in range(4)]
        await asyncio.sleep(0.3)
        wait += [asyncio.create_task(readers.hub.deliver(second, body, "text/xml")) for _ in range(2)]
        await asyncio.sleep(0.3)
        assert sorted(readers.hub.deliveries) == [503, 503, 503]
        readers.stuck.set()
        assert sorted(await asyncio.gather(*wait)) == [204, 204, 204, 503, 503, 503]
        assert await readers.hub.deliver(first, body, "text/xml") == 204


async def test_bytes_that_wait_are_bounded_too() -> None:
    """Few deliveries can be much: what is held of all of them has a bound of its own."""
    async with subscribing(Bounds(held=1_000)) as readers:
        await readers.poll("one")
        readers.hub.manners.retries = ()
        assert await readers.hub.publish(FEED, b"<rss>" + b" " * 1_000) == [503]
        assert await readers.hub.publish(FEED, document(readers.hub.url, FEED, "two")) == [204]


async def test_compressed_deliveries_count_as_what_they_hold() -> None:
    """What waits is held decompressed: small deliveries that hold much find no more room than large ones."""
    async with subscribing(Bounds(held=100_000, durable_within=5)) as readers:
        await readers.poll("one")
        one, packed = only(readers.hub), {"Content-Encoding": "gzip"}
        body = gzip.compress(document(readers.hub.url, FEED, "two") + b" " * 60_000)
        readers.stuck.clear()
        waiting = asyncio.create_task(readers.hub.deliver(one, body, "text/xml", packed))
        await asyncio.sleep(0.3)
        assert await readers.hub.deliver(one, body, "text/xml", packed) == 503
        readers.stuck.set()
        assert await waiting == 204
        assert await readers.hub.deliver(one, body, "text/xml", packed) == 204


# --- what strangers see


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/nobody", 404),
        ("POST", "/nobody", 404),
        ("GET", "/luck-1", 404),
        ("GET", "/luck-1/", 404),
        ("HEAD", "/luck-1", 405),
        ("PUT", "/luck-1", 405),
        ("OPTIONS", "/nobody", 405),
    ],
)
async def test_strangers_see_nothing(method: str, path: str, status: int) -> None:
    """Whatever is no verification or delivery for a token is not there; no answer names the software."""
    async with subscribing() as readers:
        await readers.poll("one")
        async with ClientSession() as session, session.request(method, f"{readers.base}{path}") as answer:
            assert (answer.status, await answer.text()) == (status, "")
            assert "Server" not in answer.headers
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_challenge_comes_back_as_plain_text() -> None:
    """What a hub sends is echoed byte for byte, and never as a page that a browser would run."""
    async with subscribing() as readers:
        await readers.poll("one")
        challenge = "<script>alert(1)</script> +&%C3%A9"
        query = {"hub.mode": "subscribe", "hub.topic": FEED, "hub.challenge": challenge}
        async with ClientSession() as session:
            async with session.get(only(readers.hub).callback, params=query) as answer:
                assert (answer.status, await answer.text()) == (200, challenge)
                assert answer.content_type == "text/plain"
            query["hub.challenge"] = "x" * 9_000
            async with session.get(only(readers.hub).callback, params=query) as answer:
                assert answer.status == 400


async def connect(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A bare connection to where an address leads."""
    return await asyncio.open_connection(urlsplit(url).hostname, urlsplit(url).port)


def head(url: str, headers: str) -> bytes:
    """The head of a POST to an address."""
    return f"POST {urlsplit(url).path} HTTP/1.1\r\nHost: me\r\n{headers}\r\n".encode()


async def test_an_unknown_path_may_be_another_workers() -> None:
    """As long as not every feed is known here, a hub is told to come again, and not that nobody is there."""
    whole = False

    async def taken(_: Order) -> bool:
        return True

    server = serve_hub("127.0.0.1:0", lambda _: None, taken, lambda: datetime.now(UTC), whole=lambda: whole)
    async with server as (host, port), ClientSession() as hub:
        async with hub.post(f"http://{host}:{port}/luck", data=b"x") as found:
            assert (found.status, found.headers["Retry-After"]) == (503, "60")
        whole = True
        async with hub.post(f"http://{host}:{port}/luck", data=b"x") as found:
            assert found.status == 404

"""Asking politely: what a request says, what an answer brings, how many at once."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from agents.http.fetcher import PAGE_TYPES, Fetcher, Get
from agents.http.session import open_fetcher, user_agent
from pipeline.outcome import Reason
from pipeline.poll.answer import Fetched, Unfetched
from tests.network.asking import body, failed, unharmed, why
from tests.network.chaos import Chaos, Names, answer, chaos, conditional, head, raw
from tests.network.conftest import GOOD, settings

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


UNREPEATABLE = ('"caf\xe9"', '"a\x01\x0bb"')
"""Validators in Latin-1, and with control characters, which no client may send; they do no harm."""


class Ticking:
    """A clock that moves by a second whenever it is looked at."""

    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time

    async def until(self, moment: datetime) -> None:
        self.time = max(self.time, moment)


async def test_what_a_request_says(server: Chaos, names: Names) -> None:
    """A request names the project and its contact, what it takes, and nothing of this machine."""
    async with open_fetcher(settings(contact="https://news.example/bot"), resolver=names) as fetcher:
        await fetcher.fetch(Get(server.url("/good", "feeds.example"), accept=PAGE_TYPES))
    asked = server.requests[0]
    assert asked.method == "GET"
    assert set(asked.headers) - {""} == {"host", "user-agent", "accept", "accept-encoding"}
    assert asked.headers["host"] == f"feeds.example:{server.port}"
    assert re.fullmatch(
        r"storywire/\d+\.\d+\.\d+ \(\+https://news\.example/bot\)", asked.headers["user-agent"]
    )
    assert asked.headers["accept"] == PAGE_TYPES


def test_without_a_contact() -> None:
    """Without a contact the User-Agent is the name and version alone."""
    assert re.fullmatch(r"storywire/\d+\.\d+\.\d+", user_agent(""))


@pytest.mark.parametrize(
    "etag",
    ['"abc"', 'W/"abc"', "unquoted", '"with , comma"', '"caf\xe9"', '"\xd7\x90"', '"a\x01\x0bb"', '""'],
)
async def test_validators_are_verbatim(etag: str, server: Chaos, fetcher: Fetcher) -> None:
    """A validator comes back to the origin in the very bytes in which it was given, where it is UTF-8."""
    url = server.on("/feed", conditional(b"<rss/>", etag, Last_Modified="yesterday, about noon"))
    first = await fetcher.fetch(Get(url))
    assert isinstance(first, Fetched)
    assert not first.answer.conditional
    assert first.answer.headers["last-modified"] == "yesterday, about noon"
    second = await fetcher.fetch(Get(url, headers={"If-None-Match": first.answer.headers["etag"]}))
    assert isinstance(second, Fetched)
    assert second.answer.conditional
    if etag not in UNREPEATABLE:
        assert (second.answer.status, second.body) == (304, b"")
        assert second.answer.headers["etag"] == first.answer.headers["etag"]


async def test_either_validator_makes_a_request_conditional(server: Chaos, fetcher: Fetcher) -> None:
    """A date alone is a condition too, in whatever case its header is written; other headers are none."""
    for headers, is_conditional in (({"if-modified-since": "x"}, True), ({"A-IM": "feed"}, False)):
        found = await fetcher.fetch(Get(server.url("/good"), headers=headers))
        assert isinstance(found, Fetched)
        assert found.answer.conditional is is_conditional


async def test_what_an_answer_brings(server: Chaos, names: Names) -> None:
    """Header names are lower case, repeated ones joined; the time is the clock's when the head came."""
    links = b"LINK: <a>; rel=hub\r\nLink: <b>; rel=self\r\n"
    lines = b"HTTP/1.1 200 OK\r\n" + links + b"X: caf\xe9\r\nContent-Length: 2\r\n\r\nab"
    url = server.on("/feed", raw(lines))
    async with open_fetcher(settings(), resolver=names, clock=Ticking()) as fetcher:
        found = await fetcher.fetch(Get(url))
    assert isinstance(found, Fetched)
    assert found.body == b"ab"
    assert (found.answer.asked, found.answer.url, found.answer.status) == (url, url, 200)
    assert found.answer.headers == {"link": "<a>; rel=hub, <b>; rel=self", "x": "café", "content-length": "2"}
    assert found.answer.at == NOON + timedelta(seconds=1)


async def test_a_failure_keeps_the_head(server: Chaos, names: Names) -> None:
    """An answer whose body cannot be read brings its head along, a missing answer only its time."""
    url = server.on("/feed", answer(200, b"too much", ETag='"1"'))
    async with open_fetcher(settings(), resolver=names, clock=Ticking()) as fetcher:
        found = await failed(fetcher, Get(url, limit=3))
        assert found.why.reason is Reason.TOO_LARGE
        assert found.answer
        assert found.answer.headers["etag"] == '"1"'
        assert found.at == NOON + timedelta(seconds=2)
        assert (await failed(fetcher, "http://nowhere.example/")).answer is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "feed",
        "//feeds.example/",
        "ftp://feeds.example/",
        "file:///etc/passwd",
        "http://",
        "http:///feed",
        "http://feeds.example:0/",
        "http://feeds.example:70000/",
        "http://[::1/",
        "http://name@feeds.example/",
        "http://name:word@feeds.example/",
        "http://%31%32%37.0.0.1/",
        "http://%6cocalhost/",
        "http://feeds%2Eexample/",
        "http://feeds.example/\r\nX: y",
        "http://feeds.example/\x00",
        "http://feeds.example/" + "a" * 2_048,
    ],
)
async def test_bad_addresses(url: str, fetcher: Fetcher) -> None:
    """What is no address of the web is not asked."""
    assert await why(fetcher, url) is Reason.BAD_ADDRESS


@given(
    url=st.one_of(st.text(), st.text().map("http://".__add__), st.text().map("http://feeds.example/".__add__))
)
@hypothesis_settings(deadline=None, max_examples=60)
async def test_any_address(url: str) -> None:
    """No text for an address makes the fetcher raise."""
    async with open_fetcher(settings(allow_networks=(), fetch_timeout=5), resolver=Names()) as fetcher:
        assert isinstance(await fetcher.fetch(Get(url)), Unfetched)


async def test_any_header_is_sent_or_refused(server: Chaos, fetcher: Fetcher) -> None:
    """A header that cannot be sent is a failure, and never a header of somebody else's making."""
    bad = Get(server.url("/good"), headers={"If-None-Match": '"1"\r\nX-Injected: yes'})
    assert await why(fetcher, bad) is Reason.BAD_ADDRESS
    assert server.requests == []
    assert await unharmed(fetcher, server)


async def test_addresses_are_sent_as_they_are_written(server: Chaos, fetcher: Fetcher) -> None:
    """No escape in a feed's address is undone or added: signed addresses live by their bytes."""
    for path in ("/%7Efeed/a%2Fb?sign=%2B+%3D&x=[1]|2", "/a;b,c?d=e&&f", "/.//x"):
        await fetcher.fetch(Get(server.url(path)))
        assert server.requests[-1].target == path


async def test_connections_are_kept(server: Chaos, fetcher: Fetcher) -> None:
    """Requests one after another go over one connection, 304s as well."""
    url = server.on("/feed", conditional(b"<rss/>", '"1"'))
    for _ in range(3):
        assert await body(fetcher, url) == b"<rss/>"
        assert await body(fetcher, Get(url, headers={"If-None-Match": '"1"'})) == b""
    assert server.connections == 1


async def test_two_connections_to_a_host(server: Chaos, fetcher: Fetcher) -> None:
    """At most two requests to one host run at once."""
    running, most = 0, 0

    async def behave(asked, reply) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.05)
        running -= 1
        await reply.send(head(200, {"Content-Length": 0}))

    url = server.on("/feed", behave)
    await asyncio.gather(*(body(fetcher, url) for _ in range(8)))
    assert most == 2


async def test_no_cookies(server: Chaos, fetcher: Fetcher) -> None:
    """A cookie that is set is not sent back."""
    url = server.on("/feed", answer(200, b"<rss/>", Set_Cookie="who=you; Path=/"))
    await body(fetcher, url)
    await body(fetcher, url)
    assert all("cookie" not in asked.headers for asked in server.requests)


async def test_a_cancelled_request(server: Chaos, fetcher: Fetcher) -> None:
    """A request that is cancelled ends as cancelled, and gives its connection back."""
    url = server.on("/feed", raw(head(200, {"Content-Length": 50})))
    for _ in range(3):
        task = asyncio.create_task(fetcher.fetch(Get(url)))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await unharmed(fetcher, server)


async def test_large_headers_of_real_sites(server: Chaos, fetcher: Fetcher) -> None:
    """A security policy of 20 kB is no reason to lose a feed."""
    url = server.on("/feed", answer(200, GOOD, Content_Security_Policy="default-src 'self'; " * 1_000))
    assert await body(fetcher, url) == GOOD


async def test_ipv6(names: Names) -> None:
    """A server on an IPv6 address is read like any other."""
    async with chaos("::1") as server, open_fetcher(settings(), resolver=names) as fetcher:
        server.on("/good", answer(200, GOOD))
        assert await body(fetcher, server.url("/good")) == GOOD


async def test_the_systems_resolver(server: Chaos) -> None:
    """Without a resolver given, names are looked up as the system does it; what is no name is no failure."""
    async with open_fetcher(settings(fetch_timeout=5)) as fetcher:
        assert await body(fetcher, server.url("/good", "localhost")) == GOOD
        for host in ("a..b", "a" * 64 + ".example"):
            assert await why(fetcher, f"http://{host}/") in (Reason.DNS_FAILED, Reason.BAD_ADDRESS)

"""Redirects: followed as browsers do, never round in circles, never out of the web."""

import pytest

from agents.http.fetcher import Fetcher, Get
from pipeline.outcome import Reason
from pipeline.poll.answer import Fetched, Hop
from tests.network.asking import body, unharmed, why
from tests.network.chaos import Behaviour, Chaos, answer, conditional, head, in_turn, raw, redirect


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_followed(status: int, server: Chaos, fetcher: Fetcher) -> None:
    """Each redirect of a GET is followed and noted with its address and status."""
    url = server.on("/old", redirect("/new?page=1#top", status))
    server.on("/new", answer(200, b"here"))
    found = await fetcher.fetch(Get(url))
    assert isinstance(found, Fetched)
    assert found.body == b"here"
    assert found.answer.asked == url
    assert found.answer.url == server.url("/new?page=1")
    assert found.answer.hops == (Hop(url, status),)


@pytest.mark.parametrize(
    ("location", "asked"),
    [
        ("next", "/a/next"),
        ("/next", "/next"),
        ("../next", "/next"),
        ("?x=1", "/a/feed?x=1"),
        ("//{host}/next", "/next"),
        ("http://{host}/next", "/next"),
        ("HTTP://{host}/next#part", "/next"),
        ("/%7Ea%2Fb?q=a%20b+c%26", "/%7Ea%2Fb?q=a%20b+c%26"),
        ("/a b", "/a%20b"),
        ("/caf\xc3\xa9", "/caf%C3%A9"),
    ],
)
async def test_locations(location: str, asked: str, server: Chaos, fetcher: Fetcher) -> None:
    """A Location is resolved against where it was given, and asked for as it is written."""
    server.on("/a/feed", redirect(location.format(host=f"127.0.0.1:{server.port}")))
    await fetcher.fetch(Get(server.url("/a/feed")))
    assert server.requests[-1].target == asked


@pytest.mark.parametrize(
    "location",
    [
        "",
        "ftp://127.0.0.1/feed",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "gopher://127.0.0.1/",
        "data:text/xml,<rss/>",
        "http://",
        "http:///path",
        "http://[::1/",
        "http://name:word@127.0.0.1/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:0/",
        "http://" + "a" * 2_042 + "/",
        "/" + "a" * 2_048,
        "http://\xff\xfe/",
        "http:\\\\127.0.0.1\\",
    ],
)
async def test_bad_locations(location: str, server: Chaos, fetcher: Fetcher) -> None:
    """A redirect to nowhere, or to what is no web, ends there."""
    url = server.on("/old", redirect(location))
    assert await why(fetcher, url) is Reason.BAD_REDIRECT
    assert len(server.requests) == 1
    assert await unharmed(fetcher, server)


async def test_no_location(server: Chaos, fetcher: Fetcher) -> None:
    """A redirect without any Location leads nowhere."""
    url = server.on("/old", raw(head(301, {"Content-Length": 0})))
    assert await why(fetcher, url) is Reason.BAD_REDIRECT


@pytest.mark.parametrize("length", [1, 2, 3, 5])
async def test_loops(length: int, server: Chaos, fetcher: Fetcher) -> None:
    """A redirect back to where the request has been is noticed at once, not asked again."""
    for number in range(length):
        server.on(f"/{number}", redirect(f"/{(number + 1) % length}"))
    assert await why(fetcher, server.url("/0")) is Reason.REDIRECT_LOOP
    assert len(server.requests) == length
    assert await unharmed(fetcher, server)


async def test_a_loop_to_the_same_but_for_its_fragment(server: Chaos, fetcher: Fetcher) -> None:
    """A fragment makes no other address."""
    assert await why(fetcher, server.on("/0", redirect("/0#1"))) is Reason.REDIRECT_LOOP


async def test_at_most_five(server: Chaos, fetcher: Fetcher) -> None:
    """Five redirects are followed, a sixth is not."""
    for number in range(7):
        server.on(f"/{number}", redirect(f"/{number + 1}"))
    server.on("/6", answer(200, b"the end"))
    assert await body(fetcher, server.url("/1")) == b"the end"
    assert await why(fetcher, server.url("/0")) is Reason.TOO_MANY_REDIRECTS
    assert await unharmed(fetcher, server)


async def test_redirects_without_end(server: Chaos, fetcher: Fetcher) -> None:
    """A server that makes up a new address each time is followed no further than any other."""

    async def behave(asked, reply) -> None:
        await reply.send(head(302, {"Location": asked.target + "x", "Content-Length": 0}))

    assert await why(fetcher, server.on("/", behave) + "?a") is Reason.TOO_MANY_REDIRECTS
    assert len(server.requests) == 6


async def test_the_body_of_a_redirect_is_not_waited_for(server: Chaos, fetcher: Fetcher) -> None:
    """What a redirect sends as a body is not read, however long it takes to come."""
    server.on("/old", raw(head(302, {"Location": "/good", "Content-Length": 9_000_000}) + b"a part"))
    assert await unharmed(fetcher, server)
    assert await body(fetcher, server.url("/old"))


async def test_validators_go_along(server: Chaos, fetcher: Fetcher) -> None:
    """A feed that redirects can answer 304: its validators are those of where it ends."""
    server.on("/feed", conditional(b"<rss/>", 'W/"1"'))
    url = server.on("/old", redirect("/feed", 301))
    found = await fetcher.fetch(Get(url, headers={"If-None-Match": 'W/"1"'}))
    assert isinstance(found, Fetched)
    assert (found.answer.status, found.answer.conditional, found.body) == (304, True, b"")


@pytest.mark.parametrize("status", [300, 304, 305, 306])
async def test_no_redirects(status: int, server: Chaos, fetcher: Fetcher) -> None:
    """Other statuses of the 300s are answers as they are."""
    url = server.on("/feed", raw(head(status, {"Location": "/good", "Content-Length": 0})))
    found = await fetcher.fetch(Get(url))
    assert isinstance(found, Fetched)
    assert (found.answer.status, found.answer.hops) == (status, ())


@pytest.mark.parametrize(("status", "end"), [(301, 301), (302, 302), (303, 303), (307, 202), (308, 202)])
async def test_forms(status: int, end: int, server: Chaos, fetcher: Fetcher) -> None:
    """A form is sent once more only where the redirect keeps the method; else the redirect is the answer."""
    url = server.on("/hub", redirect("/other", status))
    server.on("/other", answer(202, b"accepted"))
    found = await fetcher.fetch(
        Get(url, form={"hub.mode": "subscribe", "hub.topic": "http://a.example/?b=c&d"})
    )
    assert isinstance(found, Fetched)
    assert found.answer.status == end
    sent = b"hub.mode=subscribe&hub.topic=http%3A%2F%2Fa.example%2F%3Fb%3Dc%26d"
    assert {(one.method, one.body) for one in server.requests} == {("POST", sent)}


async def test_a_maintenance_page_and_back(server: Chaos, fetcher: Fetcher) -> None:
    """Nothing of a redirect is remembered: the next request begins at the feed's own address."""
    turns: tuple[Behaviour, ...] = (redirect("/maintenance", 301), answer(200, b"<rss/>"))
    url = server.on("/feed", in_turn(*turns))
    server.on("/maintenance", answer(200, b"<html>back soon</html>"))
    assert await body(fetcher, url) == b"<html>back soon</html>"
    assert await body(fetcher, url) == b"<rss/>"

"""What limits cut off, told by reason and not taken as seen; and where no request of a worker goes."""

import gzip

import pytest

from pipeline.feed.limits import LIMITS
from pipeline.outcome import Reason
from pipeline.poll.note import NoteKind
from tests.network.chaos import answer, in_turn, listener, raw, redirect
from tests.polling.bodies import TYPE, Paper, channel, down, feed, item, packed, rss
from tests.polling.house import House


async def test_entries_beyond_the_limit_come_when_they_move_up(home: House) -> None:
    """Of 2,300 entries 2,000 are read; the others are counted by their reason, noted once, and not marked as
    seen: those that move up come through then, and no other comes twice."""
    many = 2_300
    later = range(many, 300, -1)
    moved_up = [*range(many - 200, many - 2_100, -1), *range(400, 0, -1)]
    url = home.feed(
        "/feed", in_turn(feed(range(many, 0, -1)), feed(range(many, 0, -1), "<ttl>1</ttl>"), feed(moved_up))
    )
    async with home.working():
        await home.polled(url, 1)
        assert await home.numbers(url) == sorted(later)
        assert home.rejected(Reason.TOO_MANY_ENTRIES) >= 1
        (note,) = await home.notes(url)
        assert (note.kind, note.facts[Reason.TOO_MANY_ENTRIES.value]) == (NoteKind.DAMAGED, 300)
        await home.polled(url, 2)
        assert await home.numbers(url) == sorted(later), "nothing new in what is read"
        assert await home.kinds(url) == [NoteKind.DAMAGED]
        await home.polled(url, 3)
        assert await home.numbers(url) == list(range(201, many + 1))


async def test_a_body_too_large_after_decompression(home: House) -> None:
    """A body of 11 MB that comes as 30 kB of gzip is too large; it leaves what is remembered as it was, and
    the next poll that can be read brings what is new."""
    bomb = packed(rss(down(9)) + b" " * (LIMITS.body + 1), ETag='"big"')
    url = home.feed("/feed", in_turn(feed(down(5), ETag='"1"'), bomb, bomb, feed(down(7))))
    async with home.working():
        await home.polled(url, 1)
        state = await home.polled(url, 3)
        assert state.failing is not None
        assert (state.failing.reason, state.failing.count) == (Reason.TOO_LARGE, 2)
        assert state.outcome == "too-large"
        await home.polled(url, 4)
        assert await home.numbers(url) == list(range(1, 8))
        assert NoteKind.LOSS not in await home.kinds(url)


async def test_one_bad_entry_does_not_fail_the_feed(home: House) -> None:
    """Entries that nothing can be told from, and dates that are none, cost themselves alone."""
    nameless = "<item><description></description></item>"
    undated = "<item><title>Report 9</title><guid>http://paper.example/9</guid><pubDate>soon</pubDate></item>"
    url = home.feed("/feed", answer(200, channel(item(1), nameless, undated, item(2)), Content_Type=TYPE))
    async with home.working():
        state = await home.polled(url, 1)
        assert state.failing is None
        assert await home.numbers(url) == [1, 2, 9]
        (entry,) = [one for one in await home.entries(url) if one.guid == "http://paper.example/9"]
        assert (entry.published, entry.updated) == (None, None), "no date is invented"
        assert home.rejected(Reason.BAD_DATE) == 1
        (note,) = await home.notes(url)
        assert note.kind is NoteKind.DAMAGED


@pytest.mark.parametrize("text", ["/etc/passwd", "http://127.0.0.1:9/feed", "file:///etc/passwd", "<"])
async def test_a_body_is_never_an_address(text: str, home: House) -> None:
    """A body that is a path or a URL is opened by nobody: it is no feed."""
    url = home.feed("/feed", answer(200, text.encode(), Content_Type=TYPE))
    async with home.working():
        state = await home.polled(url, 1)
        assert state.failing is not None
        assert state.failing.reason in (Reason.NOT_A_FEED, Reason.MALFORMED_FEED)
        assert await home.entries(url) == []


REFUSED = (
    "http://10.0.0.1/feed",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]:{port}/inner",
    "http://[::ffff:192.168.1.1]/feed",
    "http://2852039166/",
    "http://192.0.2.7/feed",
)


@pytest.mark.parametrize("target", REFUSED)
async def test_a_redirect_to_a_private_address(target: str, home: House) -> None:
    """Also on the second hop, no request goes to an address that is not public or allowed by name."""
    last = home.on("/second", redirect(target.format(port=home.server.port)))
    inner = home.on("/inner", Paper())
    url = home.feed("/feed", in_turn(feed(down(5)), redirect(last), feed(down(6))))
    async with home.working():
        state = await home.polled(url, 2)
        assert state.failing is not None
        assert state.failing.reason is Reason.REFUSED_ADDRESS
        assert len(home.asked("/second")) == 1
        assert home.asked("/inner") == [], inner
        await home.polled(url, 3)
        assert await home.numbers(url) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/feed", "http://", "data:text/xml,<rss/>"]
)
async def test_a_redirect_to_what_is_no_web(target: str, home: House) -> None:
    """Only http and https are followed."""
    url = home.feed("/feed", redirect(target))
    async with home.working():
        state = await home.polled(url, 1)
        assert state.failing is not None
        assert state.failing.reason in (Reason.BAD_REDIRECT, Reason.REFUSED_ADDRESS)


async def test_redirects_without_end(home: House) -> None:
    """A loop, a chain and an address longer than 2,048 characters each end with their own reason."""
    loop = home.feed("/loop", redirect("/pool"), "127.0.0.2")
    home.on("/pool", redirect("/loop"))
    for n in range(9):
        home.on(f"/chain{n}", redirect(f"/chain{n + 1}"))
    chain = home.feed("/chain", redirect("/chain0"), "127.0.0.3")
    long = home.feed("/long", redirect("/" + "x" * 2_048), "127.0.0.4")
    async with home.working():
        await home.pass_(minutes=1)
        reasons = [home.state(url).outcome for url in (loop, chain, long)]
    assert reasons == ["redirect-loop", "too-many-redirects", "bad-redirect"]


async def test_a_name_that_leads_elsewhere_the_second_time(home: House) -> None:
    """A name that is public when asked first and private when asked again is refused at the connection, and
    nobody there sees as much as a connection."""
    async with listener("127.0.0.1") as (port, seen):
        home.names.name("feeds.example", "127.0.0.1", "10.0.0.8").name("inner.example", "::1", "127.0.0.1")
        second = f"http://feeds.example:{port}/feed"
        home.on("/feed", in_turn(feed(down(5)), redirect(second)))
        url = home.server.url("/feed", "feeds.example")
        home.feed("/unused", feed(down(5)), "127.0.0.3")
        home.listed(*home.specs.values(), type(next(iter(home.specs.values())))(url))
        async with home.working():
            state = await home.polled(url, 2)
            assert state.failing is not None
            assert state.failing.reason is Reason.REFUSED_ADDRESS
            assert "10.0.0.8" in state.failing.message
        assert seen == []
    assert home.names.asked.count("feeds.example") == 2


async def test_a_body_that_breaks_off(home: House) -> None:
    """A body that breaks off says nothing of what is gone: no loss, and the rest comes with the next."""
    whole = rss(down(9, 9))
    broken = whole[: whole.index(b"Report 5")]
    cut = raw(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 50000\r\n\r\n" + whole, close=True
    )
    url = home.feed(
        "/feed", in_turn(feed(down(3, 3)), answer(200, broken, Content_Type=TYPE), cut, feed(down(9, 9)))
    )
    async with home.working():
        await home.polled(url, 2)
        assert set(await home.numbers(url)) >= {1, 2, 3, 6, 7, 8, 9}
        state = await home.polled(url, 3)
        assert state.failing is not None
        assert state.failing.reason is Reason.CUT_SHORT
        state = await home.polled(url, 4)
        assert await home.numbers(url) == list(range(1, 10))
        assert state.counts.lost == 0


async def test_gzip_that_is_none(home: House) -> None:
    """A body that does not decompress, or breaks off within, has its own reason."""
    whole = gzip.compress(rss(down(5)))
    urls = {
        home.feed(
            "/plain", answer(200, rss(down(5)), Content_Encoding="gzip"), "127.0.0.2"
        ): "bad-compression",
        home.feed("/part", answer(200, whole[:-20], Content_Encoding="gzip"), "127.0.0.3"): "cut-short",
        home.feed("/odd", answer(200, whole, Content_Encoding="zip"), "127.0.0.4"): "bad-compression",
    }
    async with home.working():
        await home.pass_(minutes=1)
        assert {url: home.state(url).outcome for url in urls} == urls

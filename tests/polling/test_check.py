"""Checking addresses: what is asked, in which order and at which pace, and what is made of the answers."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from agents.http.fetcher import Get
from agents.http.paced import PacedFetcher
from agents.polling.check import check, discover, is_page
from pipeline.outcome import Reason, Rejected
from pipeline.poll.answer import Answer, Fetched, Unfetched

START = datetime(2024, 5, 4, 10, tzinfo=UTC)
SITE = "https://news.example"
RSS = (
    b'<rss version="2.0"><channel><title>News</title>'
    b"<item><title>Old</title><link>https://news.example/1</link>"
    b"<pubDate>Sat, 04 May 2024 09:00:00 GMT</pubDate></item>"
    b"<item><title>From the future</title><link>https://news.example/2</link>"
    b"<pubDate>Sun, 05 May 2024 09:00:00 GMT</pubDate></item></channel></rss>"
)


@dataclass
class QuickClock:
    """A clock that goes on only when somebody waits."""

    time: datetime = START

    def now(self) -> datetime:
        return self.time

    async def until(self, moment: datetime) -> None:
        await asyncio.sleep(0)
        self.time = max(self.time, moment)


@dataclass
class Web:
    """A Fetcher over a few addresses: `serve` and `refuse` say what they answer, `asked` keeps when."""

    clock: QuickClock = field(default_factory=QuickClock)
    asked: list[tuple[str, datetime]] = field(default_factory=list)
    most: int = 0
    _at_once: int = 0
    _answers: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    _refusals: dict[str, Rejected] = field(default_factory=dict)

    def serve(self, url: str, body: bytes = RSS, content_type: str = "text/xml", status: int = 200) -> None:
        """From now on `url` answers so; what is neither served nor refused is a 404."""
        self._answers[url] = (status, content_type, body)

    def refuse(self, url: str, reason: Reason) -> None:
        """From now on `url` gives no answer."""
        self._refusals[url] = Rejected(reason, f"{url}: {reason.value}")

    async def fetch(self, request: Get) -> Fetched | Unfetched:
        self.asked.append((request.url, self.clock.now()))
        self._at_once += 1
        self.most = max(self.most, self._at_once)
        await asyncio.sleep(0)
        self._at_once -= 1
        if (why := self._refusals.get(request.url)) is not None:
            return Unfetched(why, self.clock.now())
        status, content_type, body = self._answers.get(request.url, (404, "text/plain", b""))
        headers = {"content-type": content_type}
        return Fetched(Answer(request.url, request.url, status, self.clock.now(), headers), body)


async def test_a_feed_is_told_with_its_newest_entry() -> None:
    """An entry of tomorrow is not the newest: it cannot be true yet."""
    web = Web()
    web.serve(f"{SITE}/feed")
    found = await check(web, f"{SITE}/feed")
    assert found.document is not None
    assert (found.document.version, len(found.document.entries)) == ("rss20", 2)
    assert found.newest == START - timedelta(hours=1)


async def test_what_is_no_feed_has_its_reason() -> None:
    """No answer, a bad status and a page in place of the feed each say why."""
    web = Web()
    web.refuse(f"{SITE}/dead", Reason.TIMED_OUT)
    web.serve(f"{SITE}/page", b"<html><body>Hello</body></html>", "text/html")
    found = [await check(web, f"{SITE}/{path}") for path in ("dead", "none", "page")]
    assert [one.why.reason for one in found if one.why] == [
        *(Reason.TIMED_OUT, Reason.NOT_FOUND, Reason.HTML_NOT_FEED),
    ]
    assert [is_page(one) for one in found] == [False, False, True]


async def test_the_feeds_that_a_page_names_are_found_without_asking() -> None:
    """What the page declares is the answer; nothing else is asked."""
    web = Web()
    page = b"<html><head><link rel=alternate type='application/rss+xml' href='/all.xml'></head></html>"
    web.serve(f"{SITE}/", page, "text/html")
    found = await discover(web, await check(web, f"{SITE}/"))
    assert [one.url for one in found] == [f"{SITE}/all.xml"]
    assert len(web.asked) == 1


async def test_usual_places_are_asked_until_one_has_a_feed() -> None:
    """The first that has one ends the search; none of them is nothing."""
    web = Web()
    web.serve(f"{SITE}/", b"<html><body>Hello</body></html>", "text/html")
    page = await check(web, f"{SITE}/")
    assert await discover(web, page) == ()
    web.serve(f"{SITE}/rss.xml")
    assert [one.url for one in await discover(web, page)] == [f"{SITE}/rss.xml"]
    assert web.asked[-1][0] == f"{SITE}/rss.xml"


async def test_a_site_that_falls_silent_is_left_alone() -> None:
    """After the first place that does not answer no other is tried."""
    web = Web()
    web.serve(f"{SITE}/", b"<html><body>Hello</body></html>", "text/html")
    page = await check(web, f"{SITE}/")
    for place in ("feed", "rss"):
        web.refuse(f"{SITE}/{place}", Reason.TIMED_OUT)
    assert await discover(web, page) == ()
    assert len(web.asked) == 2


async def test_requests_to_one_host_keep_its_pace() -> None:
    """Three requests to one host lie five seconds apart, in their order; another host need not wait."""
    web = Web()
    paced = PacedFetcher(web, web.clock, 5, 32)
    urls = [*(f"{SITE}/{n}" for n in range(3)), "https://other.example/"]
    await asyncio.gather(*(paced.fetch(Get(url)) for url in urls))
    at = dict(web.asked)
    assert [(at[url] - START).total_seconds() for url in urls] == [0, 5, 10, 0]


async def test_no_more_requests_at_once_than_allowed() -> None:
    """Twenty hosts, three places."""
    web = Web()
    paced = PacedFetcher(web, web.clock, 5, 3)
    await asyncio.gather(*(paced.fetch(Get(f"https://h{n}.example/")) for n in range(20)))
    assert web.most == 3
    assert len(web.asked) == 20


async def test_a_host_that_was_never_reached_needs_no_pace() -> None:
    """Without a network each name fails at once, and nobody waits for hosts that saw nothing."""
    web = Web()
    for n in range(3):
        web.refuse(f"{SITE}/{n}", Reason.DNS_FAILED)
    paced = PacedFetcher(web, web.clock, 5, 32)
    await asyncio.gather(*(paced.fetch(Get(f"{SITE}/{n}")) for n in range(3)))
    assert {when for _, when in web.asked} == {START}

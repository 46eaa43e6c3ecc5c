"""Pages: polite to the sites, honest about what was not had, and never worse than the feed."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from agents.polling.pages import KEPT, KEPT_UNKNOWN, PAGES_PER_POLL, PATIENCE, SITES_PER_POLL, Pages
from pipeline.feed.entry import Content, Entry
from pipeline.outcome import Reason, Rejected
from tests.article.strategies import PUBLISHERS
from tests.article.test_page import ENGLISH, page
from tests.polling.clocks import START, SimClock
from tests.polling.webs import Web

SITE = "https://harbourpost.example"
URL = SITE + "/talks"
ROBOTS = SITE + "/robots.txt"
PACE = 5.0

ENTRY = Entry(
    feed="https://harbourpost.example/rss",
    origin="feed",
    url=URL + "?utm_source=rss",
    title=Content("Talks resume in harbour town"),
    summary=Content("The delegations met again on Tuesday and spoke about the pause."),
)
FULL = replace(ENTRY, content=Content("\n\n".join(ENGLISH)), text_from=URL)


class Book:
    """The slots of hosts, as the owner of the pace keeps them."""

    def __init__(self) -> None:
        self._free: dict[str, datetime] = {}

    def __call__(self, host: str, moment: datetime) -> datetime:
        start = max(moment, self._free.get(host, moment))
        self._free[host] = start + timedelta(seconds=PACE)
        return start

    def free(self, host: str) -> datetime | None:
        return self._free.get(host)


class Street:
    """A web with one article on it, and the pages of a worker that looks at it."""

    def __init__(self) -> None:
        self.clock = SimClock()
        self.web = Web(self.clock)
        self.book = Book()
        self.pages = Pages(self.web, self.clock, self.book, PUBLISHERS)
        self.web.page(URL, page(ENGLISH))

    def rules(self, text: str, site: str = SITE) -> None:
        self.web.put(site + "/robots.txt", text.encode(), "text/plain")

    async def why(self, entry: Entry = ENTRY) -> Rejected:
        """Why the entry kept its summary, which it did."""
        found, why = await self.pages.filled(entry)
        assert found is entry
        assert why is not None
        return why

    def times(self) -> list[float]:
        """Seconds at which something was asked for."""
        return [(asked.at - START).total_seconds() for asked in self.web.requests]


@pytest.fixture
def street() -> Street:
    return Street()


async def test_the_page_fills_the_entry(street):
    """The entry gets the page's text and its address; robots.txt is asked first, and the pace is kept."""
    assert await street.pages.filled(ENTRY) == (FULL, None)
    assert street.web.log == [ROBOTS, URL]
    assert street.times() == [0, PACE]


async def test_what_wants_no_page_asks_for_none(street):
    """An entry with its own text, or behind an aggregator's link, costs no request."""
    for entry in (FULL, replace(ENTRY, url="https://gather.example/read/1"), replace(ENTRY, url=None)):
        assert await street.pages.filled(entry) == (entry, None)
    assert street.web.log == []


async def test_robots_is_asked_once_a_day(street):
    """robots.txt is kept for 24 hours, and asked again after them."""
    await street.pages.filled(ENTRY)
    street.clock.later(KEPT.total_seconds() - 60)
    await street.pages.filled(ENTRY)
    assert street.web.log.count(ROBOTS) == 1
    street.clock.later(120)
    await street.pages.filled(ENTRY)
    assert street.web.log.count(ROBOTS) == 2


async def test_robots_is_asked_once_by_many(street):
    """Entries of one site that come at the same moment share one robots.txt."""
    found = await asyncio.gather(*(street.pages.filled(ENTRY) for _ in range(5)))
    assert found == [(FULL, None)] * 5
    assert street.web.log == [ROBOTS, *[URL] * 5]
    assert street.times() == [number * PACE for number in range(6)]


async def test_what_robots_forbids_is_not_asked_for(street):
    """A page that robots.txt forbids is not fetched."""
    street.rules("User-agent: storywire\nDisallow: /talks")
    assert (await street.why()).reason is Reason.ROBOTS_FORBID
    assert street.web.log == [ROBOTS]


@pytest.mark.parametrize("down", ["no answer", "an error", "too many requests"])
async def test_a_site_that_fails_is_left_alone_for_an_hour(street, down):
    """Where robots.txt cannot be read nothing is fetched, and it is asked again after an hour."""
    if down == "no answer":
        street.web.fail(ROBOTS)
    else:
        street.web.answer(ROBOTS, 503 if down == "an error" else 429)
    for _ in range(2):
        why = await street.why()
        assert (why.reason, why.message) == (Reason.ROBOTS_FORBID, "robots.txt cannot be read for now")
    assert street.web.log == [ROBOTS]
    street.web.remove(ROBOTS)
    street.clock.later(KEPT_UNKNOWN.total_seconds())
    assert await street.pages.filled(ENTRY) == (FULL, None)


async def test_redirects_without_end_are_no_robots(street):
    """A robots.txt that redirects without end is a site that has none."""
    street.web.redirect(ROBOTS, ROBOTS)
    assert await street.pages.filled(ENTRY) == (FULL, None)


async def test_crawl_delay(street):
    """A site's Crawl-delay beyond the pace lies between all requests to it, by whomever they are."""
    street.rules("User-agent: *\nCrawl-delay: 20")
    await asyncio.gather(*(street.pages.filled(ENTRY) for _ in range(3)))
    assert street.times() == [0, 20, 40, 60]


async def test_sites_have_rules_of_their_own(street):
    """Scheme, host and port make a site: each is asked for its robots.txt, its host paced as one."""
    other = "http://harbourpost.example:8080/talks"
    street.web.page(other, page(ENGLISH))
    await street.pages.filled(ENTRY)
    await street.pages.filled(replace(ENTRY, url=other))
    assert street.web.log == [ROBOTS, URL, "http://harbourpost.example:8080/robots.txt", other]
    assert street.times() == [0, 5, 10, 15]


async def test_a_redirect_within_the_site(street):
    """The text is that of the page where the redirect led, and so is its address."""
    street.web.redirect(URL, "/2024/talks")
    street.web.page(SITE + "/2024/talks", page(ENGLISH))
    assert await street.pages.filled(ENTRY) == (replace(FULL, text_from=SITE + "/2024/talks"), None)


async def test_a_redirect_to_what_robots_forbids(street):
    """A page on the same site that robots.txt forbids is not used where a redirect led to it."""
    street.rules("User-agent: *\nDisallow: /private/")
    street.web.redirect(URL, "/private/talks")
    street.web.page(SITE + "/private/talks", page(ENGLISH))
    assert (await street.why()).reason is Reason.ROBOTS_FORBID


@pytest.mark.parametrize("allowed", [True, False])
async def test_a_redirect_to_another_site(street, allowed):
    """Another site's robots.txt is heard before its text is used, and its host's pace is kept."""
    there = "https://meridianwire.example/talks"
    street.rules(f"User-agent: *\nDisallow: /{'x' if allowed else ''}", "https://meridianwire.example")
    street.web.redirect(URL, there)
    street.web.page(there, page(ENGLISH))
    if allowed:
        assert await street.pages.filled(ENTRY) == (replace(FULL, text_from=there), None)
    else:
        assert (await street.why()).reason is Reason.ROBOTS_FORBID
    assert street.web.log == [ROBOTS, URL, "https://meridianwire.example/robots.txt"]
    assert street.times() == [0, PACE, 2 * PACE]


FAILURES = {
    "gone": (lambda web: web.answer(URL, 404), Reason.NO_PAGE, "404"),
    "challenged": (lambda web: web.answer(URL, 403, cf_mitigated="challenge"), Reason.NO_PAGE, "person"),
    "nobody answers": (lambda web: web.fail(URL), Reason.NO_PAGE, "nobody answers"),
    "timed out": (
        lambda web: web.fail(URL, Reason.TIMED_OUT, "no answer in time"),
        Reason.NO_PAGE,
        "in time",
    ),
    "too large": (lambda web: web.page(URL, page(ENGLISH * 10_000)), Reason.NO_PAGE, "bytes"),
    "a picture": (lambda web: web.put(URL, b"\x89PNG", "image/png"), Reason.NO_PAGE, "image/png"),
    "redirects without end": (lambda web: web.redirect(URL, URL), Reason.NO_PAGE, "redirects"),
    "the front page": (lambda web: web.redirect(URL, "/"), Reason.NO_PAGE, "front page"),
    "nothing on it": (lambda web: web.page(URL, page(())), Reason.NO_TEXT, "characters"),
    "the summary again": (
        lambda web: web.page(URL, page((ENGLISH[0], "Subscribe to continue, or come back tomorrow. " * 3))),
        Reason.NO_TEXT,
        "the feed",
    ),
}


@pytest.mark.parametrize(("fails", "reason", "said"), FAILURES.values(), ids=FAILURES.keys())
async def test_a_failure_leaves_the_summary(street, fails, reason, said):
    """Whatever is wrong with the page, the entry goes as the feed gave it, and why is told."""
    street.web.page(SITE + "/", page(ENGLISH))
    fails(street.web)
    entry = replace(ENTRY, summary=Content(" ".join(ENGLISH[:2])))
    why = await street.why(entry)
    assert why.reason is reason
    assert said in why.message
    assert why.where.startswith(SITE)


async def test_each_entry_comes_as_soon_as_it_is_ready(street):
    """The order is the feed's, and nobody waits for the pages of those behind."""
    entries = [replace(FULL, guid="0"), *(replace(ENTRY, guid=str(number)) for number in (1, 2)), FULL]
    seen = []
    async for entry, why in street.pages.filled_all(entries):
        assert why is None
        seen.append((entry.guid, (street.clock.now() - START).total_seconds()))
    assert seen == [("0", 0), ("1", PACE), ("2", 2 * PACE), (None, 2 * PACE)]


async def test_a_look_has_a_bound(street):
    """Beyond so many pages entries keep their summaries at once, and of each that is said."""
    entries = [replace(ENTRY, guid=str(number)) for number in range(PAGES_PER_POLL + 3)]
    found = [each async for each in street.pages.filled_all(entries)]
    assert [entry.guid for entry, _ in found] == [entry.guid for entry in entries]
    assert [entry.text_from for entry, _ in found] == [URL] * PAGES_PER_POLL + [None] * 3
    assert [why.reason for _, why in found if why] == [Reason.NO_PAGE] * 3
    assert len(street.web.log) == PAGES_PER_POLL + 1


async def test_a_look_asks_few_new_sites(street):
    """Pages of sites beyond the bound keep their summaries, also where redirects lead there; sites that are
    known count no more, so that the next look gets to others."""
    sites = [f"https://h{number}.example" for number in range(SITES_PER_POLL + 1)]
    for site in sites:
        street.web.page(site + "/x", page(ENGLISH))
    street.web.redirect(sites[0] + "/away", sites[-1] + "/x")
    entries = [replace(ENTRY, url=site + "/x") for site in sites]
    entries.append(replace(ENTRY, url=sites[0] + "/away"))
    found = [each async for each in street.pages.filled_all(entries)]
    assert [why is None for _, why in found] == [True] * SITES_PER_POLL + [False] * 2
    assert {(why.reason, why.message) for _, why in found if why} == {
        (Reason.NO_PAGE, "more sites than are asked at one look")
    }
    assert sum(url.endswith("/robots.txt") for url in street.web.log) == SITES_PER_POLL
    assert [why async for _, why in street.pages.filled_all(entries)] == [None] * len(entries)


async def test_a_look_ends_where_a_site_is_too_slow(street):
    """A site that wants minutes between requests gives what it can within the time of a look."""
    street.rules("User-agent: *\nCrawl-delay: 120")
    found = [each async for each in street.pages.filled_all([ENTRY] * 5)]
    assert [entry.text_from for entry, _ in found] == [URL, URL, None, None, None]
    assert street.clock.now() - START <= PATIENCE


async def test_hosts_are_forgotten_in_turn(street, monkeypatch):
    """Only so many sites are remembered: those asked longest ago are asked for their rules anew."""
    monkeypatch.setattr("agents.polling.pages.SITES", 2)
    for site in ("a", "b", "a", "c", "a", "b"):
        await street.pages.filled(replace(ENTRY, url=f"https://{site}.example/x"))
    asked = [url[8] for url in street.web.log if url.endswith("/robots.txt")]
    assert asked == ["a", "b", "c", "b"]


async def test_what_is_asked_for(street):
    """Pages are asked for as HTML, robots.txt as text, both with a bound on their bytes."""
    await street.pages.filled(ENTRY)
    robots, found = (asked.request for asked in street.web.requests)
    assert robots.accept.startswith("text/plain")
    assert found.accept.startswith("text/html")
    assert (robots.limit, found.limit) == (1_024_000, 2_000_000)

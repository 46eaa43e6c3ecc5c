"""Pages: the full text of entries whose feed gives summaries only, from the articles' own pages.

robots.txt of the site first, then the page, each when the host's pace allows; whatever fails leaves the
feed's summary and is an outcome.
"""

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ParamSpec, TypeVar

from agents.http.fetcher import PAGE_TYPES, Fetcher, Get
from agents.polling.clock import Clock
from pipeline.article.fulltext import wants_page, with_page
from pipeline.article.page import LARGEST_PAGE, PageText, page_text
from pipeline.article.publisher import Publishers
from pipeline.feed.entry import Entry
from pipeline.outcome import Reason, Rejected
from pipeline.poll.answer import Fetched, Unfetched
from pipeline.poll.robots import LARGEST_ROBOTS, Robots
from pipeline.urls import canonical, host_of

PAGES_PER_POLL = 20
"""Pages fetched at one look at a feed: what a busy front page brings in an hour; a first look at a feed of
hundreds of entries keeps the summaries of the rest."""
PATIENCE = timedelta(minutes=5)
"""How long a look at a feed goes on with pages: 20 of one host at the usual pace take 100 s."""
SITES_PER_POLL = 5
"""Sites that are asked for their rules at one look: a paper's pages stand on one or two; who gathers those of
others gets to all of them in a few looks."""
SITES = 500
"""Sites whose rules are remembered, those asked longest ago forgotten first: 1 MB of usual ones, 64 MB of
the largest."""
KEPT = timedelta(hours=24)
"""How long robots.txt holds (RFC 9309, 2.4)."""
KEPT_UNKNOWN = timedelta(hours=1)
"""How long a site that gave no answer is not asked again."""
ROBOTS_TYPES = "text/plain, */*;q=0.1"
P = ParamSpec("P")
T = TypeVar("T")
_PARTS = re.compile(r"(https?)://(?:[^/?#@]*@)?([^/?#]+)", re.IGNORECASE)
NEVER = datetime.min.replace(tzinfo=UTC)

# What is wrong with a stranger's page is an outcome here, and no line of the worker's log.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL + 1)


@dataclass(slots=True)
class _Site:
    """What is known of a site: its rules, until when they hold, when it was asked for something last."""

    rules: Robots = field(default_factory=Robots.unreachable)
    until: datetime = NEVER
    asked: datetime = NEVER
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)


class _Look:
    """One look at a feed: the sites that were asked for their rules on its account."""

    __slots__ = ("sites",)

    def __init__(self) -> None:
        self.sites: set[str] = set()

    def admits(self, origin: str) -> bool:
        """Whether one more site may be asked, which then counts."""
        if origin not in self.sites and len(self.sites) == SITES_PER_POLL:
            return False
        self.sites.add(origin)
        return True


class Pages:
    """Fetches pages. `book(host, moment)` reserves a request to the host, not before the moment, and
    returns when it may begin. Safe to call concurrently."""

    def __init__(
        self,
        fetcher: Fetcher,
        clock: Clock,
        book: Callable[[str, datetime], datetime],
        publishers: Publishers | None = None,
    ) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._book = book
        self._publishers = publishers or Publishers()
        self._sites: OrderedDict[str, _Site] = OrderedDict()
        self._aside_in_turn = asyncio.Lock()

    async def filled_all(self, entries: Iterable[Entry]) -> AsyncIterator[tuple[Entry, Rejected | None]]:
        """The entries in their order, each as soon as it is ready, and why one kept its summary.

        One look: at most PAGES_PER_POLL pages, begun within PATIENCE, of sites of which SITES_PER_POLL at
        most were not known; of entries beyond that is said too.
        """
        look = _Look()
        deadline = self._clock.now() + PATIENCE
        left = PAGES_PER_POLL
        for entry in entries:
            if not wants_page(entry, self._publishers):
                yield entry, None
            elif left == 0 or self._earliest(_address(entry)) > deadline:
                yield entry, _no_page("more pages than are fetched at one look", _address(entry))
            else:
                left -= 1
                yield await self.filled(entry, look)

    async def filled(self, entry: Entry, look: _Look | None = None) -> tuple[Entry, Rejected | None]:
        """The entry with its page's text where it wants it and can have it, else as it is and why."""
        if not wants_page(entry, self._publishers):
            return entry, None
        page = await self._page(_address(entry), look or _Look())
        if isinstance(page, Rejected):
            return entry, page
        text, url = page
        full = with_page(entry, text, url)
        return (entry, full) if isinstance(full, Rejected) else (full, None)

    async def _page(self, url: str, look: _Look) -> tuple[PageText, str] | Rejected:
        """The text of the page at `url`, and the address that it came from in the end."""
        refused = await self._forbidden(url, look)
        if refused:
            return refused
        found = await self._fetch(Get(url, accept=PAGE_TYPES, limit=LARGEST_PAGE))
        if isinstance(found, Unfetched):
            return _no_page(found.why.message, url)
        answer = found.answer
        failure = answer.failure()
        if failure:
            return _no_page(failure.message, url)
        if _is_front(answer.url) and not _is_front(url):
            return _no_page("the address leads to the front page", url)
        refused = await self._forbidden(answer.url, look) if answer.url != url else None
        if refused:
            return refused
        kind = answer.headers.get("content-type", "")
        text = await self._aside(page_text, found.body, answer.url, kind)
        return text if isinstance(text, Rejected) else (text, answer.url)

    async def _forbidden(self, url: str, look: _Look) -> Rejected | None:
        """Why robots.txt of the address's site does not let us fetch it, or is not asked for at this look."""
        if self._site(url).until <= self._clock.now() and not look.admits(_origin(url)):
            return _no_page("more sites than are asked at one look", url)
        rules = await self._rules(url)
        if await self._aside(rules.allows, url):
            return None
        said = "robots.txt does not allow it" if rules.known else "robots.txt cannot be read for now"
        return Rejected(Reason.ROBOTS_FORBID, said, url)

    async def _rules(self, url: str) -> Robots:
        """The rules of the site, fetched where none are known that still hold."""
        site = self._site(url)
        async with site.asking:
            if site.until <= self._clock.now():
                found = await self._fetch(
                    Get(_origin(url) + "/robots.txt", accept=ROBOTS_TYPES, limit=2 * LARGEST_ROBOTS)
                )
                site.rules = await self._robots(found)
                site.until = self._clock.now() + (KEPT if site.rules.known else KEPT_UNKNOWN)
        return site.rules

    async def _robots(self, found: Fetched | Unfetched) -> Robots:
        """The rules that an answer amounts to; redirects without end are those of a site that has none
        (RFC 9309, 2.3.1.2)."""
        if isinstance(found, Fetched):
            return await self._aside(Robots.parse, found.body, found.answer.status)
        if found.why.reason in (Reason.TOO_MANY_REDIRECTS, Reason.REDIRECT_LOOP):
            return Robots()
        return Robots.unreachable()

    async def _aside(self, step: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """What a step gives that may be made to take long, in a thread beside the event loop. One at a time:
        several take the interpreter from the loop, for half a second, and a page's tree has its megabytes."""
        async with self._aside_in_turn:
            return await asyncio.to_thread(step, *args, **named)

    async def _fetch(self, request: Get) -> Fetched | Unfetched:
        """The answer, asked for when the host's pace and the site's Crawl-delay allow it."""
        site = self._site(request.url)
        start = site.asked = self._book(_host(request.url), self._earliest(request.url))
        await self._clock.until(start)
        found = await self._fetcher.fetch(request)
        if found.answer and _host(found.answer.url) != _host(request.url):
            self._book(_host(found.answer.url), self._clock.now())  # it has been asked, if by a redirect
        return found

    def _earliest(self, url: str) -> datetime:
        """When the site's own Crawl-delay allows the next request; now where it has none."""
        site, now = self._site(url), self._clock.now()
        return max(now, site.asked + timedelta(seconds=site.rules.pace)) if site.rules.pace else now

    def _site(self, url: str) -> _Site:
        origin = _origin(url)
        site = self._sites.setdefault(origin, _Site())
        self._sites.move_to_end(origin)
        if len(self._sites) > SITES:
            self._sites.popitem(last=False)
        return site


def _no_page(said: str, url: str) -> Rejected:
    return Rejected(Reason.NO_PAGE, said, url)


def _address(entry: Entry) -> str:
    """The page's address, without what says only how a reader arrived."""
    return canonical(entry.url or "") or ""


def _host(url: str) -> str:
    return host_of(canonical(url) or "")


def _origin(url: str) -> str:
    """Scheme, host and port: what one robots.txt speaks for."""
    parts = _PARTS.match(url)
    return f"{parts[1]}://{parts[2]}".lower() if parts else ""


def _is_front(url: str) -> bool:
    """Whether this is a site's front page, to which many send the readers of articles that are gone."""
    parts = _PARTS.match(url)
    return parts is not None and url[parts.end() :].partition("#")[0] in ("", "/")

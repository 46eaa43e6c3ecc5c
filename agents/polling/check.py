"""Checking an address: really asking for it, and what came, told as it is."""

from dataclasses import dataclass
from datetime import datetime

from agents.http.fetcher import Fetcher, Get
from pipeline.feed.discover import Found, feeds_in, usual_places
from pipeline.feed.document import FeedDocument
from pipeline.feed.parse import parse_feed
from pipeline.outcome import Reason, Rejected
from pipeline.poll.answer import Answer, Fetched, Unfetched


@dataclass(frozen=True, slots=True)
class Checked:
    """One address that was asked for at `at`: the feed that stands there, or `why` there is none.

    `page` is the body where it is no feed, for the feeds that it may name.
    """

    url: str
    at: datetime
    answer: Answer | None = None
    document: FeedDocument | None = None
    why: Rejected | None = None
    page: bytes = b""

    @property
    def newest(self) -> datetime | None:
        """The latest date of an entry that has come by the time of the check."""
        dates = [entry.published or entry.updated for entry in self.document.entries] if self.document else []
        return max((date for date in dates if date is not None and date <= self.at), default=None)


async def check(fetcher: Fetcher, url: str) -> Checked:
    """Ask for `url` and read what comes. Never raises for what the network does."""
    result = await fetcher.fetch(Get(url))
    if isinstance(result, Unfetched):
        return Checked(url, result.at, result.answer, why=result.why)
    answer = result.answer
    failure = answer.failure()
    if failure is not None:
        return Checked(url, answer.at, answer, why=failure)
    return _read(url, result)


async def discover(fetcher: Fetcher, page: Checked) -> tuple[Found, ...]:
    """The feeds of a site: those that its page names, else the first that stands in a usual place."""
    address = page.answer.url if page.answer else page.url
    content_type = page.answer.headers.get("content-type", "") if page.answer else ""
    named = feeds_in(page.page, address, content_type)
    if named:
        return named
    for place in usual_places(address):
        checked = await check(fetcher, place)
        if checked.document is not None:
            return (Found(place, checked.document.title),)
        if checked.answer is None:
            break  # a site that does not answer does not answer elsewhere either
    return ()


def is_page(checked: Checked) -> bool:
    """A web page came in place of a feed."""
    return checked.why is not None and checked.why.reason is Reason.HTML_NOT_FEED


def _read(url: str, result: Fetched) -> Checked:
    answer = result.answer
    headers = {"content-location": answer.url, **answer.headers}
    found = parse_feed(result.body, feed=url, origin="feed", observed=answer.at, headers=headers)
    if isinstance(found, Rejected):
        return Checked(url, answer.at, answer, why=found, page=result.body)
    return Checked(url, answer.at, answer, document=found)

"""Bodies of feeds for the tests of the whole worker."""

import gzip
from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import format_datetime

from tests.network.chaos import Asked, Behaviour, Reply, answer, head
from tests.polling.held import START

TYPE = "application/rss+xml"
SITE = "http://paper.example"


def item(
    number: int, words: str = "", link: str | None = None, extra: str = "", at: datetime | None = None
) -> str:
    """Entry `number`; what it says is `words`. Published `at`, else five seconds after the one before."""
    url = f"{SITE}/{number}"
    date = format_datetime(at or START + timedelta(hours=-5, seconds=5 * number))
    said = words or f"The delegations met for the {number}th time."
    return (
        f"<item><title>Report {number}</title><link>{link or url}</link><guid>{url}</guid>"
        f"<pubDate>{date}</pubDate><description>{said}</description>{extra}</item>"
    )


def channel(*items: str, extra: str = "", title: str = "Paper") -> bytes:
    """An RSS document with these items."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>{title}</title>'
        f"<link>{SITE}/</link><description>News</description>{extra}{''.join(items)}</channel></rss>"
    ).encode()


def rss(numbers: Iterable[int], extra: str = "") -> bytes:
    """An RSS document that lists these entries, as given."""
    return channel(*map(item, numbers), extra=extra)


def down(latest: int, count: int = 5) -> range:
    """The numbers of a list of `count` entries, the latest first."""
    return range(latest, latest - count, -1)


def feed(numbers: Iterable[int], extra: str = "", **headers: str) -> Behaviour:
    """The polite answer with these entries."""
    return answer(200, rss(numbers, extra), **{"Content_Type": TYPE, **headers})


def packed(body: bytes, **headers: str) -> Behaviour:
    """A body, compressed with gzip."""
    return answer(200, gzip.compress(body, 1), Content_Type=TYPE, Content_Encoding="gzip", **headers)


class Paper:
    """A feed that publishes when the test says so; with an ETag of its content where it is polite."""

    def __init__(self, latest: int = 5, polite: bool = True, size: int = 5) -> None:
        self.latest, self.polite, self.size = latest, polite, size

    @property
    def tag(self) -> str:
        return f'W/"paper-{self.latest}"'

    async def __call__(self, asked: Asked, reply: Reply) -> None:
        named = {"ETag": self.tag} if self.polite else {}
        if self.polite and asked.headers.get("if-none-match") == self.tag:
            await reply.send(head(304, named))
            return
        await feed(down(self.latest, self.size), **named)(asked, reply)

"""`storywire feeds add`: a feed by its address or by that of a page which names it."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from agents.cli.check_text import TO_DO
from agents.cli.context import USAGE, complain, end, settings_from
from agents.cli.feeds_options import FeedsOption, edited
from agents.cli.feeds_text import name_of
from agents.cli.safe import one_line
from agents.http.fetcher import Fetcher
from agents.http.paced import PacedFetcher
from agents.http.session import open_fetcher
from agents.polling.check import Checked, check, discover, is_page
from agents.polling.clock import SystemClock
from agents.polling.feeds_file import read_feeds
from config.settings import Settings
from pipeline.feed.discover import Found
from pipeline.outcome import Rejected
from pipeline.poll.opml import FeedList, read_opml, same_feed, unusable, write_opml
from pipeline.poll.opml_edit import added
from pipeline.poll.spec import FeedSpec


def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="A feed, or a page that names one.")],
    folder: Annotated[
        str | None, typer.Option("--folder", metavar="NAME", help="Its folder, as in Region/Egypt.")
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help="What to call it; else its own title.")] = None,
    full_text: Annotated[
        bool, typer.Option("--full-text", help="Fetch its articles' pages: it gives summaries only.")
    ] = False,
    pick: Annotated[int, typer.Option("--pick", min=1, help="Which of the feeds that a page names.")] = 1,
    no_check: Annotated[
        bool, typer.Option("--no-check", help="Take the address as it is, without asking it.")
    ] = False,
    feeds_file: FeedsOption = None,
) -> None:
    """Add a feed to the list, once it was read.

    Of a page's feeds it takes the first, or the one picked.

    Examples:

      storywire feeds add https://news.example/ --folder Region/Egypt

      storywire feeds add https://news.example/rss.xml --full-text
    """
    settings = settings_from({"feeds_file": feeds_file})
    url = url.strip() if "://" in url else f"https://{url.strip()}"
    if (fault := unusable(url)) is not None:
        end(f"{one_line(url)}: {fault}", USAGE)
    _refuse_known(settings.feeds_file, url)
    spec = FeedSpec(url) if no_check else asyncio.run(_found(settings, url, pick))
    names = tuple(filter(None, (name.strip() for name in (folder or "").split("/"))))
    spec = replace(spec, title=title or spec.title, folders=names, full_text=full_text)
    _put(settings.feeds_file, spec)
    where = f" to {'/'.join(names)}" if names else ""
    print(f"added {one_line(name_of(spec))}{where}: {one_line(spec.url)}")


async def _found(settings: Settings, url: str, pick: int) -> FeedSpec:
    """The feed at `url`, or the one picked of those that the page there names."""
    async with open_fetcher(settings) as fetcher:
        paced = PacedFetcher(fetcher, SystemClock(), settings.host_pace, settings.fetchers)
        checked = await check(paced, url)
        if is_page(checked):
            checked = await _of_page(paced, checked, pick)
    if checked.why is not None:
        hint = f"; {TO_DO[checked.why.reason]}" if checked.why.reason in TO_DO else ""
        end(f"{one_line(checked.url)} was not added: {checked.why.reason.value}: "
            f"{one_line(checked.why.message)}{hint}; --no-check adds it all the same")  # fmt: skip
    return _spec(checked)


async def _of_page(fetcher: Fetcher, page: Checked, pick: int) -> Checked:
    """The feed that was picked of those that a page names."""
    found = await discover(fetcher, page)
    if not found:
        end(f"{one_line(page.url)} is a web page that names no feed, and none stands in the usual places")
    if pick > len(found):
        end(f"{one_line(page.url)} names {len(found)} feeds:\n{_choices(found)}", USAGE)
    if len(found) > 1:
        complain(f"the page names {len(found)} feeds; taking {pick} (--pick N):\n{_choices(found)}")
    return await check(fetcher, found[pick - 1].url)


def _choices(found: tuple[Found, ...]) -> str:
    return "\n".join(
        f"  {number}. {one_line(one.title or '')} {one_line(one.url)}".replace("  http", " http")
        for number, one in enumerate(found, 1)
    )


def _spec(checked: Checked) -> FeedSpec:
    """A feed as it was read; one that moved for good is kept by its new address."""
    document, answer = checked.document, checked.answer
    moved = answer.permanent if answer else None
    url = moved if moved and unusable(moved) is None else checked.url
    if document is None:
        return FeedSpec(url)
    title = one_line(document.title or "") or None
    return FeedSpec(url, title, document.link, document.language, verified=checked.at)


def _refuse_known(path: Path, url: str) -> None:
    """End where the list has the feed already; a list that is not there yet has none."""
    found = read_feeds(path)
    if isinstance(found, FeedList):
        _end_if_known(found, url)


def _put(path: Path, spec: FeedSpec) -> None:
    """Add it, unless it came into the list in the meantime."""

    def put(data: bytes) -> bytes | Rejected:
        here = read_opml(data)
        if isinstance(here, FeedList):
            _end_if_known(here, spec.url)
        return added(data, spec)

    edited(path, put, begin=write_opml([], "Feeds"))


def _end_if_known(here: FeedList, url: str) -> None:
    for spec in here.feeds:
        if same_feed(spec.url) == same_feed(url):
            place = f", in {'/'.join(spec.folders)}" if spec.folders else ""
            end(f"in the list already: {name_of(spec)}{place}: {one_line(spec.url)}")

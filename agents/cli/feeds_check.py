"""`storywire feeds check`: really asks for feeds, tells what came, and notes in the list which were read."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from agents.cli.check_text import Pair, check_json, failure_lines, read_lines
from agents.cli.context import USAGE, JsonOption, end, settings_from
from agents.cli.feeds_options import FeedsOption, edited, feeds_of
from agents.cli.safe import one_line
from agents.cli.width import width
from agents.http.fetcher import Fetcher
from agents.http.paced import PacedFetcher
from agents.http.session import open_fetcher
from agents.polling.check import check as check_feed
from agents.polling.clock import SystemClock
from config.settings import Settings
from pipeline.codec import encode
from pipeline.poll.opml import same_feed, unusable
from pipeline.poll.opml_edit import verified
from pipeline.poll.spec import FeedSpec


def check(
    urls: Annotated[
        list[str] | None, typer.Argument(metavar="URL", help="Feeds; else those nobody has read yet.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All feeds of the list.")] = False,
    as_json: JsonOption = False,
    feeds_file: FeedsOption = None,
) -> None:
    """Ask for feeds now and tell what came.

    Those that were read are marked so in the list.

    Examples:

      storywire feeds check

      storywire feeds check https://news.example/feed --json
    """
    settings = settings_from({"feeds_file": feeds_file})
    wanted = _wanted(feeds_of(settings.feeds_file).feeds, urls or [], everything)
    if not wanted:
        print("every feed of the list has been read before; --all reads them again")
        return
    pairs = asyncio.run(_checked(settings, wanted, as_json))
    read = {spec.url: found.at for spec, found in pairs if found.document is not None}
    if read:
        edited(settings.feeds_file, lambda data: verified(data, read))
    if not as_json:
        _print(wanted, pairs)
    if len(read) < len(pairs):
        raise typer.Exit(1)


def _wanted(feeds: Sequence[FeedSpec], urls: list[str], everything: bool) -> list[FeedSpec]:
    """Named feeds, whether in the list or not; else those of the list."""
    if not urls:
        return [spec for spec in feeds if everything or spec.verified is None]
    known = {same_feed(spec.url): spec for spec in feeds}
    for url in urls:
        if (fault := unusable(url)) is not None:
            end(f"{one_line(url)}: {fault}", USAGE)
    return [known.get(same_feed(url), FeedSpec(url)) for url in urls]


async def _checked(settings: Settings, wanted: list[FeedSpec], as_json: bool) -> list[Pair]:
    """All checks, as they end."""
    found: list[Pair] = []
    with Progress(console=Console(stderr=True), transient=True, disable=as_json) as progress:
        task = progress.add_task("asking", total=len(wanted))
        async with open_fetcher(settings) as fetcher:
            paced = PacedFetcher(fetcher, SystemClock(), settings.host_pace, settings.fetchers)
            async for pair in _as_they_end(paced, wanted):
                found.append(pair)
                progress.advance(task)
                if as_json:
                    print(encode(check_json(*pair)).decode(), flush=True)
    return found


async def _as_they_end(fetcher: Fetcher, wanted: list[FeedSpec]) -> AsyncIterator[Pair]:
    async def one(spec: FeedSpec) -> Pair:
        return spec, await check_feed(fetcher, spec.url)

    for ended in asyncio.as_completed([one(spec) for spec in wanted]):
        yield await ended


def _print(wanted: list[FeedSpec], pairs: list[Pair]) -> None:
    """What was read in the order of the list, then what was not by reason."""
    order = {spec.url: place for place, spec in enumerate(wanted)}
    pairs.sort(key=lambda pair: order[pair[0].url])
    columns = width()
    for spec, found in pairs:
        if found.document is not None:
            print(*read_lines(spec, found, columns), sep="\n")
    for text in failure_lines(pairs, columns):
        print(text, file=sys.stderr)
    read = sum(found.document is not None for _, found in pairs)
    print(f"{read} of {len(pairs)} read")

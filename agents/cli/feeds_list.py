"""`storywire feeds list`: how each feed is, from what the worker remembers."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console

from agents.brokers.broker import log_path
from agents.cli.context import BrokerOption, JsonOption, StateOption, broker_of, complain, settings_from
from agents.cli.feed_health import is_failing
from agents.cli.feeds_options import FeedsOption, feeds_of
from agents.cli.feeds_text import Line, failures, feed_json, lines_of, note_lines, summary, table
from agents.cli.width import width
from agents.polling.states import MOST, States, latest_notes, latest_states
from config.settings import Settings
from pipeline.codec import encode
from pipeline.poll.note import FeedNote
from pipeline.poll.spec import FeedSpec

FEW, MANY = 5, 50
"""Notes below the list, and with --notes."""


def list_(
    as_json: JsonOption = False,
    notes: Annotated[bool, typer.Option("--notes", help=f"The last {MANY} notes, not only {FEW}.")] = False,
    failing: Annotated[bool, typer.Option("--failing", help="Only feeds whose requests fail.")] = False,
    feeds_file: FeedsOption = None,
    broker: BrokerOption = None,
    state_dir: StateOption = None,
) -> None:
    """Show how each feed is, then the latest notes about them.

    Examples:

      storywire feeds list --failing

      storywire feeds list --json
    """
    settings = settings_from({"broker": broker, "state_dir": state_dir, "feeds_file": feeds_file})
    feeds = feeds_of(settings.feeds_file).feeds
    states, latest = asyncio.run(_remembered(settings, feeds, MANY if notes else FEW))
    now = datetime.now(UTC)
    lines = [line for line in lines_of(feeds, states.found, now) if not failing or is_failing(line.health)]
    if not states.whole:
        complain(f"feeds not polled within the last {MOST:,} polls show as never polled")
    if as_json:
        _print_json(lines, latest if notes else [])
    else:
        _print_text(lines, latest, now)


async def _remembered(
    settings: Settings, feeds: tuple[FeedSpec, ...], notes: int
) -> tuple[States, list[FeedNote]]:
    """States and notes from the log; without a log nothing was polled yet."""
    if settings.broker.startswith("sqlite:") and not log_path(settings.broker).exists():
        complain(f"no log at {log_path(settings.broker).absolute()}: nothing was polled yet")
        return States(), []
    async with broker_of(settings) as opened:
        states = await latest_states(opened, settings.topic_prefix, (feed.url for feed in feeds))
        return states, await latest_notes(opened, settings.topic_prefix, notes)


def _print_json(lines: list[Line], notes: list[FeedNote]) -> None:
    for line in lines:
        print(encode(feed_json(line)).decode())
    for note in notes:
        print(encode({"note": note}).decode())


def _print_text(lines: list[Line], notes: list[FeedNote], now: datetime) -> None:
    columns = width()
    if lines:
        Console(width=columns, highlight=False).print(table(lines, now, columns))
        print()
    print(summary(lines))
    for text in failures(lines, columns):
        print(text)
    if notes:
        print("\nlatest notes")
    for note in notes:
        for text in note_lines(note, now, columns):
            print(text)

"""`storywire run`: the worker, until it is told to stop."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from secrets import token_urlsafe
from typing import Annotated

import typer

from agents.batches import EX_CONFIG
from agents.brokers.broker import Broker
from agents.brokers.errors import WorkerRunning
from agents.cli.brief import brief
from agents.cli.context import (
    USAGE,
    BrokerOption,
    ConfigOption,
    StateOption,
    broker_of,
    called,
    complain,
    end,
    rules_from,
    settings_from,
)
from agents.cli.page import names_of
from agents.cli.replay import progress_bars
from agents.cli.story import summary_of
from agents.cli.summary_text import render
from agents.cli.width import width
from agents.drain import drained, passed
from agents.generations import current, group
from agents.http.session import open_fetcher
from agents.polling.clock import SystemClock
from agents.polling.feeds_file import FeedsFile, read_feeds
from agents.polling.metrics import Metrics
from agents.polling.polling import Sources
from agents.polling.report import again, first_round
from agents.replay.send import send
from agents.story_rows import rows_by_story
from agents.topics import flow_topics
from agents.watch.serve import served
from agents.watch.watch import Instruments, instruments_of
from agents.worker import Worker, is_shared, prepared, running
from config.settings import Settings
from pipeline.event.world.scope import StoryScope
from pipeline.outcome import Rejected
from pipeline.rule_parts import rule_changes, rule_parts
from pipeline.rules import Rules
from pipeline.story.row import StoryRow

log = logging.getLogger(__name__)
STOPS = (signal.SIGINT, signal.SIGTERM)


def run(
    no_feeds: Annotated[
        bool, typer.Option("--no-feeds", help="Poll no feeds: seeds and replays only.")
    ] = False,
    no_seeds: Annotated[bool, typer.Option("--no-seeds", help="Do not replay the seed articles.")] = False,
    broker: BrokerOption = None,
    state_dir: StateOption = None,
    config_dir: ConfigOption = None,
) -> None:
    """Run the worker until it is stopped (Ctrl-C or SIGTERM).

    It replays the seeds, shows their summary and polls the feeds.

    Examples:

      storywire run

      storywire run --no-feeds --broker sqlite:////var/lib/storywire/log.db
    """
    settings = settings_from({"broker": broker, "state_dir": state_dir, "config_dir": config_dir})
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    feeds = None if no_feeds else _feeds_of(settings)
    code = asyncio.run(_run(settings, rules_from(settings), seeds=not no_seeds, feeds=feeds))
    if code:
        raise typer.Exit(code)


def _feeds_of(settings: Settings) -> FeedsFile:
    """The list of feeds; one that cannot be read ends the command before anything is begun."""
    found = read_feeds(settings.feeds_file)
    if isinstance(found, Rejected):
        end(f"{found.message}; `{called()} run --no-feeds` polls none", USAGE)
    return FeedsFile(settings.feeds_file)


async def _run(settings: Settings, rules: Rules, seeds: bool, feeds: FeedsFile | None) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in STOPS:
        loop.add_signal_handler(name, stop.set)
    async with broker_of(settings) as opened:
        settings = await prepared(opened, settings, rules)
        generation = await current(opened, settings.topic_prefix)
        changed = rule_changes(generation.rules, rule_parts(rules)) if generation.rules else ""
        if changed:
            log.warning(
                "the rules changed: %s. `%s rebuild` applies them to entries already read", changed, called()
            )
        instruments = instruments_of(settings)
        with _shown(instruments, settings):
            async with _sources(settings, feeds, instruments) as sources:
                try:
                    async with running(
                        settings, rules, opened, sources=sources, alone=False, instruments=instruments
                    ) as worker:
                        return await _work(settings, rules, opened, worker, stop, seeds)
                except WorkerRunning as error:
                    end(str(error))


@asynccontextmanager
async def _sources(
    settings: Settings, feeds: FeedsFile | None, instruments: Instruments
) -> AsyncIterator[Sources | None]:
    """What polling works with."""
    if feeds is None:
        yield None
        return
    async with open_fetcher(settings) as fetcher:
        yield Sources(feeds, fetcher, token_urlsafe, metrics=Metrics(instruments.metrics.registry))


@contextmanager
def _shown(instruments: Instruments, settings: Settings) -> Iterator[None]:
    """Metrics and health where they are asked for; a port that is taken ends the command."""
    with ExitStack() as stack:
        try:
            stack.enter_context(served(instruments, settings.metrics_bind))
        except (OSError, OverflowError) as error:
            end(f"metrics_bind {settings.metrics_bind}: {error}", EX_CONFIG)
        yield


async def _work(
    settings: Settings, rules: Rules, broker: Broker, worker: Worker, stop: asyncio.Event, seeds: bool
) -> int:
    showing = asyncio.create_task(_show(settings, rules, broker, worker, seeds))
    ended = asyncio.create_task(worker.ended())
    stopping = asyncio.create_task(stop.wait())
    tasks: set[asyncio.Task[object]] = {showing, ended, stopping}
    done, _ = await asyncio.wait({ended, stopping, showing}, return_when=asyncio.FIRST_COMPLETED)
    if done == {showing}:
        showing.result()
        done, _ = await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks - done:
        task.cancel()
    if ended in done:
        stopped = ended.result()
        complain(stopped.message)
        return stopped.code
    log.info("stopping")
    return 0


async def _show(settings: Settings, rules: Rules, broker: Broker, worker: Worker, seeds: bool) -> None:
    """The summary that the seeds give; then, as long as the worker runs, a line about the feeds at times."""
    shared = is_shared(settings)
    if worker.polling and shared:  # what others have to do is not waited for
        worker.polling.begin()
    await _show_seeds(settings, rules, broker, seeds, shared)
    if worker.polling is None:
        return
    worker.polling.begin()
    desk, clock = worker.polling.desk, SystemClock()
    print(await first_round(desk, clock), flush=True)
    while True:
        log.info("%s", await again(desk, clock))


async def _show_seeds(settings: Settings, rules: Rules, broker: Broker, seeds: bool, shared: bool) -> None:
    prefix, settled = settings.topic_prefix, passed if shared else drained
    if seeds:
        with progress_bars() as bars:
            await send([settings.seeds_dir], broker, prefix, rules, bars)
            topics = [prefix + topic for topic in flow_topics()]
            await settled(broker, group(prefix, await current(broker, prefix)), topics, bars.draining)
    rows = await rows_by_story(broker, prefix, [scope.id for scope in rules.stories])
    for scope in rules.stories:
        _show_story(scope, rows[scope.id], rules)
    names = ", ".join(subject.id for subject in rules.subjects)
    print(
        f"storywire is running on {settings.broker}; Ctrl-C stops it\n"
        f"`{called()} subscribe SUBJECT` follows {names}",
        flush=True,
    )


def _show_story(scope: StoryScope, rows: Sequence[StoryRow], rules: Rules) -> None:
    if rows:
        print(render(brief(summary_of(scope, rows)), width(), names_of(rules)))
        print(f"\n`{called()} story {scope.id}` shows all of it", flush=True)

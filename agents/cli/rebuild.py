"""`storywire rebuild`: everything again from the retained entries, under today's configuration."""

import asyncio
from typing import Annotated

import typer

from agents.brokers.errors import WorkerRunning
from agents.cli.context import (
    BrokerOption,
    ConfigOption,
    StateOption,
    broker_of,
    complain,
    end,
    rules_from,
    settings_from,
)
from agents.cli.replay import progress_bars
from agents.cli.subscribe import time_of
from agents.generations import Generation, begin, current, group
from agents.replay.replay import NotDrained, replay_all
from config.settings import Settings
from pipeline.rules import Rules


def rebuild(
    since: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="Only entries sent since (RFC 3339).")
    ] = None,
    broker: BrokerOption = None,
    state_dir: StateOption = None,
    config_dir: ConfigOption = None,
) -> None:
    """Read all retained entries again under today's subjects, stories, actors and places.

    Run it after a change of the configuration; stop the worker first. Earlier messages stay on
    their topics; what is published now carries a higher generation in its `ce_sequence`.

    Example:  storywire rebuild
    """
    settings = settings_from({"broker": broker, "state_dir": state_dir, "config_dir": config_dir})
    generation = asyncio.run(_rebuild(settings, rules_from(settings), since))
    print(f"rebuilt: generation {generation.number}")


async def _rebuild(settings: Settings, rules: Rules, since: str | None) -> Generation:
    moment = None if since is None else time_of(since)
    async with broker_of(settings) as opened:
        before = await current(opened, settings.topic_prefix)
        try:
            with opened.worker_lock(group(settings.topic_prefix, before)):
                after = await begin(opened, settings.topic_prefix, rules.digest, moment)
        except WorkerRunning as error:
            end(f"{error}: stop the worker, then rebuild")
        try:
            with progress_bars() as bars:
                await replay_all(settings, rules, opened, [], bars)
        except NotDrained as error:
            complain(str(error))
            raise typer.Exit(error.code) from None
        return after

"""`storywire rebuild`: everything again from the retained entries, under today's configuration."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from agents.brokers.broker import Broker
from agents.brokers.errors import WorkerRunning
from agents.cli.context import (
    BrokerOption,
    ConfigOption,
    StateOption,
    complain,
    end,
    existing_broker,
    rules_from,
    settings_from,
)
from agents.cli.replay import progress_bars
from agents.cli.story import summary_of
from agents.cli.subscribe import time_of
from agents.envelope import sequence
from agents.follow import CHANGES, story_message
from agents.generations import Generation, begin, current
from agents.replay.replay import NotDrained, replay_all
from agents.story_rows import rows_by_story
from agents.topics import STORY_CHANGES
from agents.worker import lock_name
from config.settings import Settings
from pipeline.codec import encode
from pipeline.event.world.scope import StoryScope
from pipeline.rules import Rules
from pipeline.story.change import changes
from pipeline.story.row import StoryRow


def rebuild(
    since: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="Only entries sent since (RFC 3339).")
    ] = None,
    broker: BrokerOption = None,
    state_dir: StateOption = None,
    config_dir: ConfigOption = None,
) -> None:
    """Read all retained entries again under today's rules.

    Run it after a change of subjects, stories, actors or places; stop the worker first. Earlier
    messages stay on their topics; what is published now carries a higher generation in its
    `ce_sequence`.

    Example:  storywire rebuild
    """
    settings = settings_from({"broker": broker, "state_dir": state_dir, "config_dir": config_dir})
    rules = rules_from(settings)
    generation = asyncio.run(_rebuild(settings, rules, since))
    names = ", ".join(subject.id for subject in rules.subjects)
    print(f"rebuilt under today's rules ({names}): generation {generation.number} of the log")


async def _rebuild(settings: Settings, rules: Rules, since: str | None) -> Generation:
    moment = None if since is None else time_of(since)
    prefix = settings.topic_prefix
    async with existing_broker(settings) as opened:
        stories = [scope.id for scope in rules.stories]
        before = await rows_by_story(opened, prefix, stories)
        try:
            async with opened.worker_lock(lock_name(prefix)):
                after = await begin(opened, prefix, rules, moment)
        except WorkerRunning as error:
            end(f"{error}; then rebuild")
        try:
            with progress_bars() as bars:
                await replay_all(settings, rules, opened, [], bars, silent=True)
        except NotDrained as error:
            complain(str(error))
            raise typer.Exit(error.code) from None
        rows, number = await rows_by_story(opened, prefix, stories), (await current(opened, prefix)).number
        for scope in rules.stories:
            await _tell(opened, prefix, scope, before[scope.id], rows[scope.id], number)
        return after


async def _tell(
    broker: Broker,
    prefix: str,
    scope: StoryScope,
    before: Sequence[StoryRow],
    rows: Sequence[StoryRow],
    number: int,
) -> None:
    """Publish once what the rebuild, which began generation `number`, changed in a story."""
    changed = changes(summary_of(scope, before), summary_of(scope, rows))
    if changed.changes and rows:
        found = sequence(number, max(row.version for row in rows))
        topic = prefix + STORY_CHANGES.name
        await broker.publish([story_message(scope.id, topic, CHANGES, encode(changed), found)])

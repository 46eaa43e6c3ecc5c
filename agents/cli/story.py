"""`storywire story`: the running summary, as it stands, as it stood, or what changed since."""

import asyncio
from collections.abc import Iterable
from typing import Annotated

import typer

from agents.cli.context import (
    USAGE,
    BrokerOption,
    ConfigOption,
    StateOption,
    called,
    end,
    existing_broker,
    rules_from,
    settings_from,
)
from agents.cli.page import Names, names_of
from agents.cli.subscribe import time_of
from agents.cli.summary_text import render, render_changes
from agents.cli.width import width
from agents.story_rows import rows_until, story_rows
from config.settings import Settings
from pipeline.codec import encode
from pipeline.event.world.scope import StoryScope
from pipeline.rules import Rules
from pipeline.story.change import changes
from pipeline.story.contribution import contribution
from pipeline.story.derive import summarise
from pipeline.story.row import StoryRow, as_of
from pipeline.story.summary import Summary


def story(
    story_id: Annotated[str | None, typer.Argument(metavar="ID", help="Without: lists the stories.")] = None,
    as_of_: Annotated[
        str | None, typer.Option("--as-of", metavar="TIME", help="As known at that time (RFC 3339).")
    ] = None,
    since_: Annotated[
        int | None, typer.Option("--since", metavar="VERSION", help="What changed since that version.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document for programs.")] = False,
    broker: BrokerOption = None,
    state_dir: StateOption = None,
    config_dir: ConfigOption = None,
) -> None:
    """Show the running summary of a story, with its sources.

    Examples:

      storywire story

      storywire story cairo-talks

      storywire story cairo-talks --as-of 2024-05-04T18:00:00Z

      storywire story cairo-talks --since 3 --json
    """
    settings = settings_from({"broker": broker, "state_dir": state_dir, "config_dir": config_dir})
    rules = rules_from(settings)
    if story_id is None:
        _list(rules)
        return
    scope = _scope(story_id, rules)
    seen, rows = asyncio.run(_rows(settings, story_id, since_))
    version = max((row.version for row in rows), default=0)
    if since_ is not None and since_ > version:
        end(f"version {since_} of {story_id} does not exist yet; the newest is {version}", USAGE)
    if as_of_ is not None:
        seen, rows = as_of(seen, time_of(as_of_)), as_of(rows, time_of(as_of_))
    if since_ is not None:
        _show_changes(scope, seen, rows, as_json, names_of(rules))
        return
    summary = summary_of(scope, rows)
    if as_json:
        print('{"summary":' + encode(summary).decode() + f',"version":{version}}}')
        return
    print(render(summary, width(), names_of(rules)))
    if as_of_ is not None:
        print(f"as of {as_of_}; undated articles that nobody observed belong to every time")
    else:
        print(f"version {version}: `{called()} story {story_id} --since {version}` will tell what is new")


def summary_of(scope: StoryScope, rows: Iterable[StoryRow]) -> Summary:
    """The summary of a set of rows."""
    return summarise(scope, [contribution(row) for row in rows])


def _show_changes(
    scope: StoryScope, seen: list[StoryRow], rows: list[StoryRow], as_json: bool, names: Names
) -> None:
    found = changes(summary_of(scope, seen), summary_of(scope, rows))
    print(encode(found).decode() if as_json else render_changes(found, width(), names))


async def _rows(
    settings: Settings, story_id: str, version: int | None
) -> tuple[list[StoryRow], list[StoryRow]]:
    """The rows that had arrived by `version` (None: none are asked for), and all there are."""
    prefix = settings.topic_prefix
    async with existing_broker(settings) as broker:
        seen = [] if version is None else await rows_until(broker, prefix, story_id, version)
        return seen, await story_rows(broker, prefix, story_id)


def _list(rules: Rules) -> None:
    for scope in rules.stories:
        print(f"{scope.id}  {scope.title}")


def _scope(story_id: str, rules: Rules) -> StoryScope:
    scopes = {scope.id: scope for scope in rules.stories}
    if story_id in scopes:
        return scopes[story_id]
    return end(f"no story {story_id!r}: stories are {', '.join(scopes)}", USAGE)

"""`storywire subscribe`: follow a topic as text or JSON lines."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import orjson
import typer

from agents.brokers.broker import Broker
from agents.brokers.errors import UnknownTopic
from agents.brokers.message import Message
from agents.cli.context import (
    USAGE,
    BrokerOption,
    ConfigOption,
    JsonOption,
    StateOption,
    broker_of,
    complain,
    end,
    rules_from,
    settings_from,
)
from agents.cli.message_text import message_text
from agents.cli.page import names_of
from agents.generations import first_since
from agents.scan import scan, tail
from agents.topics import (
    ARTICLES,
    DEAD_LETTERS,
    FEED_NOTES,
    STORIES,
    STORY_CHANGES,
    STORY_EVENTS,
    subject_topic,
)
from pipeline.rules import Rules

NAMED = {
    "story": STORY_CHANGES.name,
    "stories": STORIES.name,
    "story-events": STORY_EVENTS.name,
    "story-changes": STORY_CHANGES.name,
    "articles": ARTICLES.name,
    "dead-letters": DEAD_LETTERS.name,
    "feed-notes": FEED_NOTES.name,
}
"""Topics that have a name of their own; any other name is a subject. `story` tells what changed."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages: a full topic name, from where, and whether to stop at today's end."""

    topic: str
    since: str
    once: bool


def subscribe(
    what: Annotated[str, typer.Argument(metavar="SUBJECT|TOPIC", help="A subject, 'story', or a topic.")],
    since: Annotated[
        str,
        typer.Option("--from", metavar="WHEN", help="'now', 'beginning', or a time of sending (RFC 3339)."),
    ] = "now",
    once: Annotated[bool, typer.Option("--once", help="Stop at the end that stands there now.")] = False,
    as_json: JsonOption = False,
    broker: BrokerOption = None,
    state_dir: StateOption = None,
    config_dir: ConfigOption = None,
) -> None:
    """Follow a subject, the story or any public topic.

    Examples:

      storywire subscribe ceasefire

      storywire subscribe story --from beginning

      storywire subscribe hostages --from 2024-05-04T00:00:00Z --json
    """
    settings = settings_from({"broker": broker, "state_dir": state_dir, "config_dir": config_dir})
    rules = rules_from(settings)
    topic = settings.topic_prefix + _topic(what, settings.topic_prefix, rules)
    wanted = Wanted(topic, since, once)
    names = names_of(rules)

    async def show() -> None:
        async with broker_of(settings) as opened:
            async for message in _messages(opened, wanted):
                print(json_line(message) if as_json else message_text(message, names), flush=True)

    asyncio.run(show())


def json_line(message: Message) -> str:
    """A message as one line of JSON: where it stands, its attributes, its data."""
    headers = {name: (value or b"").decode("utf-8", "replace") for name, value in message.headers}
    data = message.value or b""
    return orjson.dumps(
        {
            "topic": message.topic,
            "partition": message.partition,
            "offset": message.offset,
            "key": None if message.key is None else message.key.decode("utf-8", "replace"),
            "headers": headers,
            "data": _data(data, headers.get("content-type", "")),
        },
        option=orjson.OPT_SORT_KEYS,
    ).decode()


def _data(data: bytes, kind: str) -> object:
    """Of a foreign message that only says that it is JSON, the text."""
    with suppress(orjson.JSONDecodeError):
        if kind == "application/json":
            return orjson.loads(data)
    return data.decode("utf-8", "replace")


def _topic(what: str, prefix: str, rules: Rules) -> str:
    what = what.removeprefix(prefix).removeprefix("events.")
    if what in NAMED:
        return NAMED[what]
    subjects = sorted(subject.id for subject in rules.subjects)
    if what not in subjects:
        end(f"nothing is published as {what!r}: subjects are {', '.join(subjects)}; "
            f"topics are {', '.join(NAMED)}", USAGE)  # fmt: skip
    return subject_topic(what)


async def _messages(broker: Broker, wanted: Wanted) -> AsyncIterator[Message]:
    if wanted.topic not in await broker.topics():
        await _not_there(broker, wanted)
    starts = await _starts(broker, wanted)
    stream = scan(broker, wanted.topic, starts) if wanted.once else tail(broker, wanted.topic, starts)
    async for message in stream:
        yield message


async def _not_there(broker: Broker, wanted: Wanted) -> None:
    """Say so: silence would look like a quiet subject. Raises NotAuthorised for one that we may not see."""
    with suppress(UnknownTopic):
        await broker.ends(wanted.topic)
    said = f"there is no topic {wanted.topic!r} yet: its worker makes it; look at broker and topic_prefix"
    if wanted.once:
        end(said)
    complain(f"{said}; waiting for it")


async def _starts(broker: Broker, wanted: Wanted) -> dict[int, int]:
    if wanted.since == "beginning" or wanted.topic not in await broker.topics():
        return {}
    ends = await broker.ends(wanted.topic)
    if wanted.since == "now":
        return dict(ends)
    moment = time_of(wanted.since)
    return {part: await first_since(broker, wanted.topic, part, moment) for part in ends}


def time_of(text: str) -> datetime:
    """A moment given on the command line; without a zone, or no time at all, ends the command."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        end(f"{text!r} is no time: write it like 2024-05-04T10:00:00Z", USAGE)
    if moment.tzinfo is None:
        end(f"{text!r} has no time zone: write it like 2024-05-04T10:00:00Z", USAGE)
    return moment

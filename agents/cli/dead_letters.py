"""`storywire dead-letters`: list, show and send back what could not go on."""

import asyncio
import sys
from typing import Annotated

import orjson
import typer

from agents.brokers.broker import Broker
from agents.brokers.message import Message
from agents.cli.context import (
    BrokerOption,
    JsonOption,
    StateOption,
    complain,
    end,
    existing_broker,
    settings_from,
)
from agents.cli.message_text import message_text
from agents.cli.safe import safe
from agents.cli.subscribe import json_line
from agents.retry import retry
from agents.scan import scan
from agents.topics import DEAD_LETTERS

app = typer.Typer(no_args_is_help=True, help="What could not go on: list it, look at it, send it back.")


@app.command("list")
def list_(as_json: JsonOption = False, broker: BrokerOption = None, state_dir: StateOption = None) -> None:
    """List all dead letters, oldest first, with where each lies.

    Example:  storywire dead-letters list --json
    """
    settings = settings_from({"broker": broker, "state_dir": state_dir})

    async def show() -> int:
        count = 0
        async with existing_broker(settings) as opened:
            async for message in scan(opened, settings.topic_prefix + DEAD_LETTERS.name):
                place = f"{message.partition}/{message.offset}"
                print(json_line(message) if as_json else f"{place}  {message_text(message)}")
                count += 1
        return count

    if not asyncio.run(show()) and not as_json:
        complain("no dead letters")


@app.command()
def show(
    place: Annotated[str, typer.Argument(metavar="PARTITION/OFFSET", help="As `list` prints it.")],
    broker: BrokerOption = None,
    state_dir: StateOption = None,
) -> None:
    """Print the original bytes of one dead letter to standard output.

    Example:  storywire dead-letters show 0/12
    """
    settings = settings_from({"broker": broker, "state_dir": state_dir})

    async def found() -> Message | None:
        async with existing_broker(settings) as opened:
            return await _at(opened, settings.topic_prefix + DEAD_LETTERS.name, place)

    message = asyncio.run(found())
    if message is None:
        end(f"no dead letter at {place}: `storywire dead-letters list` prints them all")
    complain(message_text(message))
    value = message.value or b""
    if sys.stdout.isatty():
        print(safe(value.decode("utf-8", "replace")))
    else:
        sys.stdout.buffer.write(value)


async def _at(broker: Broker, topic: str, place: str) -> Message | None:
    partition, _, offset = place.partition("/")
    if not (partition.isdecimal() and offset.isdecimal()) or topic not in await broker.topics():
        return None
    if int(partition) not in await broker.ends(topic):
        return None
    found = await broker.read(topic, int(partition), int(offset), 1)
    return found[0] if found and found[0].offset == int(offset) else None


@app.command("retry")
def retry_(
    again: Annotated[bool, typer.Option("--all", help="Also those that were sent back before.")] = False,
    as_json: JsonOption = False,
    broker: BrokerOption = None,
    state_dir: StateOption = None,
) -> None:
    """Send dead letters back to where they came from.

    The worker tries them once more.

    Example:  storywire dead-letters retry
    """
    settings = settings_from({"broker": broker, "state_dir": state_dir})

    async def send() -> dict[str, int]:
        async with existing_broker(settings) as opened:
            return await retry(opened, settings.topic_prefix, again=again)

    counts = asyncio.run(send())
    if as_json:
        print(orjson.dumps(counts).decode())
        return
    print(f"{counts['sent']} sent back, {counts['kept']} kept")
    if counts["kept"]:
        complain("those kept came from files: mend the file and replay it again")

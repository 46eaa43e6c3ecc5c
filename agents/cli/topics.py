"""`storywire topics`: make every topic of the installation, and look whether each is as it should be."""

import asyncio
from typing import Annotated

import orjson
import typer

from agents.brokers.broker import Broker
from agents.brokers.errors import PartitionsDiffer, TopicDiffers
from agents.brokers.log import Log
from agents.cli.context import (
    FAILED,
    BrokerOption,
    ConfigOption,
    JsonOption,
    StateOption,
    broker_of,
    complain,
    existing_broker,
    rules_from,
    settings_from,
)
from agents.cli.topics_text import as_json as json_lines
from agents.cli.topics_text import table
from agents.inventory import Stock, taken, wanted
from agents.topics import WantedTopic
from config.settings import Settings
from pipeline.rules import Rules

app = typer.Typer(no_args_is_help=True, help="The topics of this installation: make them, check them.")


@app.command()
def create(
    change: Annotated[
        bool, typer.Option("--change", help="Change what topics of a log keep, where it is something else.")
    ] = False,
    as_json: JsonOption = False,
    broker: BrokerOption = None,
    state_dir: StateOption = None,
    config_dir: ConfigOption = None,
) -> None:
    """Make every topic that is not there.

    The worker does so too, where it may.

    Example:  storywire topics create --broker kafka://localhost:9092
    """
    settings = settings_from({"broker": broker, "state_dir": state_dir, "config_dir": config_dir})
    outcomes = asyncio.run(_create(settings, rules_from(settings), change))
    for name, outcome, why in outcomes:
        if as_json:
            print(orjson.dumps({"topic": name, "outcome": outcome}).decode())
        else:
            print(f"{name}: {outcome}")
        if why:
            complain(why)
    if any(why for _, _, why in outcomes):
        raise typer.Exit(FAILED)


async def _create(settings: Settings, rules: Rules, change: bool) -> list[tuple[str, str, str]]:
    """Per topic its name, what became of it, and why it is not as wanted, where it is not."""
    async with broker_of(settings) as opened:
        there = set(await opened.topics())
        topics = await wanted(opened, settings, rules)
        return [(topic.name, *await _made(opened, topic, topic.name in there, change)) for topic in topics]
    raise AssertionError("a broker that fails ends the command")


async def _made(broker: Broker, topic: WantedTopic, there: bool, change: bool) -> tuple[str, str]:
    try:
        await broker.declare(topic.name, topic.partitions, topic.config)
    except PartitionsDiffer as error:
        return "differs", str(error)
    except TopicDiffers as error:
        if not (change and isinstance(broker, Log)):
            return "differs", str(error)
        await broker.change(topic.name, topic.config)
        return "changed", ""
    return ("is there" if there else "created"), ""


@app.command()
def check(
    as_json: JsonOption = False,
    broker: BrokerOption = None,
    state_dir: StateOption = None,
    config_dir: ConfigOption = None,
) -> None:
    """Show every topic as it is, and what is not as wanted.

    Names what is missing, foreign, or other than the settings say.

    Example:  storywire topics check --json
    """
    settings = settings_from({"broker": broker, "state_dir": state_dir, "config_dir": config_dir})
    stocks = asyncio.run(_check(settings, rules_from(settings)))
    prefix = settings.topic_prefix
    for line in json_lines(stocks, prefix) if as_json else table(stocks, prefix):
        print(line)
    if any(stock.problems for stock in stocks):
        raise typer.Exit(FAILED)


async def _check(settings: Settings, rules: Rules) -> list[Stock]:
    async with existing_broker(settings) as opened:
        topics = await wanted(opened, settings, rules)
        return [stock async for stock in taken(opened, settings.topic_prefix, topics)]
    raise AssertionError("a broker that fails ends the command")

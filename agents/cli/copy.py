"""`storywire copy`: everything of a log into another log or a cluster, and back, with proof."""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, TaskID

from agents.brokers.broker import Broker
from agents.brokers.errors import BrokerError, WorkerRunning
from agents.cli.bars import bars
from agents.cli.context import (
    USAGE,
    ConfigOption,
    JsonOption,
    broker_of,
    called,
    complain,
    end,
    existing_broker,
    exit_code,
    rules_from,
)
from agents.cli.copy_text import as_json, table
from agents.cli.safe import one_line
from agents.copying.check import Check, Compared
from agents.copying.copy import Copied
from agents.copying.copy import copy as copy_all
from agents.copying.folds import compare_folds
from agents.copying.plan import Plan, plan
from agents.copying.refused import NotCopied
from agents.worker import lock_name
from config.settings import Settings, SettingsError, load_settings
from pipeline.rules import Rules


def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="The log or cluster that is copied.")],
    target: Annotated[
        str, typer.Argument(metavar="TO", help="One that holds nothing of ours, or an unfinished copy.")
    ],
    check: Annotated[bool, typer.Option("--check", help="Copy nothing, only compare the two.")] = False,
    as_lines: JsonOption = False,
    config_dir: ConfigOption = None,
) -> None:
    """Copy one broker's topics to another, and compare both.

    State and the worker's place come along. No worker may run on either side. Broken off, it goes
    on where it was when it is called again. The settings kafka_* say how a cluster is reached. Ends
    with 1 if anything is not the same.

    Examples:

      storywire copy sqlite:///state/storywire.db kafka://localhost:9092

      storywire copy --check sqlite:///state/storywire.db kafka://localhost:9092
    """
    sides = (_settings_of("FROM", source, config_dir), _settings_of("TO", target, config_dir))
    compared = asyncio.run(_copy(sides, rules_from(sides[0]), only_check=check, as_lines=as_lines))
    different = [found for found in compared if not found.same]
    for found in different:
        complain(f"not the same: {one_line(found.difference)}")
    if different:
        end(f"the two differ; what TO holds is no copy. `{called()} copy` into an empty target begins anew")
    if not as_lines and not check:
        print(f"`{called()} run --broker {target}` goes on where the worker on {source} stopped")


def _settings_of(side: str, url: str, config_dir: str | None) -> Settings:
    """The settings with the broker of one side; what is wrong with its address is said of that side."""
    try:
        return load_settings(os.environ, {"broker": url, "config_dir": config_dir})
    except SettingsError as error:
        end(str(error).replace("--broker (command line)", side), USAGE)


async def _copy(
    sides: tuple[Settings, Settings], rules: Rules, only_check: bool, as_lines: bool
) -> list[Compared]:
    opened = existing_broker(sides[1]) if only_check else broker_of(sides[1])
    async with existing_broker(sides[0]) as source, opened as target, _alone(sides, source, target):
        try:
            made = await plan(source, sides[0])
            copied = None if only_check else await _copied(source, target, made)
        except NotCopied as error:
            end(str(error))
        compared = await _compared(source, target, made, rules)
    print(as_json(made, copied, compared) if as_lines else table(made, copied, compared), flush=True)
    return compared


async def _copied(source: Broker, target: Broker, made: Plan) -> Copied:
    try:
        with copy_bars("copying") as progress:
            return await copy_all(source, target, made, progress)
    except BrokerError as error:
        end(f"{error}; what was copied is kept: the same command again goes on from there", exit_code(error))


async def _compared(source: Broker, target: Broker, made: Plan, rules: Rules) -> list[Compared]:
    with copy_bars("comparing") as progress, tempfile.TemporaryDirectory(prefix="storywire-") as folder:
        check = Check(source, target, made, Path(folder), time.time(), progress)
        found = [one async for one in check.run()]
    return found + await compare_folds(source, target, made, rules)


@asynccontextmanager
async def _alone(sides: tuple[Settings, Settings], source: Broker, target: Broker) -> AsyncIterator[None]:
    """No worker runs on either side while within."""
    if await source.identity() == await target.identity():
        end("FROM and TO are the same: name an empty log or a cluster as TO", USAGE)
    lock = lock_name(sides[0].topic_prefix)
    try:
        async with source.worker_lock(lock), target.worker_lock(lock):
            yield
    except WorkerRunning as error:
        end(f"{error}; then copy")


class Bars:
    """A bar for each topic on a terminal, on standard error."""

    def __init__(self, progress: Progress, doing: str) -> None:
        self._progress, self._doing = progress, doing
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, topic: str, done: int, total: int) -> None:
        """So much of a topic is done."""
        if topic not in self._tasks:
            self._tasks[topic] = self._progress.add_task(f"{self._doing} {topic}", total=total)
        self._progress.update(self._tasks[topic], completed=done)


@contextmanager
def copy_bars(doing: str) -> Iterator[Bars]:
    """Bars for what is copied or compared meanwhile."""
    with bars() as progress:
        yield Bars(progress, doing)

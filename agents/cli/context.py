"""What every command needs before it begins: settings, rules and the broker, or a clear end."""

import os
import shutil
import sqlite3
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from agents.access import access_of
from agents.brokers.broker import Broker, log_path, open_broker
from agents.brokers.errors import BrokerError, LoginRefused, MaybeError
from agents.inventory import bad_retention
from config.load import ConfigProblems, load_rules
from config.settings import Settings, SettingsError, load_settings
from pipeline.rules import Rules

USAGE = 2
"""Exit code for settings, configuration or arguments that cannot be used."""
FAILED = 1
"""Exit code for a command that did not do all that was asked."""
AGAIN = 75
"""Exit code for a broker that does not answer, or cannot for now (sysexits.h, EX_TEMPFAIL): try later."""

BrokerOption = Annotated[
    str | None,
    typer.Option(
        "--broker",
        metavar="URL",
        help="The log, sqlite:///PATH, or a cluster, kafka://HOST:9092. [setting: broker]",
    ),
]
StateOption = Annotated[
    str | None,
    typer.Option("--state-dir", metavar="DIR", help="Folder of the worker's tables. [setting: state_dir]"),
]
ConfigOption = Annotated[
    str | None,
    typer.Option("--config-dir", metavar="DIR", help="Folder of subjects and stories. [setting: config_dir]"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON lines for programs.")]


def called() -> str:
    """How this program was called, so that what we tell to type works when it is typed."""
    path = Path(sys.argv[0])
    if shutil.which("storywire") == str(path) or not path.name.startswith("storywire"):
        return "storywire"
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def complain(message: str) -> None:
    """One message for a person, on standard error."""
    print(f"storywire: {message}", file=sys.stderr)


def end(message: str, code: int = FAILED) -> NoReturn:
    """End the command with a message for a person and an exit code."""
    complain(message)
    raise typer.Exit(code)


def settings_from(overrides: Mapping[str, object]) -> Settings:
    """Settings of this run; a typo or a wrong value ends the command and names itself."""
    try:
        return load_settings(os.environ, overrides)
    except SettingsError as error:
        end(str(error), USAGE)


def rules_from(settings: Settings) -> Rules:
    """Rules of this run; all problems of the configuration are named at once."""
    found = load_rules(settings.config_dir)
    if isinstance(found, ConfigProblems):
        end(f"the configuration in {settings.config_dir} cannot be used\n{found}", USAGE)
    problem = bad_retention(settings, found)
    if problem:
        end(problem, USAGE)
    return found


@asynccontextmanager
async def broker_of(settings: Settings) -> AsyncIterator[Broker]:
    """The broker of these settings, closed at the end; its errors end the command in one line."""
    try:
        broker = open_broker(settings.broker, access_of(settings), settings.topic_prefix)
    except BrokerError as error:
        end(str(error), exit_code(error))
    except (OSError, sqlite3.Error) as error:
        end(f"{settings.broker} cannot be used: {error}; name another log with --broker", USAGE)
    try:
        yield broker
    except BrokerError as error:
        end(str(error), exit_code(error))
    except sqlite3.DatabaseError as error:
        end(f"{settings.broker} is damaged ({error}): put back a copy, or replay into a new log")
    finally:
        await broker.close()


def exit_code(error: BrokerError) -> int:
    """What a command ends with: trying again mends what passes, and locks an account that is refused."""
    if isinstance(error, LoginRefused):
        return USAGE
    return AGAIN if isinstance(error, MaybeError) else FAILED


@asynccontextmanager
async def existing_broker(settings: Settings) -> AsyncIterator[Broker]:
    """As `broker_of`, for commands that only read: a log that is not there is named, not made.

    So is a prefix under which a cluster has nothing.
    """
    if settings.broker.startswith("sqlite:") and not log_path(settings.broker).exists():
        end(
            f"no log at {log_path(settings.broker).absolute()}: run this where the worker runs, "
            "or name its log with --broker",
            USAGE,
        )
    async with broker_of(settings) as broker:
        if settings.broker.startswith("kafka:") and not await broker.topics():
            end(
                f"{settings.broker} has no topic that begins with {settings.topic_prefix!r}: start a worker "
                "on it first, or set topic_prefix to its worker's; a user without rights sees none, too",
                USAGE,
            )
        yield broker

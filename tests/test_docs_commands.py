"""The reference names every command with its options, and each command's help has an example."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from agents.cli.main import app

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference.md"


def walk(command: object, path: str) -> Iterator[tuple[str, object]]:
    """Every command that does something, by what a person types."""
    commands = getattr(command, "commands", None)
    if commands is None:
        yield path, command
        return
    for name, below in commands.items():
        yield from walk(below, f"{path} {name}")


COMMANDS = dict(walk(get_command(app), "storywire"))


def told() -> dict[str, str]:
    """The row of each command in the reference."""
    rows = re.findall(r"^\| `(storywire [^`]+)` \|(.*)\|$", REFERENCE.read_text("utf-8"), re.MULTILINE)
    return dict(rows)


def test_every_command_has_its_line() -> None:
    """The table of commands holds each command and no other."""
    assert set(told()) == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_stands_in_the_line_of_its_command(name: str) -> None:
    """Each option of a command, and nothing that is none, is named in its row."""
    params = getattr(COMMANDS[name], "params")  # noqa: B009
    options = {opt for param in params for opt in param.opts if opt.startswith("--") and opt != "--help"}
    assert set(re.findall(r"--[a-z-]+", told()[name])) == options


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_help_has_an_example(name: str) -> None:
    """`--help` of each command shows how it is called."""
    shown = CliRunner().invoke(app, [*name.split()[1:], "--help"])
    assert shown.exit_code == 0
    assert re.search(rf"Examples?:\s+.*{name}|Examples?:.*\n+\s+.*{name}", shown.stdout)


@pytest.mark.parametrize("group", [[], ["feeds"], ["dead-letters"], ["topics"]])
def test_lists_of_commands_fit_a_terminal(group: list[str]) -> None:
    """At 80 columns no line about a command is cut off, and none is longer."""
    shown = CliRunner().invoke(app, [*group, "--help"], env={"COLUMNS": "80", "TERMINAL_WIDTH": "80"})
    commands = shown.stdout.partition("Commands:\n")[2].splitlines()
    assert commands
    assert [line for line in commands if line.endswith("...") or len(line) > 80] == []


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_arguments_stand_in_one_pair_of_brackets(name: str) -> None:
    """What may be left out is marked by the usage line itself: an argument's name has no brackets."""
    params = getattr(COMMANDS[name], "params")  # noqa: B009
    assert [param for param in params if set(str(param.metavar)) & set("[]{}.")] == []

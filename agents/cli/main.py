"""`storywire`: the commands and what they have in common."""

import signal
import sys

import typer

from agents.cli.copy import copy
from agents.cli.dead_letters import app as dead_letters
from agents.cli.detect import detect
from agents.cli.feeds import app as feeds
from agents.cli.rebuild import rebuild
from agents.cli.replay import replay
from agents.cli.run import run
from agents.cli.schema import schema
from agents.cli.story import story
from agents.cli.subscribe import subscribe
from agents.cli.topics import app as topics

app = typer.Typer(
    name="storywire",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Follow a running story through the world's news feeds: what changed, who says so, and where.",
)
for command in (run, replay, subscribe, story, detect, rebuild, schema, copy):
    app.command()(command)
app.add_typer(feeds, name="feeds")
app.add_typer(dead_letters, name="dead-letters")
app.add_typer(topics, name="topics")


def main() -> None:
    """Run one command; a reader that closes the pipe early is no failure of ours.

    A stop signal unwinds, so that private logs are removed; `run` has handlers of its own.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    main()

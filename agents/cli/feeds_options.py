"""What the commands about feeds have in common: the option that names the list, reading and changing it."""

from pathlib import Path
from typing import Annotated

import typer

from agents.cli.context import USAGE, complain, end
from agents.cli.safe import one_line
from agents.polling.feeds_file import Edit, edit_feeds, read_feeds
from pipeline.outcome import Rejected
from pipeline.poll.opml import FeedList

FeedsOption = Annotated[
    str | None,
    typer.Option("--feeds-file", metavar="FILE", help="The list of feeds, OPML. [setting: feeds_file]"),
]


def feeds_of(path: Path) -> FeedList:
    """The list; one that cannot be read ends the command, what is wrong in it is told."""
    found = read_feeds(path)
    if isinstance(found, Rejected):
        end(one_line(found.message), USAGE)
    for fault in found.rejected:
        complain(f"{path}, {one_line(fault.where)}: {one_line(fault.message)}")
    return found


def edited(path: Path, edit: Edit, begin: bytes | None = None) -> bytes | None:
    """The list after an edit; one that cannot be changed ends the command."""
    found = edit_feeds(path, edit, begin)
    if isinstance(found, Rejected):
        end(one_line(found.message), USAGE)
    return found

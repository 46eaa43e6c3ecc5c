"""`storywire feeds`: the list of feeds, how each is, and changing the list."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from agents.cli.context import USAGE, JsonOption, complain, end, settings_from
from agents.cli.feeds_add import add
from agents.cli.feeds_check import check
from agents.cli.feeds_list import list_
from agents.cli.feeds_options import FeedsOption, edited, feeds_of
from agents.cli.feeds_text import name_of
from agents.cli.safe import one_line
from agents.polling.feeds_file import replace_bytes
from pipeline.outcome import Rejected
from pipeline.poll.opml import FeedList, read_opml, same_feed, write_opml
from pipeline.poll.opml_edit import added, removed
from pipeline.poll.spec import FeedSpec

app = typer.Typer()
app.command("list")(list_)
app.command()(check)
app.command()(add)


@app.callback(invoke_without_command=True)
def feeds(context: typer.Context, as_json: JsonOption = False) -> None:
    """The list of feeds: how each is, and changing it. Without a command it is `list`."""
    if context.invoked_subcommand is None:
        list_(as_json)


@app.command()
def remove(
    url: Annotated[str, typer.Argument(metavar="URL", help="The feed's address.")],
    feeds_file: FeedsOption = None,
) -> None:
    """Take a feed off the list.

    What is remembered of it stays, should it come back.

    Example:  storywire feeds remove https://news.example/feed
    """
    path = settings_from({"feeds_file": feeds_file}).feeds_file
    known = [spec for spec in feeds_of(path).feeds if same_feed(spec.url) == same_feed(url)]
    if edited(path, lambda data: removed(data, url)) is None:
        end(f"{one_line(url)} is not in {path}; `storywire feeds list --json` prints the addresses")
    print(f"removed {name_of(known[0]) if known else one_line(url)}")


@app.command("import")
def import_(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="OPML; '-' is standard input.")],
    feeds_file: FeedsOption = None,
) -> None:
    """Merge the feeds that another reader exported into the list.

    Example:  storywire feeds import subscriptions.opml
    """
    path = settings_from({"feeds_file": feeds_file}).feeds_file
    found = read_opml(_input(file))
    if isinstance(found, Rejected):
        end(f"{file}: {' '.join(filter(None, (found.where, found.message)))}", USAGE)
    new: list[FeedSpec] = []

    def merge(data: bytes) -> bytes | Rejected:
        new[:] = _unknown(data, found)
        return added(data, *new)

    edited(path, merge, begin=write_opml([], "Feeds"))
    for fault in found.rejected:
        complain(f"{file}, {one_line(fault.where)}: {one_line(fault.message)}")
    known = len(found.feeds) - len(new) + len(found.repeated)
    print(f"{len(new)} added, {known} known already, {len(found.rejected)} refused")
    if found.rejected:
        raise typer.Exit(1)


@app.command()
def export(
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Else standard output.")] = None,
    feeds_file: FeedsOption = None,
) -> None:
    """Print the list as OPML that any feed reader imports.

    Example:  storywire feeds export --out feeds.opml
    """
    found = feeds_of(settings_from({"feeds_file": feeds_file}).feeds_file)
    data = write_opml(found.feeds, found.title or "Feeds")
    if out is None:
        sys.stdout.buffer.write(data)
        return
    try:
        replace_bytes(out, data)
    except OSError as error:
        end(f"{out} cannot be written: {error.strerror}", USAGE)


def _unknown(data: bytes, found: FeedList) -> list[FeedSpec]:
    """Those that the list does not have yet."""
    here = read_opml(data)
    known = {same_feed(spec.url) for spec in here.feeds} if isinstance(here, FeedList) else set()
    return [spec for spec in found.feeds if same_feed(spec.url) not in known]


def _input(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        end(f"{file} cannot be read: {error.strerror}", USAGE)

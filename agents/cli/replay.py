"""`storywire replay`: archives, snapshots and seeds through the very path of live feeds."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer
from rich.progress import Progress, TaskID

from agents.cli.bars import bars
from agents.cli.context import (
    FAILED,
    USAGE,
    BrokerOption,
    ConfigOption,
    StateOption,
    broker_of,
    complain,
    end,
    rules_from,
    settings_from,
)
from agents.cli.safe import one_line
from agents.drain import Backlog
from agents.replay.out import write_out
from agents.replay.replay import NotDrained, replay_all
from agents.replay.send import Report
from config.settings import Settings
from pipeline.rules import Rules


def replay(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files and folders to replay.")],
    broker: BrokerOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Leave the fold of the public topics there.")
    ] = None,
    timeout: Annotated[
        float | None, typer.Option("--timeout", metavar="S", help="Give up after that many seconds.")
    ] = None,
    state_dir: StateOption = None,
    config_dir: ConfigOption = None,
) -> None:
    """Replay articles, feed snapshots and archives.

    It ends when every event and summary is published. Takes plain text (headline, then paragraphs),
    feed snapshots (XML, JSON), JSON lines of articles, folders of these, and folders with a
    manifest.toml. Without --broker it uses a log of its own that is gone afterwards. Running it
    again is harmless.

    Examples:

      storywire replay seeds/ --out result

      storywire replay archive.jsonl --broker sqlite:///state/storywire.db
    """
    if out is not None and out.exists() and not out.is_dir():
        end(f"--out {out}: a file of that name is there; name a folder", USAGE)
    with _log_of(broker, state_dir, config_dir) as settings:
        report = asyncio.run(_replay(settings, rules_from(settings), paths, out, timeout))
    _tell(report, kept=broker is not None, left=out)
    if report.refused or report.unreadable:
        raise typer.Exit(FAILED)


def _tell(report: Report, kept: bool, left: Path | None) -> None:
    """What became of the input: refusals one by one as far as a reader can use them, then the counts."""
    for line in report.first:
        complain(one_line(line))
    total = report.refused.total()
    if total:
        counts = ", ".join(f"{reason} {count}" for reason, count in sorted(report.refused.items()))
        where = "each is kept on dead-letters with its reason" if kept or left else "--out DIR keeps them"
        complain(f"{total} rejected: {counts}; {where}")
    if report.unreadable:
        complain(
            f"{report.unreadable} messages on the public topics are not of this version and are left out"
        )
    if not report.sent and not total:
        complain("nothing to replay: no articles in what was named")
        return
    said = [f"{report.sent} entries replayed"]
    if left:
        said.append(f"the result is in {left}")
    elif not kept:
        said.append("the private log is gone; --out DIR keeps the result")
    complain("; ".join(said))


@contextmanager
def _log_of(broker: str | None, state_dir: str | None, config_dir: str | None) -> Iterator[Settings]:
    """Settings with the log that was named, or with a private one that is gone afterwards."""
    if broker is not None:
        yield settings_from({"broker": broker, "state_dir": state_dir, "config_dir": config_dir})
        return
    with tempfile.TemporaryDirectory(prefix="storywire-") as folder:
        private = f"sqlite:///{quote(folder)}/log.db"
        yield settings_from({"broker": private, "state_dir": f"{folder}/state", "config_dir": config_dir})


async def _replay(
    settings: Settings, rules: Rules, paths: list[Path], out: Path | None, seconds: float | None
) -> Report:
    async with broker_of(settings) as opened:
        try:
            with progress_bars() as progress:
                work = replay_all(settings, rules, opened, paths, progress)
                report = await asyncio.wait_for(work, seconds)
        except TimeoutError:
            complain(f"not drained within {seconds:g} s: run it again to go on, what was sent is kept")
            raise typer.Exit(FAILED) from None
        except NotDrained as error:
            complain(str(error))
            raise typer.Exit(error.code) from None
        if out is not None:
            report.unreadable = await write_out(opened, settings.topic_prefix, rules, out)
        return report


class Bars:
    """The progress of a replay on a terminal, on standard error."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._read = progress.add_task("reading", total=None)
        self._sent = progress.add_task("sending", total=None, visible=False)
        self._drained: dict[str, TaskID] = {}

    def reading(self, items: int) -> None:
        """So many items of the files have been read."""
        self._progress.update(self._read, completed=items)

    def sending(self, sent: int, total: int) -> None:
        """So many of all items have been sent."""
        self._progress.update(self._read, total=total, completed=total)
        self._progress.update(self._sent, total=total, completed=sent, visible=True)

    def draining(self, backlog: Backlog) -> None:
        """So many messages are still to be worked on."""
        for topic, waiting in backlog.waiting.items():
            if topic not in self._drained:
                self._drained[topic] = self._progress.add_task(topic, total=max(waiting, 1))
            task = self._drained[topic]
            total = max(waiting, self._progress.tasks[task].total or 1)
            self._progress.update(task, total=total, completed=total - waiting)


@contextmanager
def progress_bars() -> Iterator[Bars]:
    """Bars for what is replayed meanwhile."""
    with bars() as progress:
        yield Bars(progress)

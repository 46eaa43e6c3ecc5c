"""Replays from start to drained, beside the bare script and the peer; medians over several rounds."""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from tests.bench.children import MODULE, Run, run
from tests.bench.inputs import Expected, Input
from tests.bench.published import Published, published
from tests.bench.table import aimed, table

STORYWIRE, BARE, PEER = "storywire replay", "bare script", "lemon24/reader"
HEAD = ("input", "program", "wall s", "CPU s", "articles", "per CPU s", "x bare", "aim")


@dataclass(slots=True)
class Measured:
    """The runs of one program on one input."""

    input: Input
    program: str
    runs: list[Run] = field(default_factory=list)

    @property
    def wall(self) -> float:
        return median(run.wall for run in self.runs)

    @property
    def cpu(self) -> float:
        return median(run.cpu for run in self.runs)


@dataclass(slots=True)
class Results:
    """All measurements in order, and every count that was wrong."""

    measured: list[Measured] = field(default_factory=list)
    expected: dict[str, Expected] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def of(self, name: str, program: str) -> Measured:
        """The runs of a program on the input of that name."""
        return next(one for one in self.measured if one.input.name == name and one.program == program)


def measure(inputs: Sequence[Input], folder: Path, rounds: int) -> Results:
    """Every program on every input in turn, round after round, so that the machine's moods hit all alike."""
    results = Results([Measured(one, program) for one in inputs for program in _programs(one)])
    for _ in range(rounds):
        for measured in results.measured:
            _round(measured, folder, results)
    return results


def replay(path: Path, folder: Path) -> tuple[Run, Published]:
    """One replay into a log of its own below `folder`, and what it published. The log is gone then."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    log = folder.absolute() / "log.db"
    command = (*MODULE, "agents.cli.main", "replay", path.absolute(), "--broker", f"sqlite:///{log}")
    found = run([*command, "--state-dir", folder.absolute() / "state"], folder), published(log)
    shutil.rmtree(folder)
    return found


def _programs(one: Input) -> Iterator[str]:
    yield BARE  # first: where nothing else tells, it says what must come out
    yield STORYWIRE
    if one.is_feeds and find_spec("reader") is not None:
        yield PEER


def _round(measured: Measured, folder: Path, results: Results) -> None:
    one = measured.input
    if measured.program == BARE:
        measured.runs.append(_bare(one, folder, results))
    elif measured.program == STORYWIRE:
        taken, found = replay(one.path, folder / "run")
        measured.runs.append(taken)
        results.problems += results.expected[one.name].differences(f"{one.name}, {STORYWIRE}", found)
    else:
        measured.runs.append(_peer(one, folder / "run", results))


def _bare(one: Input, folder: Path, results: Results) -> Run:
    taken = run([*MODULE, "tests.bench.bare", one.path.absolute()], folder)
    counts = json.loads(taken.output)
    expected = results.expected.setdefault(one.name, one.expected or Expected(**counts, listed=0))
    found = Published(**counts, story_events=0, dead_letters=0)
    results.problems += expected.differences(f"{one.name}, {BARE}", found)
    return taken


def _peer(one: Input, folder: Path, results: Results) -> Run:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    command = (*MODULE, "tests.bench.peer", one.path.absolute(), folder.absolute() / "reader.db")
    taken = run(command, folder)
    if int(taken.output) != results.expected[one.name].listed:
        wanted = results.expected[one.name].listed
        results.problems.append(f"{one.name}, {PEER}: {int(taken.output)} entries, not {wanted}")
    shutil.rmtree(folder)
    return taken


def as_table(results: Results, rounds: int, notes: Sequence[str]) -> str:
    """The table of all measurements."""
    rows = [_row(one, results) for one in results.measured]
    title = f"1. End to end, medians of {rounds}: start to drained, synchronous=FULL, 4 partitions"
    return table(title, HEAD, rows, *notes, *_beside_peer(results))


def _row(one: Measured, results: Results) -> list[str]:
    articles = results.expected[one.input.name].articles
    rate = articles / one.cpu
    aim = one.input.aim if one.program == STORYWIRE else None
    return [
        one.input.name,
        one.program,
        f"{one.wall:.2f}",
        f"{one.cpu:.2f}",
        f"{articles:,}",
        f"{rate:,.0f}",
        f"{one.cpu / results.of(one.input.name, BARE).cpu:.2f}",
        aimed(rate, aim, at_least=True) if aim else "",
    ]


def _beside_peer(results: Results) -> Iterator[str]:
    for peer in results.measured:
        if peer.program == PEER:
            ratio = peer.cpu / results.of(peer.input.name, STORYWIRE).cpu
            yield f"{peer.input.name}: {ratio:.2f} x reader's rate ({aimed(ratio, 1, at_least=True)})"
    if find_spec("reader") is None:
        yield f"{PEER} is not installed and left out; `make bench` installs it."

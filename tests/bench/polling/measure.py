"""Polling 1,000 feeds, beside lemon24/reader and beside bare GETs; every count held against the truth."""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.bench.children import MODULE, run
from tests.bench.polling.rounds import LISTED, Rounds
from tests.bench.polling.servers import served
from tests.bench.table import aimed, table

BARE, PEER, FETCH = "bare aiohttp", "lemon24/reader", "storywire, fetching"
ALONE, WHOLE = "storywire, polling", "storywire, all stages"
PROGRAMS = {
    BARE: ("bare",),
    FETCH: ("fetching",),
    PEER: ("peer",),
    ALONE: ("storywire", "alone"),
    WHOLE: ("storywire", "whole"),
}
NEW, UNMODIFIED, SAME = "all new", "90 % 304", "90 % same body"
WORKLOADS = (NEW, UNMODIFIED, SAME)
TIMES_PEER, OF_BARE = 3.0, 0.5
"""The aims: on new bodies, and on 304s."""
HEAD = ("feeds", "program", "wall s", "CPU s", "feeds/CPU s", "entries/CPU s", "x reader", "x bare")


@dataclass(frozen=True, slots=True)
class Measured:
    """One program on one workload. `entries` are those that were new; CPU is that of the program alone."""

    workload: str
    program: str
    polls: int
    entries: int
    wall: float
    cpu: float

    @property
    def rate(self) -> float:
        return self.polls / self.cpu


@dataclass(slots=True)
class Results:
    """All measurements, and every count that was wrong."""

    rounds: Rounds
    measured: list[Measured] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def ratio(self, one: Measured, program: str) -> float | None:
        """How many times the rate of that program on the same workload."""
        for other in self.measured:
            if other.workload == one.workload and other.program == program:
                return one.rate / other.rate
        return None


def measure(folder: Path, rounds: Rounds) -> Results:
    """Every program with validators and without; the first round is the same with either, and counts once."""
    results = Results(rounds)
    with served("rounds", folder, rounds.feeds, rounds.later) as port:
        for validators in (True, False):
            for program, words in PROGRAMS.items():
                if program != PEER or find_spec("reader") is not None:
                    found = polled(folder / "run", port, rounds, validators, words)
                    results.measured += _measured(program, rounds, validators, found)
                    results.problems += wrong(program, rounds, validators, found)
    return results


def polled(
    folder: Path, port: int, rounds: Rounds, validators: bool, program: Sequence[str]
) -> dict[str, Any]:
    """What a program printed that polled all rounds in a folder of its own."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    module, *words = program
    given = (port, rounds.feeds, rounds.later, int(validators), folder.absolute())
    command = [*MODULE, f"tests.bench.polling.{module}", *map(str, given), *words]
    found: dict[str, Any] = json.loads(run(command, folder).output)
    shutil.rmtree(folder)
    return found


def _measured(program: str, rounds: Rounds, validators: bool, found: dict[str, Any]) -> Iterator[Measured]:
    first, later = found["first"], found["later"]
    if validators:
        yield Measured(NEW, program, rounds.feeds, rounds.first_entries, first["wall"], first["cpu"])
    workload, polls = UNMODIFIED if validators else SAME, rounds.feeds * rounds.later
    yield Measured(workload, program, polls, rounds.later_entries, later["wall"], later["cpu"])


def wrong(program: str, rounds: Rounds, validators: bool, found: dict[str, Any]) -> Iterator[str]:
    """Each count that differs from what the rounds hold."""
    unchanged = rounds.later_unchanged
    bodies = rounds.later_entries if validators else rounds.feeds * rounds.later
    wanted: dict[str, Any] = {
        "first": {"200": rounds.feeds},
        "settling": {"200": rounds.feeds},
        "later": {"200": bodies} | ({"304": unchanged} if validators else {}),
        "entries": rounds.entries,
        "sent": rounds.entries,
        "polls": rounds.feeds * len(rounds.numbers),
        "not_modified": unchanged if validators else 0,
        "same_body": 0 if validators else unchanged,
        "failures": 0,
    }
    answered = {part: found[part]["statuses"] for part in ("first", "settling", "later")}
    for name, number in (found | answered).items():
        if name in wanted and number != wanted[name]:
            mode = "with validators" if validators else "without"
            yield f"polling, {program}, {mode}: {name} {number}, not {wanted[name]}"


def as_table(results: Results) -> str:
    """The table of all measurements, and the two aims."""
    ordered = sorted(results.measured, key=lambda one: WORKLOADS.index(one.workload))
    rounds = results.rounds
    title = f"5. Polling {rounds.feeds:,} feeds of {LISTED} entries from a local server, 32 at once"
    notes = [
        f"{NEW}: the first round; the others: {rounds.later} later rounds, a tenth of the feeds with one "
        "new entry",
        *_aims(results),
    ]
    return table(title, HEAD, [_row(results, one) for one in ordered], *notes)


def _row(results: Results, one: Measured) -> list[str]:
    entries = "" if one.program in (BARE, FETCH) else f"{one.entries / one.cpu:,.0f}"
    peer, bare = results.ratio(one, PEER), results.ratio(one, BARE)
    return [
        one.workload,
        one.program,
        f"{one.wall:.2f}",
        f"{one.cpu:.2f}",
        f"{one.rate:,.0f}",
        entries,
        f"{peer:.2f}" if peer else "",
        f"{bare:.2f}" if bare else "",
    ]


def _aims(results: Results) -> Iterator[str]:
    for workload, other, aim in ((NEW, PEER, TIMES_PEER), (UNMODIFIED, BARE, OF_BARE)):
        one = next(one for one in results.measured if (one.workload, one.program) == (workload, ALONE))
        ratio = results.ratio(one, other)
        if ratio is not None:
            yield f"{workload}: {ratio:.2f} x {other} ({aimed(ratio, aim, at_least=True)})"
    if find_spec("reader") is None:
        yield f"{PEER} is not installed and left out; `make bench` installs it."

"""Where the time goes: microseconds of CPU per article by step, counted in a replay of each form."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.children import MODULE, run
from tests.bench.end_to_end import STORYWIRE, Results
from tests.bench.inputs import Input
from tests.bench.table import table


@dataclass(frozen=True, slots=True)
class Steps:
    """CPU nanoseconds and calls of one counted replay, by step; they add up to the whole process."""

    articles: int
    spent: Mapping[str, int]
    calls: Mapping[str, int]
    uncounted: float

    def cells(self, step: str) -> list[str]:
        """Calls and microseconds per article of one step."""
        calls, spent = self.calls.get(step, 0), self.spent.get(step, 0)
        return [f"{calls / self.articles:.2f}" if calls else "", self.per_article(spent)]

    def per_article(self, nanoseconds: float) -> str:
        return f"{nanoseconds / 1000 / self.articles:,.1f}"

    @property
    def total(self) -> int:
        return sum(self.spent.values())


def measure(inputs: Sequence[Input], results: Results, folder: Path) -> list[Steps]:
    """Replay each input once with counters."""
    return [_steps(one, results, folder / "run") for one in inputs]


def _steps(one: Input, results: Results, folder: Path) -> Steps:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    words = (*MODULE, "tests.bench.steps", one.path.absolute(), folder.absolute())
    found = json.loads(run(words, folder).output)
    shutil.rmtree(folder)
    whole = results.of(one.name, STORYWIRE).cpu * 1e9
    return Steps(results.expected[one.name].articles, found["spent"], found["calls"], whole)


def as_table(inputs: Sequence[Input], found: Sequence[Steps]) -> str:
    """One line per step in the order of the flow, then the sum and what it is without the counters."""
    head = ["step"]
    for one in inputs:
        head += ["calls", one.name]
    rows = [[step, *_cells(found, step)] for step in _in_order(found)]
    rows.append(["sum", *(cell for one in found for cell in ("", one.per_article(one.total)))])
    rows.append(
        [
            "same, without the counters",
            *(cell for one in found for cell in ("", one.per_article(one.uncounted))),
        ]
    )
    return table("2. Microseconds of CPU per article by step, all threads; calls per article", head, rows)


def _cells(found: Sequence[Steps], step: str) -> Iterator[str]:
    for one in found:
        yield from one.cells(step)


def _in_order(found: Sequence[Steps]) -> list[str]:
    """Every step once, in the order in which they first ran; feeds, the last input, take all of them."""
    return list(dict.fromkeys(step for one in reversed(found) for step in one.spent))

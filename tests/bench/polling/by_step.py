"""Where the time of a poll goes: microseconds of CPU by step, counted in one more run of each workload."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.polling.measure import ALONE, NEW, SAME, UNMODIFIED, WORKLOADS, Results, polled
from tests.bench.polling.rounds import Rounds
from tests.bench.polling.servers import served
from tests.bench.table import table


@dataclass(frozen=True, slots=True)
class Steps:
    """CPU nanoseconds and calls by step of so many polls; they add up to the whole process."""

    workload: str
    polls: int
    spent: dict[str, int]
    calls: dict[str, int]

    def cells(self, step: str) -> list[str]:
        """Calls and microseconds per poll of one step."""
        calls = self.calls.get(step, 0)
        return [f"{calls / self.polls:.2f}" if calls else "", self.per_poll(self.spent.get(step, 0))]

    def per_poll(self, nanoseconds: float) -> str:
        return f"{nanoseconds / 1000 / self.polls:,.1f}"


def measure(folder: Path, rounds: Rounds) -> list[Steps]:
    """Poll once more with validators and once without, counting; the first round is the same with either."""
    with served("rounds", folder, rounds.feeds, rounds.later) as port:
        with_them, without = (
            polled(folder / "run", port, rounds, validators, ("steps",)) for validators in (True, False)
        )
    later = rounds.feeds * rounds.later
    return [
        Steps(NEW, rounds.feeds, with_them["spent"]["first"], with_them["calls"]["first"]),
        Steps(UNMODIFIED, later, with_them["spent"]["later"], with_them["calls"]["later"]),
        Steps(SAME, later, without["spent"]["later"], without["calls"]["later"]),
    ]


def as_table(found: Sequence[Steps], results: Results) -> str:
    """One line per step, in the order of the flow; then the sum, and what it is without the counters."""
    head = ["step", *(cell for workload in WORKLOADS for cell in ("calls", workload))]
    rows = [[step, *(cell for one in found for cell in one.cells(step))] for step in _in_order(found)]
    rows.append(["sum", *(cell for one in found for cell in ("", one.per_poll(sum(one.spent.values()))))])
    uncounted = {one.workload: one for one in results.measured if one.program == ALONE}
    rows.append(
        [
            "same, without the counters",
            *(cell for one in found for cell in ("", f"{1e6 / uncounted[one.workload].rate:,.1f}")),
        ]
    )
    return table("6. Microseconds of CPU per poll by step, polling alone, all threads", head, rows)


def _in_order(found: Sequence[Steps]) -> list[str]:
    """Every step once, in the order in which the first round, which takes all of them, first took it."""
    return list(dict.fromkeys(step for one in found for step in one.spent))

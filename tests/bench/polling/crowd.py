"""10,000 feeds on one worker: memory, CPU and lateness, through a simulated day and through real minutes."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.children import MODULE, Run, run
from tests.bench.polling.servers import served
from tests.bench.table import table

SEED = 5
HEAD = (
    *("time", "polls", "CPU s", "% of a core", "us per poll", "peak MB"),
    *("late s: p50", "p99", "longest"),
)


@dataclass(frozen=True, slots=True)
class Span:
    """A time through which the worker polled. `late` are seconds from due to asked: p50, p99, the longest."""

    name: str
    seconds: float
    cpu: float
    peak: float
    polls: int
    late: tuple[float, float, float]

    def row(self) -> list[str]:
        return [
            self.name,
            f"{self.polls:,}",
            f"{self.cpu:.1f}",
            f"{100 * self.cpu / self.seconds:.2f}",
            f"{1e6 * self.cpu / max(1, self.polls):,.0f}",
            f"{self.peak:.0f}",
            *(f"{seconds:.2f}" for seconds in self.late),
        ]


@dataclass(slots=True)
class Crowd:
    """What came of it."""

    feeds: int
    spans: list[Span]
    verdict: dict[str, Any]
    start: float
    problems: list[str]


def measure(folder: Path, feeds: int, days: float, minutes: float) -> Crowd:
    """Days by a clock that jumps; then, with the same log and feeds, minutes by the machine's clock."""
    place = (folder / "crowd").absolute()
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    with served("living", folder, SEED, feeds, days, place / "requests.log") as port:

        def judged(what: str) -> dict[str, Any]:
            words = (port, SEED, feeds, days, place, what)
            command = [*MODULE, "tests.bench.polling.verdict", *map(str, words)]
            found: dict[str, Any] = json.loads(run(command, folder).output)
            return found

        judged("list")
        day, by_day = _polled(folder, place, days), judged("day")
        real, by_minute = _polled(folder, place, days, minutes), judged("minutes")
    shutil.rmtree(place)
    spans = [
        _span(f"{24 * days:g} simulated hours", days * 86_400, day, by_day),
        _span(f"{minutes:g} real minutes", 60 * minutes, real, by_minute),
    ]
    problems = [*_wrong("simulated", by_day), *_wrong("real minutes", by_minute)]
    return Crowd(feeds, spans, by_day, json.loads(real.output)["start"], problems)


def _polled(folder: Path, place: Path, *lengths: float) -> Run:
    return run([*MODULE, "tests.bench.polling.many", place, *map(str, lengths)], folder)


def _span(name: str, seconds: float, taken: Run, found: dict[str, Any]) -> Span:
    cpu = json.loads(taken.output)["cpu"]
    return Span(name, seconds, cpu, taken.peak, found["remembered"], tuple(found["late"]))


def _wrong(name: str, found: dict[str, Any]) -> Iterator[str]:
    for fault, count in found["faults"].items():
        if count:
            yield f"many feeds, {name}: {count} {fault.replace('_', ' ')}"


def as_table(crowd: Crowd) -> str:
    """The table, and what the day was like."""
    day = crowd.verdict
    notes = [
        f"simulated: {day['polls_per_feed_day']:.1f} polls a feed and day, {day['share_304']:.0%} of them "
        f"304; {day['entries']:,} entries,",
        f"  mean delay {day['mean_delay'] / 60:.1f} min (median {day['median_delay'] / 60:.1f}); "
        f"{day['losses']} losses happened, all noted unless told below",
        f"the log grew to {day['log'] / 1e6:,.0f} MB, {day['log'] / max(1, day['polls']):,.0f} bytes a poll; "
        f"started again on it in {crowd.start:.1f} s of CPU",
    ]
    title = f"7. {crowd.feeds:,} feeds on one worker, polling alone; the server is a process of its own"
    return table(title, HEAD, [span.row() for span in crowd.spans], *notes)

"""`make bench`: all tables, side by side in one run; exit code 1 where a count differs from the truth.

BENCH_SCALE or --scale makes everything smaller (0.1: a tenth of the articles, one round). BENCH_DAYS and
BENCH_MINUTES, or --days and --minutes, say how long many feeds are polled, in simulated and in real time.
--only measures one part, --without all but those it names.
"""

import argparse
import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench import by_step, end_to_end, memory, summary
from tests.bench.children import ROOT
from tests.bench.inputs import FEEDS, JSONL, REAL, Corpus, Input, make, real
from tests.bench.polling import by_step as poll_by_step
from tests.bench.polling import crowd
from tests.bench.polling import measure as polling
from tests.bench.polling.rounds import Rounds

ARTICLES = 10_000
SUMMARIES = (100, 1_000, 10_000)
AIM = 1_000
"""Articles per CPU-second."""
POLLED, LATER = 1_000, 3
"""Feeds, and rounds after the first."""
CROWD = 10_000
"""Feeds on one worker."""
PARTS = ("replay", "polling", "kafka", "detection")
BRIEF = 0.05
"""Below this scale the Kafka tables have fewer rows: what they take is the start of processes."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: a share of the full bench, and how often each replay is repeated."""

    share: float
    rounds: int
    days: float
    minutes: float
    only: str | None
    without: Sequence[str]

    def of(self, count: int) -> int:
        """That share of a count, at least 10."""
        return max(10, round(count * self.share))


def main() -> int:
    """Measure, print, and say whether every count was right."""
    scale, folder = arguments()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    print(machine(), flush=True)
    problems = tables(scale, folder)
    shutil.rmtree(folder)
    for problem in problems:
        print(f"WRONG: {problem}")
    print("Every count is wrong or right as above." if problems else "Every count is the generator's truth.")
    return 1 if problems else 0


def arguments() -> tuple[Scale, Path]:
    """The command line and BENCH_SCALE."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--scale", type=float, default=float(os.environ.get("BENCH_SCALE", "1")))
    parser.add_argument("--rounds", type=int, help="repetitions of each replay (3; below full scale 1)")
    parser.add_argument("--days", type=float, default=float(os.environ.get("BENCH_DAYS", "0.1")))
    parser.add_argument("--minutes", type=float, default=float(os.environ.get("BENCH_MINUTES", "1")))
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--without", choices=PARTS, nargs="+", default=())
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "bench", help="made, and removed")
    given = parser.parse_args()
    rounds = given.rounds or (3 if given.scale >= 1 else 1)
    return Scale(given.scale, rounds, given.days, given.minutes, given.only, given.without), given.folder


def machine() -> str:
    """What it ran on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return f"{platform.machine()}, {cores} cores, {versions}\n"


def tables(scale: Scale, folder: Path) -> list[str]:
    """Print table after table; every count that was wrong."""
    parts = dict(zip(PARTS, (replay_tables, poll_tables, kafka, detection), strict=True))
    chosen = [
        part for name, part in parts.items() if scale.only in (name, None) and name not in scale.without
    ]
    return [problem for part in chosen for problem in part(scale, folder)]


def kafka(scale: Scale, folder: Path) -> list[str]:
    """The tables about a cluster; every count that was wrong."""
    from tests.bench.kafka.tables import kafka_tables  # a peak of table 3 begins at the size of this process

    return kafka_tables(folder, scale.of, scale.rounds, full=scale.share >= 1, brief=scale.share < BRIEF)


def detection(scale: Scale, folder: Path) -> list[str]:
    """The tables about detection; every count that was wrong."""
    from tests.bench.detection.tables import detection_tables  # as above: this process stays small

    return detection_tables(folder, scale.of, scale.rounds, scale.share)


def replay_tables(scale: Scale, folder: Path) -> list[str]:
    """The tables about replaying; every count that was wrong."""
    count = scale.of(ARTICLES)
    corpus = make(folder / "corpus", count)
    generated = [
        Input("JSON lines", corpus.folder / JSONL, corpus.expected, AIM),
        Input("feeds", corpus.folder / FEEDS, corpus.expected, AIM),
    ]
    found = real(folder, scale.share)
    results = end_to_end.measure([*generated, found] if found else generated, folder, scale.rounds)
    print(end_to_end.as_table(results, scale.rounds, notes(corpus, found)), flush=True)
    print(by_step.as_table(generated, by_step.measure(generated, results, folder)), flush=True)
    peaks, problems = memory.measure(folder, count, hits=count // 10)
    print(memory.as_table(peaks), flush=True)
    print(summary.as_table(summary.measure(folder, tuple(map(scale.of, SUMMARIES)))), flush=True)
    return results.problems + problems


def poll_tables(scale: Scale, folder: Path) -> list[str]:
    """The tables about polling; every count that was wrong."""
    rounds = Rounds(scale.of(POLLED), LATER)
    polled = polling.measure(folder, rounds)
    print(polling.as_table(polled), flush=True)
    print(poll_by_step.as_table(poll_by_step.measure(folder, rounds), polled), flush=True)
    many = crowd.measure(folder, scale.of(CROWD), scale.days, scale.minutes)
    print(crowd.as_table(many), flush=True)
    return polled.problems + many.problems


def notes(corpus: Corpus, found: Input | None) -> list[str]:
    """What the inputs are."""
    quartiles = ", ".join(map(str, corpus.lengths))
    listed, true = corpus.expected.listed, corpus.expected
    return [
        f"generated: text lengths {quartiles} characters (quartiles); {true.revisions:,} revisions,",
        f"  {true.events:,} events; {listed:,} listings in {corpus.snapshots} snapshots of 50 entries",
        *([] if found else [f"real articles left out: absent: ../shared/corpora/{REAL.name}"]),
    ]


if __name__ == "__main__":
    sys.exit(main())

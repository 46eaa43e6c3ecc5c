"""`make week`: 200 feeds through a simulated week, held beside the truth; exit code 1 where it was not kept.

python -m tests.polling.week [--feeds 200] [--days 7] [--seed 5] [--folder build/week]
"""

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from statistics import mean, median

from tests.bench.table import table
from tests.polling.judge import Verdict, delays, judged
from tests.polling.simulation import requests
from tests.polling.world import Publisher, world

ROOT = Path(__file__).resolve().parents[2]
FAULTS = {
    "missing": "entries stood in a feed at a poll and were not sent",
    "invented": "entries were sent and never stood there",
    "unnoted": "losses have no note",
    "false_notes": "notes tell of losses that were none",
    "too_soon": "feeds were asked within their pace",
    "host_too_soon": "hosts were asked within their pace",
}
BUSY, QUIET = 24.0, 6.0
"""Entries a day."""


def main() -> int:
    """Simulate, judge, print; whether everything was kept."""
    options = arguments()
    shutil.rmtree(options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True)
    wall, cpu = simulated(options)
    publishers = world(options.seed, options.feeds, options.days)
    verdict = asyncio.run(judged(options.folder, publishers, options.days))
    late = asyncio.run(delays(options.folder, publishers))
    asked = Counter(one.feed for one in requests(options.folder))
    shutil.rmtree(options.folder)
    print(by_rate(publishers, asked, late, options.days))
    print(summary(verdict, wall, cpu), flush=True)
    wrong = list(faults(verdict))
    print("\n".join(wrong) or "Everything that stood in a feed was sent, and every loss was told.")
    return 1 if wrong else 0


def faults(verdict: Verdict) -> Iterator[str]:
    """What must not be, a line for each kind with the first cases."""
    for name, words in FAULTS.items():
        found = getattr(verdict, name)
        if found:
            yield f"WRONG: {len(found)} {words}: {', '.join(map(str, found[:3]))}"


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="week", description=__doc__)
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--days", type=float, default=7.0)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "week", help="made, and removed")
    return parser.parse_args()


def simulated(options: argparse.Namespace) -> tuple[float, float]:
    """Run the simulation in a process of its own; the seconds of wall and CPU that it took."""
    command = [sys.executable, "-m", "tests.polling.simulation", "--folder", str(options.folder.absolute())]
    for name in ("feeds", "days", "seed"):
        command += [f"--{name}", str(getattr(options, name))]
    started = time.perf_counter()
    child = subprocess.Popen(command, cwd=ROOT)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"the simulation ended with {child.returncode}")
    return time.perf_counter() - started, used.ru_utime + used.ru_stime


def by_rate(
    publishers: Sequence[Publisher], asked: Mapping[str, int], late: Mapping[str, list[float]], days: float
) -> str:
    """Feeds by how much they publish: how often they were asked, and how soon their news was found."""
    head = ("feeds that publish", "feeds", "polls a feed and day", "entries", "mean delay min", "median")
    rows = []
    for name, holds in _groups():
        group = [one for one in publishers if holds(_daily(one, days))]
        if group:
            found = list(chain.from_iterable(late.get(one.url, ()) for one in group))
            polls = sum(asked[one.url] for one in group) / len(group) / days
            rows.append([name, f"{len(group)}", f"{polls:.1f}", f"{len(found):,}", *_minutes(found)])
    return table(f"{len(publishers)} feeds through {days:g} simulated days", head, rows)


def _groups() -> Iterator[tuple[str, Callable[[float], bool]]]:
    yield f"{BUSY:g} a day and more", lambda daily: daily >= BUSY
    yield f"{QUIET:g} to {BUSY:g}", lambda daily: QUIET <= daily < BUSY
    yield f"less than {QUIET:g}", lambda daily: daily < QUIET
    yield "all", lambda _: True


def _daily(publisher: Publisher, days: float) -> float:
    return sum(at >= 0 for at in publisher.published) / days


def _minutes(found: Sequence[float]) -> list[str]:
    return [f"{mean(found) / 60:.1f}", f"{median(found) / 60:.1f}"] if found else ["", ""]


def summary(verdict: Verdict, wall: float, cpu: float) -> str:
    """The rest of the verdict, in words."""
    return "\n".join(
        (
            f"polls {verdict.polls:,}, of them {verdict.share_304:.0%} not modified; "
            f"{verdict.cut_short} cut short by the end",
            f"entries sent {verdict.entries:,}; missing {len(verdict.missing)}, "
            f"invented {len(verdict.invented)}",
            f"losses that happened {verdict.losses}; without a note {len(verdict.unnoted)}, "
            f"notes of none {len(verdict.false_notes)}",
            f"feeds asked within their pace {len(verdict.too_soon)}, hosts {len(verdict.host_too_soon)}",
            f"simulated in {wall:.0f} s, {cpu:.0f} s of CPU, the other stages and the world included",
        )
    )


if __name__ == "__main__":
    sys.exit(main())

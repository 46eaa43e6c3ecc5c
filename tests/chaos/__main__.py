"""`make chaos`: articles through a storm; exit code 1 where anything was lost, invented or disagrees.

python -m tests.chaos [--engine kafka|sqlite] [--articles 100000] [--minutes 11] [--seed 1]
"""

import argparse
import asyncio
import os
import platform
import shutil
import sys
import time
from pathlib import Path

from tests.chaos.chaos import Chaos, chaos
from tests.kafka.jars import Unavailable
from tests.whole.command import ROOT

PATIENCE = 1_200.0
"""Seconds to drain in once the weather is over: a machine that others use too needs some minutes."""


def main() -> int:
    """Run, judge, print; whether everything was kept."""
    given = arguments()
    shutil.rmtree(given.folder, ignore_errors=True)
    given.folder.mkdir(parents=True)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(f"Python {platform.python_version()}, {os.cpu_count()} CPUs, {memory:.0f} GiB", flush=True)
    what = Chaos(
        engine=given.engine,
        folder=given.folder.absolute(),
        articles=given.articles,
        seconds=given.minutes * 60,
        seed=given.seed,
        patience=PATIENCE,
        calm=given.calm and given.calm.absolute(),
        tell=tell,
    )
    try:
        text, verdict = asyncio.run(chaos(what))
    except Unavailable as error:
        print(f"storywire: no cluster: {error}", file=sys.stderr)
        return 1
    print(text, flush=True)
    if not verdict.good:
        print("\n".join(verdict.faults()))
        print(f"Everything is kept in {given.folder}.")
        return 1
    shutil.rmtree(given.folder)
    print("Nothing lost, nothing invented, no value that disagrees.")
    return 0


def tell(what: str) -> None:
    """A line for whoever waits: it takes a quarter of an hour and more."""
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__)
    parser.add_argument("--engine", choices=("kafka", "sqlite"), default="kafka")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--minutes", type=float, default=11.0, help="of weather; draining comes after")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "chaos", help="made, and removed")
    parser.add_argument("--calm", type=Path, help="keeps the undisturbed run, or has it from an earlier run")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

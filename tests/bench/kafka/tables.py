"""All Kafka tables on one broker in one run."""

from collections.abc import Callable
from pathlib import Path

from tests.bench.kafka import many, recovery, speed
from tests.bench.kafka.place import opened
from tests.bench.kafka.processes import can_be_watched
from tests.bench.kafka.work import rules
from tests.kafka.jars import Unavailable, resolved

ARTICLES = 17_000
"""Some 20,000 entries."""
ASKED = 3_000
"""Entries whose delay is measured: a minute of them."""
MESSAGES = 1_000_000


def kafka_tables(
    folder: Path, of: Callable[[int], int], rounds: int, *, full: bool, brief: bool
) -> list[str]:
    """Print them; every count that was wrong. `of` scales a count; `brief` leaves out rows, and no code."""
    if why := _absent():
        print(f"The Kafka tables are left out: {why}\n")
        return []
    known = rules()
    with opened(folder) as servers:
        found = speed.measure(servers, folder, known, of(ARTICLES), of(ASKED), rounds, brief)
        print(speed.speed_table(found, rounds), flush=True)
        print(speed.workers_table(found), flush=True)
        print(speed.delay_table(found), flush=True)
        copied = many.measure(servers, folder / "many", of(MESSAGES))
        print(many.as_table(copied), flush=True)
        rows = [of(count) if count else 0 for count in (recovery.ROWS[1:2] if brief else recovery.ROWS)]
        records = found.speed[0].load.records
        started = recovery.measure(servers, folder / "recovery", known, rows, records, kill=full)
        print(recovery.as_table(started), flush=True)
    return found.problems + copied.problems + started.problems


def _absent() -> str:
    if not can_be_watched():
        return "/proc, which tells what a running process takes, is Linux's alone"
    try:
        resolved()
    except Unavailable as why:
        return str(why)
    return ""

"""Seconds until a worker that starts again works, by the number of rows in its state."""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from agents.brokers.changelog import CLAIM_HEADER
from agents.scan import scan
from agents.topics import ARTICLE_ROWS, ARTICLES, changelog
from pipeline.rules import Rules
from tests.bench.kafka.course import done
from tests.bench.kafka.place import PARTITIONS, Place, Record, load, place
from tests.bench.kafka.programs import WHOLE, Program, worker
from tests.bench.kafka.work import apply
from tests.bench.table import table

WAITING = 64
"""Entries that wait for the worker, if there are as many: enough that some are in each partition."""
ROWS = (0, 10_000, 100_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Recovered:
    """Seconds from the start of the process to the article of the last waiting entry, and CPU until then."""

    rows: int
    size: float
    anew: float
    anew_cpu: float
    again: float
    again_cpu: float
    killed: float | None


@dataclass(slots=True)
class Results:
    """A line for each number of rows, and every count that was wrong."""

    found: list[Recovered]
    problems: list[str]


def measure(
    servers: str, folder: Path, rules: Rules, rows: Sequence[int], records: Sequence[Record], kill: bool
) -> Results:
    """Each number of rows on topics of its own. With `kill` the smallest one also after kill -9."""
    results = Results([], [])
    for count in rows:
        shutil.rmtree(folder, ignore_errors=True)
        killed = kill and count == rows[0]
        asyncio.run(_measure(servers, folder, rules, count, records, killed, results))
    shutil.rmtree(folder)
    return results


async def _measure(
    servers: str,
    folder: Path,
    rules: Rules,
    count: int,
    records: Sequence[Record],
    kill: bool,
    results: Results,
) -> None:
    where = await place(servers, rules)
    try:
        topic = changelog(where.worker, ARTICLE_ROWS)
        values = [apply(one.key, one.value, None, rules, where.prefix)[0] for one in records[:500]]
        await asyncio.to_thread(load, servers, topic, _rows(count, values))
        many = min(WAITING, len(records) // 3)
        parts = [records[at : at + many] for at in range(0, 3 * many, many)]
        anew, anew_cpu = await _started(where, folder, parts[0])
        again, again_cpu = await _started(where, folder, parts[1], kill=kill)
        killed = (await _started(where, folder, parts[2]))[0] if kill else None
        size = sum(map(len, islice(cycle(values), count))) / 1e6
        results.found.append(Recovered(count, size, anew, anew_cpu, again, again_cpu, killed))
        keys = {one.key for part in parts[: 3 if kill else 2] for one in part}
        results.problems += _problems(folder, count + len(keys))
    finally:
        await where.broker.close()


def _rows(count: int, values: Sequence[bytes]) -> Iterator[Record]:
    """Rows as a worker writes them, under the claim of the group's first generation."""
    headers = ((CLAIM_HEADER, b"1"),)
    numbered = enumerate(islice(cycle(values), count))
    return (Record(b"row-%d" % number, value, -1, headers) for number, value in numbered)


async def _started(
    where: Place, folder: Path, records: Sequence[Record], kill: bool = False
) -> tuple[float, float]:
    """Start the worker on what waits, until all of that is published; then stop it, or kill it."""
    before = await _last(where)
    await asyncio.to_thread(load, where.servers, where.entries, records)
    program, began = Program(WHOLE), time.time()
    with worker(where, folder) as process:
        await done(where, program, [process])
        cpu = process.cpu
        if not kill:
            process.stop()
    after = await _last(where)
    assert after > before, "nothing was published"
    return after - began, cpu


async def _last(where: Place) -> float:
    times = [message.time async for message in scan(where.broker, where.prefix + ARTICLES.name)]
    return max(times, default=0) / 1000


def _problems(folder: Path, count: int) -> Iterator[str]:
    """The state file holds every row, those of the entries that waited included."""
    for path in (folder / "state").glob("*.rows"):
        with closing(sqlite3.connect(path)) as state:
            sql = 'SELECT count(*) FROM row WHERE "table" = ?'
            found = state.execute(sql, (ARTICLE_ROWS,)).fetchone()[0]
        if found != count:
            yield f"recovery: {found} rows, not {count}"


def as_table(results: Results) -> str:
    """By number of rows."""
    rows = [
        [
            f"{one.rows:,}",
            f"{one.size:,.0f}",
            f"{one.anew:.1f}",
            f"{one.anew_cpu:.1f}",
            f"{one.again:.1f}",
            f"{one.again_cpu:.1f}",
        ]
        for one in results.found
    ]
    notes = [f"from the start of the process until {WAITING} entries in {PARTITIONS} partitions are done"]
    notes += [
        f"after kill -9: {one.killed:.1f} s; the group waits 30 s for the old worker's heartbeat"
        for one in results.found
        if one.killed is not None
    ]
    head = ("rows", "MB", "new machine s", "CPU s", "state file s", "CPU s")
    return table(
        "12. Seconds until a worker that starts again works, by rows in its state", head, rows, *notes
    )

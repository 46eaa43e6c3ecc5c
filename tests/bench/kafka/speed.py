"""Entries per second of one worker beside others, of several workers, and seconds from entry to event."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from agents.prepare import Prepared, prepare
from pipeline.article.publisher import Publishers
from pipeline.rules import Rules
from tests.bench import bare
from tests.bench.inputs import JSONL, Expected, make
from tests.bench.kafka.course import Course, run
from tests.bench.kafka.place import HEAP, PARTITIONS, Record
from tests.bench.kafka.programs import QUIX, QUIX_PYTHON, RAW, STAGE, WHOLE, Program, side_by_side
from tests.bench.kafka.work import COMMIT_SECONDS, LINGER_MS
from tests.bench.table import aimed, table

RATE = 50.0
"""Entries a second where delays are measured: below what any of the programs can do."""
QUICK = 0.005
"""storywire's `batch_within` of a row of its own: what its default of 50 ms costs in delay."""
WORKERS = (1, 2, 4)


@dataclass(frozen=True, slots=True)
class Load:
    """Entries to be worked on, and what must come out."""

    records: Sequence[Record]
    expected: Expected


def corpus(folder: Path, articles: int, publishers: Publishers) -> Load:
    """Articles as everywhere in the bench: revisions, second feeds, a tenth about a subject."""
    made = make(folder / "kafka-corpus", articles)
    entries = bare.lines(made.folder / JSONL)
    return Load([_record(prepare(one, publishers)) for one in entries], made.expected)


def hits(folder: Path, articles: int, publishers: Publishers) -> Load:
    """Articles that all lead to one event, each seen once."""
    made = make(folder / "kafka-hits", articles, hits=articles)
    first = {}
    for entry in bare.lines(made.folder / JSONL):
        record = _record(prepare(entry, publishers))
        first.setdefault(record.key, record)
    return Load(list(first.values()), Expected(articles, articles, articles, articles))


def _record(found: object) -> Record:
    assert isinstance(found, Prepared), found
    return Record(found.key, found.data)


@dataclass(slots=True)
class Measured:
    """The runs of one program on one load."""

    program: Program
    load: Load
    rate: float = 0
    courses: list[Course] = field(default_factory=list)

    @property
    def wall(self) -> float:
        return median(one.wall for one in self.courses)

    @property
    def cpu(self) -> float:
        return median(one.cpu for one in self.courses)

    @property
    def peak(self) -> float:
        return median(one.peak for one in self.courses)

    @property
    def entries(self) -> int:
        return self.courses[0].entries

    def delay(self, percent: int) -> float:
        """Median over the runs, in milliseconds."""
        return 1000 * median(quantiles(one.delays, n=100)[percent - 1] for one in self.courses)


@dataclass(slots=True)
class Results:
    """All measurements, and every count that was wrong."""

    speed: list[Measured]
    workers: list[Measured]
    delays: list[Measured]
    problems: list[str] = field(default_factory=list)


def measure(
    servers: str, folder: Path, rules: Rules, articles: int, asked: int, rounds: int, brief: bool
) -> Results:
    """Every program in turn, round after round, in one order and then in the other."""
    load, once = corpus(folder, articles, rules.publishers), hits(folder, asked, rules.publishers)
    delays = [*side_by_side(), Program(STAGE, within=QUICK)]
    results = Results(
        [Measured(one, load) for one in side_by_side()],
        [Measured(Program(WHOLE, count), load) for count in (WORKERS[1:2] if brief else WORKERS[1:])],
        [Measured(one, once, RATE) for one in (delays[-1:] if brief else delays)],
    )
    for number in range(rounds):
        turn = [*results.speed, *results.workers, *results.delays]
        for one in turn if number % 2 == 0 else reversed(turn):
            course = run(servers, folder / "run", rules, one.program, one.load.records, one.rate)
            one.courses.append(course)
            who = f"Kafka, {one.program.title}, {one.program.workers} worker(s)"
            results.problems += one.load.expected.differences(who, course.found)
    return results


HEAD = ("program", "wall s", "CPU s", "entries/s", "per CPU s", "spread", "x raw", "x quix", "peak MB")


def speed_table(results: Results, rounds: int) -> str:
    """One worker of each; ratios are of entries a second."""
    one = results.speed[0]
    events = one.load.expected.events / one.entries
    title = f"8. One broker ({HEAP} heap) and one worker: {one.entries:,} entries, medians of {rounds}"
    notes = [
        f"{events:.3f} events an entry; {PARTITIONS} partitions, acks=all, one copy, linger {LINGER_MS} ms, "
        f"commits each {COMMIT_SECONDS:g} s",
        *_beside(results),
    ]
    return table(title, HEAD, [_speed_row(results, measured) for measured in results.speed], *notes)


def _speed_row(results: Results, one: Measured) -> list[str]:
    raw, quix = _rate_of(results, RAW), _rate_of(results, QUIX)
    rate = one.entries / one.wall
    return [
        one.program.name,
        f"{one.wall:.1f}",
        f"{one.cpu:.1f}",
        f"{rate:,.0f}",
        f"{one.entries / one.cpu:,.0f}",
        _spread(one),
        f"{rate / raw:.2f}" if raw else "",
        f"{rate / quix:.2f}" if quix else "",
        f"{one.peak:.0f}",
    ]


def _rate_of(results: Results, program: str) -> float | None:
    for one in results.speed:
        if one.program.name == program:
            return one.entries / one.wall
    return None


def _spread(one: Measured) -> str:
    rates = sorted(course.entries / course.wall for course in one.courses)
    return f"{rates[0]:,.0f}-{rates[-1]:,.0f}"


def _beside(results: Results) -> Iterator[str]:
    quix = next((one for one in results.speed if one.program.name == QUIX), None)
    stage = next(one for one in results.speed if one.program.name == STAGE)
    if quix is None:
        yield f"{QUIX} is left out: {QUIX_PYTHON} names no interpreter that has it; `make bench` does"
        return
    wall = quix.wall / stage.wall
    yield f"{STAGE}: {wall:.2f} x the rate of quix-streams ({aimed(wall, 1, at_least=True)}), " + (
        f"{quix.cpu / stage.cpu:.2f} x by CPU"
    )


def workers_table(results: Results) -> str:
    """One worker and several."""
    one = next(found for found in results.speed if found.program.name == WHOLE)
    rows = [
        [
            f"{found.program.workers}",
            f"{found.wall:.1f}",
            f"{found.cpu:.1f}",
            f"{found.entries / found.wall:,.0f}",
            f"{one.wall / found.wall:.2f}",
            _spread(found),
            f"{found.peak:.0f}",
        ]
        for found in (one, *results.workers)
    ]
    head = ("workers", "wall s", "CPU s", "entries/s", "x one", "spread", "peak MB")
    return table(f"9. `{WHOLE}` in several processes; CPU and memory of all of them", head, rows)


def delay_table(results: Results) -> str:
    """From an entry's time to that at which the broker took its event."""
    rows = [
        [
            one.program.title,
            f"{one.delay(50):.0f}",
            f"{one.delay(99):.0f}",
            f"{1000 * max(course.delays[-1] for course in one.courses):.0f}",
            f"{one.cpu / one.entries * 1e6:,.0f}",
        ]
        for one in results.delays
    ]
    one = results.delays[0]
    title = f"10. Milliseconds from entry to event, {RATE:g} entries a second, {one.entries:,} of them"
    head = ("program", "p50", "p99", "longest", "CPU us/entry")
    within = f"storywire waits 50 ms for more (batch_within), but in the row with {QUICK * 1000:g} ms"
    return table(title, head, rows, within)

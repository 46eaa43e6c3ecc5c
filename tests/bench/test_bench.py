"""The bench runs, its tables come out, and it tells a wrong count. Nothing here is about time."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.children import ROOT, ChildFailed, run
from tests.bench.counters import Counters
from tests.bench.generate import make_corpus, truth
from tests.bench.inputs import Expected
from tests.bench.polling.measure import wrong
from tests.bench.polling.rounds import Rounds
from tests.bench.published import Published
from tests.bench.table import table

TABLES = (
    "1. End to end",
    "2. Microseconds of CPU per article by step",
    "3. Peak memory",
    "4. Deriving a summary",
    "5. Polling 10 feeds",
    "6. Microseconds of CPU per poll by step",
    "7. 100 feeds on one worker",
)
KAFKA_TABLES = (
    "8. One broker",
    "9. `storywire run` in several processes",
    "10. Milliseconds from entry to event",
    "11. Small messages",
    "12. Seconds until a worker that starts again works",
)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """The whole bench over 100 articles (1,000 where ten times as many are wanted)."""
    folder = tmp_path_factory.mktemp("bench")
    command = [sys.executable, "-m", "tests.bench", "--scale", "0.01", "--folder", str(folder / "made")]
    command += ["--days", "0.01", "--minutes", "0.02", "--without", "kafka", "detection"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def kafka_bench(
    kafka_here: None, tmp_path_factory: pytest.TempPathFactory
) -> subprocess.CompletedProcess[str]:
    """The Kafka tables over some fifty entries, on a broker of their own."""
    folder = tmp_path_factory.mktemp("bench")
    command = [sys.executable, "-m", "tests.bench", "--scale", "0.002", "--folder", str(folder / "made")]
    command += ["--only", "kafka"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)


def test_every_count_on_kafka_is_the_generators_truth(
    kafka_bench: subprocess.CompletedProcess[str],
) -> None:
    """Every program that stands beside another on a broker publishes what was put in, and loses nothing."""
    assert (kafka_bench.returncode, kafka_bench.stderr) == (0, ""), kafka_bench.stdout + kafka_bench.stderr
    assert kafka_bench.stdout.endswith("Every count is the generator's truth.\n")


def test_every_table_on_kafka_comes_out(kafka_bench: subprocess.CompletedProcess[str]) -> None:
    """Each table stands there, with its rows; a peer that is not installed is named."""
    for title in KAFKA_TABLES:
        assert title in kafka_bench.stdout
    for row in ("raw aiokafka", "quix-streams", "storywire run", "p99", "fetched and not yet done"):
        assert row in kafka_bench.stdout


def test_every_count_is_the_generators_truth(bench: subprocess.CompletedProcess[str]) -> None:
    """JSON lines and feeds lead to exactly the articles, revisions and events that were put into them."""
    assert (bench.returncode, bench.stderr) == (0, ""), bench.stdout + bench.stderr
    assert bench.stdout.endswith("Every count is the generator's truth.\n")


def test_every_table_comes_out(bench: subprocess.CompletedProcess[str]) -> None:
    """Each table stands there, with its rows, in a width that fits a terminal."""
    for title in TABLES:
        assert title in bench.stdout
    for row in ("bare script", "storywire replay", "sum", "ratio of the peaks", "generated: text lengths"):
        assert row in bench.stdout
    for row in ("storywire, polling", "bare aiohttp", "decide, notes", "simulated hours", "real minutes"):
        assert row in bench.stdout
    assert max(map(len, bench.stdout.splitlines())) <= 100


def test_a_wrong_count_is_told() -> None:
    """A count that differs from the truth is named with both numbers, a dead letter as well."""
    expected = Expected(articles=3, revisions=4, events=2, listed=5)
    found = Published(articles=3, revisions=4, events=1, story_events=1, dead_letters=1)
    assert expected.differences("here", found) == ["here: 1 events, not 2", "here: 1 dead_letters, not 0"]


def test_rounds_say_what_must_come_out() -> None:
    """The truth about rounds is what their feeds list: a tenth has news in each later round, no more."""
    rounds = Rounds(feeds=40, later=3)
    assert (rounds.first_entries, rounds.later_entries, rounds.later_unchanged) == (1_200, 12, 108)
    assert rounds.entries == 1_200 + 40 + 12
    assert sum(rounds.out(feed, rounds.numbers[-1]) for feed in range(40)) == 40 + 12
    assert len({url.split(":")[1] for url in rounds.urls(80)}) == 40, "each on a host of its own"


def test_a_wrong_count_of_polls_is_told() -> None:
    """Statuses, entries and states that differ from the rounds' truth are named with both numbers."""
    rounds = Rounds(feeds=10, later=1)
    parts = {"first": {"statuses": {"200": 10}}, "settling": {"statuses": {"200": 10}}}
    parts["later"] = {"statuses": {"200": 1, "304": 9}}
    assert list(wrong("it", rounds, True, parts | {"entries": 311})) == []
    assert list(wrong("it", rounds, True, parts | {"entries": 299, "failures": 1})) == [
        "polling, it, with validators: entries 299, not 311",
        "polling, it, with validators: failures 1, not 0",
    ]


def test_the_same_seed_makes_the_same_corpus() -> None:
    """A corpus depends on its arguments and nothing else."""
    assert list(make_corpus(50, 7)) == list(make_corpus(50, 7))
    assert list(make_corpus(50, 7)) != list(make_corpus(50, 8))


@pytest.mark.parametrize("count", [1_000, 3_000])
def test_hits_make_the_same_events_whatever_the_count(count: int) -> None:
    """The same number of articles about a subject makes the same number of events among more articles."""
    assert truth(make_corpus(count, 7, hits=100)).events == 103


def test_a_child_that_fails_is_told(tmp_path: Path) -> None:
    """A measured program that ends badly stops the bench with what it said."""
    with pytest.raises(ChildFailed, match="ended with 3: no good"):
        run([sys.executable, "-c", "import sys; print('no good', file=sys.stderr); sys.exit(3)"], tmp_path)


def test_a_childs_figures_are_its_own(tmp_path: Path) -> None:
    """Memory and output are those of the measured program."""
    taken = run([sys.executable, "-c", "x = bytearray(200_000_000); print(len(x))"], tmp_path)
    assert taken.output == b"200000000\n"
    assert taken.peak > 200
    assert taken.wall > 0


class Work:
    """Something with steps of every kind."""

    def outer(self) -> list[int]:
        return [self.inner(number) for number in self.numbers()]

    def numbers(self):
        yield from (1, 2, 3)

    def inner(self, number: int) -> int:
        return sum(range(20_000)) and number

    async def later(self) -> int:
        return self.inner(7)


async def test_counters_add_up() -> None:
    """A step inside another one counts for itself alone, and the results stay what they were."""

    class Own(Work):
        pass

    counters = Counters()
    for name in ("outer", "numbers", "inner", "later"):
        counters.count(name, Own, name)
    assert Own().outer() == [1, 2, 3]
    assert await Own().later() == 7
    assert counters.calls == {"outer": 1, "numbers": 3, "inner": 4, "later": 1}
    assert counters.spent["inner"] > counters.spent["outer"] + counters.spent["numbers"]
    counters.rename("inner", "deep")
    assert counters.spent["inner"] == 0
    assert counters.calls["deep"] == 4


def test_a_table_is_aligned() -> None:
    """The first column is text, the others are figures; notes stand below."""
    assert table("T", ("a", "b"), [("x", "10"), ("long", "1")], "note") == (
        "T\na      b\n----  --\nx     10\nlong   1\nnote\n"
    )

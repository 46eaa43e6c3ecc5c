"""Peak memory of ten times the articles with the same number of story rows."""

from dataclasses import dataclass
from pathlib import Path

from tests.bench.end_to_end import replay
from tests.bench.inputs import make
from tests.bench.published import Published
from tests.bench.table import aimed, table

TIMES = 10
AIM = 1.15
HEAD = ("articles", "story rows", "peak MB", "wall s", "CPU s", "per CPU s")


@dataclass(frozen=True, slots=True)
class Peak:
    """One replay of so many articles."""

    articles: int
    peak: float
    wall: float
    cpu: float
    found: Published


def measure(folder: Path, count: int, hits: int) -> tuple[list[Peak], list[str]]:
    """Replay `count` and ten times as many articles, `hits` of them about a subject."""
    peaks, problems = [], []
    for articles in (count, count * TIMES):
        corpus = make(folder / f"corpus-{articles}", articles, hits)
        taken, found = replay(corpus.folder / "articles.jsonl", folder / "run")
        peaks.append(Peak(articles, taken.peak, taken.wall, taken.cpu, found))
        problems += corpus.expected.differences(f"{articles:,} articles", found)
    few, many = (one.found.story_events for one in peaks)
    if few != many:
        problems.append(f"{few} story rows with few articles and {many} with many: not the same")
    return peaks, problems


def as_table(peaks: list[Peak]) -> str:
    """The table and the ratio."""
    rows = [
        [
            f"{one.articles:,}",
            f"{one.found.story_events:,}",
            f"{one.peak:.1f}",
            f"{one.wall:.1f}",
            f"{one.cpu:.1f}",
            f"{one.articles / one.cpu:,.0f}",
        ]
        for one in peaks
    ]
    ratio = peaks[-1].peak / peaks[0].peak
    note = f"ratio of the peaks {ratio:.3f} ({aimed(ratio, AIM, at_least=False)})"
    return table("3. Peak memory, JSON lines", HEAD, rows, note)

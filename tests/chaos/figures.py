"""The figures of a chaos run as tables."""

from collections.abc import Iterator, Sequence
from math import ceil
from statistics import median

from tests.bench.table import table
from tests.chaos.account import Account
from tests.chaos.course import Ran
from tests.chaos.judge import Verdict


def figures(title: str, ran: Ran, found: Account, verdict: Verdict) -> str:
    """All tables of one run."""
    return "\n".join((_result(title, ran, found, verdict), _blows(ran), _workers(ran)))


def _result(title: str, ran: Ran, found: Account, verdict: Verdict) -> str:
    rows = [
        ["articles fed", f"{len(ran.articles):,}"],
        ["observations of them", f"{ran.sent:,}"],
        ["batches that a broker failed, fed again", f"{ran.again:,}"],
        ["messages expected", f"{len(found.values) - len(verdict.invented) + len(verdict.lost):,}"],
        ["messages found", f"{found.total:,}"],
        ["lost", f"{len(verdict.lost) + len(verdict.unfed):,}"],
        ["invented", f"{len(verdict.invented):,}"],
        ["values that disagree", f"{len(verdict.disagree):,}"],
        ["duplicates, each under the id it had", f"{found.duplicates:,}"],
        ["versions of stories", f"{found.stories.versions:,}"],
        ["summaries told", f"{found.others['stories']:,}"],
        ["last summaries, folds, order that differ", f"{len(verdict.stories) + len(verdict.folds):,}"],
        ["dead letters", f"{len(found.dead):,}"],
    ]
    return table(title, ("figure", "count"), rows)


def _blows(ran: Ran) -> str:
    rows = []
    for kind in sorted(ran.fell):
        took = sorted(seconds for blow, seconds in ran.recovered if blow.kind == kind)
        rows.append([kind, f"{ran.fell[kind]}", f"{len(took)}", *_spread(took)])
    head = ("what fell", "times", "amid work", "recovered s: median", "p90", "longest")
    return table(
        "Blows, and the seconds until every partition that had work was committed further",
        head,
        rows,
        f"on what lay there already: {ran.missed}; never recovered from: {ran.never}",
    )


def _spread(took: Sequence[float]) -> list[str]:
    if not took:
        return ["", "", ""]
    return [f"{median(took):.1f}", f"{took[ceil(0.9 * (len(took) - 1))]:.1f}", f"{took[-1]:.1f}"]


def _workers(ran: Ran) -> str:
    rows = list(_lives(ran))
    return table("Workers", ("figure", "count"), rows)


def _lives(ran: Ran) -> Iterator[list[str]]:
    codes = ", ".join(f"{count} with {code}" for code, count in sorted(ran.ended.items())) or "none"
    yield ["started", f"{ran.starts}"]
    yield ["ended by themselves", codes]
    yield ["did not leave in time", f"{ran.hung}"]
    yield ["largest, MB", f"{ran.peak:.0f}"]
    if ran.generation:
        yield ["times that partitions were given out", f"{ran.generation}"]
    yield ["fed within, s", f"{ran.fed:.0f}"]
    yield ["drained after that, s", "never" if ran.late is None else f"{ran.late:.1f}"]

"""The whole of it: an undisturbed run, a stormy one of the same articles, and the judge."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from agents.brokers.broker import open_broker
from tests.chaos.account import Account, account
from tests.chaos.course import PREFIX, Course, rules_of, run
from tests.chaos.figures import figures
from tests.chaos.judge import Verdict, judge
from tests.chaos.weather import BROKERS, BURST, WORKERS, plan
from tests.kafka.cluster import Cluster

Engine = Literal["kafka", "sqlite"]


@dataclass(frozen=True, slots=True)
class Chaos:
    """What to run. `seconds` is the weather's; `extra` are environment variables of the workers.

    `cluster` is one that runs already; without it a run on Kafka starts its own, of three brokers. The
    undisturbed run lies in the folder `calm`, and one that lies there already is taken as it is. `tell`
    hears what is being done.
    """

    engine: Engine
    folder: Path
    articles: int
    seconds: float
    seed: int
    cluster: Cluster | None = None
    patience: float = 300.0
    calm: Path | None = None
    extra: dict[str, str] = field(default_factory=dict)
    tell: Callable[[str], None] = field(default=lambda _: None)


async def chaos(what: Chaos) -> tuple[str, Verdict]:
    """The figures as text, and the verdict."""
    expected = await _calm(what, what.calm or what.folder / "calm")
    if what.engine == "sqlite":
        stormy = _stormy(what, _log(what.folder / "storm"), None)
        return await _judged(what, stormy, expected)
    with nullcontext(what.cluster) if what.cluster else Cluster(what.folder / "kafka", BROKERS) as cluster:
        assert cluster is not None
        return await _judged(what, _stormy(what, cluster.url, cluster), expected)


async def _calm(what: Chaos, folder: Path) -> Account:
    """Everything at once through one worker on the embedded log, undisturbed."""
    done = folder / f"{what.articles} articles of seed {what.seed}"
    if not done.exists():
        what.tell(f"{what.articles:,} articles through one undisturbed worker ...")
        ran = await run(_course(what, folder, _log(folder)))
        assert ran.late is not None, f"the undisturbed run did not end: {ran.said[-2000:]}"
        done.touch()
    return await _account(_log(folder), what.folder / "fold-calm")


async def _judged(what: Chaos, stormy: Course, expected: Account) -> tuple[str, Verdict]:
    what.tell(f"{what.seconds / 60:g} minutes of weather, {len(stormy.blows)} blows; then it drains ...")
    ran = await run(stormy)
    what.tell("holding both together ...")
    found = await _account(stormy.url, what.folder / "fold-storm")
    waiting = f"not drained: {ran.look.waiting}" if ran.late is None else ""
    folds = what.folder / "fold-calm", what.folder / "fold-storm"
    verdict = judge(ran.articles, expected, found, folds, waiting)
    title = f"{what.engine}: {what.articles:,} articles, {what.seconds / 60:g} minutes of weather, "
    title += f"seed {what.seed}"
    return figures(title, ran, found, verdict), verdict


async def _account(url: str, fold: Path) -> Account:
    broker = open_broker(url, prefix=PREFIX)
    try:
        return await account(broker, PREFIX, rules_of(), fold)
    finally:
        await broker.close()


def _log(folder: Path) -> str:
    return f"sqlite:///{folder}/log.db"


def _course(what: Chaos, folder: Path, url: str) -> Course:
    folder.mkdir(parents=True)
    return Course(url, folder, what.articles, what.seed, what.articles, patience=3600, extra=what.extra)


def _stormy(what: Chaos, url: str, cluster: Cluster | None) -> Course:
    """The same articles spread over the weather's time."""
    bursts = max(1, int(what.seconds / BURST))
    size = -(-what.articles // bursts)
    workers, brokers = (WORKERS, BROKERS) if cluster else (1, 0)
    return replace(
        _course(what, what.folder / "storm", url),
        size=size,
        every=BURST,
        workers=workers,
        blows=plan(what.seed, what.seconds, size, workers, brokers),
        cluster=cluster,
        patience=what.patience,
    )

"""One run from its first article to drained topics, through whatever weather it is given."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agents.brokers.broker import Broker, open_broker
from agents.brokers.changelog import claim_of
from agents.brokers.errors import MaybeError
from agents.drain import Backlog, drained
from agents.generations import current, group
from agents.topics import ARTICLE_ROWS, ENTRIES, changelog, flow_topics
from agents.worker import prepared
from config.load import ConfigProblems, load_rules
from config.settings import Settings, load_settings
from pipeline.rules import Rules
from tests.chaos.articles import observations
from tests.chaos.feeder import Feeder
from tests.chaos.fleet import Fleet
from tests.chaos.storm import Storm
from tests.chaos.watch import Look, Watch, ended
from tests.chaos.weather import Blow
from tests.kafka.cluster import Cluster

PREFIX = "storywire."
PAUSE = 1.0


@dataclass(frozen=True, slots=True)
class Course:
    """What is to be done: `articles` in bursts of `size`, one every `every` seconds (0: at once).

    `patience` bounds, in seconds, how long all may drain once the weather is over. `extra` are
    environment variables of the workers.
    """

    url: str
    folder: Path
    articles: int
    seed: int
    size: int
    every: float = 0.0
    workers: int = 1
    blows: Sequence[Blow] = ()
    cluster: Cluster | None = None
    patience: float = 300.0
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Ran:
    """How it went. `late` is the drain in seconds after all was fed; None where it did not end in time."""

    articles: set[bytes]
    sent: int
    again: int
    fed: float
    late: float | None
    look: Look
    fell: Counter[str]
    missed: int
    recovered: list[tuple[Blow, float]]
    never: int
    idle: int
    blind: int
    starts: int
    hung: int
    ended: Counter[int]
    peak: float
    said: str
    generation: int
    """The group's last one: how often its partitions were given out; 0 on the embedded log."""


async def run(course: Course) -> Ran:
    """Feed, strike, wait until all is drained; every process is gone when it returns."""
    rules = rules_of()
    broker = open_broker(course.url, prefix=PREFIX)
    try:
        await prepared(broker, settings_of(course), rules)
        async with Fleet(course.url, course.folder / "workers", course.extra) as fleet:
            return await _through(course, broker, fleet, rules)
    finally:
        await broker.close()


def rules_of() -> Rules:
    """The project's own rules, those of the workers."""
    rules = load_rules(Settings().config_dir)
    assert not isinstance(rules, ConfigProblems), rules
    return rules


def settings_of(course: Course) -> Settings:
    """The settings of the workers."""
    return load_settings(dict(course.extra), {"broker": course.url, "state_dir": str(course.folder)})


async def _through(course: Course, broker: Broker, fleet: Fleet, rules: Rules) -> Ran:
    loop = asyncio.get_running_loop()
    name = group(PREFIX, await current(broker, PREFIX))
    topics = [PREFIX + topic for topic in flow_topics()]
    feeder = Feeder(broker, PREFIX + ENTRIES.name)
    watch = Watch(broker, name, topics, fleet)
    for number in range(1, course.workers + 1):
        fleet.join(number)
    storm = Storm(course.blows, course.workers, course.cluster, fleet, watch)
    watching = asyncio.create_task(watch.keep())
    started = loop.time()
    try:
        stream = observations(course.articles, course.seed, rules.publishers)
        await asyncio.gather(feeder.feed(stream, course.size, course.every), storm.rage())
        fed = loop.time()
        late = await _drained(broker, name, topics, course.patience)
    finally:
        await ended(watching)
    await watch.once()
    return Ran(
        articles=feeder.articles,
        sent=feeder.sent,
        again=feeder.again,
        fed=fed - started,
        late=late,
        look=watch.look,
        fell=storm.fell,
        missed=storm.missed,
        recovered=watch.recovered,
        never=len(watch.open),
        idle=watch.idle,
        blind=watch.blind,
        starts=fleet.starts,
        hung=fleet.hung,
        ended=fleet.ended,
        peak=fleet.peak,
        said=fleet.said(),
        generation=await _generation(broker, changelog(name, ARTICLE_ROWS)),
    )


async def _drained(broker: Broker, name: str, topics: Sequence[str], patience: float) -> float | None:
    """Seconds until all is committed; None where that takes longer than `patience`."""
    started = asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout(patience):
            while True:
                try:
                    await drained(broker, name, topics, _unheard)
                    return asyncio.get_running_loop().time() - started
                except MaybeError:
                    await asyncio.sleep(PAUSE)
    except TimeoutError:
        return None


async def _generation(broker: Broker, topic: str) -> int:
    """Each owner of a partition writes its rows under a claim, the generation of the group it got it in."""
    claims = [0]
    for part, end in (await broker.ends(topic)).items():
        for message in await broker.read(topic, part, max(0, end - 1), 1):
            claims.append(claim_of(message.headers) or 0)
    return max(claims)


def _unheard(_: Backlog) -> None:
    """The watch tells how far it is."""

"""The topics of an installation as they are beside how they are to be."""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from agents.brokers.broker import Broker
from agents.brokers.topic import TopicConfig, kept
from agents.generations import current, group
from agents.topics import ENTRIES, GENERATIONS, WantedTopic, spec_of, wanted_changelogs, wanted_topics
from config.settings import Settings
from pipeline.rules import Rules


@dataclass(frozen=True, slots=True)
class Stock:
    """A topic: as it is wanted (None: by nobody) and as it was found (None: it is missing)."""

    name: str
    wanted: WantedTopic | None
    partitions: int | None = None
    config: TopicConfig | None = None

    @property
    def problems(self) -> list[str]:
        """What is not as wanted, in words. A topic that nobody wants is foreign and has none."""
        if self.wanted is None:
            return []
        if self.partitions is None or self.config is None:
            return ["is missing"]
        found = []
        if self.partitions != self.wanted.partitions:
            found.append(f"has {self.partitions} partitions, {self.wanted.partitions} are wanted")
        here, there = kept(self.config), kept(self.wanted.config)
        if here != there:
            found.append(f"keeps {here}, {there} is wanted")
        if 0 < self.config.replication < self.wanted.config.replication:
            copies = self.wanted.config.replication
            found.append(f"lies on {self.config.replication} brokers, {copies} are wanted")
        return found


async def wanted(broker: Broker, settings: Settings, rules: Rules) -> list[WantedTopic]:
    """Every topic of this installation, those of the present generation's tables among them, by name.

    What is there already keeps its number of partitions, as the topic of entries has it.
    """
    prefix, partitions = settings.topic_prefix, await partitions_of(broker, settings)
    subjects = [subject.id for subject in rules.subjects]
    topics = wanted_topics(prefix, partitions, subjects, settings.retention_days, settings.replication)
    name = group(prefix, await current(broker, prefix))
    changelogs = wanted_changelogs(name, partitions, settings.replication)
    return sorted([*topics, *changelogs], key=lambda topic: topic.name)


async def partitions_of(broker: Broker, settings: Settings) -> int:
    """The number of partitions that this installation has, or will have."""
    known = settings.topic_prefix + ENTRIES.name
    return await broker.partitions(known) if known in await broker.topics() else settings.partitions


async def taken(broker: Broker, prefix: str, topics: Iterable[WantedTopic]) -> AsyncIterator[Stock]:
    """Each wanted topic as it is, then the foreign ones that begin with `prefix`."""
    there = set(await broker.topics())
    by_name: Mapping[str, WantedTopic] = {topic.name: topic for topic in topics}
    foreign = sorted(name for name in there - set(by_name) if name.startswith(prefix))
    for name in [*by_name, *foreign]:
        spec = by_name.get(name)
        if name in there:
            yield Stock(name, spec, await broker.partitions(name), await broker.describe(name))
        else:
            yield Stock(name, spec)


def is_public(name: str, prefix: str) -> bool:
    """Whether a topic is for everybody, by its full name."""
    spec = spec_of(prefix, name)
    return spec is not None and spec.public


def bad_retention(settings: Settings, rules: Rules) -> str | None:
    """What is wrong with the names in `retention_days`, in a sentence; None if nothing is."""
    prefix = settings.topic_prefix
    topics = wanted_topics(prefix, 1, [subject.id for subject in rules.subjects], {})
    known = {topic.name.removeprefix(prefix): topic.config for topic in topics}
    for name in sorted(settings.retention_days):
        if name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0)[0]
            return f"retention_days: there is no topic {name!r}; did you mean {near!r}?"
        if known[name].cleanup == "compact" or name == GENERATIONS.name:
            what = kept(known[name])
            return f"retention_days: {name!r} keeps {what}, which no time bounds; take it out"
    return None

"""What comes along: every topic of ours that the source has, and where the worker's group stands on it."""

from collections.abc import Mapping
from dataclasses import dataclass

from agents.brokers.broker import Broker
from agents.brokers.message import TopicPartition
from agents.brokers.topic import TopicConfig
from agents.copying.refused import NotCopied
from agents.generations import current, group, history
from agents.topics import (
    COPIES,
    FEED_POLLS,
    flow_topics,
    is_ours,
    spec_of,
    topic_config,
    wanted_changelogs,
)
from config.settings import Settings

READ = (*flow_topics(), FEED_POLLS.name)
"""Topics, without prefix, on which the worker's group has a place."""


@dataclass(frozen=True, slots=True)
class CopiedTopic:
    """A topic that comes along, by its full name. `read`: the worker's group has a place on it."""

    name: str
    partitions: int
    config: TopicConfig
    read: bool = False
    unread_only: bool = False
    """What was read of it is of no use any more: polls are remembered in the tables."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`group` goes on at `places`; `identity` and `prefix` say what is copied."""

    identity: str
    prefix: str
    topics: tuple[CopiedTopic, ...]
    group: str
    places: Mapping[TopicPartition, int]

    def start(self, topic: CopiedTopic, partition: int) -> int:
        """The first offset of the source that comes along."""
        return self.places.get((topic.name, partition), 0) if topic.unread_only else 0


async def plan(source: Broker, settings: Settings) -> Plan:
    """All of ours in `source`, sorted by name. Raises NotCopied where there is nothing."""
    prefix = settings.topic_prefix
    changelogs = await _changelogs(source, settings)
    found: list[CopiedTopic] = []
    for name in await source.topics():
        config = changelogs.get(name) or _config(settings, name)
        if config is not None:
            short = name.removeprefix(prefix)
            partitions = await source.partitions(name)
            found.append(CopiedTopic(name, partitions, config, short in READ, short == FEED_POLLS.name))
    if not found:
        raise NotCopied(f"the source has no topic that begins with {prefix!r}: name another FROM, "
                        "or set topic_prefix as it is there")  # fmt: skip
    name = group(prefix, await current(source, prefix))
    return Plan(await source.identity(), prefix, tuple(found), name, await source.committed(name))


async def _changelogs(source: Broker, settings: Settings) -> dict[str, TopicConfig]:
    """Those of earlier generations too: they say what a story was then."""
    prefix = settings.topic_prefix
    groups = [group(prefix, one) for one in await history(source, prefix)]
    wanted = [topic for name in groups for topic in wanted_changelogs(name, 1, settings.replication)]
    return {topic.name: topic.config for topic in wanted}


def _config(settings: Settings, name: str) -> TopicConfig | None:
    spec = spec_of(settings.topic_prefix, name)
    if spec is None:
        return None
    short = name.removeprefix(settings.topic_prefix)
    return topic_config(spec, short, settings.retention_days, settings.replication)


async def strangers(target: Broker, copied: Plan) -> list[str]:
    """Topics of `target` that hold messages, are ours by their names and are not of the plan, sorted.

    Others may begin with our prefix and are somebody else's: those of an installation whose prefix is longer.
    """
    mine = {topic.name for topic in copied.topics} | {copied.prefix + COPIES.name}
    found = []
    for name in await target.topics():
        if name in mine or not is_ours(copied.prefix, name):
            continue
        if any((await target.ends(name)).values()):
            found.append(name)
    return found

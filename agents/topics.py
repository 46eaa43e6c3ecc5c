"""The topics of the pipeline: one screen that says what lies on which, for code, documents and checks."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from agents.brokers.topic import TopicConfig

Cleanup = Literal["keep", "compact"]
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic without its prefix. `cleanup` is what the broker may drop: superseded keys, or nothing but
    what is older than `retention_days`, out of the box or as the setting of that name has it."""

    name: str
    key: str
    value: str
    cleanup: Cleanup
    public: bool
    single: bool = False
    """One partition whatever the setting says: its order matters, its rate does not."""
    retention_days: float | None = None


ARTICLES = TopicSpec("articles", "article id", "Article revision", "keep", public=True)
EVENTS = TopicSpec("events.<subject>", "article id", "Event", "keep", public=True)
STORY_EVENTS = TopicSpec("story-events", "story id", "Event", "keep", public=True)
STORIES = TopicSpec("stories", "story id", "Summary", "compact", public=True)
STORY_CHANGES = TopicSpec("story-changes", "story id", "Changes", "keep", public=True)
DEAD_LETTERS = TopicSpec("dead-letters", "key of the original", "bytes of the original", "keep", public=True)
FEED_NOTES = TopicSpec("feed-notes", "feed's address", "FeedNote", "keep", public=True)
ENTRIES = TopicSpec("entries", "article id", "Entry", "keep", public=False)
FEED_POLLS = TopicSpec(
    "feed-polls", "feed's address", "what to remember of a feed", "keep", public=False, retention_days=7
)
FEED_STATES = TopicSpec("feed-states", "feed's address", "FeedState", "compact", public=False)
FEED_LISTINGS = TopicSpec("feed-listings", "feed's address", "Listing, packed", "compact", public=False)
FEED_ASKED = TopicSpec("feed-asked", "feed's address", "time of the last request", "compact", public=False)
GENERATIONS = TopicSpec("generations", "none", "Generation", "keep", public=False, single=True)

COPIES = TopicSpec("copies", "none", "progress of a copy", "keep", public=False, single=True)
"""On the target of `storywire copy` only, hence not in TOPICS."""

ARTICLE_ROWS = "article-rows"
STORY_ROWS = "story-rows"
"""Tables of a generation: of the `article` and the `follow` stage."""

CHANGELOG = re.compile(rf"worker-\d+-({ARTICLE_ROWS}|{STORY_ROWS})-changelog")
"""The name, without prefix, of a table's topic."""

TOPICS = (
    *(ARTICLES, EVENTS, STORY_EVENTS, STORIES, STORY_CHANGES, DEAD_LETTERS, FEED_NOTES),
    *(ENTRIES, FEED_POLLS, FEED_STATES, FEED_LISTINGS, FEED_ASKED, GENERATIONS),
)


def subject_topic(subject: str) -> str:
    """Name, without prefix, of the topic that carries the events of one subject."""
    return f"events.{subject}"


def spec_of(prefix: str, name: str) -> TopicSpec | None:
    """What a topic of this full name is; None for one of others, and for a changelog."""
    if not name.startswith(prefix):
        return None
    short = name.removeprefix(prefix)
    if short.startswith(subject_topic("")):
        return EVENTS
    return next((spec for spec in TOPICS if spec.name == short), None)


def is_ours(prefix: str, name: str) -> bool:
    """Whether a topic of this full name is of the installation with this prefix, of any generation."""
    return spec_of(prefix, name) is not None or bool(CHANGELOG.fullmatch(name.removeprefix(prefix)))


def prefixes_below(prefix: str, names: Iterable[str]) -> list[str]:
    """Longer prefixes than `prefix` under which other installations have their topics, sorted.

    An installation is known by having entries and generations; one below another counts as the other's.
    """
    there = {name for name in names if name.startswith(prefix) and not is_ours(prefix, name)}
    found: list[str] = []
    for name in sorted(there):
        other = name.removesuffix(GENERATIONS.name)
        if other != name and other + ENTRIES.name in there and not other.startswith(tuple(found)):
            found.append(other)
    return found


@dataclass(frozen=True, slots=True)
class WantedTopic:
    """A topic as it has to be on the broker, by its full name."""

    name: str
    partitions: int
    config: TopicConfig


def wanted_topics(
    prefix: str,
    partitions: int,
    subjects: Iterable[str],
    retention_days: Mapping[str, float],
    replication: int = 0,
) -> list[WantedTopic]:
    """Every topic of an installation but the changelogs of a generation's tables, sorted by name."""
    found: list[WantedTopic] = []
    for spec in TOPICS:
        names = [subject_topic(subject) for subject in subjects] if spec is EVENTS else [spec.name]
        for name in names:
            config = topic_config(spec, name, retention_days, replication)
            found.append(WantedTopic(prefix + name, 1 if spec.single else partitions, config))
    return sorted(found, key=lambda wanted: wanted.name)


def topic_config(
    spec: TopicSpec, name: str, retention_days: Mapping[str, float], replication: int
) -> TopicConfig:
    """What the topic keeps; a compacted one has no end of its own."""
    if spec.cleanup == "compact":
        return TopicConfig("compact", None, replication)
    days = retention_days.get(name, spec.retention_days)
    return TopicConfig("delete", None if days is None else days * DAY, replication)


def changelog(group: str, table: str) -> str:
    """The topic to which Faust writes every change of a table, by its full name."""
    return f"{group}-{table}-changelog"


def wanted_changelogs(group: str, partitions: int, replication: int = 0) -> list[WantedTopic]:
    """The changelogs of a generation's tables; without them a table is nothing after a move."""
    config = TopicConfig("compact", None, replication)
    return [WantedTopic(changelog(group, table), partitions, config) for table in (ARTICLE_ROWS, STORY_ROWS)]


def flow_topics() -> tuple[str, ...]:
    """The topics that the worker reads, without prefix, in the order of the flow."""
    return (ENTRIES.name, STORY_EVENTS.name)

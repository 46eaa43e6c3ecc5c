"""TopicConfig: what a topic keeps, for how long, and on how many brokers."""

from dataclasses import dataclass
from typing import Literal

Cleanup = Literal["delete", "compact"]


@dataclass(frozen=True, slots=True)
class TopicConfig:
    """As Kafka means it, on every engine.

    `cleanup` "delete" keeps every message for `retention` seconds (None: for ever); "compact" keeps
    at least the last message of each key, a deletion (a message without value) for a day.
    `replication` is on how many brokers each message lies; 0 asks for 3, or as many as there are.
    """

    cleanup: Cleanup = "delete"
    retention: float | None = None
    replication: int = 0


KEEP = TopicConfig()
"""Everything, for ever."""

DAY = 86_400.0


def kept(config: TopicConfig) -> str:
    """What such a topic keeps, in words: "everything", "7 days", "the latest of each key"."""
    if config.cleanup == "compact":
        return "the latest of each key"
    return "everything" if config.retention is None else duration(config.retention)


def duration(seconds: float) -> str:
    """A retention in the largest unit that it is a whole number of: "7 days", "36 hours", "90 seconds"."""
    for unit, size in (("day", DAY), ("hour", 3_600.0), ("minute", 60.0)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:.0f} {unit}{'' if seconds == size else 's'}"
    return f"{seconds:g} seconds"

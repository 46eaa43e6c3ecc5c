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

"""What one look at a worker shows: its own word, and the broker's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

Place: TypeAlias = tuple[str, int]
"""A topic, without prefix, and one of its partitions."""


class Phase(StrEnum):
    """What the worker is at; it works while `RUNNING` only."""

    STARTING = "starting"
    REBALANCING = "rebalancing"
    RECOVERING = "recovering"
    RUNNING = "running"
    STOPPING = "stopping"


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a partition is read.

    `committed` is what the broker says of the group (None: nothing yet), `own` what this worker committed
    itself, or began from. `at` is the offset at which the group goes on, `end` the one after the last
    message. `oldest` is when the first message from `at` on was sent, in seconds since 1970; None: there is
    none, also where `end` lies beyond (markers of transactions, and offsets that compaction left empty).
    """

    committed: int | None
    at: int
    end: int
    oldest: float | None = None
    own: int | None = None

    @property
    def waiting(self) -> int:
        """Messages that wait: an upper bound where offsets have gaps."""
        return 0 if self.oldest is None else self.end - self.at

    @property
    def foreign(self) -> bool:
        """Somebody else has committed further than this worker has."""
        return self.committed is not None and self.own is not None and self.committed > self.own


@dataclass(frozen=True, slots=True)
class Done:
    """What the stage of a topic has done since it started: parts of batches, messages of whole ones."""

    parts: int = 0
    messages: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """One look. `reach` is None where the broker did not answer: then nothing can be known.

    `held` are the partitions that the worker takes for its own, `remaining` the records that its tables
    still lack.
    """

    phase: Phase
    held: frozenset[Place] = frozenset()
    reach: Mapping[Place, Reach] | None = None
    done: Mapping[str, Done] = field(default_factory=dict)
    remaining: int = 0
    why_blind: str = ""

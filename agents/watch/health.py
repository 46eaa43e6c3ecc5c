"""What supervisors are told, from whatever thread they are answered."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from agents.watch.seen import Phase, Seen

QUIET = 10.0
"""Seconds without a turn of the event loop after which the worker is not at work: one part of a batch may
take 2 s of one core, several times that on a small machine."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A status of HTTP, and what is told with it."""

    status: int
    told: dict[str, object]


@dataclass(slots=True)
class Health:
    """The last word of the watch, and the loop's last turn. `patience` is the watchdog's, in seconds."""

    patience: float
    clock: Callable[[], float] = time.monotonic
    beats: int = 0
    beat_at: float = field(init=False)
    seen: Seen | None = None
    stuck: str = ""

    def __post_init__(self) -> None:
        self.beat_at = self.clock()

    def beat(self) -> None:
        """The event loop has turned."""
        self.beats, self.beat_at = self.beats + 1, self.clock()

    def look(self, seen: Seen, stuck: str) -> None:
        """What was seen, and the verdict on it."""
        self.seen, self.stuck = seen, stuck

    def live(self) -> Answer:
        """200 unless the worker should be ended: it is stuck, or its event loop is."""
        silent = self.clock() - self.beat_at
        why = self.stuck or (_silent(silent) if silent >= self.patience else "")
        return _answer(why, self.seen)

    def ready(self) -> Answer:
        """200 when the worker is at its work; 503 while it starts, recovers, or cannot reach its broker."""
        silent = self.clock() - self.beat_at
        why = self.stuck or (_silent(silent) if silent >= QUIET else "") or _not_ready(self.seen)
        return _answer(why, self.seen)


def _silent(seconds: float) -> str:
    return f"the event loop has not turned for {seconds:.0f} s"


def _not_ready(seen: Seen | None) -> str:
    if seen is None:
        return Phase.STARTING.value
    if seen.reach is None:
        return f"the broker does not answer: {seen.why_blind}"
    return "" if seen.phase is Phase.RUNNING else seen.phase.value


def _answer(why: str, seen: Seen | None) -> Answer:
    told: dict[str, object] = {"status": "unavailable", "reason": why} if why else {"status": "ok"}
    told["phase"] = seen.phase.value if seen else Phase.STARTING.value
    if seen is not None:
        told["partitions"] = _by_topic(dict.fromkeys(seen.held, 1))
    if seen is not None and seen.reach is not None:
        told["lag"] = _by_topic({place: seen.reach[place].waiting for place in seen.held & seen.reach.keys()})
    return Answer(503 if why else 200, told)


def _by_topic(figures: dict[tuple[str, int], int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for (topic, _), figure in sorted(figures.items()):
        found[topic] = found.get(topic, 0) + figure
    return found

"""Looks at a worker that never was, for decisions about them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from agents.watch.decide import Limits, Memory, Verdict, decide
from agents.watch.seen import Done, Phase, Place, Reach, Seen

ENTRIES: Place = ("entries", 0)
OTHER: Place = ("entries", 1)
LIMITS = Limits(patience=120, step=25)


def reach(committed: int | None = 10, end: int = 10, **of: object) -> Reach:
    """A partition; where messages wait the oldest was sent at 0."""
    at = committed or 0
    return Reach(committed, at, end, **({"oldest": 0.0 if at < end else None} | of))  # type: ignore[arg-type]


def running(*reaches: Reach, done: Done = Done(), **of: object) -> Seen:  # noqa: B008  frozen
    """A worker that holds as many partitions of `entries` as are given."""
    found = {("entries", number): one for number, one in enumerate(reaches)}
    seen = {"held": frozenset(found), "reach": found, "done": {"entries": done}}
    return Seen(Phase.RUNNING, **(seen | of))  # type: ignore[arg-type]


BLIND = Seen(Phase.RUNNING, frozenset({ENTRIES, OTHER}), None, why_blind="no answer")


@dataclass
class Judged:
    """Decides look after look, five seconds apart."""

    now: float = 1_000.0
    memory: Memory | None = None
    verdicts: list[Verdict] = field(default_factory=list)

    def over(self, seconds: float, looks: Iterable[Seen] | Seen, every: float = 5) -> str:
        """Look for so long, at the same or at one look after the other; the last verdict's words."""
        again = [looks] if isinstance(looks, Seen) else list(looks)
        for number in range(round(seconds / every)):
            self.now += every
            verdict = decide(again[min(number, len(again) - 1)], self.memory, self.now, LIMITS)
            self.memory = verdict.memory
            self.verdicts.append(verdict)
        return self.verdicts[-1].stuck

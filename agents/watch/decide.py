"""Whether a worker is stuck: a decision from two looks and the time between them, and nothing else.

Only time in which something could be known counts: between two looks to which the broker answered, and
never more than `Limits.step` for one step, since a process that was suspended did not stand still by
itself. In that time a partition stands still while messages wait beyond its committed offset and this
offset does not move. It is excused as long as its stage finishes parts of batches and has not yet taken as
many messages as waited when the offset moved last: its turn has not come. A part has at most 1 MB, and the
broker's answer to it is bounded (`event_timeout`), so a healthy stage finishes one well within the limit
however long the batch. An excuse therefore ends, also where messages are processed and never committed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agents.watch.seen import Done, Phase, Place, Reach, Seen

SPARE = 2
"""How many times the limit a worker without partitions waits before it calls itself stuck: one that holds
the partitions and does nothing ends itself first, and they come here."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds: `patience` of standing still, after which a worker is stuck; `step` counts at most."""

    patience: float
    step: float


@dataclass(frozen=True, slots=True)
class Standing:
    """A held partition since its offset moved last: seconds without an excuse, and how many messages its
    stage has to have taken until its turn has come. `waits`: messages waited there at the last look."""

    committed: int | None
    stood: float
    due: int
    waits: bool = True


@dataclass(frozen=True, slots=True)
class Memory:
    """What one decision leaves to the next. `idle` is how long the worker as a whole got nowhere."""

    at: float
    seen: Seen
    idle: float = 0.0
    standing: Mapping[Place, Standing] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`stuck` says what gets nowhere and since when, or is empty; `stood` is the longest time of it."""

    memory: Memory
    stuck: str
    stood: float


def decide(seen: Seen, before: Memory | None, now: float, limits: Limits) -> Verdict:
    """Judge a look, `now` seconds on a clock of which only differences matter."""
    counted = _counted(seen, before, now, limits)
    if seen.reach is None:  # nothing is known, so nothing is forgotten and nothing is held against it
        kept = before or Memory(now, seen)
        memory = Memory(now, seen, kept.idle, kept.standing)
        return Verdict(memory, "", _longest(memory))
    if seen.phase is Phase.RUNNING and seen.held:
        standing = {place: _standing(place, seen, before, counted) for place in seen.held & seen.reach.keys()}
        memory = Memory(now, seen, 0.0, standing)
        return Verdict(memory, _partition_stuck(memory, limits), _longest(memory))
    idle = 0.0 if before is None or _moved(seen, before.seen) else before.idle + counted
    return Verdict(Memory(now, seen, idle), _idle_stuck(seen, idle, limits), idle)


def _counted(seen: Seen, before: Memory | None, now: float, limits: Limits) -> float:
    if before is None or seen.reach is None or before.seen.reach is None:
        return 0.0
    return min(now - before.at, limits.step)


def _longest(memory: Memory) -> float:
    return max([memory.idle, *(one.stood for one in memory.standing.values())])


# --- a worker that holds partitions


def _standing(place: Place, seen: Seen, before: Memory | None, counted: float) -> Standing:
    reach = (seen.reach or {})[place]
    last = before.standing.get(place) if before else None
    if before is None or last is None:
        return _fresh(place, seen)
    if not reach.foreign:
        if not (reach.waiting and last.waits) or reach.committed != last.committed:
            return _fresh(place, seen)
        if _excused(place[0], seen, before.seen, last.due):
            return Standing(last.committed, 0.0, last.due)
    return Standing(last.committed, last.stood + counted, last.due)


def _fresh(place: Place, seen: Seen) -> Standing:
    topic, reached = place[0], seen.reach or {}
    waiting = sum(reached[held].waiting for held in seen.held & reached.keys() if held[0] == topic)
    due = seen.done.get(topic, Done()).messages + waiting
    return Standing(reached[place].committed, 0.0, due, reached[place].waiting > 0)


def _excused(topic: str, seen: Seen, before: Seen, due: int) -> bool:
    done, earlier = seen.done.get(topic, Done()), before.done.get(topic, Done())
    return done.parts != earlier.parts and done.messages < due


def _partition_stuck(memory: Memory, limits: Limits) -> str:
    stuck = [place for place, one in memory.standing.items() if one.stood >= limits.patience]
    if not stuck:
        return ""
    place = max(stuck, key=lambda found: (memory.standing[found].stood, found))
    return _sentence(place, (memory.seen.reach or {})[place], memory.standing[place].stood)


def _sentence(place: Place, reach: Reach, stood: float) -> str:
    name = f"{place[0]}/{place[1]}"
    if reach.foreign:
        return (
            f"this worker takes {name} for its own, but for {stood:.0f} s another has committed it "
            f"(up to {reach.committed}, we up to {reach.own})"
        )
    return (
        f"no progress: {reach.waiting} messages wait on {name} from offset {reach.at} on, "
        f"which has not moved for {stood:.0f} s"
    )


# --- a worker that does not run, or has nothing to run


def _moved(seen: Seen, before: Seen) -> bool:
    """Whether it got anywhere as a whole since the look before."""
    if seen.phase is not Phase.RUNNING:
        return 0 < seen.remaining < before.remaining or before.phase is Phase.RUNNING
    now, then = seen.reach or {}, before.reach or {}
    waiting = [place for place, reach in now.items() if reach.waiting]
    return (
        before.phase is not Phase.RUNNING
        or not waiting
        or any(place not in then or then[place].committed != now[place].committed for place in now)
    )


def _idle_stuck(seen: Seen, idle: float, limits: Limits) -> str:
    if seen.phase is not Phase.RUNNING:
        left = f" ({seen.remaining} records to go)" if seen.remaining else ""
        return (
            f"{seen.phase.value} for {idle:.0f} s without progress{left}" if idle >= limits.patience else ""
        )
    if idle < SPARE * limits.patience:
        return ""
    waiting = sum(reach.waiting for reach in (seen.reach or {}).values())
    return (
        f"no partition came to this worker while {waiting} messages waited and nobody read for {idle:.0f} s"
    )

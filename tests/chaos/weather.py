"""The weather: what befalls workers and brokers, when, and for how long; a plan made from a seed.

Blows fall within moments of a burst of articles, when work lies everywhere. As a rule one broker is down
at a time, and the next blow on one waits until its copies have caught up; at times a second one falls
for a few seconds, in which nothing can be written.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "worker kill -9", "worker SIGTERM", "worker joins and leaves", "broker kill -9", "broker SIGTERM"
]
BURST = 5.0
"""Seconds between two bursts of articles."""
RATE = 300.0
"""Articles a second that workers surely do not exceed: within a burst's time at that rate its blow falls."""
CALM = (1, 5)
"""Bursts from one blow to the next."""
BACK = {
    "worker kill -9": (0.0, 4.0),
    "worker SIGTERM": (0.0, 8.0),
    "worker joins and leaves": (8.0, 25.0),
    "broker kill -9": (2.0, 15.0),
    "broker SIGTERM": (2.0, 15.0),
}
"""Seconds until what fell stands up again; for a worker that joins, until it leaves."""
CATCH_UP = 20.0
"""Seconds from the return of a broker until another may fall: it starts, and its copies catch up."""
SECOND = 0.2
"""Share of the blows on a broker that take a second one along, for at most SHORT seconds."""
SHORT = 4.0

WORKERS, BROKERS = 3, 3
ON_WORKERS: tuple[Kind, ...] = (
    "worker kill -9",
    "worker kill -9",
    "worker SIGTERM",
    "worker joins and leaves",
)
ON_BROKERS: tuple[Kind, ...] = ("broker kill -9", "broker SIGTERM")
ALONE: tuple[Kind, ...] = ("worker kill -9",)
"""What can befall the one worker of the embedded log."""


@dataclass(frozen=True, slots=True)
class Blow:
    """At `at` seconds `kind` befalls worker or broker number `who`; after `back` seconds it is over."""

    at: float
    kind: Kind
    who: int
    back: float


def plan(seed: int, seconds: float, size: int, workers: int = WORKERS, brokers: int = BROKERS) -> list[Blow]:
    """The blows of so many seconds, for bursts of `size`; with no brokers (the embedded log) only kill -9."""
    within = min(BURST, size / RATE)
    dice = random.Random(seed)
    blows: list[Blow] = []
    brokers_stand = 0.0
    burst = 1
    while (at := burst * BURST + dice.uniform(0.05, within)) < seconds:
        on_broker = brokers > 0 and at >= brokers_stand and dice.random() < 0.5
        if on_broker:
            blows += _on_brokers(dice, at, brokers)
            brokers_stand = max(blow.at + blow.back for blow in blows if blow.at >= at) + CATCH_UP
        else:
            blows.append(_blow(dice, at, dice.choice(ON_WORKERS if brokers else ALONE), workers))
        burst += dice.randint(*CALM)
    return blows


def _on_brokers(dice: random.Random, at: float, brokers: int) -> Iterator[Blow]:
    first = _blow(dice, at, dice.choice(ON_BROKERS), brokers)
    yield first
    if dice.random() < SECOND:
        others = [number for number in range(1, brokers + 1) if number != first.who]
        yield Blow(at + 1, "broker kill -9", dice.choice(others), dice.uniform(1, SHORT))


def _blow(dice: random.Random, at: float, kind: Kind, among: int) -> Blow:
    return Blow(at, kind, dice.randint(1, among), dice.uniform(*BACK[kind]))

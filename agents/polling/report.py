"""What a running worker tells of its feeds, in one line: after the first round, and every hour after it."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from agents.polling.clock import Clock
from agents.polling.desk import Desk
from pipeline.poll.state import FeedState

LOOK = timedelta(seconds=1)
PATIENCE = timedelta(seconds=60)
"""How long the first line waits for feeds that have not been asked yet: hosts with many have a pace."""
HEALTH = ("answering", "failing", "unasked")
AGAIN = timedelta(hours=1)


async def first_round(desk: Desk, clock: Clock) -> str:
    """The line about the first round: once every feed has answered or failed, or patience ends."""
    begun = clock.now()
    while clock.now() < begun + PATIENCE and not _all_seen(desk.states(), begun):
        await clock.until(clock.now() + LOOK)
    return line(desk.states())


async def again(desk: Desk, clock: Clock) -> str:
    """The line about the state of things, an hour from now."""
    await clock.until(clock.now() + AGAIN)
    return line(desk.states())


def health(state: FeedState) -> str:
    """In one word of HEALTH."""
    if state.failing:
        return "failing"
    return "answering" if state.asked else "unasked"


def counted(desk: Desk, word: str) -> int:
    """How many feeds are so."""
    return sum(health(state) == word for state in desk.states())


def line(states: Sequence[FeedState]) -> str:
    """How many feeds answer, and why the others do not."""
    if not states:
        return "feeds: none in the list; `storywire feeds add URL` adds one"
    of = Counter(health(state) for state in states)
    total, answering = len(states), of["answering"]
    parts = [f"feeds: {answering} of {total} answer" if answering else f"feeds: none of {total} answers"]
    if of["failing"]:
        failing = Counter(state.failing.reason.value for state in states if state.failing)
        reasons = ", ".join(f"{reason} {number}" for reason, number in failing.most_common())
        parts.append(f"unreachable or failing: {reasons}")
    if of["unasked"]:
        parts.append(f"{of['unasked']} not asked yet")
    return "; ".join(parts)


def _all_seen(states: Sequence[FeedState], begun: datetime) -> bool:
    return bool(states) and all(state.outcome or (state.due and state.due > begun) for state in states)

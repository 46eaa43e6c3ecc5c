"""Health: how a feed is, in one word and a few figures, from what the worker remembers of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from pipeline.poll.habit import expected
from pipeline.poll.note import NoteKind
from pipeline.poll.spec import FeedSpec
from pipeline.poll.state import FeedState

DAY = timedelta(days=1)
IN_THE_WORD = frozenset((NoteKind.QUIET, NoteKind.GONE, NoteKind.FAILING, NoteKind.MOVED, NoteKind.HUB))
"""Conditions that the word itself tells."""


@dataclass(frozen=True, slots=True)
class Health:
    """`word` is one of docs/feeds.md; `since` when that began. `open` are the other conditions that last.

    `per_day`: entries that the habit promises; `unchanged`: share of polls answered with 304; `lag`:
    minutes, the median of the last. None is "not known yet".
    """

    word: str
    since: datetime | None = None
    open: tuple[str, ...] = ()
    per_day: float | None = None
    unchanged: float | None = None
    lag: int | None = None


def health(spec: FeedSpec, state: FeedState | None, now: datetime) -> Health:
    """How this feed is at `now`."""
    if state is None or (state.answered is None and state.failing is None):
        return Health("never polled" if spec.verified else "unverified")
    word, since = _word(state)
    polls = state.counts.polls
    return Health(
        word,
        since,
        tuple(sorted(kind.value for kind in state.noted if kind not in IN_THE_WORD)),
        round(expected(state.habit, now, now + DAY), 1) if state.habit.at else None,
        round(state.counts.not_modified / polls, 3) if polls else None,
        round(median(state.lags)) if state.lags else None,
    )


def is_failing(found: Health) -> bool:
    """Whether requests to it fail."""
    return found.word in ("failing", "gone")


def _word(state: FeedState) -> tuple[str, datetime | None]:
    """The gravest thing to say."""
    if state.gone:
        return "gone", state.gone
    if state.failing:
        return "failing", state.failing.since
    if NoteKind.QUIET in state.noted:
        return "quiet", state.noted[NoteKind.QUIET]
    if state.address and state.address != state.feed:
        return "moved", None
    if state.hub and state.hub.verified:
        return "hub", None
    return "ok", None

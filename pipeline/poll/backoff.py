"""backoff: failures lengthen the wait, each a little, and never end it: active feeds fail, and come back."""

from datetime import timedelta

from pipeline.dates import Utc
from pipeline.outcome import Reason, Rejected
from pipeline.poll.policy import Policy
from pipeline.poll.state import Failing

SOFT = frozenset((
    Reason.TIMED_OUT, Reason.UNREACHABLE, Reason.SERVER_ERROR, Reason.CUT_SHORT, Reason.BAD_COMPRESSION,
    Reason.BAD_RESPONSE, Reason.UNASKED_NOT_MODIFIED, Reason.EMPTY_BODY,
))  # fmt: skip
"""Failures that mostly pass by themselves, as against the hard ones, which mostly want a person."""

HARD_WEIGHT, SOFT_WEIGHT, DNS_WEIGHT = 1.0, 0.5, 0.25
"""Media Cloud's weights. A name that cannot be resolved is more often our network's failure than theirs."""

JITTER = 0.25
"""Of the wait, at most, on top: feeds of one host that failed together come back over a quarter of it."""

CONFIRMED = timedelta(days=2)
"""Since when a feed has answered 410 before it is believed: maintenance pages do that for hours."""

GONE_PART = 4
"""A gone feed is asked each time that its absence has grown by a quarter: twice a day at first, ..."""

GONE_LONGEST = 7
"""... and at last once in seven ceilings, a week, so that it is found if it returns. It is never dropped."""

LONGEST_MESSAGE = 300


def weight(reason: Reason) -> float:
    """How much a failure counts: hard 1, soft .5, DNS .25."""
    if reason is Reason.DNS_FAILED:
        return DNS_WEIGHT
    return SOFT_WEIGHT if reason in SOFT else HARD_WEIGHT


def failed(before: Failing | None, why: Rejected, at: Utc) -> Failing:
    """One failure more."""
    said = why.message[:LONGEST_MESSAGE]
    if before is None:
        return Failing(at, 1, weight(why.reason), why.reason, said)
    return Failing(before.since, before.count + 1, before.weight + weight(why.reason), why.reason, said)


def backed_off(interval: float, weight: float, policy: Policy) -> float:
    """Seconds until the next try, linear in the weight of the failures so far: up to 1 a share of `interval`,
    so that one time-out costs a breaking story minutes; `policy.longest` for each 1 beyond. By 24 hard
    failures, some twelve days, it is a day. Never less than `interval`."""
    grown = interval * (1.0 + min(weight, 1.0)) + policy.longest * max(weight - 1.0, 0.0)
    return max(min(grown, policy.ceiling), interval)


def gone_for(gone: Utc, now: Utc, policy: Policy) -> float:
    """Seconds until a feed that answers 410 since `gone` is asked again; 0 while that is not confirmed."""
    absent = now - gone
    if absent < CONFIRMED:
        return 0.0
    return min(absent.total_seconds() / GONE_PART, GONE_LONGEST * policy.ceiling)

"""interval: when a feed that works is asked next: what its habit calls for, and what its origin asks."""

from datetime import timedelta
from hashlib import blake2b

from pipeline.dates import Utc
from pipeline.poll.answer import Answer
from pipeline.poll.habit import hours_until, hours_watched
from pipeline.poll.policy import Policy
from pipeline.poll.state import Habit

ENTRIES = 1.0
"""New entries expected per poll. With one, half a poll's wait is the mean delay; Media Cloud steers for 33 to
67 % new ones in a feed of some twenty, which is many entries later, and StormCrawler only for "changed"."""

TURNOVER = 0.25
"""Of the time in which the whole list would be replaced: an interval may be three times too long, by a burst
or a poll that failed, before entries are lost. It binds where a feed lists fewer than four."""

HINTED = 0.5
"""Of that time, the part for which a document's own hint is followed. WordPress says "hourly" of every site
that never chose it, and a feed that lists ten entries, twenty an hour, would be lost in its greater part."""

SILENCE = 168
"""Of its silence a feed is asked every 168th part: hourly after a week, every six hours after six weeks. By
Common Crawl's r = .5 a feed would wait for six hours after five polls without change, that is, each night."""

SILENT_LONGEST = 21_600.0
"""Seconds, the longest that silence alone leads to: four looks a day at a feed that may speak again, where
Common Crawl goes to 90 days (it follows pages, not news)."""

JITTER = 0.06
"""Of the wait, at most, on top: feeds that were added together part within a day."""


def called_for(habit: Habit, size: int, fresh: Utc | None, now: Utc, policy: Policy) -> float:
    """Seconds until the next look by the feed's habit: one new entry, or a part of its list; in bounds.

    `size`: entries that the feed lists. `fresh`: when one was last new, None for none ever. A feed that was
    watched for less than `longest` is asked after as long again: one without dates may well be a busy one.
    """
    wanted = min(ENTRIES, size * TURNOVER) if size else ENTRIES
    longest = policy.longest
    wait = hours_until(habit, wanted, now, longest / 3_600) * 3_600
    if wait >= longest and fresh is not None:
        silent = min((now - fresh).total_seconds() / SILENCE, SILENT_LONGEST)
        wait = max(longest, silent)
    if wait > policy.shortest:
        wait = min(wait, hours_watched(habit, now) * 3_600)
    return max(min(wait, policy.ceiling), policy.shortest)


def after_loss(wait: float, before: float, policy: Policy) -> float:
    """Seconds until the next look where entries were probably lost: at most half of what it was."""
    return max(min(wait, before / 2), policy.shortest) if before else wait


def bearable(hinted: float | None, habit: Habit, size: int, now: Utc, policy: Policy) -> float:
    """Seconds that a document asks to wait (`ttl`, `sy:updatePeriod`), as far as nothing is lost by it: until
    a part of the `size` entries that it lists is replaced, at the rate of its habit."""
    wait = min(hinted or 0.0, policy.ceiling)
    if wait <= policy.shortest or not size:
        return wait
    return hours_until(habit, size * HINTED, now, wait / 3_600) * 3_600


def asked_for(answer: Answer | None, hinted: float | None, policy: Policy) -> float:
    """Seconds that the origin asks to wait, by headers or in its document (`hinted`, as far as that is
    bearable), up to the ceiling."""
    asked = asked_when_failing(answer, hinted, policy)
    if answer is not None and answer.headers:
        asked = max(asked, min(answer.fresh_for, policy.ceiling))
    return asked


def asked_when_failing(answer: Answer | None, hinted: float | None, policy: Policy) -> float:
    """The same of a failure: how long an error page stays fresh, often as long as any page of the site, says
    nothing of when the feed is back."""
    asked = hinted or 0.0
    if answer is not None and answer.headers:
        asked = max(asked, answer.retry_after)
    return min(asked, policy.ceiling)


def scattered(feed: str, now: Utc, seconds: float, share: float) -> timedelta:
    """`seconds` and up to `share` of them more, by a hash of feed and moment, so that feeds part."""
    drawn = blake2b(f"{feed}\n{now.timestamp()}".encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return timedelta(seconds=seconds * (1.0 + share * int.from_bytes(drawn, "big") / 2**32))

"""moves: a feed's new address is taken over once it has been confirmed over days, and given up likewise."""

from dataclasses import replace
from datetime import timedelta

from pipeline.dates import Utc
from pipeline.poll.poll import Poll
from pipeline.poll.state import Failing, FeedState, Moving, Validators

SIGHTINGS = 3
OVER = timedelta(days=2)
"""A permanent redirect is believed after so many answers over so long, each of them the feed: feeds were lost
to the maintenance pages of a weekend."""

GIVEN_UP = timedelta(days=7)
"""After failing so long at its new address a feed is asked at its own again, and at both in turn until one
gives it: an outage of a week is no proof that it moved back, and its own may answer 404 for ever."""


def moved(url: str, before: FeedState, poll: Poll) -> tuple[str | None, Moving | None]:
    """The address to ask from now on (None: its own `url`), and the move that is not yet confirmed.

    `poll` brought the feed; where it was led to on the way counts as seen there.
    """
    lasting = poll.answer.permanent if poll.answer else None
    if lasting is None or not lasting.lower().startswith(("http://", "https://")):
        return before.address, None
    seen = before.moving
    if seen is None or seen.url != lasting:
        return before.address, Moving(lasting, poll.at)
    seen = replace(seen, seen=seen.seen + 1)
    if seen.seen < SIGHTINGS or poll.at - seen.since < OVER:
        return before.address, seen
    return (None if lasting == url else lasting), None


def in_turn(before: FeedState, failing: Failing, at: Utc) -> tuple[str | None, str | None]:
    """The address to ask next, after a failure, and the one that waits for its turn."""
    if before.address is None:
        return before.left, None
    if at - failing.since < GIVEN_UP:
        return before.address, None
    return None, before.address


def returned(validators: Validators) -> Validators:
    """What is left of the validators at another address: nothing, they were given at this one."""
    return Validators(body=validators.body)

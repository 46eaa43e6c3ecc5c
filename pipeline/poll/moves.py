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
"""After failing so long at its new address a feed is asked at its own again."""


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


def given_up(before: FeedState, failing: Failing, at: Utc) -> bool:
    """Whether the address that a feed moved to has failed for so long that its own is tried again."""
    return before.address is not None and at - failing.since >= GIVEN_UP


def returned(validators: Validators) -> Validators:
    """What is left of the validators at another address: nothing, they were given at this one."""
    return Validators(body=validators.body)

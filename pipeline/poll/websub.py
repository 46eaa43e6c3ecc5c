"""websub: when a subscription is asked for, and what a hub's answers, silence and deliveries make of it.

After the W3C Recommendation WebSub (2018-01-23), as a subscriber. A subscription is pending from the
request on, current from the hub's verification of intent until its lease ends, and renewed before that.
"""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from pipeline.dates import Utc
from pipeline.feed.document import Hints
from pipeline.feed.entry import Entry
from pipeline.poll.poll import Poll
from pipeline.poll.state import FeedState, Subscription

LEASE = 864_000
"""Seconds that are asked for: ten days, the customary default of hubs. The hub decides."""

SHORTEST_LEASE, LONGEST_LEASE = 60, 30 * 86_400
"""Bounds, in seconds, of what a hub's lease is taken for: one that claims years is renewed all the same."""

RENEW_AFTER = 0.8
"""Share of a lease after which it is renewed: of ten days two are left for a hub that is down."""

VERIFY_WITHIN = timedelta(minutes=15)
"""A hub verifies as soon as it can, after its answer; one silent for longer is asked again, later."""

PAUSE, LONGEST_PAUSE = timedelta(hours=1), timedelta(days=1)
"""After a failure, doubled with each further one up to the second; also between changes of the hub."""

DENIED = 6
"""Failures that a denial counts as: the hub has decided, so it is asked no oftener than LONGEST_PAUSE."""

MISSED = 3
"""Polls in a row that found what the hub had not delivered, after which it counts as not delivering."""

PATIENCE = timedelta(minutes=10)
"""How long after publication a hub may take: publishers ping it, and it fetches, within a few minutes."""

LONGEST_TROUBLE = 200
"""Characters kept of what a hub says."""

TOLD_APART = 8
"""Leading characters by which a token or secret is known, for what a hub says may be cut off anywhere."""

Mode = Literal["subscribe", "unsubscribe"]


@dataclass(frozen=True, slots=True)
class Wish:
    """A request to send to a hub now. `fresh`: it needs a token and a secret of its own."""

    mode: Mode
    hub: str
    topic: str
    fresh: bool = False


def wanted(state: FeedState, hints: Hints | None, now: Utc, callback: str = "") -> Wish | None:
    """The request that is called for, or None. `hints` is None where no document was read.

    A document that offers a hub begins a subscription; one that offers another ends the subscription
    at the old hub, if it runs, and begins the new one afterwards; one that offers none lets it run out.
    A subscription under another address than `callback`, where this worker is reached, is asked for anew.
    """
    held = state.hub
    place = _place(hints) if hints else None
    if held is None:
        return Wish("subscribe", *place, fresh=True) if place else None
    if hints is not None and place is None:
        return None
    if place and (held.leaving or place != (held.hub, held.topic)):
        return _elsewhere(held, *place, now)
    if held.leaving:
        return None
    due = held.asked + VERIFY_WITHIN if _is_elsewhere(held, callback) else _next(held)
    return Wish("subscribe", held.hub, held.topic) if now >= due else None


def moved(held: Subscription, callback: str) -> Subscription:
    """The subscription as the worker at `callback` finds it, which may be another than the one that asked
    for it: what the hub verified is where it delivers to, and that is elsewhere then."""
    return replace(held, verified=None, expires=None) if _is_elsewhere(held, callback) else held


def _is_elsewhere(held: Subscription, callback: str) -> bool:
    return bool(callback and held.callback) and held.callback != callback


def _place(hints: Hints) -> tuple[str, str] | None:
    """Hub and topic, where a document names both. A hub that is named as http is asked by https where the
    feed itself comes by it: neither the secret nor the feed's text is to travel in the clear then."""
    if not hints.hub or not hints.topic:
        return None
    exposed = hints.hub[:5].lower() == "http:" and hints.topic[:6].lower() == "https:"
    return (f"https{hints.hub[4:]}" if exposed else hints.hub), hints.topic


def _elsewhere(held: Subscription, hub: str, topic: str, now: Utc) -> Wish | None:
    """Away from `held`; with the pause a feed that names another hub each time costs two requests an hour."""
    if now < held.asked + PAUSE:
        return None
    if held.leaving is None and _runs(held, now):
        return Wish("unsubscribe", held.hub, held.topic)
    return Wish("subscribe", hub, topic, fresh=True)


def _next(held: Subscription) -> Utc:
    """When the hub may be asked again, and has to be."""
    earliest = held.asked + max(VERIFY_WITHIN, _pause(held.failures + _silent(held)))
    if held.verified is None or held.expires is None or not _answered(held):
        return earliest
    renewal = held.verified + (held.expires - held.verified) * RENEW_AFTER
    if held.missed >= MISSED:
        renewal = min(renewal, held.asked + LONGEST_PAUSE)
    return max(earliest, renewal)


def _pause(failures: int) -> timedelta:
    return min(PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE) if failures else timedelta(0)


def _answered(held: Subscription) -> bool:
    return held.verified is not None and held.verified >= held.asked


def _silent(held: Subscription) -> bool:
    """Whether the last request led to nothing at all: neither verification nor refusal nor denial."""
    return not _answered(held) and held.trouble is None


def _runs(held: Subscription, now: Utc) -> bool:
    return held.verified is not None and not expired(held, now)


def request_form(held: Subscription, callback: str, lease_seconds: int = LEASE) -> dict[str, str]:
    """The form that asks the hub for the subscription; `callback` is the whole address (section 5.1)."""
    return {
        **_form("subscribe", held, callback),
        "hub.secret": held.secret,
        "hub.lease_seconds": str(lease_seconds),
    }


def unsubscribe_form(held: Subscription, callback: str) -> dict[str, str]:
    """The form that asks the hub to end the subscription."""
    return _form("unsubscribe", held, callback)


def _form(mode: Mode, held: Subscription, callback: str) -> dict[str, str]:
    return {"hub.mode": mode, "hub.topic": held.topic, "hub.callback": callback}


def asked(
    held: Subscription | None, wish: Wish, now: Utc, token: str, secret: str, callback: str = ""
) -> Subscription:
    """The subscription as it is while the request is under way. `token` and `secret` are used if it is fresh.

    A renewal keeps both, and what was verified stays so: a hub that fails leaves the state unchanged. One for
    another address is a beginning, with the same token and secret: the feed may come back to where it was.
    """
    if held is None or wish.fresh:
        return Subscription(wish.hub, wish.topic, token, secret, asked=now, callback=callback)
    if wish.mode == "unsubscribe":
        return replace(held, leaving=now)
    if _is_elsewhere(held, callback):
        return replace(moved(held, callback), asked=now, failures=0, trouble=None, callback=callback)
    held = replace(held, callback=callback or held.callback)
    return replace(held, asked=now, failures=held.failures + _silent(held), trouble=None)


def verified(held: Subscription, now: Utc, lease: int | None) -> Subscription:
    """The hub verified the intent and grants `lease` seconds, None if it does not say."""
    seconds = min(max(LEASE if lease is None else lease, SHORTEST_LEASE), LONGEST_LEASE)
    return replace(held, verified=now, expires=now + timedelta(seconds=seconds), failures=0, trouble=None)


def unsaid(why: str, *subscriptions: Subscription | None) -> str:
    """What a hub says, for anybody's eyes: without the tokens and secrets of these subscriptions, since hubs
    repeat the request in their answer."""
    held = [one for one in subscriptions if one]
    for word in (*(one.token for one in held), *(one.secret for one in held)):
        if word:
            why = re.sub(re.escape(word[:TOLD_APART]) + r"[\w-]*", "[...]", why)
    return why


def refused(held: Subscription, why: str) -> Subscription:
    """The hub did not take the request, `why` in words for anybody's eyes; a lease that runs goes on."""
    return replace(held, failures=held.failures + 1, trouble=why[:LONGEST_TROUBLE])


def denied(held: Subscription, why: str) -> Subscription:
    """The hub ended the subscription, or did not begin it, by its own decision (section 5.2)."""
    failures = max(held.failures + 1, DENIED)
    said = f"denied: {unsaid(why, held)}" if why else "denied"
    return replace(held, verified=None, expires=None, failures=failures, trouble=said[:LONGEST_TROUBLE])


def left(held: Subscription) -> Subscription:
    """The hub verified that the subscription is to end."""
    return replace(held, verified=None, expires=None)


def expired(held: Subscription, now: Utc) -> bool:
    """Whether the lease is over. A subscription that was never verified has none."""
    return held.expires is not None and held.expires <= now


def works(held: Subscription | None, now: Utc) -> bool:
    """Whether the hub can be relied on, so that the feed is polled less often: verified, within its lease,
    not about to end, and delivering."""
    return held is not None and held.leaving is None and _runs(held, now) and held.missed < MISSED


def watched(held: Subscription, poll: Poll, before: Utc | None) -> Subscription:
    """The subscription after a look at the feed; `before` is the last look that could be used.

    A delivery that could be read shows that the hub delivers. A poll that finds an entry which stood in
    the feed for longer than PATIENCE, while the subscription was current, shows that it did not.
    """
    if poll.comparison is None:
        return held
    if poll.way == "delivered":
        return replace(held, missed=0, delivered=poll.at)
    if held.leaving or held.verified is None or expired(held, poll.at):
        return held
    since = max(one for one in (held.verified, held.delivered, before) if one)
    late = any(_appeared(entry, since, poll.at) + PATIENCE < poll.at for entry in poll.comparison.new)
    return replace(held, missed=held.missed + 1) if late else held


def _appeared(entry: Entry, since: Utc, now: Utc) -> Utc:
    """When an entry that was not there at `since` came into the feed: by its own date if that lies
    between, else half way, for clocks lie and some feeds have no dates."""
    date = entry.published or entry.updated
    return date if date and since < date <= now else since + (now - since) / 2

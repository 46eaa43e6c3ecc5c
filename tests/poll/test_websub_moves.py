"""A subscription whose feed has moved to another worker: asked for anew under that worker's address."""

from datetime import UTC, datetime, timedelta

from pipeline.poll import websub
from pipeline.poll.state import FeedState, Subscription
from pipeline.poll.websub import Wish

T = datetime(2026, 3, 1, 12, tzinfo=UTC)
HUB, TOPIC = "https://hub.example/", "https://paper.example/feed"
HERE, THERE = "https://a.example/hub", "https://b.example/hub"
CURRENT = websub.verified(Subscription(HUB, TOPIC, "token", "secret", T, callback=HERE), T, 864_000)
LATER = T + timedelta(minutes=15)


def wish(held: Subscription, now: datetime, callback: str) -> Wish | None:
    return websub.wanted(FeedState("https://paper.example/feed", hub=held), None, now, callback)


def test_another_worker_subscribes_anew_and_not_at_every_move() -> None:
    """Under its own address, a quarter of an hour after the last request; where it was, nothing is asked."""
    assert wish(CURRENT, LATER, HERE) is None
    assert wish(CURRENT, LATER - timedelta(seconds=1), THERE) is None
    assert wish(CURRENT, LATER, THERE) == Wish("subscribe", HUB, TOPIC)


def test_what_was_verified_elsewhere_does_not_work_here() -> None:
    """The feed is polled at its usual pace until the hub has verified the new address; the token stays."""
    assert websub.moved(CURRENT, HERE) == CURRENT
    found = websub.moved(CURRENT, THERE)
    assert not websub.works(found, T)
    asking = websub.asked(found, Wish("subscribe", HUB, TOPIC), LATER, "other", "other", THERE)
    assert (asking.callback, asking.token, asking.secret) == (THERE, "token", "secret")
    assert websub.works(websub.verified(asking, LATER, None), LATER)


def test_an_address_that_was_not_kept_is_learned_with_the_renewal() -> None:
    """A subscription from before addresses were kept is left alone until it is renewed."""
    old = websub.verified(Subscription(HUB, TOPIC, "token", "secret", T), T, 864_000)
    assert wish(old, LATER, THERE) is None
    renewed = websub.asked(old, Wish("subscribe", HUB, TOPIC), LATER, "x", "x", THERE)
    assert renewed.callback == THERE and renewed.verified == T

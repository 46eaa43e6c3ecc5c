"""WebSub as a subscriber: when a hub is asked, and what it does makes of a subscription."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from pipeline.feed.compare import Comparison
from pipeline.feed.document import FeedDocument, Hints
from pipeline.feed.entry import Entry
from pipeline.feed.listing import Listing
from pipeline.outcome import Reason, Rejected
from pipeline.poll import websub
from pipeline.poll.decide import after
from pipeline.poll.policy import Policy
from pipeline.poll.poll import Poll
from pipeline.poll.spec import FeedSpec
from pipeline.poll.state import FeedState, Habit, Subscription
from pipeline.poll.websub import Wish

T = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FEED = "https://paper.example/feed"
HUB, TOPIC = "https://hub.example/", "https://paper.example/feed"
OFFER = Hints(hub=HUB, topic=TOPIC)
RENEW = Wish("subscribe", HUB, TOPIC)
ASKED = Subscription(HUB, TOPIC, "token", "secret", asked=T)
CURRENT = websub.verified(ASKED, T, 10 * 86_400)


def wish(held: Subscription | None, hints: Hints | None, now: datetime) -> Wish | None:
    return websub.wanted(FeedState(FEED, hub=held), hints, now)


# --- when a hub is asked


@pytest.mark.parametrize(
    ("held", "hints", "now", "expected"),
    [
        pytest.param(None, OFFER, T, Wish("subscribe", HUB, TOPIC, True), id="a hub is offered"),
        pytest.param(None, None, T, None, id="no document"),
        pytest.param(None, Hints(), T, None, id="no hub offered"),
        pytest.param(None, Hints(hub=HUB), T, None, id="a hub without a topic"),
        pytest.param(None, Hints(topic=TOPIC), T, None, id="a topic without a hub"),
        pytest.param(ASKED, OFFER, T + 14 * MINUTE, None, id="asked, the hub has time"),
        pytest.param(ASKED, OFFER, T + 59 * MINUTE, None, id="silent, within the pause"),
        pytest.param(ASKED, OFFER, T + HOUR, RENEW, id="silent, after the pause"),
        pytest.param(ASKED, None, T + HOUR, RENEW, id="silent, the feed unchanged"),
        pytest.param(CURRENT, OFFER, T + 7 * DAY, None, id="within four fifths of the lease"),
        pytest.param(CURRENT, OFFER, T + 8 * DAY, RENEW, id="after four fifths of the lease"),
        pytest.param(CURRENT, None, T + 8 * DAY, RENEW, id="renewed while the feed is unchanged"),
        pytest.param(CURRENT, Hints(), T + 8 * DAY, None, id="no longer offered: runs out"),
        pytest.param(replace(CURRENT, missed=2), OFFER, T + 2 * DAY, None, id="two were missed"),
        pytest.param(replace(CURRENT, missed=3), OFFER, T + 23 * HOUR, None, id="three, asked within a day"),
        pytest.param(
            replace(CURRENT, missed=3), OFFER, T + DAY, RENEW, id="not delivering: asked anew daily"
        ),
        pytest.param(
            websub.refused(ASKED, "503"), OFFER, T + 59 * MINUTE, None, id="refused, within the pause"
        ),
        pytest.param(websub.refused(ASKED, "503"), OFFER, T + HOUR, RENEW, id="refused, after the pause"),
        pytest.param(websub.denied(CURRENT, ""), OFFER, T + 23 * HOUR, None, id="denied, within a day"),
        pytest.param(websub.denied(CURRENT, ""), OFFER, T + DAY, RENEW, id="denied, after a day"),
    ],
)
def test_a_hub_is_asked_when_it_is_called_for(
    held: Subscription | None, hints: Hints | None, now: datetime, expected: Wish | None
) -> None:
    """A request is called for by an offer, a lease about to end, or a failure whose pause is over."""
    assert wish(held, hints, now) == expected


def test_a_feed_that_names_another_hub_leaves_the_old_one_first() -> None:
    """The old subscription is ended at its hub; the next look begins the new one, with a new token."""
    moved = Hints(hub="https://other.example/", topic=TOPIC)
    now = T + 2 * HOUR
    assert wish(CURRENT, moved, now) == Wish("unsubscribe", HUB, TOPIC)
    leaving = websub.asked(CURRENT, Wish("unsubscribe", HUB, TOPIC), now, "t2", "s2")
    assert (leaving.leaving, leaving.token) == (now, "token") and not websub.works(leaving, now)
    after = wish(leaving, moved, now + MINUTE)
    assert after == Wish("subscribe", "https://other.example/", TOPIC, fresh=True)
    assert after is not None
    assert websub.asked(leaving, after, now + MINUTE, "t2", "s2") == Subscription(
        "https://other.example/", TOPIC, "t2", "s2", asked=now + MINUTE
    )


def test_a_hub_that_never_verified_is_not_asked_to_end_anything() -> None:
    """Where no subscription runs, the new hub is asked at once."""
    assert wish(ASKED, Hints(hub=HUB, topic=f"{TOPIC}2"), T + HOUR) == Wish(
        "subscribe", HUB, f"{TOPIC}2", fresh=True
    )


def test_a_feed_that_names_another_hub_at_each_look_costs_two_requests_an_hour() -> None:
    """The pause holds between changes as well, so that no document can make us knock at many doors."""
    held, requests = CURRENT, 0
    for minute in range(5, 6 * 60, 5):
        now = T + minute * MINUTE
        asking = wish(held, Hints(hub=f"https://hub{minute}.example/", topic=TOPIC), now)
        if asking:
            requests += 1
            held = websub.verified(websub.asked(held, asking, now, "t", "s"), now, None)
    assert 1 <= requests <= 2 * 6


def test_a_silent_hub_is_asked_less_and_less_often() -> None:
    """Each request without a verification doubles the pause, up to a day, and never ends the asking."""
    held, times = ASKED, [T]
    now = T
    while len(times) < 9:
        now += 5 * MINUTE
        if asking := wish(held, None, now):
            held = websub.asked(held, asking, now, "unused", "unused")
            times.append(now)
    hours = [(after - before) / HOUR for before, after in pairwise(times)]
    assert hours == [1, 2, 4, 8, 16, 24, 24, 24]
    assert (held.token, held.secret, held.failures) == ("token", "secret", 8)
    assert websub.verified(held, now, None).failures == 0


def test_refusals_count_once_each() -> None:
    """A refusal that was counted when it came is not counted again as silence."""
    once = websub.refused(ASKED, "422 no")
    again = websub.refused(websub.asked(once, RENEW, T + HOUR, "", ""), "422 no")
    assert (once.failures, again.failures, again.trouble) == (1, 2, "422 no")


def test_a_renewal_that_fails_leaves_the_lease_as_it_was() -> None:
    """Until its end a subscription works, whatever the hub says to its renewal."""
    at = T + 8 * DAY
    asking = websub.asked(CURRENT, RENEW, at, "unused", "unused")
    failed = websub.refused(asking, "no answer")
    assert (failed.token, failed.expires) == ("token", T + 10 * DAY)
    assert websub.works(failed, at) and websub.works(failed, T + 10 * DAY - MINUTE)
    assert not websub.works(failed, T + 10 * DAY)
    assert wish(failed, OFFER, at + 59 * MINUTE) is None
    assert wish(failed, OFFER, at + HOUR) == RENEW


def test_an_http_hub_of_an_https_feed_is_asked_by_https() -> None:
    """Neither the secret nor the text of a feed that comes by TLS travels without it."""
    found = wish(None, Hints(hub="http://hub.example/", topic=TOPIC), T)
    assert found is not None and found.hub == "https://hub.example/"
    plain = wish(None, Hints(hub="http://hub.example/", topic="http://paper.example/feed"), T)
    assert plain is not None and plain.hub == "http://hub.example/"


# --- what is sent


def test_the_forms_are_those_of_the_recommendation() -> None:
    """Section 5.1: mode, topic, callback; secret and lease for a subscription alone."""
    callback = "https://me.example/hub/token"
    assert websub.request_form(ASKED, callback, 3_600) == {
        "hub.mode": "subscribe",
        "hub.topic": TOPIC,
        "hub.callback": callback,
        "hub.secret": "secret",
        "hub.lease_seconds": "3600",
    }
    assert websub.unsubscribe_form(ASKED, callback) == {
        "hub.mode": "unsubscribe",
        "hub.topic": TOPIC,
        "hub.callback": callback,
    }


# --- what a hub does


@pytest.mark.parametrize(
    ("lease", "expires"),
    [
        pytest.param(3_600, T + HOUR, id="as it says"),
        pytest.param(None, T + 10 * DAY, id="unsaid: what was asked for"),
        pytest.param(0, T + MINUTE, id="none at all"),
        pytest.param(10**11, T + 30 * DAY, id="thousands of years"),
    ],
)
def test_a_lease_is_what_the_hub_grants_within_bounds(lease: int | None, expires: datetime) -> None:
    """The hub decides on the lease; one that is absurd is taken for the nearest sensible one."""
    assert websub.verified(ASKED, T, lease).expires == expires


def test_a_tiny_lease_does_not_make_the_hub_asked_often() -> None:
    """A lease of a minute is renewed no sooner than a silent hub would be asked."""
    held = websub.verified(ASKED, T, 1)
    assert wish(held, OFFER, T + 14 * MINUTE) is None
    assert wish(held, OFFER, T + 15 * MINUTE) == RENEW


LONG = Subscription(HUB, TOPIC, "kD3-_fQ0zXw9LmNb", "Vt7_sYq2-RjPc8Ae", asked=T)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param("no more today", "no more today", id="nothing of it"),
        pytest.param("bad kD3-_fQ0zXw9LmNb: Vt7_sYq2-RjPc8Ae", "bad [...]: [...]", id="both"),
        pytest.param("https://me.example/kD3-_fQ0zX", "https://me.example/[...]", id="cut off"),
        pytest.param("kD3-_fQ0zXw9LmNb?hub.mode=denied", "[...]?hub.mode=denied", id="in a query"),
        pytest.param("kD3-_fQ", "kD3-_fQ", id="too little to be of use"),
    ],
)
def test_what_a_hub_repeats_is_left_out(said: str, told: str) -> None:
    """Tokens and secrets are nobody else's to see, also where the words were cut off in one."""
    assert websub.unsaid(said, None, CURRENT, LONG) == told


def test_a_denial_ends_a_subscription() -> None:
    """Section 5.2: whatever was verified no longer holds; the reason is kept, bounded."""
    held = websub.denied(CURRENT, "x" * 1_000)
    assert not websub.works(held, T) and held.verified is None
    assert held.trouble is not None and held.trouble.startswith("denied: xx") and len(held.trouble) == 200


@pytest.mark.parametrize(
    ("held", "now", "expected"),
    [
        pytest.param(None, T, False, id="none"),
        pytest.param(ASKED, T, False, id="not verified"),
        pytest.param(CURRENT, T, True, id="verified"),
        pytest.param(CURRENT, T + 10 * DAY, False, id="over"),
        pytest.param(replace(CURRENT, missed=2), T, True, id="two missed"),
        pytest.param(replace(CURRENT, missed=3), T, False, id="three missed"),
        pytest.param(replace(CURRENT, leaving=T), T, False, id="about to end"),
        pytest.param(websub.left(CURRENT), T, False, id="ended"),
    ],
)
def test_a_hub_is_relied_on_only_while_it_delivers(
    held: Subscription | None, now: datetime, expected: bool
) -> None:
    """Verified, within its lease, not about to end, fewer than three missed."""
    assert websub.works(held, now) is expected


# --- whether it delivers


def poll(at: datetime, *dates: datetime | None, delivered: bool = False) -> Poll:
    """A look that found entries with these dates new."""
    new = tuple(Entry(FEED, "feed", guid=str(n), published=date) for n, date in enumerate(dates))
    found = Comparison(Listing(FEED), new=new)
    return Poll(at, "delivered" if delivered else "asked", comparison=found)


@pytest.mark.parametrize(
    ("dates", "missed"),
    [
        pytest.param([], 0, id="nothing new"),
        pytest.param([T + 55 * MINUTE], 0, id="published just now: the hub may still deliver it"),
        pytest.param([T + 45 * MINUTE], 1, id="published long ago"),
        pytest.param([T + 45 * MINUTE, T + 20 * MINUTE], 1, id="several are one miss"),
        pytest.param([None], 1, id="undated: half way between the polls"),
        pytest.param([T - DAY], 1, id="dated before the last look, which did not show it"),
        pytest.param([T + DAY], 1, id="dated in the future"),
    ],
)
def test_what_a_poll_finds_the_hub_has_missed(dates: list[datetime | None], missed: int) -> None:
    """An entry that stood in the feed for more than ten minutes should have been delivered."""
    assert websub.watched(CURRENT, poll(T + HOUR, *dates), T).missed == missed


def test_three_misses_make_a_hub_not_delivering_and_one_delivery_makes_up_for_all() -> None:
    """The fall-back to polling at the learned pace, and the way back."""
    held, before = CURRENT, T
    for hour in (1, 2, 3):
        assert websub.works(held, before)
        held, before = websub.watched(held, poll(T + hour * HOUR, before + MINUTE), before), T + hour * HOUR
    assert held.missed == 3 and not websub.works(held, before)
    back = websub.watched(held, poll(T + 4 * HOUR, delivered=True), before)
    assert (back.missed, back.delivered) == (0, T + 4 * HOUR) and websub.works(back, T + 4 * HOUR)


@pytest.mark.parametrize(
    "held",
    [
        pytest.param(ASKED, id="not verified"),
        pytest.param(replace(CURRENT, expires=T + MINUTE), id="over"),
        pytest.param(replace(CURRENT, leaving=T), id="about to end"),
    ],
)
def test_a_hub_that_owes_nothing_misses_nothing(held: Subscription) -> None:
    """Only a subscription that runs can miss a delivery."""
    assert websub.watched(held, poll(T + HOUR, T + MINUTE), T) == held


def test_entries_from_before_the_verification_are_not_the_hubs_to_deliver() -> None:
    """A feed's first poll after it was subscribed to finds what was there before."""
    late = websub.verified(ASKED, T + 50 * MINUTE, None)
    assert websub.watched(late, poll(T + HOUR, T + 20 * MINUTE), T).missed == 0


def test_a_delivery_that_could_not_be_read_shows_nothing() -> None:
    """Only what was read counts for the hub, and a failed poll does not count against it."""
    broken = Poll(T + HOUR, "delivered", why=Rejected(Reason.NOT_A_FEED, "no feed"))
    held = replace(CURRENT, missed=2)
    assert websub.watched(held, broken, T) == held


def test_decisions_count_misses_and_ask_sooner_at_the_third() -> None:
    """The third miss brings the next poll back to the feed's own habit; a delivery stretches it again."""
    busy = Habit(entries=(40.0,) * 24, hours=(10.0,) * 24, at=T)
    held = replace(CURRENT, missed=2)
    before = FeedState(FEED, asked=T, answered=T, habit=busy, size=30, first=T - DAY, hub=held)
    policy = Policy()

    def decided(state: FeedState, look: Poll) -> FeedState:
        return after(FeedSpec(FEED), state, look, policy)

    def wait(state: FeedState) -> float:
        assert state.due is not None and state.answered is not None
        return (state.due - state.answered).total_seconds()

    document = FeedDocument(FEED, "feed", "rss20")
    missed = decided(before, replace(poll(T + HOUR, T + MINUTE), document=document))
    assert missed.hub is not None and missed.hub.missed == 3
    assert wait(missed) < policy.longest
    back = decided(missed, replace(poll(T + HOUR, delivered=True), document=document))
    assert back.hub is not None and back.hub.missed == 0
    again = decided(back, replace(poll(T + 2 * HOUR), document=document))
    assert wait(again) >= policy.longest

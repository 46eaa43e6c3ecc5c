"""Decide: the state of a feed after each kind of look, and when it is due."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.codec import decode, encode
from pipeline.dates import Utc
from pipeline.outcome import Reason, Rejected
from pipeline.poll.habit import rate
from pipeline.poll.poll import Poll
from pipeline.poll.state import FeedState, Subscription, Validators
from tests.poll.polls import (
    KNOWN,
    KNOWN_LISTING,
    LATER,
    NEVER,
    NOON,
    POLICY,
    URL,
    answer,
    entries,
    entry,
    go,
    hours,
    paced,
    read,
    refused,
    same,
    seconds,
    unchanged,
    unreached,
)

PAST = "Thu, 01 Jan 1970 00:00:00 GMT"


def test_the_first_look() -> None:
    """A feed seen for the first time is known by its document, and due by what its dates teach."""
    assert (KNOWN.title, KNOWN.link, KNOWN.version) == ("Paper", "https://p.example/", "rss20")
    assert (KNOWN.asked, KNOWN.answered, KNOWN.first) == (NOON, NOON, NOON)
    assert KNOWN.size == 30
    assert KNOWN.newest == KNOWN.fresh == NOON - hours(0.5 / 6)
    assert (KNOWN.outcome, KNOWN.counts.polls, KNOWN.counts.entries, KNOWN.lags) == ("new", 1, 30, ())
    assert 450 < KNOWN.interval <= seconds(KNOWN) < 750


def test_a_state_is_remembered_as_it_is() -> None:
    """The state goes through its JSON and back unchanged."""
    assert decode(FeedState, encode(KNOWN)) == KNOWN


def test_new_entries_have_lags() -> None:
    """Minutes from the entries' own dates to our seeing them are kept, the last look's first."""
    now = NOON + hours(1)
    new = entries([now - timedelta(minutes=7), now + hours(3), now.replace(year=1970), None], "new")
    state = go(KNOWN, read(now, [*new, *paced(6)], KNOWN_LISTING))
    assert state.lags == (7, -180)
    assert (state.newest, state.fresh, state.size) == (now - timedelta(minutes=7), now, 34)


@pytest.mark.parametrize(
    ("poll", "outcome"),
    [
        pytest.param(unchanged(NOON + hours(1)), "unchanged", id="304"),
        pytest.param(same(NOON + hours(1)), "same", id="the same body"),
        pytest.param(
            read(NOON + hours(1), paced(6), KNOWN_LISTING),
            "unchanged",
            id="another body, nothing new",
        ),
        pytest.param(read(NOON + hours(1), [entry("n")]), "new", id="a new entry"),
        pytest.param(refused(NOON + hours(1), 404), "not-found", id="a failure"),
    ],
)
def test_each_look_has_its_word(poll: Poll, outcome: str) -> None:
    """The outcome is one short word."""
    assert go(KNOWN, poll).outcome == outcome


def test_what_became_of_looks_is_counted() -> None:
    """Each look is counted by what it brought."""
    looks = [
        unchanged(NOON + hours(1)),
        same(NOON + hours(2)),
        refused(NOON + hours(3)),
        unreached(NOON + hours(4)),
    ]
    delivery = replace(read(NOON + hours(5), [entry("d")]), way="delivered", answer=None)
    counts = go(KNOWN, *looks, delivery).counts
    assert (counts.polls, counts.not_modified, counts.same_body) == (5, 1, 1)
    assert (counts.failures, counts.deliveries, counts.entries) == (2, 1, 31)


def test_an_origin_pushes_later() -> None:
    """max-age, Retry-After and a document's own hint make the next request later, never sooner."""
    usual = seconds(go(KNOWN, unchanged(LATER)))
    assert seconds(go(KNOWN, unchanged(LATER, cache_control="max-age=10"))) == usual
    assert seconds(go(KNOWN, unchanged(LATER, cache_control="max-age=7200"))) >= 7_200
    assert seconds(go(KNOWN, unchanged(LATER, retry_after="7200"))) >= 7_200
    hinted = go(NEVER, read(NOON, paced(6), hint=7_200))
    assert seconds(hinted) >= 7_200
    assert seconds(go(hinted, unchanged(LATER))) >= 7_200
    assert seconds(go(hinted, read(LATER, paced(6)))) < 3_600


@pytest.mark.parametrize(
    ("poll", "least"),
    [
        pytest.param(refused(LATER, 429, retry_after="7200"), 7_200, id="429 with seconds"),
        pytest.param(refused(LATER, 503, retry_after="7200"), 7_200, id="503 with seconds"),
        pytest.param(refused(LATER, 429, retry_after=PAST), 600, id="429 with a past date"),
        pytest.param(refused(LATER, 429), 600, id="429 without"),
        pytest.param(refused(LATER, 404), 600, id="404"),
    ],
)  # fmt: skip
def test_a_failure_waits(poll: Poll, least: float) -> None:
    """A failure waits longer than the habit calls for, and at least as long as asked."""
    assert max(least, go(KNOWN, unchanged(LATER)).interval) <= seconds(go(KNOWN, poll)) < 90_000


def test_a_failure_has_no_freshness() -> None:
    """A 404 that may be kept for a year, or a 503 for an hour, is asked again as any other."""
    for failure in (404, 503):
        plain, kept = (
            refused(LATER, failure),
            refused(LATER, failure, cache_control="public, max-age=31536000"),
        )
        assert seconds(go(KNOWN, kept)) == seconds(go(KNOWN, plain))


def test_failures_in_a_row_wait_longer_and_a_success_resets() -> None:
    """Each further failure lengthens the wait up to about a day; one good answer and all is forgotten."""
    state, waits = KNOWN, []
    for n in range(1, 60):
        state = go(state, refused(NOON + timedelta(days=n), 404))
        waits.append(seconds(state))
    assert waits[:4] == sorted(waits[:4])
    assert waits[0] < 9_100
    assert 86_400 <= max(waits) < 86_400 * 1.25
    assert state.failing is not None and (state.failing.count, state.failing.weight) == (59, 59)
    back = go(state, unchanged(NOON + timedelta(days=61)))
    assert (back.failing, back.outcome) == (None, "unchanged")
    assert seconds(back) < 23_000


def test_feeds_that_fail_together_part() -> None:
    """Fifty feeds of one host that failed at one moment come back over a quarter of the wait."""
    waits = []
    for n in range(50):
        before = replace(KNOWN, feed=f"{URL}/{n}")
        waits.append(seconds(go(before, refused(LATER, 503, retry_after="3600"))))
    assert min(waits) >= 3_600
    assert max(waits) - min(waits) > 600


def test_gone_is_asked_ever_less_often_and_comes_back() -> None:
    """410 for weeks: asked weekly and never dropped; an answer ends it."""
    state = KNOWN
    for day in range(1, 40):
        state = go(state, refused(NOON + timedelta(days=day), 410))
    assert state.gone == NOON + timedelta(days=1)
    assert 6 * 86_400 < seconds(state) < 8.8 * 86_400
    other = go(state, unreached(NOON + timedelta(days=41)))
    assert (other.gone, seconds(other) < 1.3 * 86_400) == (state.gone, True)
    assert go(state, read(NOON + timedelta(days=41), paced(1))).gone is None


@pytest.mark.parametrize(
    ("between", "gone"),
    [
        pytest.param(lambda at: refused(at, 404), False, id="404"),
        pytest.param(lambda at: refused(at, 403), False, id="403"),
        pytest.param(lambda at: refused(at, 503), True, id="503"),
        pytest.param(unreached, True, id="no answer"),
    ],
)
def test_gone_is_what_the_origin_says_throughout(between: Callable[[Utc], Poll], gone: bool) -> None:
    """410 once, and once more after days, is no confirmation where something else was answered between."""
    days = [NOON + timedelta(days=day) for day in range(1, 6)]
    state = go(KNOWN, refused(days[0], 410), *map(between, days[1:-1]), refused(days[-1], 410))
    assert state.gone == (days[0] if gone else days[-1])


def test_a_loss_brings_the_next_look_forward() -> None:
    """Nothing of what was listed is there: the interval is at most half of what it was."""
    slow = go(NEVER, read(NOON, paced(0.5)))
    listing = read(NOON, paced(0.5)).comparison
    now = NOON + hours(1)
    lost = go(slow, read(now, entries([None] * 10, "x"), listing and listing.listing))
    assert lost.interval <= slow.interval / 2


def test_a_hint_is_no_reason_to_lose_entries() -> None:
    """A feed that is hourly by its own word, lists ten entries and publishes twenty an hour, loses some once
    or twice; from then on it is asked by its habit. What headers ask for is done all the same."""
    state, listing, at, losses = NEVER, None, NOON, 0
    for _ in range(50):
        latest = at.replace(minute=at.minute // 3 * 3, second=0)
        listed = [entry(f"{one}", one) for one in (latest - hours(n / 20) for n in range(10))]
        poll = read(at, listed, listing, hint=3_600)
        assert poll.comparison is not None
        losses += poll.comparison.gap is not None
        state, listing = go(state, poll), poll.comparison.listing
        assert state.due is not None
        at = state.due.replace(microsecond=0)
    assert losses <= 2
    assert seconds(state) < 1_000
    assert seconds(go(state, unchanged(at))) < 1_000
    assert seconds(go(state, unchanged(at, cache_control="max-age=7200"))) >= 7_200


def test_a_feed_of_one_entry_is_asked_by_its_rate() -> None:
    """A list that shows the latest entry alone rolls over with each: its habit is that of its entries, and it
    is asked for a quarter of one."""
    state, listing, at = NEVER, None, NOON
    for _ in range(400):
        latest = at.replace(minute=0, second=0, microsecond=0)
        poll = read(at, [entry(f"{latest}", latest)], listing)
        state, listing = go(state, poll), poll.comparison and poll.comparison.listing
        assert state.due is not None
        at = state.due
    assert 0.8 < rate(state.habit, 12) < 1.2
    assert seconds(state) > 600


def test_a_delta_is_no_loss() -> None:
    """A 226 shows what changed: size, overlap and gap are not read from it, its entries are."""
    delta = read(
        LATER, entries([LATER - hours(0.1)], "d"), KNOWN_LISTING, head=answer(LATER, 226, etag='"2"')
    )
    assert delta.comparison is not None and delta.comparison.gap is not None
    state = go(KNOWN, delta)
    assert state.interval > KNOWN.interval / 2
    assert (state.size, state.outcome) == (30, "new")
    assert state.validators == Validators('"2"', None, None, 0, LATER)


def test_a_delivery_moves_neither_due_nor_validators() -> None:
    """What a hub delivers is learned from; when and how the origin is asked stays as it was."""
    delivery = replace(read(LATER, [entry("d", LATER)]), way="delivered", answer=None)
    state = go(KNOWN, delivery)
    assert (state.due, state.validators, state.asked, state.size) == (KNOWN.due, KNOWN.validators, NOON, 30)
    assert (state.fresh, state.outcome, state.counts.deliveries) == (LATER, "new", 1)
    bad = Poll(LATER, "delivered", why=Rejected(Reason.NOT_A_FEED, "?"))
    assert (go(KNOWN, bad).failing, go(KNOWN, bad).due) == (None, KNOWN.due)


def test_polls_are_a_safety_net_behind_a_hub() -> None:
    """While a hub delivers, a busy feed is polled as seldom as any; when it misses entries, as before."""
    hub = Subscription("https://hub.example/", URL, "t", "s", NOON, verified=NOON, expires=NOON + hours(48))
    assert seconds(go(replace(KNOWN, hub=hub), unchanged(LATER))) >= POLICY.longest
    assert seconds(go(replace(KNOWN, hub=replace(hub, missed=5)), unchanged(LATER))) < POLICY.longest


def test_a_feed_never_read_is_tried_again_soon() -> None:
    """A worker that starts before its network is up waits minutes, not an hour; if it lasts, hours."""
    passing = go(NEVER, Poll(NOON, why=Rejected(Reason.DNS_FAILED, "no such host")))
    assert passing.due is not None and passing.due < NOON + timedelta(minutes=10)
    for _ in range(30):
        passing = go(passing, Poll(passing.due, why=Rejected(Reason.DNS_FAILED, "no such host")))
    assert passing.due is not None and passing.asked is not None
    assert passing.due - passing.asked > hours(2)

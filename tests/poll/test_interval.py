"""Interval and back-off: when a feed is asked next, working or failing."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.outcome import Reason, Rejected
from pipeline.poll.answer import Answer
from pipeline.poll.backoff import CONFIRMED, backed_off, failed, gone_for
from pipeline.poll.habit import learn
from pipeline.poll.interval import after_loss, asked_for, bearable, called_for, scattered
from pipeline.poll.policy import Policy
from pipeline.poll.state import Failing, Habit
from tests.poll.polls import NOON, URL, answer, hours

POLICY = Policy()
DAY = 86_400.0


def habit_of(per_hour: float) -> Habit:
    """Of a feed seen for the first time, that lists forty hours or forty entries at even distances."""
    count = max(int(per_hour * 40), 1)
    return learn(Habit(), [NOON - hours((n + 0.5) / per_hour) for n in range(count)], NOON)


@pytest.mark.parametrize(
    ("per_hour", "size", "least", "most"),
    [
        pytest.param(60, 50, 300, 300, id="one a minute: the shortest"),
        pytest.param(6, 30, 480, 660, id="six an hour: about ten minutes"),
        pytest.param(2, 30, 1_500, 2_000, id="two an hour: about half an hour"),
        pytest.param(2, 2, 700, 1_000, id="but with two entries listed half of that"),
        pytest.param(2, 1, 300, 500, id="and with one a quarter"),
        pytest.param(0.2, 30, 3_600, 3_600, id="five a day: the longest"),
    ],
)
def test_the_habit_calls_for_an_interval(per_hour: float, size: int, least: float, most: float) -> None:
    """About one new entry per poll, and never more than a quarter of what the feed lists, in bounds."""
    assert least <= called_for(habit_of(per_hour), size, NOON, NOON, POLICY) <= most


@pytest.mark.parametrize(
    ("silence", "wait"),
    [
        pytest.param(timedelta(hours=5), 3_600, id="an evening"),
        pytest.param(timedelta(days=6), 3_600, id="six days"),
        pytest.param(timedelta(days=14), 7_200, id="two weeks"),
        pytest.param(timedelta(days=42), 21_600, id="six weeks"),
        pytest.param(timedelta(days=900), 21_600, id="years"),
        pytest.param(None, 3_600, id="never seen"),
    ],
)
def test_silence_lengthens_the_interval(silence: timedelta | None, wait: float) -> None:
    """A feed silent for weeks is asked less often than the longest interval, and still four times a day."""
    fresh = NOON - silence if silence is not None else None
    watched = learn(learn(Habit(), (), NOON - timedelta(days=7)), (), NOON)
    assert called_for(watched, 10, fresh, NOON, POLICY) == wait


def test_an_unknown_feed_is_watched_first() -> None:
    """Without dates a first document tells no rate: the next look is soon, and each further one after as
    long as the feed has been watched, up to the longest."""
    habit, at, waits = learn(Habit(), [None] * 30, NOON), NOON, []
    for _ in range(6):
        waits.append(called_for(habit, 30, NOON, at, POLICY))
        at += timedelta(seconds=waits[-1])
    assert waits == [300, 300, 600, 1_200, 2_400, 3_600]


def test_an_interval_looks_ahead() -> None:
    """Ten minutes before its rush hour a feed is not left alone for an hour."""
    dates = [NOON + timedelta(minutes=3 * n) - timedelta(days=day) for n in range(20) for day in range(1, 7)]
    habit = learn(Habit(), dates, NOON - hours(3))
    assert called_for(habit, 30, NOON, NOON - timedelta(minutes=10), POLICY) < 1_500
    assert called_for(habit, 30, NOON, NOON + hours(4), POLICY) == POLICY.longest


def test_a_loss_halves_the_interval() -> None:
    """Where entries were lost the next interval is at most half of the last, and not below the shortest."""
    assert after_loss(3_600, 2_000, POLICY) == 1_000
    assert after_loss(700, 2_000, POLICY) == 700
    assert after_loss(3_600, 400, POLICY) == 300
    assert after_loss(3_600, 0, POLICY) == 3_600


@pytest.mark.parametrize(
    ("given", "hinted", "seconds"),
    [
        pytest.param(None, None, 0, id="nothing"),
        pytest.param(answer(NOON), 7_200, 7_200, id="ttl or updatePeriod"),
        pytest.param(answer(NOON, cache_control="max-age=900"), None, 900, id="max-age"),
        pytest.param(answer(NOON, cache_control="max-age=900"), 7_200, 7_200, id="the longer of both"),
        pytest.param(answer(NOON, retry_after="1800"), None, 1_800, id="Retry-After with a 200"),
        pytest.param(answer(NOON, 503, retry_after="1800"), None, 1_800, id="Retry-After with a 503"),
        pytest.param(answer(NOON, cache_control="max-age=31536000"), None, DAY, id="a year: the ceiling"),
        pytest.param(answer(NOON), 1e12, DAY, id="a ttl beyond all"),
    ],
)
def test_what_the_origin_asks(given: Answer | None, hinted: float | None, seconds: float) -> None:
    """The longest wait that headers or document ask for, up to the ceiling."""
    assert asked_for(given, hinted, POLICY) == seconds


@pytest.mark.parametrize(
    ("hinted", "per_hour", "size", "least", "most"),
    [
        pytest.param(None, 20, 10, 0, 0, id="none"),
        pytest.param(3_600, 20, 10, 750, 950, id="hourly, at twenty an hour of which it lists ten"),
        pytest.param(3_600, 1, 10, 3_600, 3_600, id="hourly, at one an hour"),
        pytest.param(DAY, 1, 10, 14_000, 19_000, id="daily, at one an hour"),
        pytest.param(DAY, 0.05, 10, DAY, DAY, id="daily, at one a day"),
        pytest.param(7_200, 20, 0, 7_200, 7_200, id="a list of unknown size"),
        pytest.param(1e12, 0.001, 10, DAY, DAY, id="beyond all"),
    ],
)
def test_a_documents_hint_is_followed_as_far_as_nothing_is_lost(
    hinted: float | None, per_hour: float, size: int, least: float, most: float
) -> None:
    """Until half of its list is replaced, at its present rate."""
    assert least <= bearable(hinted, habit_of(per_hour), size, NOON, POLICY) <= most


def test_jitter_is_known_beforehand_and_parts_feeds() -> None:
    """The same feed and moment give the same time, a few per cent later; feeds of one moment part."""
    waits = [scattered(f"{URL}/{n}", NOON, 1_000, 0.06) for n in range(100)]
    assert waits == [scattered(f"{URL}/{n}", NOON, 1_000, 0.06) for n in range(100)]
    assert all(timedelta(seconds=1_000) <= wait < timedelta(seconds=1_060) for wait in waits)
    assert len(set(waits)) > 90
    assert max(waits) - min(waits) > timedelta(seconds=50)


@pytest.mark.parametrize(
    ("reason", "weight"),
    [
        pytest.param(Reason.NOT_FOUND, 1, id="hard: not found"),
        pytest.param(Reason.HTML_NOT_FEED, 1, id="hard: a page"),
        pytest.param(Reason.CHALLENGED, 1, id="hard: a challenge"),
        pytest.param(Reason.RATE_LIMITED, 1, id="hard: we are too quick"),
        pytest.param(Reason.TIMED_OUT, 0.5, id="soft: too slow"),
        pytest.param(Reason.SERVER_ERROR, 0.5, id="soft: 5xx"),
        pytest.param(Reason.DNS_FAILED, 0.25, id="DNS"),
    ],
)
def test_failures_weigh(reason: Reason, weight: float) -> None:
    """Failures in a row add up, each by its kind, from the first on."""
    once = failed(None, Rejected(reason, "x" * 5_000), NOON)
    assert once == Failing(NOON, 1, weight, reason, "x" * 300)
    twice = failed(once, Rejected(Reason.NOT_FOUND, "y"), NOON + hours(1))
    assert twice == Failing(NOON, 2, weight + 1, Reason.NOT_FOUND, "y")


@pytest.mark.parametrize(
    ("weight", "wait"),
    [
        pytest.param(0.25, 375, id="one DNS failure"),
        pytest.param(0.5, 450, id="one time-out"),
        pytest.param(1, 600, id="one 404"),
        pytest.param(2, 4_200, id="two"),
        pytest.param(5, 15_000, id="five"),
        pytest.param(30, DAY, id="thirty: the ceiling"),
        pytest.param(1e6, DAY, id="for ever: the ceiling"),
    ],
)
def test_back_off_is_linear(weight: float, wait: float) -> None:
    """A first failure costs minutes; from then on each weighs an hour, up to the ceiling."""
    assert backed_off(300, weight, POLICY) == wait


@given(st.floats(300, 90_000), st.floats(0, 100), st.floats(0, 5))
def test_failures_never_shorten(interval: float, weight: float, more: float) -> None:
    """No failure leads to a shorter wait than none, nor does one more."""
    assert interval <= backed_off(interval, weight, POLICY) <= backed_off(interval, weight + more, POLICY)


def test_gone_is_believed_after_days_and_never_for_good() -> None:
    """410 counts for nothing special in its first two days; then a feed is asked ever less often, and at
    last weekly."""
    assert gone_for(NOON, NOON + CONFIRMED - hours(1), POLICY) == 0
    waits = [gone_for(NOON, NOON + timedelta(days=days), POLICY) / DAY for days in (2, 4, 12, 28, 1_000)]
    assert waits == [0.5, 1, 3, 7, 7]

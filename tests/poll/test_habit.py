"""Habit: when a feed publishes, and that it does not matter who was late in looking."""

from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dates import Utc
from pipeline.poll.habit import LAZY, burst, expected, hours_until, learn, learn_window, rate, watched
from pipeline.poll.state import Habit
from tests.poll.polls import NOON, hours

MIDNIGHT = NOON - hours(12)
UNKNOWN = Habit()


def published(per_hour: float, since: Utc, until: Utc) -> list[Utc]:
    """Dates at even distances."""
    count = int((until - since) / hours(1) * per_hour)
    return [since + hours((n + 0.5) / per_hour) for n in range(count)]


def followed(per_hour: float, looks: list[Utc], habit: Habit = UNKNOWN, dated: bool = True) -> Habit:
    """The habit after looks at a feed that publishes evenly."""
    habit = learn(habit, (), looks[0]) if habit.at is None else habit
    for last, now in pairwise(looks):
        dates = published(per_hour, last, now)
        habit = learn(habit, dates if dated else [None] * len(dates), now)
    return habit


def test_nothing_known_is_a_slow_feed() -> None:
    """Of a feed that nothing is known of, a new entry is expected every four hours, at any time of day."""
    assert rate(UNKNOWN, 3) == rate(UNKNOWN, 15) == 0.25
    assert burst(UNKNOWN, NOON) == 0
    assert expected(UNKNOWN, NOON, NOON + hours(8)) == pytest.approx(2)


def test_the_first_document_teaches_at_once() -> None:
    """Sixty entries dated over the last ten hours make six an hour, without a second look."""
    habit = learn(UNKNOWN, published(6, NOON - hours(10), NOON), NOON)
    assert rate(habit, 8) == pytest.approx(6, rel=0.15)
    assert burst(habit, NOON) == pytest.approx(6, rel=0.15)
    assert expected(habit, NOON, NOON + hours(1)) == pytest.approx(6, rel=0.2)


def test_nights_are_learned() -> None:
    """A feed that publishes from 6 to 18 is expected to bring little at night, and nothing is lost on it."""
    days = [MIDNIGHT + timedelta(days=n) for n in range(10)]
    habit = learn(UNKNOWN, (), days[0])
    for day in days:
        for hour in range(1, 25):
            now = day + hours(hour)
            busy = 6 < hour <= 18
            habit = learn(habit, published(4, now - hours(1), now) if busy else (), now)
    assert rate(habit, 12) == pytest.approx(4, rel=0.2)
    assert rate(habit, 2) < 0.6
    assert expected(habit, days[-1] + hours(24), days[-1] + hours(48)) == pytest.approx(48, rel=0.1)


@pytest.mark.parametrize(
    ("dates", "entries"),
    [
        pytest.param([NOON + hours(0.5)], 1, id="between the looks"),
        pytest.param([None], 1, id="no date"),
        pytest.param([NOON - hours(3)], 1, id="a clock three hours slow"),
        pytest.param([NOON + hours(4)], 1, id="a clock three hours fast"),
        pytest.param([NOON.replace(year=2106)], 1, id="2106"),
        pytest.param([NOON.replace(year=1970)], 0, id="1970: an old entry, or no date"),
        pytest.param([NOON - timedelta(days=3)] * 500, 0, id="five hundred old entries listed at once"),
    ],
)
def test_what_a_date_tells(dates: list[Utc | None], entries: float) -> None:
    """A date that can be true places an entry; any other near one says that it came since the last look; an
    old one is no news."""
    habit = learn(learn(UNKNOWN, (), NOON), dates, NOON + hours(1))
    assert sum(habit.entries) == pytest.approx(entries)


def test_old_entries_on_top_do_not_slow_a_feed() -> None:
    """Two entries pinned for years beside twenty of the last four hours: five an hour."""
    dates = [*published(5, NOON - hours(4), NOON), NOON.replace(year=2019), NOON.replace(year=2020)]
    assert rate(learn(UNKNOWN, dates, NOON), NOON.hour - 2) == pytest.approx(5, rel=0.35)


def test_days_without_times_teach_no_hour() -> None:
    """Dates that are all midnight name days: midnight is no busier than noon."""
    habit = learn(UNKNOWN, [MIDNIGHT - timedelta(days=n) for n in range(6)], NOON)
    assert rate(habit, 0) == pytest.approx(rate(habit, 12), rel=0.1)


def test_a_dead_feed_is_known_at_once() -> None:
    """Entries of last year say that the last week was watched and brought nothing."""
    habit = learn(UNKNOWN, published(1, NOON - hours(9_000), NOON - hours(8_900)), NOON)
    assert expected(habit, NOON, NOON + hours(24)) < 0.05


def test_undated_entries_teach_nothing_at_first_sight() -> None:
    """A list without dates may have come within an hour or a year."""
    assert expected(learn(UNKNOWN, [None] * 50, NOON), NOON, NOON + hours(4)) == pytest.approx(1)


def test_a_burst_shows_at_once_and_is_over_in_hours() -> None:
    """Ten entries within minutes raise the present rate, half of which is gone each hour; the habit stays."""
    quiet = followed(0.5, [MIDNIGHT + hours(n) for n in range(0, 240, 2)])
    now = quiet.at or NOON
    later = now + hours(0.5)
    habit = learn(quiet, [later - timedelta(minutes=n) for n in range(10)], later)
    assert burst(habit, later) > 6
    assert burst(habit, later + hours(1)) == pytest.approx(burst(habit, later) / 2)
    assert burst(habit, later + hours(6)) < 0.2
    assert rate(habit, later.hour) < 2.5
    assert hours_until(habit, 1, later, 6) < 0.2 < hours_until(quiet, 1, now, 6)


@given(st.sets(st.integers(1, 59), max_size=20), st.integers(0, 2**16))
def test_looks_in_between_change_nothing(minutes: set[int], seed: int) -> None:
    """One late look at a feed teaches what any number of punctual ones would have: rates, burst and all."""
    begun = learn(UNKNOWN, published(3, NOON - hours(8), NOON), NOON)
    drawn = Random(seed)
    dates = sorted(NOON + hours(drawn.uniform(0.01, 6)) for _ in range(drawn.randrange(1, 40)))
    end = NOON + hours(6)
    often = begun
    looks = sorted(NOON + timedelta(minutes=6 * minute) for minute in minutes)
    for last, now in pairwise([NOON, *looks, end]):
        often = learn(often, [date for date in dates if last < date <= now], now)
    late = learn(begun, dates, end)
    assert often.entries == pytest.approx(late.entries, rel=0.02)
    assert often.hours == pytest.approx(late.hours, rel=0.02)
    assert burst(often, end) == pytest.approx(burst(late, end))
    assert hours_until(often, 1, end, 6) == pytest.approx(hours_until(late, 1, end, 6), rel=0.02)


@pytest.mark.parametrize("dated", [True, False], ids=["dated", "undated"])
@given(st.lists(st.floats(0, 3), min_size=40, max_size=40))
def test_lateness_does_not_lower_a_rate(dated: bool, late: list[float]) -> None:
    """A feed with four entries an hour has that rate, were its looks on time or hours late."""
    looks = [NOON + hours(n * 4) for n in range(41)]
    tardy = [NOON, *(look + hours(by) for look, by in zip(looks[1:], late, strict=True))]
    for habit in (followed(4, looks, dated=dated), followed(4, tardy, dated=dated)):
        assert expected(habit, NOON, NOON + hours(24)) / 24 == pytest.approx(4, rel=0.1)


def test_a_loss_counts_the_window_that_was_seen() -> None:
    """Nine hours away from a feed whose ten entries all came in its last hour: ten an hour, not one."""
    habit = learn(UNKNOWN, (), NOON)
    now = NOON + hours(9)
    assert burst(learn_window(habit, published(10, now - hours(1), now), now), now) > 4
    after = learn_window(habit, published(10, now - hours(1), now), now)
    assert rate(after, (now - hours(0.5)).hour) > 4
    assert sum(after.hours) < 1.1


def test_a_loss_without_dates_counts_twice() -> None:
    """Ten undated entries, none known: at least ten came, and as many are taken to be lost."""
    after = learn_window(learn(UNKNOWN, (), NOON), [None] * 10, NOON + hours(5))
    assert sum(after.entries) == pytest.approx(20)
    assert sum(after.hours) == pytest.approx(5)


def test_other_ids_for_old_entries_are_no_burst() -> None:
    """A feed that gives all its old entries new ids has not published them."""
    begun = learn(UNKNOWN, published(1, NOON - hours(30), NOON), NOON)
    now = NOON + hours(1)
    after = learn_window(begun, published(1, NOON - hours(30), NOON), now)
    assert sum(after.entries) <= sum(begun.entries)
    assert burst(after, now) < burst(begun, NOON)


def test_looks_without_news_are_added_now_and_then() -> None:
    """A look that found nothing leaves the habit as it is, until enough time has passed to matter."""
    habit = learn(UNKNOWN, published(2, NOON - hours(20), NOON), NOON)
    assert watched(habit, NOON + LAZY - hours(1)) is habit
    later = watched(habit, NOON + LAZY)
    assert sum(later.hours) == pytest.approx(sum(habit.hours) + 6, rel=0.02)
    assert expected(later, NOON, NOON + hours(24)) < expected(habit, NOON, NOON + hours(24))


def test_the_past_fades() -> None:
    """A feed that stopped a month ago is expected to bring less than a third of what it did."""
    habit = followed(3, [NOON + hours(n) for n in range(0, 336, 6)])
    now = habit.at or NOON
    before = expected(habit, now, now + hours(24))
    for day in range(1, 31):
        habit = learn(habit, (), now + timedelta(days=day))
    assert expected(habit, now, now + hours(24)) < before / 3


@given(
    st.lists(st.none() | st.datetimes().map(lambda when: when.replace(tzinfo=NOON.tzinfo)), max_size=30),
    st.floats(-1_000, 10_000),
    st.booleans(),
)
def test_any_dates_give_a_habit(dates: list[Utc | None], by: float, known: bool) -> None:
    """Whatever dates entries carry, and should the clock go backward, counts are finite and not negative."""
    habit = learn(UNKNOWN, published(1, NOON - hours(10), NOON), NOON) if known else UNKNOWN
    now = NOON + hours(by)
    for after in (learn(habit, dates, now), learn_window(habit, dates, now)):
        assert len(after.entries) == len(after.hours) == 24
        assert all(0 <= count < 1e4 for count in (*after.entries, *after.hours, after.burst))
        assert 0 < hours_until(after, 1, now, 6) <= 6
        assert after.at is not None and after.at >= now

"""The roster: who may be asked now, beside a naive model, and at the size of a large installation."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from pipeline.poll.roster import Roster

START = datetime(2024, 5, 4, 12, tzinfo=UTC)
PACE = 5


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def finish(roster: Roster, feed: str, host: str, now: float, due: float) -> None:
    """A poll ends: its host is free, the feed waits again."""
    roster.done(feed, at(now))
    roster.put(feed, host, at(due))


def test_the_earliest_due_is_first() -> None:
    """Of hosts that nobody has asked yet the feeds come in the order of their due times."""
    roster = Roster(PACE)
    for number in (3, 1, 4, 2, 5):
        roster.put(f"f{number}", f"h{number}", at(number))
    assert roster.take(at(4), 3) == ["f1", "f2", "f3"]
    assert roster.take(at(4), 3) == ["f4"]
    assert roster.take(at(4), 3) == []


def test_a_host_has_one_in_work_and_its_pace() -> None:
    """The next feed of a host waits until the one before is done and the pace since it began is over."""
    roster = Roster(PACE)
    for feed in ("a", "b"):
        roster.put(feed, "host", at(0))
    assert roster.take(at(0), 9) == ["a"]
    assert roster.take(at(100), 9) == []
    assert roster.next_at() is None
    roster.done("a", at(2))
    assert roster.next_at() == at(PACE)
    assert roster.take(at(4), 9) == []
    assert roster.take(at(5), 9) == ["b"]


def test_done_does_not_make_a_feed_idle() -> None:
    """A feed whose host is free again stays in work until what it brought is remembered."""
    roster = Roster(PACE)
    roster.put("a", "host", at(0))
    roster.put("b", "host", at(1))
    assert roster.take(at(1), 9) == ["a"]
    roster.done("a", at(2))
    assert (roster.in_work, roster.waiting, roster.hold("a")) == (1, 1, False)
    assert roster.take(at(60), 9) == ["b"]
    roster.put("a", "other", at(3))
    assert roster.take(at(60), 9) == ["a"]


def test_put_before_done_waits_for_done() -> None:
    """Whichever comes first, put or done: a feed is never asked while its host is in use for it."""
    roster = Roster(PACE)
    roster.put("a", "old", at(0))
    assert roster.take(at(0), 9) == ["a"]
    roster.put("a", "new", at(1))
    assert roster.take(at(60), 9) == []
    assert not roster.hold("a")
    roster.done("a", at(61))
    assert roster.take(at(61), 9) == ["a"]


def test_one_large_host_does_not_delay_the_others() -> None:
    """Beside 10,000 overdue feeds of one host every other host is asked as soon as its feed is due."""
    roster = Roster(PACE)
    for number in range(10_000):
        roster.put(f"many{number:05}", "large", at(-3_600))
    for number in range(50):
        roster.put(f"few{number:02}", f"small{number}", at(number))
    asked: list[str] = []
    for second in range(50):
        for feed in roster.take(at(second), 1):
            asked.append(feed)
            roster.done(feed, at(second))
    delays = [asked.index(f"few{number:02}") - number for number in range(40)]
    assert max(delays) <= sum(feed.startswith("many") for feed in asked) <= 10


def test_a_host_that_was_served_stands_behind_those_that_wait() -> None:
    """With too few slots hosts take turns, whatever the number of their overdue feeds."""
    roster = Roster(0)
    for number in range(100):
        roster.put(f"a{number:02}", "a", at(-100))
        roster.put(f"b{number:02}", "b", at(-50))
    order = []
    for second in range(20):
        (feed,) = roster.take(at(second), 1)
        roster.done(feed, at(second))
        order.append(feed[0])
    assert order == ["a", "b"] * 10


def test_a_booked_host_is_not_asked() -> None:
    """Neither pages fetched from a host nor requests before a restart are followed within the pace."""
    roster = Roster(PACE)
    roster.book("host", at(30))
    roster.put("a", "host", at(0))
    assert roster.next_at() == at(30)
    roster.book("host", at(20))
    assert roster.take(at(29), 9) == []
    roster.book("host", at(40))
    assert roster.take(at(39), 9) == []
    assert roster.take(at(40), 9) == ["a"]
    roster.book("host", at(90))
    roster.done("a", at(41))
    roster.put("a", "host", at(41))
    assert roster.next_at() == at(90)


def test_reserving_a_host_keeps_its_pace() -> None:
    """Whoever reserves a host gets moments a pace apart, and no feed is asked there in between."""
    roster = Roster(PACE)
    roster.put("a", "host", at(0))
    assert roster.reserve("host", at(0)) == at(0)
    assert roster.reserve("host", at(1)) == at(0) + timedelta(seconds=PACE)
    assert roster.take(at(2 * PACE - 1), 9) == []
    assert roster.take(at(2 * PACE), 9) == ["a"]
    assert roster.reserve("host", at(2 * PACE + 1)) >= at(2 * PACE + 1)


def test_dropped_while_in_work() -> None:
    """A feed taken off the list while it is asked keeps its host until done, and is then forgotten."""
    roster = Roster(PACE)
    roster.put("a", "host", at(0))
    roster.put("b", "host", at(0))
    assert roster.take(at(0), 9) == ["a"]
    roster.drop("a")
    assert roster.take(at(60), 9) == []
    roster.done("a", at(60))
    assert (roster.in_work, roster.take(at(60), 9)) == (0, ["b"])
    roster.drop("nobody")


def test_a_held_feed_is_in_work_without_being_due() -> None:
    """An order from elsewhere takes an idle feed; the schedule leaves it alone until it is put again."""
    roster = Roster(PACE)
    roster.put("a", "host", at(10))
    assert roster.hold("a")
    assert not roster.hold("a")
    assert not roster.hold("unknown")
    assert (roster.next_at(), roster.take(at(60), 9)) == (None, [])
    finish(roster, "a", "host", 60, 70)
    assert roster.take(at(70), 9) == ["a"]


def test_dropped_and_back_while_held() -> None:
    """A feed that left the list and came back while an order was in work waits until that is done."""
    roster = Roster(PACE)
    roster.put("a", "host", at(0))
    assert roster.hold("a")
    roster.drop("a")
    roster.put("a", "host", at(0))
    assert not roster.hold("a")
    assert roster.take(at(60), 9) == []
    roster.done("a", at(60))
    assert roster.take(at(60), 9) == ["a"]


def test_a_clock_set_back_delays_nothing() -> None:
    """What was to come in a minute comes in a minute, however far the clock is set back or on."""
    roster, back = Roster(PACE), timedelta(days=-400)
    roster.put("a", "x", at(60))
    roster.put("b", "x", at(30))
    roster.put("c", "y", at(0))
    roster.book("y", at(20))
    assert roster.hold("b")
    roster.shift(back)
    assert roster.next_at() == at(20) + back
    assert roster.take(at(59) + back, 9) == ["c"]
    assert roster.take(at(60) + back, 9) == ["a"]
    roster.done("a", at(60) + back)
    roster.put("a", "x", at(100) + back)
    assert roster.next_at() == at(100) + back


def test_memory_follows_what_is_scheduled() -> None:
    """A million reschedulings, holds and booked hosts leave no heap behind that grows with them."""
    roster = Roster(PACE)
    for number in range(20):
        roster.put(f"f{number}", f"h{number % 4}", at(0))
    for number in range(50_000):
        feed = f"f{number % 20}"
        if number % 3 == 0:
            roster.hold(feed)
            roster.done(feed, at(number * 1e-3))
        roster.put(feed, f"h{number % 4}", at(number % 977))
        roster.book(f"page{number}", at(number * 1e-3))
        if number % 500 == 0:
            roster.take(at(number * 1e-3), 0)
    assert roster.waiting == 20
    queues = sum(len(host.queue) for host in roster._hosts.values())
    assert queues < 250
    assert len(roster._hosts) < 25_000
    assert len(roster._ready) <= 2 * len(roster._hosts) + 17


@dataclass
class Model:
    """One feed as the naive model has it."""

    host: str
    due: datetime
    idle: bool = True


class RosterMachine(RuleBasedStateMachine):
    """Any sequence of operations, beside a model that looks through everything each time."""

    feeds = st.sampled_from("abcdef")
    hosts = st.sampled_from("xyz")
    steps = st.integers(-3, 12)

    def __init__(self) -> None:
        super().__init__()
        self.roster = Roster(PACE)
        self.clock = 0
        self.known: dict[str, Model] = {}
        self.work: dict[str, str | None] = {}  # feed -> the host in use for it
        self.open: set[str] = set()  # of these, the feeds that are not done
        self.free: dict[str, datetime] = {}

    def now(self) -> datetime:
        return at(self.clock)

    def could(self, feed: str) -> tuple[datetime, datetime, str, str] | None:
        one = self.known[feed]
        if not one.idle or feed in self.work or one.host in self.work.values():
            return None
        return (max(one.due, self.free.get(one.host, one.due)), one.due, one.host, feed)

    def candidates(self) -> list[tuple[datetime, datetime, str, str]]:
        """For each host that is not in use its next feed, in the order of asking."""
        first: dict[str, tuple[datetime, str]] = {}
        for feed in self.known:
            if self.could(feed):
                one = self.known[feed]
                first[one.host] = min(first.get(one.host, (one.due, feed)), (one.due, feed))
        return sorted(filter(None, (self.could(feed) for _, feed in first.values())))

    @rule(feed=feeds, host=hosts, step=steps)
    def put(self, feed: str, host: str, step: int) -> None:
        due = at(self.clock + step)
        self.roster.put(feed, host, due)
        self.known[feed] = Model(host, due)
        if feed not in self.open:
            self.work.pop(feed, None)

    @rule(feed=feeds)
    def drop(self, feed: str) -> None:
        self.roster.drop(feed)
        self.known.pop(feed, None)
        if feed not in self.open:
            self.work.pop(feed, None)

    @rule(host=hosts, step=steps)
    def book(self, host: str, step: int) -> None:
        until = at(self.clock + step)
        self.roster.book(host, until)
        self.free[host] = max(self.free.get(host, until), until)

    @rule(limit=st.integers(0, 4), step=st.integers(0, 6))
    def take(self, limit: int, step: int) -> None:
        self.clock += step
        expected = []
        for since, _, host, feed in self.candidates()[:limit]:
            if since <= self.now():
                expected.append(feed)
                self.known[feed].idle = False
                self.work[feed] = host
                self.open.add(feed)
                self.free[host] = self.now() + timedelta(seconds=PACE)
        assert self.roster.take(self.now(), limit) == expected

    @rule(feed=feeds)
    def hold(self, feed: str) -> None:
        idle = feed in self.known and self.known[feed].idle and feed not in self.work
        assert self.roster.hold(feed) == idle
        if idle:
            self.known[feed].idle = False
            self.work[feed] = None
            self.open.add(feed)

    @rule(feed=feeds, step=st.integers(0, 6))
    def done(self, feed: str, step: int) -> None:
        self.clock += step
        self.roster.done(feed, self.now())
        self.open.discard(feed)
        host = self.work.get(feed)
        if host is not None:
            self.free[host] = max(self.free[host], self.now())
            self.work[feed] = None
        if feed in self.work and (feed not in self.known or self.known[feed].idle):
            del self.work[feed]

    @invariant()
    def agree(self) -> None:
        found = self.candidates()
        assert self.roster.next_at() == (found[0][0] if found else None)
        assert self.roster.in_work == len(self.work)
        idle = [one for feed, one in self.known.items() if one.idle and feed not in self.work]
        assert self.roster.waiting == len(idle)


RosterMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
test_beside_the_model = RosterMachine.TestCase

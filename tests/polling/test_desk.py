"""The desk: what the worker holds of its feeds, through restarts, changes of the list, and hubs' orders."""

from datetime import UTC, datetime, timedelta

from agents.polling.desk import WAITING, Desk, partition
from agents.polling.order import Delivery, Order
from agents.polling.report import line
from pipeline.codec import encode
from pipeline.outcome import Reason
from pipeline.poll.policy import Policy
from pipeline.poll.spec import FeedSpec
from pipeline.poll.state import Failing, FeedState, Subscription

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
A, B = "https://a.example/feed", "https://b.example/feed"
POLICY = Policy(shortest=300, pace=5)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def desk_with(*feeds: str) -> Desk:
    desk = Desk(POLICY)
    desk.configure([FeedSpec(feed) for feed in feeds], NOON)
    return desk


def test_a_new_feed_is_due_at_once() -> None:
    """What nobody has asked yet is asked first."""
    assert sorted(desk_with(A, B).roster.take(NOON, 9)) == [A, B]


def test_a_feed_of_before_is_due_when_it_said() -> None:
    """A restart does not hurry: what was remembered is due when it was."""
    desk = Desk(POLICY)
    desk.recover([FeedState(A, asked=NOON, due=after(900))], {A: NOON}, after(10))
    desk.configure([FeedSpec(A)], after(10))
    assert desk.roster.take(after(899), 9) == []
    assert desk.roster.take(after(900), 9) == [A]


def test_a_request_without_an_answer_counts() -> None:
    """Killed between request and record: the feed waits out its shortest interval, its host its pace."""
    desk = Desk(POLICY)
    state = FeedState(A, asked=after(-900), due=after(0))
    desk.recover([state], {A: after(1), "https://a.example/other": after(1)}, after(2))
    desk.configure([FeedSpec(A), FeedSpec("https://a.example/third")], after(2))
    assert desk.roster.take(after(5), 9) == []
    assert desk.roster.take(after(6), 9) == ["https://a.example/third"]
    desk.remembered(FeedState("https://a.example/third", due=after(9_999)), after(7))
    assert desk.roster.take(after(300), 9) == []
    assert desk.roster.take(after(301), 9) == [A]


def test_what_leaves_the_list_is_asked_no_more_and_not_forgotten() -> None:
    """A feed that is taken off the list and put back goes on where it was."""
    desk = desk_with(A)
    assert desk.roster.take(NOON, 9) == [A]
    desk.configure([], after(1))
    assert desk.remembered(FeedState(A, asked=NOON, due=after(600)), after(2)) is None
    assert desk.roster.take(after(9_999), 9) == []
    desk.configure([FeedSpec(A)], after(10))
    assert desk.roster.take(after(599), 9) == []
    assert desk.roster.take(after(600), 9) == [A]


def test_a_hub_reaches_a_feed_that_was_put_back() -> None:
    """The token of a subscription is nobody's while its feed is off the list, and the feed's again after."""
    desk = desk_with(A)
    held = Subscription("https://hub.example/", A, "token", "secret", NOON)
    desk.remembered(FeedState(A, asked=NOON, due=after(600), hub=held), after(1))
    assert desk.callbacks.find("token") == (A, held)
    desk.configure([], after(2))
    assert desk.callbacks.find("token") is None
    desk.configure([FeedSpec(A)], after(3))
    assert desk.callbacks.find("token") == (A, held)


def test_an_order_waits_while_its_feed_is_in_work() -> None:
    """A delivery for a feed in work comes when that is remembered; one too many is refused."""
    desk = desk_with(A)
    assert desk.roster.take(NOON, 9) == [A]
    orders = [Order(A, NOON, Delivery(b"%d" % number)) for number in range(WAITING + 1)]
    assert [desk.admit(order) for order in orders] == [None] * WAITING + [False]
    state = FeedState(A, due=after(900))
    assert [desk.remembered(state, after(1)) for _ in orders] == [*orders[:WAITING], None]
    assert desk.admit(orders[0]) is True
    assert desk.admit(Order(B, NOON, Delivery(b""))) is False


def test_only_the_bytes_that_were_sent_are_known() -> None:
    """A state that this process announced is not decoded again; any other is."""
    desk, state = desk_with(A), FeedState(A, due=NOON)
    desk.announce(encode(state), state)
    assert desk.announced(A, b"other bytes") is None
    desk.announce(encode(state), state)
    assert desk.announced(A, encode(state)) is state
    assert desk.announced(A, encode(state)) is None


def test_all_feeds_of_a_host_lie_in_one_partition() -> None:
    """So one worker keeps the host's pace, whatever the case of the host's letters."""
    assert (
        len({partition(f"https://{host}/{n}", 64) for host in ("a.example", "A.Example") for n in range(9)})
        == 1
    )
    assert len({partition(f"https://h{n}.example/", 64) for n in range(64)}) > 20


def test_the_line_about_all_feeds() -> None:
    """One line says how many answer, and why the others do not."""
    failing = Failing(NOON, 1, 0.25, Reason.DNS_FAILED, "no such host")
    bad = FeedState(B, asked=NOON, failing=failing)
    assert line([bad]) == "feeds: none of 1 answers; unreachable or failing: dns-failed 1"
    assert line([FeedState(A, asked=NOON), bad, FeedState("c")]) == (
        "feeds: 1 of 3 answer; unreachable or failing: dns-failed 1; 1 not asked yet"
    )
    assert "storywire feeds add" in line([])

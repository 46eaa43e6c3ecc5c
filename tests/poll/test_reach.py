"""Notes of where and whether a feed answers: moved, gone, failing, and its hub."""

from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.outcome import Reason
from pipeline.poll.answer import Hop
from pipeline.poll.note import NoteKind
from pipeline.poll.poll import Poll
from pipeline.poll.state import Subscription
from pipeline.poll.websub import denied, verified
from tests.poll.polls import NEVER, NOON, SPEC, answer, hours, refused, unchanged, unreached
from tests.poll.watch import DAY, Watch, kinds, news, only


def test_a_feed_that_moved() -> None:
    """A permanent redirect is noted once it is confirmed, from its first sighting; the way back ends it."""
    watch = Watch()
    listed = news(watch.at, "a")
    there = "https://new.example/feed"
    for _ in range(4):
        head = answer(watch.at, url=there, hops=[Hop(SPEC.url, 301)])
        watch.look(Poll(watch.at, answer=replace(head, status=304, conditional=True)))
        watch.wait(DAY)
    note = only(watch.notes)
    assert (note.kind, note.since) == (NoteKind.MOVED, NOON)
    assert f"sent us to {there} since 2024-05-04 12:00 UTC" in note.message
    assert note.facts == {"address": there}
    assert watch.lists(listed) == ()
    for _ in range(13):  # an outage of both addresses, which are asked in turn
        watch.wait(DAY).look(refused(watch.at, 503))
    watch.wait(DAY).look(unchanged(watch.at))
    for _ in range(4):
        head = replace(answer(watch.at, hops=[Hop(there, 301)]), asked=there)
        watch.look(Poll(watch.at, answer=replace(head, status=304, conditional=True)))
        watch.wait(DAY)
    assert kinds(watch.notes) == ["moved", "failing", "over failing", "over moved"]


def test_a_feed_that_is_gone() -> None:
    """410 over days is noted once, and is not failing as well; feeds do come back."""
    watch = Watch()
    watch.lists(news(watch.at, "a"))
    for _ in range(60):
        watch.wait(2).look(refused(watch.at, 410))
    note = only(watch.notes)
    assert (note.kind, note.since) == (NoteKind.GONE, NOON + hours(2))
    assert timedelta(days=2) <= note.at - NOON <= timedelta(days=2.2)
    assert "since 2024-05-04 14:00 UTC" in note.message
    assert kinds(watch.lists(news(NOON, "a"))) == ["over gone"]


def test_a_feed_that_fails() -> None:
    """Failures are noted after a day of them, with the last one's reason, once, whatever follows."""
    watch = Watch()
    watch.lists(news(watch.at, "a"))
    for _ in range(10):
        watch.wait(3).look(unreached(watch.at, Reason.DNS_FAILED))
    note = only(watch.notes)
    assert (note.kind, note.since) == (NoteKind.FAILING, NOON + hours(3))
    assert note.facts == {"reason": "dns-failed", "failures": 9}
    assert note.message == (
        "It could not be read since 2024-05-04 15:00 UTC, at 9 looks in a row (dns-failed): no answer."
        " It was last read at 2024-05-04 12:00 UTC."
    )
    assert watch.wait(1).look(refused(watch.at, 500)) == ()
    assert kinds(watch.wait(1).look(unchanged(watch.at))) == ["over failing"]


def test_few_failures_far_apart_are_none() -> None:
    """A worker that was switched off for days between two failed looks has seen too little."""
    watch = Watch()
    for _ in range(3):
        assert watch.wait(20).look(unreached(watch.at)) == ()


def subscribed(at: datetime) -> Subscription:
    held = Subscription("https://hub.example/", "https://p.example/feed", "token", "secret", at)
    return verified(held, at, 864_000)


def test_a_hub_that_denies() -> None:
    """A subscription that is refused is noted with what the hub says; polling goes on; it can be mended."""
    watch = Watch()
    watch.lists(news(watch.at, "a"))
    watch.state = replace(watch.state, hub=subscribed(watch.at))
    assert watch.wait(1).look(unchanged(watch.at)) == ()
    watch.state = replace(watch.state, hub=denied(subscribed(watch.at), "too many feeds\x1b[2J"))
    note = only(watch.wait(1).look(unchanged(watch.at)))
    assert note.kind is NoteKind.HUB
    assert "does not take our subscription (denied: too many feeds[2J)" in note.message
    assert "secret" not in repr(note)
    assert watch.wait(1).look(unchanged(watch.at)) == ()
    watch.state = replace(watch.state, hub=subscribed(watch.at))
    assert kinds(watch.wait(1).look(unchanged(watch.at))) == ["over hub"]


def test_a_hub_that_ends_or_delivers_nothing() -> None:
    """A lease that runs out, and polls that find what was not delivered, are the hub's trouble as well."""
    for held, words in (
        (replace(subscribed(NOON), missed=3), "did not deliver what 3 polls in a row found new"),
        (replace(subscribed(NOON), expires=NOON), "has not renewed our subscription"),
        (replace(subscribed(NOON), verified=None, expires=None, failures=3), "left 3 requests"),
    ):
        watch = Watch(state=replace(NEVER, hub=held))
        assert words in only(watch.wait(1).look(unchanged(watch.at))).message

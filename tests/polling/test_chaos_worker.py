"""A worker's life: its list changes, it is stopped and started, its log is rebuilt."""

import asyncio

import pytest

from agents.brokers.broker import open_broker
from agents.brokers.message import Outgoing
from agents.generations import begin
from agents.worker import lock_name
from pipeline.outcome import Reason
from tests.network.chaos import answer, in_turn, redirect
from tests.polling.bodies import Paper, down, feed
from tests.polling.house import House, rules


async def test_the_list_is_followed(home: House) -> None:
    """A feed that is added is asked within seconds; one that is removed is asked no more, and not as new when
    it is added again."""
    first, second = Paper(), Paper()
    one = home.feed("/one", first, "127.0.0.2")
    async with home.working():
        await home.polled(one, 1)
        two = home.feed("/two", second, "127.0.0.3")
        await home.pass_(seconds=3)
        assert home.state(two).counts.polls == 1
        spec = home.specs[one]
        home.unlisted(one)
        await home.pass_(seconds=3)
        asked = len(home.asked("/one"))
        await home.pass_(days=1)
        assert len(home.asked("/one")) == asked
        assert len(home.asked("/two")) > 3
        first.latest = 6
        home.listed(spec)
        await home.pass_(seconds=3)
        assert home.asked("/one")[-1].conditions[0] == 'W/"paper-5"'
        assert await home.numbers(one) == [1, 2, 3, 4, 5, 6]


async def test_a_list_that_cannot_be_read(home: House) -> None:
    """While the list is broken or away the feeds known so far are polled; once mended it is followed."""
    one = home.feed("/one", Paper(), "127.0.0.2")
    async with home.working():
        await home.polled(one, 1)
        for spoil in (lambda path: path.write_bytes(b"<opml><body>"), lambda path: path.unlink()):
            polls = home.state(one).counts.polls
            spoil(home.folder / "feeds.opml")
            await home.polled(one, polls + 2)
        two = home.feed("/two", Paper(), "127.0.0.3")
        await home.pass_(seconds=3)
        assert home.state(two).counts.polls == 1


async def test_a_feed_removed_while_it_is_asked(home: House) -> None:
    """What its last answer brought is sent, and then it is asked no more."""
    asked, go_on = asyncio.Event(), asyncio.Event()
    paper = Paper()

    async def slow(request, reply) -> None:
        asked.set()
        await go_on.wait()
        await paper(request, reply)

    url = home.feed("/feed", slow, "127.0.0.2")
    other = home.feed("/other", Paper(), "127.0.0.3")
    async with home.working():
        await asyncio.wait_for(asked.wait(), 10)
        home.unlisted(url)
        go_on.set()
        await home.pass_(seconds=3)
        await home.pass_(days=1)
        assert await home.numbers(url) == [1, 2, 3, 4, 5]
        assert len(home.asked("/other")) > 3
        assert home.state(other).failing is None
    assert len(home.asked("/feed")) == 1


async def test_a_restart_changes_nothing(home: House) -> None:
    """Started again the worker asks nobody before the time, sends the validators that it was given, and sends
    no entry and no note twice."""
    papers = [Paper(latest=5 + n) for n in range(3)]
    urls = [home.feed(f"/{n}", paper, f"127.0.0.{n + 2}") for n, paper in enumerate(papers)]
    bad = home.feed("/bad", answer(410), "127.0.0.20")
    target = home.on("/new", Paper(), "127.0.0.22")
    moved = home.feed("/moved", redirect(target, 301), "127.0.0.21")
    async with home.working():
        await home.pass_(days=3)
        before = {url: home.state(url) for url in (*urls, bad, moved)}
        numbers = {url: await home.numbers(url) for url in urls}
        notes = {url: await home.kinds(url) for url in (bad, moved)}
        asked = len(home.log)
    async with home.working():
        await home.pass_(seconds=1)
        assert {url: home.state(url) for url in before} == before
        assert len(home.log) == asked
        papers[0].latest += 1
        for url, known in before.items():
            await home.polled(url, known.counts.polls + 1)
        numbers[urls[0]].append(papers[0].latest)
        assert {url: await home.numbers(url) for url in urls} == numbers
        assert {url: await home.kinds(url) for url in notes} == notes
    for n, url in enumerate(urls):
        request = home.asked(f"/{n}")[before[url].counts.polls]
        assert before[url].due is not None
        assert request.at >= before[url].due
        assert request.conditions[0] == f'W/"paper-{5 + n}"'
    assert before[moved].address == target
    assert [one for one in home.asked("/moved") if one.at > before[moved].asked] == []


async def test_a_long_stop_is_no_loss_of_what_is_still_listed(home: House) -> None:
    """After two days off all feeds are asked at once, each host at its pace, and what they list comes."""
    paper = Paper()
    url = home.feed("/feed", paper)
    async with home.working():
        await home.pass_(hours=6)
    home.skip(days=2)
    paper.latest = 9
    async with home.working():
        await home.pass_(seconds=3)
        assert await home.numbers(url) == list(range(1, 10))
        assert await home.notes(url) == []


@pytest.mark.parametrize("times", [1, 2])
async def test_a_rebuild_keeps_what_feeds_list(home: House, times: int) -> None:
    """After a rebuild no feed is new: it is asked when due, with its validators, and sends what is new."""
    paper = Paper()
    url = home.feed("/feed", paper)
    rude = home.feed(
        "/rude", in_turn(feed(down(5)), feed(down(5), "<!-- again -->"), feed(down(6))), "127.0.0.2"
    )
    async with home.working():
        await home.polled(rude, 2)
        await home.pass_(hours=1)
        before = {one: home.state(one) for one in (url, rude)}
        asked = len(home.log)
    for _ in range(times):
        await rebuilt(home)
    async with home.working():
        await home.pass_(seconds=1)
        assert {one: home.state(one) for one in before} == before
        assert len(home.log) == asked
        paper.latest = 7
        for one, known in before.items():
            await home.polled(one, known.counts.polls + 1)
        assert await home.numbers(url) == list(range(1, 8))
        assert await home.numbers(rude) == list(range(1, 7))
        assert home.rejected(Reason.STAGE_FAILED) == 0
    assert home.asked("/feed")[-1].conditions[0] == 'W/"paper-5"'


async def rebuilt(home: House) -> None:
    """What `storywire rebuild` does to the log before it reads the entries again."""
    settings = home.settings()
    broker = open_broker(settings.broker)
    try:
        async with broker.worker_lock(lock_name(settings.topic_prefix)):
            await begin(broker, settings.topic_prefix, rules(), None)
    finally:
        await broker.close()


async def test_a_rebuild_after_a_feed_was_left(home: House) -> None:
    """A feed taken off the list before the rebuild and added after it is known still."""
    paper = Paper()
    url = home.feed("/feed", paper)
    spec = home.specs[url]
    async with home.working():
        await home.polled(url, 2)
    home.unlisted(url)
    await rebuilt(home)
    async with home.working():
        await home.pass_(hours=5)
        paper.latest = 6
        home.listed(spec)
        await home.pass_(seconds=3)
        assert await home.numbers(url) == [1, 2, 3, 4, 5, 6]


async def test_foreign_bytes_among_what_is_remembered(home: House) -> None:
    """Rows that are none, on changelogs and on feed-polls, stop no worker: their feed begins anew."""
    one = home.feed("/one", Paper(), "127.0.0.2")
    async with home.working():
        await home.polled(one, 1)
    log, prefix = open_broker(home.settings().broker), home.settings().topic_prefix
    junk = [(topic, key) for topic in ("feed-asked", "feed-states") for key in (one.encode(), b"\xff")]
    await log.publish([Outgoing(prefix + topic, key, b"junk", partition=0) for topic, key in junk])
    await log.publish([Outgoing(prefix + "feed-polls", one.encode(), b"soon", (("kind", b"asked"),), 0)])
    await log.close()
    home.skip(hours=1)
    async with home.working():
        await home.polled(one, 1)
        assert await home.letters() == 1

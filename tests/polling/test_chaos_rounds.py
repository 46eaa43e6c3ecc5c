"""Odd feeds over many looks of the whole worker: nothing is sent twice, nobody is asked too often."""

from datetime import timedelta
from itertools import pairwise

from pipeline.outcome import Reason
from pipeline.poll.note import NoteKind
from tests.network.chaos import Asked, Reply, answer, in_turn
from tests.polling.bodies import TYPE, Paper, channel, down, feed, item
from tests.polling.held import START
from tests.polling.house import House


def one_guid(numbers: range) -> bytes:
    """Entries that all have the guid of entry 0."""
    own, shared = "<guid>http://paper.example/{}</guid>", "<guid>http://paper.example/0</guid>"
    return channel(*(item(number).replace(own.format(number), shared) for number in numbers))


async def test_one_guid_for_all_entries(home: House) -> None:
    """Entries that share one guid are told apart by their address: each comes once, whatever moves up."""
    url = home.feed(
        "/feed", in_turn(*(answer(200, one_guid(down(5 + n)), Content_Type=TYPE) for n in range(4)))
    )
    async with home.working():
        state = await home.polled(url, 4)
        addresses = [entry.url for entry in await home.entries(url)]
        assert sorted(addresses) == [f"http://paper.example/{n}" for n in range(1, 9)]
        assert await home.kinds(url) == [NoteKind.REPEATED]
        assert state.counts.lost == 0


async def test_entries_of_1970_and_2106(home: House) -> None:
    """Dates that cannot be true are no dates: the entries come, once, and nothing is learned from them."""
    extremes = (
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Sun, 07 Feb 2106 06:28:15 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    )
    odd = "".join(
        f"<item><title>Odd {n}</title><guid>http://paper.example/{n}</guid><pubDate>{date}</pubDate></item>"
        for n, date in enumerate(extremes, 901)
    )
    url = home.feed(
        "/feed",
        in_turn(*(answer(200, channel(odd, *map(item, down(5 + n))), Content_Type=TYPE) for n in range(3))),
    )
    plain = home.feed("/plain", in_turn(*(feed(down(5 + n)) for n in range(3))), "127.0.0.2")
    async with home.working():
        state = await home.polled(url, 3)
        assert await home.numbers(url) == [*range(1, 8), 901, 902, 903]
        assert state.newest is not None
        assert state.newest < START
        assert (await home.kinds(url)).count(NoteKind.CLOCK) == 1
        await home.polled(plain, 3)
        assert abs(home.wait(url) / home.wait(plain) - 1) < 0.5
        for entry in await home.entries(url):
            assert entry.published is None or entry.published.year in (2026, 2106, 9999)


async def test_a_hundred_thousand_entries(home: House) -> None:
    """Of 100,000 entries the first 2,000 are read at each look, each sent once; the note comes once."""
    first = home.server.url("/feed", "127.0.0.1")

    def many(start: int) -> bytes:
        return channel(
            *(
                f"<item><guid>http://paper.example/{n}</guid><title>N{n}</title></item>"
                for n in range(start, start + 100_000)
            )
        )

    url = home.feed(
        "/feed", in_turn(answer(200, many(50), Content_Type=TYPE), answer(200, many(0), Content_Type=TYPE))
    )
    assert url == first
    async with home.working():
        await home.polled(url, 1)
        assert await home.numbers(url) == list(range(50, 2_050))
        state = await home.polled(url, 2)
        assert await home.numbers(url) == list(range(2_050))
        assert state.counts.lost == 0
        assert await home.kinds(url) == [NoteKind.DAMAGED]
        assert await home.letters() == 0


async def test_a_static_feed_is_never_sent_again(home: House) -> None:
    """What a feed still lists after three weeks is not sent again, whatever its age."""
    url = home.feed("/feed", feed(down(5), "<!-- seen -->"))
    async with home.working():
        await home.pass_(days=21)
        assert home.state(url).counts.polls > 50
        assert await home.numbers(url) == [1, 2, 3, 4, 5]


async def test_a_feed_that_writes_the_time_into_itself(home: House) -> None:
    """A `lastBuildDate` that differs each time changes no entry; an entry that differs is sent so many
    times and no more, and said to be restless."""
    looks = 0

    async def stamped(asked: Asked, reply: Reply) -> None:
        nonlocal looks
        looks += 1
        built = f"<lastBuildDate>Mon, 02 Mar 2026 09:{looks % 60:02}:00 GMT</lastBuildDate>"
        entries = (item(2, f"As of look {looks}."), item(1))
        await answer(200, channel(*entries, extra=built), Content_Type=TYPE)(asked, reply)

    url = home.feed("/feed", stamped)
    async with home.working():
        await home.polled(url, 40)
        numbers = await home.numbers(url)
        assert numbers.count(1) == 1
        assert 20 < numbers.count(2) <= 26
        assert await home.kinds(url) == [NoteKind.RESTLESS]


async def test_nothing_left_of_a_rolling_feed_is_told(home: House) -> None:
    """Zero overlap between two looks is a note with the span of the loss, and the next look comes sooner."""
    url = home.feed("/feed", in_turn(feed(down(20, 20)), feed(down(20, 20)), feed(down(60, 20))))
    async with home.working():
        before = await home.polled(url, 2)
        state = await home.polled(url, 3)
        assert state.counts.lost == 1
        (note,) = await home.notes(url)
        assert (note.kind, note.since, note.at) == (NoteKind.LOSS, before.answered, state.answered)
        assert "lost between" in note.message
        assert state.interval <= before.interval / 2 or state.interval == 300
        assert await home.numbers(url) == [*range(1, 21), *range(41, 61)]


async def test_failures_of_a_host_leave_others_alone(home: House) -> None:
    """While one host fails for a day, feeds of another are asked no less often than before."""
    paper = Paper()
    bad = [home.feed(f"/bad{n}", answer(500), "127.0.0.2") for n in range(5)]
    good = home.feed("/good", paper, "127.0.0.3")
    async with home.working():
        for latest in range(6, 30):
            await home.pass_(hours=1)
            paper.latest = latest
        await home.pass_(hours=1, minutes=10)
        assert await home.numbers(good) == list(range(1, 30))
        assert all(home.state(url).failing.reason is Reason.SERVER_ERROR for url in bad)
        asked = sum(len(home.asked(f"/bad{n}")) for n in range(5)) / 5
        assert len(home.asked("/good")) > 2 * asked
    times = sorted(request.at for n in range(5) for request in home.asked(f"/bad{n}"))
    assert min(later - earlier for earlier, later in pairwise(times)) >= timedelta(seconds=5)

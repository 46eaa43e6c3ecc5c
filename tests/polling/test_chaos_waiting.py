"""What origins ask the whole worker to wait, and that feeds of one host do not come together."""

from datetime import timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from pipeline.outcome import Reason
from tests.network.chaos import Behaviour, answer, in_turn
from tests.polling.bodies import Paper, down, feed
from tests.polling.held import START
from tests.polling.house import House

HOUR, DAY = 3_600.0, 86_400.0
THEIRS = START - timedelta(days=400)
"""What an origin whose clock is wrong takes for now."""


def http_date(seconds: float) -> str:
    return format_datetime(THEIRS + timedelta(seconds=seconds), usegmt=True)


def busy(status: int, retry_after: str) -> Behaviour:
    return answer(status, b"busy", Retry_After=retry_after, Date=http_date(0))


ASKED: dict[str, tuple[Behaviour, float]] = {
    "429, seconds": (busy(429, "7200"), 2 * HOUR),
    "503, seconds": (busy(503, "7200"), 2 * HOUR),
    "429, a date by their own clock": (busy(429, http_date(3 * HOUR)), 3 * HOUR),
    "503, a date by their own clock": (busy(503, http_date(3 * HOUR)), 3 * HOUR),
    "88 hours": (busy(429, "316800"), DAY),
    "a date years ahead": (busy(503, http_date(1_000 * DAY)), DAY),
}


@pytest.mark.parametrize("case", ASKED)
async def test_retry_after_is_kept(case: str, home: House) -> None:
    """Seconds, and dates relative to the answer's own Date, up to a day, with 429 and 503 alike."""
    behaviour, wait = ASKED[case]
    url = home.feed("/feed", in_turn(feed(down(5)), behaviour, feed(down(6))))
    async with home.working():
        state = await home.polled(url, 2)
        assert state.failing is not None
        assert state.failing.reason in (Reason.RATE_LIMITED, Reason.SERVER_ERROR)
        assert wait <= home.wait(url) <= wait * 1.25
        asked = state.asked
        state = await home.polled(url, 3)
        assert state.failing is None
        assert await home.numbers(url) == [1, 2, 3, 4, 5, 6]
    assert asked is not None
    assert home.asked("/feed")[2].at >= asked + timedelta(seconds=wait)


@pytest.mark.parametrize("said", [http_date(-HOUR), "0", "-5", "soon", "Thu, 01 Jan 1970 00:00:00 GMT"])
async def test_a_retry_after_in_the_past_asks_nothing(said: str, home: House) -> None:
    """What has passed, and what is no time, leaves the ordinary wait of a failure: not nothing, not a day."""
    url = home.feed("/feed", in_turn(feed(down(5)), busy(429, said)))
    async with home.working():
        await home.polled(url, 4)
        times = [request.at for request in home.asked("/feed")]
        apart = [(later - earlier).total_seconds() for earlier, later in pairwise(times[1:])]
        assert all(300 <= one < DAY / 4 for one in apart), apart
        assert home.wait(url) > apart[0]


async def test_feeds_that_fail_together_do_not_come_back_together(home: House) -> None:
    """Feeds of one host that are turned away with one Retry-After come back spread over a quarter of it."""
    urls = [home.feed(f"/{n}", busy(503, "7200")) for n in range(20)]
    async with home.working(host_pace=0):
        await home.pass_(minutes=1)
        dues = sorted(home.state(url).due for url in urls)
        assert all(due is not None and due >= START + timedelta(hours=2) for due in dues)
        assert dues[-1] - dues[0] > timedelta(minutes=15)
        assert len({due.replace(second=0, microsecond=0) for due in dues if due}) > 10


async def test_freshness_pushes_later_and_no_cache_voids_it(home: House) -> None:
    """max-age and Expires push the next poll later, ttl as far as no entry is lost by it; `no-cache` voids
    max-age, Age shortens it."""
    behaviours = {
        "max-age": feed(down(5), Cache_Control="public, max-age=14400"),
        "expires": feed(down(5), Date=http_date(0), Expires=http_date(14_400)),
        "ttl": feed(down(5), "<ttl>240</ttl>"),
        "no-cache": feed(down(5), Cache_Control="no-cache, max-age=14400"),
        "aged": feed(down(5), Cache_Control="max-age=14400", Age="14300"),
        "silent": feed(down(5)),
    }
    urls = {
        name: home.feed(f"/{name}", one, f"127.0.0.{n}")
        for n, (name, one) in enumerate(behaviours.items(), 1)
    }
    async with home.working():
        await home.pass_(minutes=1)
        waits = {name: home.wait(url) for name, url in urls.items()}
    assert all(waits[name] >= 14_400 for name in ("max-age", "expires")), waits
    assert 2 * waits["silent"] < waits["ttl"] < 1.25 * 14_400, waits
    assert all(waits[name] < 7_200 for name in ("no-cache", "aged", "silent")), waits


async def test_an_origin_can_only_push_later(home: House) -> None:
    """`max-age=1`, `ttl` 1 and `Retry-After: 1` bring nobody back within the shortest interval."""
    urls = [
        home.feed("/a", feed(down(5), "<ttl>1</ttl>", Cache_Control="max-age=1"), "127.0.0.2"),
        home.feed("/b", busy(429, "1"), "127.0.0.3"),
    ]
    async with home.working():
        await home.pass_(hours=1)
        assert all(home.wait(url) >= 300 for url in urls)


async def test_the_pace_and_the_connections_of_a_host(home: House) -> None:
    """Feeds of one host are asked one at a time, its pace apart, over at most two connections; a feed of
    another host does not wait for them."""
    together = [home.feed(f"/{n}", Paper(), "127.0.0.9") for n in range(8)]
    other = home.feed("/other", Paper(), "127.0.0.10")
    async with home.working():
        await home.pass_(minutes=2)
        assert all(home.state(url).counts.polls == 1 for url in (*together, other))
    times = sorted(home.asked(f"/{n}")[0].at for n in range(8))
    apart = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
    assert min(apart) >= 5
    assert max(apart) < 8
    assert home.asked("/other")[0].at - START < timedelta(seconds=5)
    assert len({home.asked(f"/{n}")[0].asked.connection for n in range(8)}) <= 2

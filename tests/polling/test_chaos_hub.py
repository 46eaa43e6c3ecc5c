"""WebSub in the whole worker: what a hub delivers comes without a poll, and polling goes on behind it."""

import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise

import pytest

from pipeline.outcome import Reason
from pipeline.poll.note import NoteKind
from pipeline.poll.state import Subscription
from pipeline.poll.websub import LEASE, MISSED, works
from tests.network.chaos import Asked, Reply, answer
from tests.polling.bodies import TYPE, channel, item
from tests.polling.held import START
from tests.polling.house import House
from tests.polling.hub import Hub, only, serving_hub

MINUTES = 10
"""Between the entries of the busy papers here: polled alone they are asked about as often."""
HOSTS = ("127.0.0.2", "127.0.0.3")


class Busy:
    """A feed with an entry every MINUTES, which may offer a hub."""

    def __init__(self, home: House, offers: str = "") -> None:
        self._home = home
        self.offers = offers

    def latest(self) -> int:
        """The number of the last entry."""
        return 200 + int((self._home.clock.now() - START).total_seconds() // (60 * MINUTES))

    def document(self) -> bytes:
        """The feed as it is now."""
        latest = self.latest()
        dated = (
            item(n, at=START + timedelta(minutes=MINUTES * (n - 200))) for n in range(latest, latest - 30, -1)
        )
        return channel(self.offers, *dated)

    async def __call__(self, asked: Asked, reply: Reply) -> None:
        await answer(200, self.document(), Content_Type=TYPE)(asked, reply)


@pytest.fixture
async def hub(home: House) -> AsyncIterator[Hub]:
    """A hub whose leases run by the worker's clock."""
    async with serving_hub(home.clock.now) as running:
        yield running


@pytest.fixture
def bind() -> str:
    """Where hubs reach the worker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


@pytest.fixture
def reached(bind: str) -> dict[str, str]:
    """The settings of a worker that hubs reach."""
    return {"websub_bind": bind, "websub_callback": f"http://{bind}/below/any/path"}


@pytest.fixture
def paper(home: House, hub: Hub) -> Busy:
    """A busy feed at /feed that offers the hub, and the same at /alone that offers none."""
    offering = Busy(home)
    url = home.feed("/feed", offering, HOSTS[0])
    offering.offers = f'<link xmlns="http://www.w3.org/2005/Atom" rel="hub" href="{hub.url}"/>'
    offering.offers += f'<link xmlns="http://www.w3.org/2005/Atom" rel="self" href="{url}"/>'
    home.feed("/alone", Busy(home), HOSTS[1])
    return offering


async def subscribed(home: House, hub: Hub) -> str:
    """Let the hub verify after the first look, and the poll pass that was due by then; the feed's address."""
    url = home.server.url("/feed", HOSTS[0])
    await home.polled(url, 1)
    await hub.settled()
    await home.polled(url, 2)
    assert works(held(home, url), home.clock.now())
    return url


def held(home: House, url: str) -> Subscription:
    """The feed's subscription, which there is."""
    found = home.state(url).hub
    assert found is not None
    return found


async def test_deliveries_come_without_a_poll(
    home: House, hub: Hub, paper: Busy, reached: dict[str, str]
) -> None:
    """Entries that the hub delivers are sent at once; the feed is polled as seldom as `poll_longest`, while
    its like without a hub is asked several times as often."""
    async with home.working(**reached):
        url = await subscribed(home, hub)
        for _ in range(24):
            await home.pass_(minutes=MINUTES)
            polls = home.state(url).counts.polls
            assert await hub.publish(url, paper.document()) == [204]
            assert max(await home.numbers(url)) == paper.latest()
            assert home.state(url).counts.polls == polls
        latest = paper.latest()
        await home.pass_(seconds=1)
        state = home.state(url)
        assert (state.counts.deliveries, state.counts.lost) == (24, 0)
        assert await home.numbers(url) == list(range(171, latest + 1)), "each once"
        assert 3 <= len(home.asked("/feed")) <= 5
        assert len(home.asked("/alone")) > 3 * len(home.asked("/feed"))
        assert await home.notes(url) == []
    times = [request.at for request in home.asked("/feed")]
    assert min(later - earlier for earlier, later in pairwise(times[1:])) >= timedelta(hours=1)


async def test_a_bad_signature_is_dropped(
    home: House, hub: Hub, paper: Busy, reached: dict[str, str]
) -> None:
    """A delivery with another secret, or unsigned, or to a callback that is nobody's brings nothing, and who
    forges learns nothing; a good one still comes."""
    async with home.working(**reached):
        url = await subscribed(home, hub)
        before = await home.numbers(url)
        await home.pass_(minutes=MINUTES)
        hub.manners.secret = "guessed"
        assert await hub.publish(url, paper.document()) == [204]
        hub.manners.secret, hub.manners.method = None, None
        assert await hub.publish(url, paper.document()) == [204]
        assert home.rejected(Reason.BAD_SIGNATURE) == 2
        assert await home.numbers(url) == before
        assert home.state(url).counts.deliveries == 0
        hub.manners.method = "sha256"
        stranger = type(only(hub))(url, f"{reached['websub_callback']}/none", "guessed", home.clock.now())
        assert await hub.deliver(stranger, paper.document(), TYPE) == 404
        assert await hub.publish(url, paper.document()) == [204]
        assert max(await home.numbers(url)) == paper.latest()


async def test_a_delivery_that_is_no_feed(
    home: House, hub: Hub, paper: Busy, reached: dict[str, str]
) -> None:
    """A signed page in place of a document is an outcome, ends nothing, and the next delivery is read."""
    async with home.working(**reached):
        url = await subscribed(home, hub)
        assert await hub.publish(url, b"<!DOCTYPE html><html><body>Oops</body></html>") == [204]
        assert home.state(url).failing is None
        await home.pass_(minutes=MINUTES)
        assert await hub.publish(url, paper.document()) == [204]
        assert max(await home.numbers(url)) == paper.latest()


async def test_a_subscription_survives_a_restart(
    home: House, hub: Hub, paper: Busy, reached: dict[str, str]
) -> None:
    """Token and secret are kept: after a restart deliveries come in, and the hub is not asked again."""
    async with home.working(**reached):
        url = await subscribed(home, hub)
        subscription = held(home, url)
    async with home.working(**reached):
        await home.pass_(minutes=MINUTES)
        assert held(home, url) == subscription
        assert await hub.publish(url, paper.document()) == [204]
        assert max(await home.numbers(url)) == paper.latest()
    assert len(hub.requests) == 1


async def test_a_lease_is_renewed(home: House, hub: Hub, paper: Busy, reached: dict[str, str]) -> None:
    """Before the lease is over the hub is asked again, with the same callback."""
    hub.manners.lease = 43_200
    async with home.working(**reached):
        url = await subscribed(home, hub)
        expires = held(home, url).expires
        for _ in range(6):
            await home.pass_(hours=2)
            await hub.publish(url, paper.document())
            await hub.settled()
        assert expires is not None
        assert held(home, url).expires > expires
        assert works(held(home, url), home.clock.now())
    assert [form["hub.mode"] for form in hub.requests] == ["subscribe"] * 2
    assert len({form["hub.callback"] for form in hub.requests}) == 1
    assert hub.requests[0]["hub.lease_seconds"] == str(LEASE)


async def test_a_hub_that_falls_silent(home: House, hub: Hub, paper: Busy, reached: dict[str, str]) -> None:
    """A hub that delivers no more is found out by polls, told of, and the feed is polled as without."""
    async with home.working(**reached):
        url = await subscribed(home, hub)
        hub.forget()
        await home.pass_(hours=6)
        assert held(home, url).missed >= MISSED
        assert not works(held(home, url), home.clock.now())
        assert NoteKind.HUB in await home.kinds(url)
        fed, alone = len(home.asked("/feed")), len(home.asked("/alone"))
        await home.pass_(hours=6)
        fed, alone = len(home.asked("/feed")) - fed, len(home.asked("/alone")) - alone
        assert fed > alone / 2
        assert await home.numbers(url) == list(range(171, max(await home.numbers(url)) + 1)), (
            "nothing was lost"
        )


async def test_a_feed_off_the_list_takes_no_delivery(
    home: House, hub: Hub, paper: Busy, reached: dict[str, str]
) -> None:
    """A hub that goes on delivering to a feed no longer listed is told so, and nothing comes of it."""
    async with home.working(**reached):
        url = await subscribed(home, hub)
        before = await home.numbers(url)
        home.unlisted(url)
        await home.pass_(minutes=MINUTES)
        assert (await hub.publish(url, paper.document()))[0] >= 400
        assert await home.numbers(url) == before

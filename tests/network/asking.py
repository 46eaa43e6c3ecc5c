"""How the tests ask, and what they read from what comes back."""

from agents.http.fetcher import Fetcher, Get
from pipeline.outcome import Reason
from pipeline.poll.answer import Fetched, Unfetched
from tests.network.chaos import Chaos
from tests.network.conftest import GOOD


async def body(fetcher: Fetcher, request: Get | str) -> bytes:
    """The body of an answer that must come."""
    found = await fetcher.fetch(Get(request) if isinstance(request, str) else request)
    assert isinstance(found, Fetched), found
    return found.body


async def failed(fetcher: Fetcher, request: Get | str) -> Unfetched:
    """The failure that must come."""
    found = await fetcher.fetch(Get(request) if isinstance(request, str) else request)
    assert isinstance(found, Unfetched), found
    assert found.why.message.isprintable()
    assert len(found.why.message) < 400
    return found


async def why(fetcher: Fetcher, request: Get | str) -> Reason:
    """The reason of the failure that must come."""
    return (await failed(fetcher, request)).why.reason


async def unharmed(fetcher: Fetcher, server: Chaos) -> bool:
    """The same fetcher still reads a good body from the same host, twice."""
    return [await body(fetcher, server.url("/good")) for _ in range(2)] == [GOOD, GOOD]

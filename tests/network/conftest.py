"""A chaos server, and a fetcher that may ask it."""

from collections.abc import AsyncIterator

import pytest

from agents.http.fetcher import Fetcher
from agents.http.session import open_fetcher
from config.settings import Settings
from tests.network.chaos import Chaos, Names, answer, chaos

LOOPBACK = ("127.0.0.0/8", "::1/128")
GOOD = b"a good body"
PATIENCE = 20.0


def settings(**changes: object) -> Settings:
    """Settings under which loopback may be asked, and that have little patience."""
    return Settings.model_validate({"allow_networks": LOOPBACK, "fetch_timeout": 1.0, **changes})


@pytest.fixture
async def server() -> AsyncIterator[Chaos]:
    async with chaos() as running:
        running.on("/good", answer(200, GOOD))
        yield running


@pytest.fixture
def names() -> Names:
    return Names().name("feeds.example", "127.0.0.1")


@pytest.fixture
async def fetcher(names: Names) -> AsyncIterator[Fetcher]:
    async with open_fetcher(settings(), resolver=names) as opened:
        yield opened


@pytest.fixture
async def patient(names: Names) -> AsyncIterator[Fetcher]:
    """A fetcher whose time-out is far beyond what a busy machine needs: who is given up here, is at once."""
    async with open_fetcher(settings(fetch_timeout=PATIENCE), resolver=names) as opened:
        yield opened

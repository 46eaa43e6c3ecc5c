"""A house: a worker, its list of feeds, and the server on which they stand."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.network.chaos import chaos
from tests.polling.house import House

HOSTS = 64
"""Addresses of loopback from 127.0.0.1 on that the server stands at: each is a host of its own."""


@pytest.fixture
async def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """A house on loopback; a worker that ends by itself fails its test, and not the run of all."""
    async with chaos(also=[f"127.0.0.{host}" for host in range(2, HOSTS)]) as server:
        house = House(tmp_path, server)
        monkeypatch.setattr(
            "agents.worker.end_process", lambda why, code: house.died.append(f"{code}: {why}")
        )
        yield house

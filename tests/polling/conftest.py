"""A house: a worker, its list of feeds, and the server on which they stand."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.network.chaos import chaos
from tests.polling.house import House


@pytest.fixture
async def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """A house on loopback; a worker that ends by itself fails its test, and not the run of all."""
    async with chaos("0.0.0.0") as server:
        house = House(tmp_path, server)
        monkeypatch.setattr(
            "agents.worker.end_process", lambda why, code: house.died.append(f"{code}: {why}")
        )
        yield house

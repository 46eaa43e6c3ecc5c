"""Tables that are read again from their changelogs: how far that has come can be seen."""

from typing import Any

import pytest

from agents.brokers.message import Outgoing
from agents.brokers.statefile import StateFile
from tests.delivery.app import add_stage
from tests.delivery.conftest import drained, running

ROWS = 2_500


async def test_what_is_left_to_read_falls(place: Any, broker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With each page that a worker without its file reads, fewer records remain, and none at the end."""
    await broker.declare("in", 1)
    await broker.publish([Outgoing("in", b"k%d" % n, b"v") for n in range(ROWS)])
    first = place.create_app(1)
    add_stage(first, size=500, within=0.01)
    async with running(first):
        await drained(broker)
    place.drop_state()
    app = place.create_app(1)
    store, left, write = add_stage(app).data, [], StateFile.write

    def noted(*args: Any) -> None:
        left.append(store.remaining)
        write(*args)

    with monkeypatch.context() as patch:
        patch.setattr(StateFile, "write", noted)
        async with running(app):
            await drained(broker)
            assert store.remaining == 0
    assert len(left) >= 3
    assert left[0] > left[1] > left[2]

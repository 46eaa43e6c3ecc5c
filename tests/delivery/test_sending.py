"""Confirmed sending: each message's own fate, and when the process has to end."""

import sqlite3
from typing import Any

import pytest

from agents.brokers import schema
from agents.brokers.errors import MessageTooLarge
from agents.brokers.message import Outgoing
from agents.sending import GiveUp, confirm_all, confirmed
from tests.delivery.app import create_app
from tests.delivery.conftest import everything, running


async def test_a_message_that_can_never_be_taken_does_not_hold_up_others(place: Any, broker: Any) -> None:
    """Its outcome is the error, theirs are offsets; alone it is raised; nothing counts as lost."""
    app = create_app(place.url, place.state, 1)
    async with running(app) as deaths:
        sizes = (10, 1_100_000, 10)
        outcomes = await confirm_all(app, [Outgoing("out", b"k", b"x" * size) for size in sizes])
        assert (outcomes[0], outcomes[2]) == (0, 1)
        assert isinstance(outcomes[1], MessageTooLarge)
        with pytest.raises(MessageTooLarge):
            await confirmed(app, "out", b"k", b"x" * 1_100_000)
        assert app.producer.lost is None
    assert deaths == []
    assert len(await everything(broker, "out")) == 2


async def test_a_busy_log_is_tried_again_inside_the_bound(
    place: Any, broker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Held beyond the bound: GiveUp; free again: taken."""
    await broker.declare("out", 1)
    monkeypatch.setattr(schema, "BUSY_MS", 50)
    app = create_app(place.url, place.state, 1)
    async with running(app):
        holder = sqlite3.connect(place.folder / "log.db", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(GiveUp, match="not taken within"):
            await confirmed(app, "out", b"k", b"v", bound=0.3)
        holder.execute("ROLLBACK")
        holder.close()
        assert await confirmed(app, "out", b"k", b"v") == 0

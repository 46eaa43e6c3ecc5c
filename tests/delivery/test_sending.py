"""Confirmed sending: each message's own fate, and when the process has to end."""

import sqlite3
from typing import Any

import pytest

from agents.brokers import schema
from agents.brokers.errors import MessageTooLarge
from agents.brokers.message import Outgoing
from agents.sending import GiveUp, confirm_all, confirmed
from tests.delivery.conftest import everything, running, small_topic


async def test_a_message_that_can_never_be_taken_does_not_hold_up_others(place: Any, broker: Any) -> None:
    """Its outcome is the error, theirs are offsets; alone it is raised; nothing counts as lost."""
    app = place.create_app(1)
    async with running(app) as deaths:
        sizes = (10, 1_100_000, 10)
        outcomes = await confirm_all(
            app, [Outgoing(place.prefix + "out", b"k", b"x" * size) for size in sizes]
        )
        assert (outcomes[0], outcomes[2]) == (0, 1)
        assert isinstance(outcomes[1], MessageTooLarge)
        with pytest.raises(MessageTooLarge):
            await confirmed(app, place.prefix + "out", b"k", b"x" * 1_100_000)
        assert app.producer.lost is None
    assert deaths == []
    assert len(await everything(broker, "out")) == 2


async def test_a_busy_log_is_tried_again_inside_the_bound(
    sqlite_place: Any, broker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Held beyond the bound: GiveUp; free again: taken."""
    await broker.declare("out", 1)
    monkeypatch.setattr(schema, "BUSY_MS", 50)
    app = sqlite_place.create_app(1)
    async with running(app):
        holder = sqlite3.connect(sqlite_place.folder / "log.db", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(GiveUp, match="not taken within"):
            await confirmed(app, "out", b"k", b"v", bound=0.3)
        holder.execute("ROLLBACK")
        holder.close()
        assert await confirmed(app, "out", b"k", b"v") == 0


async def test_a_refusal_by_the_broker_is_the_messages_own(kafka_place: Any, broker: Any) -> None:
    """A topic that takes less: the large message is refused, those around it are taken, nothing is lost."""
    name = await small_topic(kafka_place)
    app = kafka_place.create_app(1)
    async with running(app) as deaths:
        for _ in range(2):
            sizes = (10, 400_000, 10, 200_000)
            outcomes = await confirm_all(app, [Outgoing(name, b"k", b"x" * size) for size in sizes])
            assert [isinstance(outcome, int) for outcome in outcomes] == [True, False, True, True]
            assert isinstance(outcomes[1], MessageTooLarge)
        assert app.producer.lost is None
    assert deaths == []
    assert [len(m.value) for m in await everything(broker, "small")] == [10, 10, 200_000] * 2


async def test_neither_key_nor_value_is_a_message_too(place: Any, broker: Any) -> None:
    """A message with nothing in it but headers is sent, and comes back as it was."""
    app = place.create_app(1)
    async with running(app) as deaths:
        found = await confirm_all(
            app, [Outgoing(place.prefix + "out", None, None, (("a", None), ("b", b"1")))]
        )
        assert found == [0]
    assert deaths == []
    assert [(m.key, m.value, m.headers) for m in await everything(broker, "out")] == [
        (None, None, (("a", None), ("b", b"1")))
    ]

"""Who may write rows where somebody has claimed a partition before, and what counts of what is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiokafka.consumer.group_coordinator import GroupCoordinator

from agents.brokers.changelog import CLAIM_KEY
from agents.brokers.message import Outgoing
from tests.delivery.app import add_stage, declare_all
from tests.delivery.conftest import Place, drained, running
from tests.delivery.test_moves import CHANGELOG, seen


async def test_an_owner_that_cannot_ask_for_a_moment_is_not_locked_out(
    kafka_place: Place, broker: Any
) -> None:
    """Where a higher claim stands and the coordinator is silent at first, its rows count all the same."""
    app = kafka_place.create_app(1)
    add_stage(app, within=0.01)
    await declare_all(app, 1)
    await broker.publish([Outgoing(CHANGELOG, CLAIM_KEY, b"1000 somebody", (), 0)])
    await broker.publish([Outgoing("in", b"k", b"0")])
    with silent_at_first():
        async with running(app) as deaths:
            await drained(broker)
    assert deaths == []
    assert await seen(broker) == 1


@contextmanager
def silent_at_first() -> Iterator[None]:
    """The first question whether a worker is a member gets no answer."""
    heartbeat, asked = GroupCoordinator._do_heartbeat, []

    async def once(self: GroupCoordinator) -> bool:
        asked.append(self)
        return len(asked) > 1 and bool(await heartbeat(self))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(GroupCoordinator, "_do_heartbeat", once)
        yield
    assert len(asked) > 1

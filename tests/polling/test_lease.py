"""The lease: how long a worker may believe that its partitions are its own."""

import asyncio
from inspect import getsource
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.consumer.group_coordinator import GroupCoordinator

from agents.brokers.kafka.lease import Lease

SESSION = 10.0


class Coordinator:
    """Answers heartbeats as a group's coordinator does, through aiokafka's method."""

    def __init__(self) -> None:
        self.now = 100.0
        self.taken = True
        self.takes = 0.0
        self._rejoin_needed_fut: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def _do_heartbeat(self) -> bool:
        self.now += self.takes
        return self.taken


def lease_of(coordinator: Any) -> Lease:
    thread = SimpleNamespace(_consumer=SimpleNamespace(_coordinator=coordinator))
    conf = SimpleNamespace(broker_session_timeout=SESSION, broker_rebalance_timeout=60.0)
    app = SimpleNamespace(consumer=SimpleNamespace(_thread=thread), conf=conf)
    return Lease(app, lambda: coordinator.now)


async def test_a_heartbeat_holds_for_less_than_a_session() -> None:
    """None yet: no lease. From a heartbeat's sending on, four fifths of the session; again by the next."""
    coordinator = Coordinator()
    lease = lease_of(coordinator)
    assert not lease()
    await coordinator._do_heartbeat()
    assert lease()
    coordinator.now += 0.8 * SESSION - 0.1
    assert lease()
    coordinator.now += 0.2
    assert not lease()
    await coordinator._do_heartbeat()
    assert lease()


async def test_an_answer_that_lay_about_is_none() -> None:
    """Stopped between a heartbeat and its answer: what counts is when it was sent."""
    coordinator = Coordinator()
    lease = lease_of(coordinator)
    assert not lease()
    coordinator.takes = 600
    await coordinator._do_heartbeat()
    assert not lease()


@pytest.mark.parametrize("why", ["refused", "rebalancing"])
async def test_who_is_no_member_or_about_to_join_has_no_lease(why: str) -> None:
    """A heartbeat refused, or taken while the group rebalances, ends the lease at once."""
    coordinator = Coordinator()
    lease = lease_of(coordinator)
    assert not lease()
    await coordinator._do_heartbeat()
    assert lease()
    if why == "refused":
        coordinator.taken = False
    else:
        coordinator._rejoin_needed_fut.set_result(None)
    await coordinator._do_heartbeat()
    assert not lease()


async def test_aiokafka_still_has_what_is_listened_to() -> None:
    """The names that the lease rests on are aiokafka's own, unpublished ones."""
    assert "self._do_heartbeat()" in getsource(GroupCoordinator._heartbeat_routine)
    assert "_rejoin_needed_fut.set_result" in getsource(GroupCoordinator.request_rejoin)

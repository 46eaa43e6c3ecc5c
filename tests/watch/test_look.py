"""A look at a worker, with the broker's word for it, on both engines."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio
from faust.types import TP

from agents.brokers.broker import Broker, open_broker
from agents.brokers.message import Outgoing
from agents.watch.look import look, phase_of
from agents.watch.seen import Done, Phase

GROUP = "watched-1"
DONE = {"in": Done()}


@pytest_asyncio.fixture(params=["sqlite", "kafka"])
async def broker(request: pytest.FixtureRequest, tmp_path: Path, kafka_prefix: str) -> AsyncIterator[Broker]:
    """A broker with a topic of two partitions: three messages on the first, none on the second."""
    url = f"sqlite:///{tmp_path}/log.db"
    if request.param == "kafka":
        url = f"kafka://{request.getfixturevalue('kafka')}"
    opened = open_broker(url, prefix=kafka_prefix)
    await opened.declare(f"{kafka_prefix}in", 2)
    await opened.publish([Outgoing(f"{kafka_prefix}in", b"k", b"%d" % n, partition=0) for n in range(3)])
    yield opened
    await opened.close()


def app_of(prefix: str, own: int | None = None, **of: object) -> Any:
    """What a running app says of itself: both partitions are its own."""
    places = {TP(f"{prefix}in", part) for part in range(2)}
    committed = {} if own is None else {TP(f"{prefix}in", 0): own}
    consumer = SimpleNamespace(assignment=lambda: places, _committed_offset=committed)
    says: dict[str, object] = {
        "should_stop": False,
        "rebalancing_count": 1,
        "in_recovery": False,
        "rebalancing": False,
    }
    says["tables"] = {"rows": SimpleNamespace(data=SimpleNamespace(remaining=7))}
    return SimpleNamespace(consumer=consumer, **(says | of))


async def test_what_waits(broker: Broker, kafka_prefix: str) -> None:
    """Waiting messages, their age, and who committed; by the group's offsets and by the broker's ends."""
    group = kafka_prefix + GROUP
    seen = await look(app_of(kafka_prefix), broker, group, kafka_prefix, DONE)
    assert (seen.phase, seen.remaining) == (Phase.RUNNING, 7)
    assert seen.held == {("in", 0), ("in", 1)}
    assert seen.reach is not None
    first, second = seen.reach["in", 0], seen.reach["in", 1]
    assert (first.committed, first.at, first.waiting, second.waiting) == (None, 0, 3, 0)
    assert first.oldest is not None
    assert abs(time.time() - first.oldest) < 60
    await broker.commit(group, {(f"{kafka_prefix}in", 0): 2})
    later = await look(app_of(kafka_prefix, own=1), broker, group, kafka_prefix, DONE, before=seen)
    assert later.reach is not None
    assert (later.reach["in", 0].waiting, later.reach["in", 0].foreign) == (1, True)


async def test_a_commit_during_the_look_is_not_anothers(broker: Broker, kafka_prefix: str) -> None:
    """What this worker commits while the broker is asked is its own, however slowly the broker answers."""
    app = app_of(kafka_prefix, own=1)
    group, place = kafka_prefix + GROUP, (f"{kafka_prefix}in", 0)

    class Slow:
        """The broker, on its way to which the worker has committed."""

        def __getattr__(self, name: str) -> Any:
            return getattr(broker, name)

        async def committed(self, name: str) -> Any:
            await broker.commit(group, {place: 2})
            app.consumer._committed_offset[TP(*place)] = 2
            return await broker.committed(name)

    seen = await look(app, Slow(), group, kafka_prefix, DONE)  # type: ignore[arg-type]
    assert seen.reach is not None
    assert (seen.reach["in", 0].committed, seen.reach["in", 0].foreign) == (2, False)


async def test_a_broker_that_does_not_answer(broker: Broker, kafka_prefix: str) -> None:
    """Nothing is known, and why; what the worker says of itself stays."""
    seen = await look(app_of(kafka_prefix), broker, GROUP, kafka_prefix, {"nowhere": Done()})
    assert seen.reach is None
    assert "nowhere" in seen.why_blind


@pytest.mark.parametrize(
    ("says", "started", "phase"),
    [
        ({}, False, Phase.STARTING),
        ({"rebalancing_count": 0}, True, Phase.STARTING),
        ({"rebalancing": True}, True, Phase.REBALANCING),
        ({"should_stop": True}, True, Phase.STOPPING),
        ({"rebalancing": True, "in_recovery": True}, True, Phase.RECOVERING),
        ({}, True, Phase.RUNNING),
    ],
)
def test_phases(says: dict[str, object], started: bool, phase: Phase) -> None:
    """What the app says of itself is one phase."""
    assert phase_of(app_of("t.", **says), started) is phase

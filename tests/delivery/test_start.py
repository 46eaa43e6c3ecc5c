"""A worker on a cluster that it cannot use says why, once, and soon."""

import asyncio

import pytest

from agents.brokers.errors import Unreachable
from tests.delivery.app import add_stage
from tests.delivery.conftest import Place
from tests.kafka.ports import free_ports


async def test_an_unreachable_broker_is_one_error_out_of_start(kafka_place: Place) -> None:
    """Nobody listens: Unreachable, naming the address, within seconds."""
    port = free_ports(1)[1].client
    kafka_place.url = f"kafka://127.0.0.1:{port}"
    app = kafka_place.create_app(1)
    add_stage(app)
    with pytest.raises(Unreachable, match=f"127.0.0.1:{port}"):
        await asyncio.wait_for(app.start(), 15)
    await asyncio.wait_for(app.stop(), 15)


async def test_a_topic_that_is_missing_is_named(kafka_place: Place) -> None:
    """Nothing is created by the way: the worker ends itself, naming the topic and what to do."""
    app = kafka_place.create_app(1)
    add_stage(app)
    said: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    app.transport.die = said.set_result
    await app.start()
    assert "declare it first" in await asyncio.wait_for(said, 10)
    await asyncio.wait_for(app.stop(), 15)

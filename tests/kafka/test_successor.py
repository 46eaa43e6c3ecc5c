"""A worker on a cluster notices that a rebuild began another generation."""

import asyncio

from agents.brokers.access import Access
from agents.brokers.kafka.broker import KafkaBroker
from agents.brokers.message import Outgoing
from agents.generations import Generation
from agents.successor import successor
from agents.topics import GENERATIONS
from pipeline.codec import encode


async def test_a_later_generation_is_noticed(kafka: str, kafka_prefix: str) -> None:
    """Its own record and a second one of the same number end nothing; one of a later number does, soon."""
    broker, topic = (
        KafkaBroker(tuple(kafka.split(",")), Access(), kafka_prefix),
        kafka_prefix + GENERATIONS.name,
    )
    await broker.declare(topic, 1)
    for number in (3, 3):
        await broker.publish([Outgoing(topic, None, encode(Generation(number)), partition=0)])
    waiting = asyncio.create_task(successor(broker, kafka_prefix, 3))
    assert not (await asyncio.wait({waiting}, timeout=3))[0]
    await broker.publish([Outgoing(topic, None, encode(Generation(4)), partition=0)])
    async with asyncio.timeout(10):
        assert await waiting == 4
    await broker.close()

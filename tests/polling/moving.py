"""Partitions that are taken from a worker on the embedded log and given to it again, as a group would."""

from collections.abc import Iterable
from typing import Any

from faust.assignor.client_assignment import ClientAssignment
from faust.types import TP


async def hand_out(app: Any, partitions: Iterable[int]) -> None:
    """Revoke everything, then assign these partitions of every topic, in the order of Kafka's rebalance."""
    consumer, held = app.consumer, sorted(partitions)
    names = sorted({tp.topic for tp in consumer._assignment} | set(app.topics._topic_name_index))
    app.on_rebalance_start()
    await consumer.on_partitions_revoked(set(consumer._assignment))
    consumer._position.clear()
    consumer._assignment = {TP(name, partition) for name in names for partition in held}
    app.consumer_generation_id += 1
    app.assignor._assignment = ClientAssignment(actives=dict.fromkeys(names, held), standbys={})
    app.assignor._active_tps = set(consumer._assignment)
    await consumer.on_partitions_assigned(set(consumer._assignment), app.consumer_generation_id)

"""Which partition a message goes to: one function for every way in, equal to Kafka's default.

Kafka's Java client places a keyed record at `toPositive(murmur2(key)) % partitions`
(org.apache.kafka.common.utils.Utils.murmur2, clients/producer/internals/BuiltInPartitioner), so a
log copied to Kafka and continued there keeps every key where it was.
"""

from functools import lru_cache
from struct import unpack_from

from agents.brokers.errors import UnknownTopic

SEED = 0x9747B28C
MIX = 0x5BD1E995
MASK = 0xFFFFFFFF


def murmur2(data: bytes) -> int:
    """32-bit murmur2 of `data` as Kafka seeds it, unsigned."""
    length = len(data)
    words = length >> 2
    h = SEED ^ length
    for k in unpack_from(f"<{words}I", data):
        k = (k * MIX) & MASK  # noqa: PLW2901  the published algorithm, step by step
        k = ((k ^ (k >> 24)) * MIX) & MASK  # noqa: PLW2901
        h = ((h * MIX) & MASK) ^ k
    tail = data[words << 2 :]
    if tail:
        h = ((h ^ int.from_bytes(tail, "little")) * MIX) & MASK
    h = ((h ^ (h >> 13)) * MIX) & MASK
    return h ^ (h >> 15)


@lru_cache(maxsize=4096)
def partition_for_key(key: bytes, partitions: int) -> int:
    """The partition (0-based) of a keyed message in a topic of `partitions`.

    Cached: the same key goes to several topics within a moment, and murmur2 in Python costs about
    0.3 microseconds per four bytes.
    """
    return (murmur2(key) & 0x7FFFFFFF) % partitions


def check_partition(topic: str, partition: int, partitions: int) -> None:
    """Raises UnknownTopic for a partition that a topic of so many `partitions` does not have."""
    if not 0 <= partition < partitions:
        raise UnknownTopic(f"{topic!r} has partitions 0 to {partitions - 1}, not {partition}")


class Partitioner:
    """Places the messages of one sender; those without key go to one partition after the other."""

    def __init__(self) -> None:
        self._turn = 0

    def place(self, topic: str, key: bytes | None, partition: int | None, partitions: int) -> int:
        """The partition given, else by key, else the next in turn. Raises UnknownTopic."""
        if partition is not None:
            check_partition(topic, partition, partitions)
            return partition
        if key is not None:
            return partition_for_key(key, partitions)
        self._turn += 1
        return self._turn % partitions

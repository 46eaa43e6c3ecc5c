"""Rows: a stage's table as it sees it, bytes by bytes, each written in the name of its event."""

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from agents.tables import rows_of, write_row


class StreamEvent(Protocol):
    """What a stage uses of a Faust event; `message` carries topic, partition, offset, headers."""

    key: bytes
    value: bytes
    message: Any


class Rows:
    """A Faust table of raw bytes; its changelog, recovery and partitions stay Faust's."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def read(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """The rows that there are of `keys`."""
        return rows_of(self._table, keys)

    def write(self, event: StreamEvent, key: bytes, value: bytes) -> None:
        """Set the row of `key`, in the partition of `event`. After the outputs of `event` are confirmed."""
        write_row(self._table, event, key, value)

    def items(self) -> Iterator[tuple[bytes, bytes]]:
        """Every row of the partitions that this worker holds."""
        yield from self._table.items()

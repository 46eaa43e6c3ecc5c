"""How many messages a worker has fetched and not yet done, at most."""

from types import TracebackType
from typing import Any

from agents.brokers.kafka.consumer import Consumer


class Flight:
    """Within it, what is fetched is counted together with what waits, and with what is not acknowledged.

    What aiokafka holds beyond that are undecoded bytes, some 1 MB per partition.
    """

    def __init__(self) -> None:
        self.most = 0
        self._fetch = Consumer.fetch

    def __enter__(self) -> "Flight":
        flight = self

        async def counted(consumer: Any) -> Any:
            found = await flight._fetch(consumer)
            flight.look(consumer, sum(map(len, found.values())))
            return found

        Consumer.fetch = counted  # type: ignore[method-assign,assignment]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        Consumer.fetch = self._fetch  # type: ignore[method-assign]

    def look(self, consumer: Any, found: int) -> None:
        """So many are about to be handed to the streams; others are left over, or were handed over."""
        left = sum(map(len, consumer._left.values()))
        self.most = max(self.most, found + left + len(consumer._unacked_messages))

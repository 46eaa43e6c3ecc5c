"""What a stage has done: counted for metrics, and looked at by the watchdog."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Histogram

from agents.watch.seen import Done


class Work:
    """The account of one stage."""

    def __init__(self, messages: Counter, batches: Histogram) -> None:
        self._messages = messages
        self._batches = batches
        self.done = Done()

    @contextmanager
    def batch(self, size: int) -> Iterator[None]:
        """A batch of `size` messages; it counts if it ends without an error."""
        begun = time.perf_counter()
        yield
        self._batches.observe(time.perf_counter() - begun)
        self._messages.inc(size)
        self.done = Done(self.done.parts, self.done.messages + size)

    def part(self) -> None:
        """A part of a batch is done."""
        self.done = Done(self.done.parts + 1, self.done.messages)

"""Order: what `schedule` and the hub server ask of `read`; lost with the process, and then due again."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pipeline.dates import Utc
from pipeline.poll.state import FeedState


@dataclass(frozen=True, slots=True)
class Delivery:
    """A document that a hub delivered, its signature verified."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Order:
    """One piece of work on one feed: a poll; or, with `delivery`, reading what was delivered; or, with
    `change`, remembering what else became known (pure: the state before to the state after).

    `done` is resolved when all that follows from it is durable: True, or False where it was not done.
    """

    feed: str
    asked: Utc
    delivery: Delivery | None = None
    change: Callable[[FeedState], FeedState] | None = None
    done: asyncio.Future[bool] | None = None

    @property
    def polls(self) -> bool:
        """Whether its feed is to be asked."""
        return self.delivery is None and self.change is None

    def resolve(self, done: bool) -> None:
        """Say what became of it, to whoever waits for that."""
        if self.done is not None and not self.done.done():
            self.done.set_result(done)

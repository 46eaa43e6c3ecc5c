"""Between the event loop and the writer's thread: what is sent in one turn of the loop is one append.

Works are done in the order in which they are handed over, and their outcomes are told in the loop.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeAlias, TypeVar

from agents.brokers.errors import BrokerError
from agents.brokers.writer import Chore, Outcome, Row, Work, Writer

T = TypeVar("T")
Reply: TypeAlias = Callable[[int, BrokerError | None], None]


class Accumulator:
    """Gathers what is sent, hands it over, and waits for what has to be waited for. Of one event loop."""

    def __init__(self, writer: Writer, check_open: Callable[[], None], notice: Callable[[], None]) -> None:
        """`check_open` is called before anything is handed over, and raises once nothing is taken any more;
        `notice` after each append that was told of."""
        self._writer = writer
        self._check_open = check_open
        self._notice = notice
        self._rows: list[Row] = []
        self._replies: list[Reply] = []
        self._accepted = self._settled = 0

    def send(self, row: Row, reply: Reply) -> None:
        """Append soon, together with whatever else is sent in this turn of the event loop.

        `reply(offset, None)` is called in the loop once the row is durable, `reply(-1, error)` if it was
        not taken.
        """
        if not self._rows:
            asyncio.get_running_loop().call_soon(self.hand_over)
        self._rows.append(row)
        self._replies.append(reply)
        self._accepted += 1

    def hand_over(self) -> None:
        """What was sent goes to the writer now."""
        rows, replies = self._rows, self._replies
        if not rows:
            return
        self._rows, self._replies = [], []
        loop = asyncio.get_running_loop()
        self._put(Work(rows, partial(_tell, loop, self._reply_all, replies), size=_size(rows)))

    async def append(self, rows: Sequence[Row]) -> list[int]:
        """The offsets, once the rows are durable, behind what was sent before. Raises as the writer does."""
        return await self._done(rows)

    async def commit(self, group: str, offsets: Mapping[int, int]) -> None:
        """Durable when it returns: part -> offset."""
        await self._done((), group, offsets)

    async def drained(self) -> None:
        """Wait until everything that `send` has taken up to now has been replied to."""
        goal = self._accepted
        while self._settled < goal:
            await self._done(())  # works are done in order: an empty one comes after them

    async def chore(self, step: Callable[[sqlite3.Connection], bool]) -> bool:
        """A short transaction between appends; what `step` gives. Raises as the writer does."""
        self._check_open()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[bool | BrokerError] = loop.create_future()
        self._writer.put(Chore(step, partial(_tell, loop, _resolve, future)))
        outcome = await future
        if isinstance(outcome, BrokerError):
            raise outcome
        return outcome

    async def _done(
        self, rows: Sequence[Row], group: str = "", offsets: Mapping[int, int] | None = None
    ) -> list[int]:
        self.hand_over()  # what was sent before goes first
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Outcome] = loop.create_future()
        done = partial(_tell, loop, _resolve, future)
        self._put(Work(rows, done, group, dict(offsets or {}), _size(rows)))
        outcome = await future
        self._notice()
        if isinstance(outcome, BrokerError):
            raise outcome
        return outcome

    def _reply_all(self, replies: list[Reply], outcome: Outcome) -> None:
        self._settled += len(replies)
        if isinstance(outcome, BrokerError):
            for reply in replies:
                reply(-1, outcome)
        else:
            for reply, offset in zip(replies, outcome, strict=True):
                reply(offset, None)
        self._notice()

    def _put(self, work: Work) -> None:
        self._check_open()
        self._writer.put(work)


def _size(rows: Sequence[Row]) -> int:
    return sum(len(row[2] or b"") + len(row[3] or "") + len(row[4] or b"") for row in rows)


def _resolve(future: asyncio.Future[T], outcome: T) -> None:
    if not future.done():
        future.set_result(outcome)


def _tell(loop: asyncio.AbstractEventLoop, hear: Callable[..., None], *what: object) -> None:
    """Called in the writer's thread. A loop that is gone has nobody left who listens."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(hear, *what)

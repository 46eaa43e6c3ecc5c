"""A clock for tests: time passes when somebody waits for it, and costs nothing."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import count

START = datetime(2024, 5, 4, 12, tzinfo=UTC)


class SimClock:
    """The simplest clock that serves: who waits for a moment has it at once, the earliest moment first."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._waiting: list[tuple[datetime, int]] = []
        self._order = count()

    def now(self) -> datetime:
        """The time it has come to."""
        return self._now

    async def until(self, moment: datetime) -> None:
        """It is that moment, or later; others had their turn."""
        mine = moment, next(self._order)
        self._waiting.append(mine)
        try:
            await asyncio.sleep(0)
            while min(self._waiting) != mine:  # noqa: ASYNC110  the earliest goes on at its next turn
                await asyncio.sleep(0)
            self._now = max(self._now, moment)
        finally:
            self._waiting.remove(mine)

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)

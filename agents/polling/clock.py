"""The clock of everything that waits for a time: a seam, so that a simulated week takes minutes."""

import asyncio
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What time it is, and waiting for a time."""

    def now(self) -> datetime:
        """Now, aware, in UTC."""

    async def until(self, moment: datetime) -> None:
        """Return when `moment` has come; at once if it has passed."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Now, aware, in UTC."""
        return datetime.now(UTC)

    async def until(self, moment: datetime) -> None:
        """Sleep until `moment`, and no longer than it was away. The clock may be set meanwhile, and a machine
        may have slept: so in steps of a minute, beside a clock that nobody sets."""
        time = asyncio.get_running_loop().time
        end = time() + (moment - self.now()).total_seconds()
        while (left := min((moment - self.now()).total_seconds(), end - time())) > 0:  # noqa: ASYNC110
            await asyncio.sleep(min(left, 60))

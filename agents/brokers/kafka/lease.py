"""Lease: until when the group's coordinator holds this worker for a member, reckoned on the safe side.

A member that is silent for the session timeout, or does not join a rebalance within the rebalance timeout,
loses its partitions to others, and learns of it only when it speaks again. A worker that was stopped, or
cut off, has to know before: by its own clock, from when it last sent a heartbeat that was answered with
"no error". The coordinator counts from when it received that, which is later; and a rebalance was not
under way then.
"""

import time
from collections.abc import Awaitable, Callable
from typing import Any

MARGIN = 0.2
"""Share of the time-outs that is not used: a request that begins under the lease goes out within it, and the
clocks of two machines do not run differently by as much."""


def seconds() -> float:
    """Seconds by a clock that nobody sets, and that goes on while the machine sleeps, where there is one."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Lease:
    """Called, it says whether no other member can have our partitions now. Safe to ask from any thread.

    `app` runs on this package's transport, whose consumer it listens to from the first question on; none is
    answered with yes before the next heartbeat (broker_heartbeat_interval, 3 s) was taken.
    """

    def __init__(self, app: Any, clock: Callable[[], float] = seconds) -> None:
        self._app = app
        self._clock = clock
        self._coordinator: Any = None
        self._beat: float | None = None
        conf = app.conf
        self._lasts = (1 - MARGIN) * min(conf.broker_session_timeout, conf.broker_rebalance_timeout)

    def __call__(self) -> bool:
        self._listen()
        beat = self._beat
        return beat is not None and self._clock() - beat < self._lasts

    def _listen(self) -> None:
        consumer = getattr(self._app.consumer._thread, "_consumer", None)
        coordinator = getattr(consumer, "_coordinator", None)
        if coordinator is None or coordinator is self._coordinator:
            return
        self._coordinator, self._beat = coordinator, None
        coordinator._do_heartbeat = self._timed(coordinator, coordinator._do_heartbeat)

    def _timed(self, coordinator: Any, beat: Callable[[], Awaitable[bool]]) -> Callable[[], Awaitable[bool]]:
        """The heartbeat, noted by the time at which it was sent: an answer may lie about for long."""

        async def timed() -> bool:
            sent = self._clock()
            taken = await beat()
            rebalancing = coordinator._rejoin_needed_fut.done()  # to which aiokafka says true as well
            self._beat = sent if taken and not rebalancing else None
            return taken

        return timed

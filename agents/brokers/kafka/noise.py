"""What aiokafka logs, at a measure that a person can read, and without what passes over the wire.

It logs every failed connection, several times a second while a broker is away, and at debug every
request in full: that of a login in the PLAIN mechanism holds the password.
"""

import logging
import time

AGAIN = 30.0
"""Seconds within which the same warning is not repeated."""


ORDINARY = ("because it is rebalancing",)
"""Parts of warnings of what happens whenever a worker joins or leaves."""


class Seldom(logging.Handler):
    """Hands on to the root's handlers what was not said lately, and nothing where there are none."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._said: dict[tuple[str, str], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if any(part in str(record.msg) for part in ORDINARY):
            return
        kind, now = (record.name, str(record.msg)), time.monotonic()
        if now - self._said.get(kind, -AGAIN) < AGAIN:
            return
        self._said[kind] = now
        root = logging.getLogger()
        if root.handlers and root.isEnabledFor(record.levelno):
            root.handle(record)


def quieten() -> None:
    """For this process; again is harmless."""
    logger = logging.getLogger("aiokafka")
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    if not any(isinstance(handler, Seldom) for handler in logger.handlers):
        logger.addHandler(Seldom())

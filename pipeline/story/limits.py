"""Bounds of a summary: a reader's attention, and a broker's 1 MB for one message."""

from dataclasses import dataclass, fields
from typing import Self

LARGEST = 900_000
"""Bytes of an encoded summary or list of changes; leaves room for headers below a broker's 1 MB."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many entries each list of a summary holds at most."""

    lead: int = 5
    quantities: int = 30
    claims: int = 6
    superseded: int = 2
    positions: int = 60
    days: int = 40
    origins: int = 40
    outlets: int = 60
    articles: int = 300
    undated: int = 50
    ended: int = 100

    def halved(self) -> Self:
        """Half of each, at least one: for a story whose sentences and addresses are unusually long."""
        return type(self)(**{entry.name: max(1, getattr(self, entry.name) // 2) for entry in fields(self)})


LIMITS = Limits()

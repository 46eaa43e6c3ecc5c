"""Limits: how much of one source document is read, so that no document takes a worker down."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes are bytes after decompression; what a limit cuts is reported, never taken as seen.

    `body` and `entries` are the figures of the field (5 to 15 MB, 2,000 entries). `tags` bounds the
    work on documents that need the tolerant reader: it takes 30 to 70 microseconds per tag, so 200,000
    are some ten seconds. `broken` bounds it on what is not even well-formed: up to 6 microseconds per
    byte. `entry` keeps one entry, as JSON, under Kafka's customary megabyte.
    """

    body: int = 10_000_000
    entries: int = 2_000
    tags: int = 200_000
    broken: int = 2_000_000
    entry: int = 900_000


LIMITS = Limits()

LONGEST_FEED = 2_000
"""Characters of a feed's id: every observation of an article's row carries one, and a row has a limit."""

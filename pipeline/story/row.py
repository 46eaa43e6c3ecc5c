"""A story's set of rows: grow-only, and everything a reader sees is a pure function of it.

A row is one delivered event. Its key is `story|article|subject|revision|sequence`; nothing is ever
removed. What stands now is chosen by `current`, which no order and no repetition of rows changes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

from pipeline.codec import decode, encode
from pipeline.event.event import Ended, Event

SEPARATOR = "|"
"""Occurs in no id: stories and subjects are slugs, articles hex, revisions times and hex."""


class RowKey(NamedTuple):
    """The parts of a row's key, in their order in the string."""

    story: str
    article: str
    subject: str
    revision: str
    sequence: str


class Standing(Protocol):
    """What choosing among rows looks at; `StoryRow` and `Contribution` both answer it."""

    @property
    def place(self) -> str: ...
    @property
    def article(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def revision(self) -> str: ...
    @property
    def sequence(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def observed(self) -> datetime | None: ...
    @property
    def ended(self) -> Ended | None: ...
    @property
    def retracted(self) -> bool: ...


R = TypeVar("R", bound=Standing)


@dataclass(frozen=True, slots=True)
class StoryRow:
    """One delivered event; `sequence` orders what was known of its revision (string order).

    `version` is the version of the story, counted on the log, in which the row arrived.
    """

    event: Event
    sequence: str
    version: int

    @property
    def place(self) -> str:
        """What one row stands for at a time: article and subject."""
        return place(self.article, self.subject)

    @property
    def article(self) -> str:
        """Id of the event's article."""
        return self.event.article.id

    @property
    def subject(self) -> str:
        """Subject of the event."""
        return self.event.subject

    @property
    def revision(self) -> str:
        """Name of the article's revision."""
        return self.event.article.revision

    @property
    def observed(self) -> datetime | None:
        """When the revision was observed; None where nobody knows."""
        return self.event.article.observed

    @property
    def ended(self) -> Ended | None:
        """How the subject left the article, or None."""
        return self.event.ended

    @property
    def retracted(self) -> bool:
        """Whether the revision is taken back as one that never was."""
        return self.event.retracted


def place(article: str, subject: str) -> str:
    """`article|subject`: its rows are revisions of one thing."""
    return f"{article}{SEPARATOR}{subject}"


def row_key(story: str, row: Standing) -> str:
    """The key of `row` in the set of `story`."""
    return SEPARATOR.join((story, row.article, row.subject, row.revision, row.sequence))


def parse_key(key: str) -> RowKey:
    """The parts of a row's key. Raises ValueError for a string that is none."""
    parts = key.split(SEPARATOR)
    if len(parts) != len(RowKey._fields):
        raise ValueError(f"not a story row's key: {key!r}")
    return RowKey(*parts)


def encode_row(row: StoryRow) -> bytes:
    """JSON bytes of a row: event, sequence, version."""
    return encode(row)


def decode_row(data: bytes) -> StoryRow:
    """The row that `data` is the JSON of. Raises CodecError."""
    return decode(StoryRow, data)


def current(rows: Iterable[R]) -> tuple[list[R], list[R]]:
    """What stands and what has ended: one row per (article, subject), each list sorted by these.

    Of each revision the row with the highest sequence counts, and the revision is passed over when
    that row retracts it; of each article and subject the highest revision counts.
    """
    first: dict[str, R] = {}
    several: dict[str, list[R]] = {}
    for row in rows:
        held = first.setdefault(row.place, row)
        if held is not row:
            several.setdefault(row.place, [held]).append(row)
    chosen = [_newest(several[place]) if place in several else first[place] for place in sorted(first)]
    known = [row for row in chosen if row is not None and not row.retracted]
    return [row for row in known if row.ended is None], [row for row in known if row.ended is not None]


def _newest(rows: list[R]) -> R | None:
    """The row of the highest revision that is not retracted, of one article and subject."""
    known: dict[str, R] = {}
    for row in rows:
        held = known.get(row.revision)
        if held is None or (row.sequence, row.version) > (held.sequence, held.version):
            known[row.revision] = row
    revisions = [revision for revision, row in known.items() if not row.retracted]
    return known[max(revisions)] if revisions else None


def as_of(rows: Iterable[R], when: datetime) -> list[R]:
    """The rows observed at or before `when` (aware); those without an observation belong to every as-of."""
    return [row for row in rows if row.observed is None or row.observed <= when]


def since(rows: Iterable[R], version: int) -> list[R]:
    """The rows that had arrived by `version`: what a reader whose cursor it is has seen."""
    return [row for row in rows if row.version <= version]

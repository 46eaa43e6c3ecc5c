"""FeedNote: something about a feed that its readers should know, such as what was probably lost."""

from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.dates import Utc


class NoteKind(StrEnum):
    """What a note is about. Each has a line in docs/reference.md (a test compares the two)."""

    LOSS = "loss"
    QUIET = "quiet"
    FROZEN = "frozen"
    CLOCK = "clock"
    REPLACED = "replaced"
    MOVED = "moved"
    GONE = "gone"
    FAILING = "failing"
    DAMAGED = "damaged"
    REPEATED = "repeated-guid"
    RESTLESS = "restless"
    HUB = "hub"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class FeedNote:
    """One note, as published on `feed-notes`. `at` is the poll that noticed it; `since` what it dates from.

    `message` is for a person. `facts` are its figures, by name, for programs. A condition that lasts is
    noted once when it begins; OVER says that it ended, and `of` which.
    """

    feed: str
    kind: NoteKind
    at: Utc
    since: Utc | None
    message: str
    title: str | None = None
    of: NoteKind | None = None
    facts: dict[str, str | int | float] = field(default_factory=dict)

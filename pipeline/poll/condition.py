"""condition: what all notes are told from: one look at a feed between two states, and what it shows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto

from pipeline.dates import Utc
from pipeline.feed.compare import Comparison
from pipeline.feed.document import FeedDocument
from pipeline.feed.listing import AHEAD
from pipeline.feed.moment import is_placeholder
from pipeline.poll.note import NoteKind
from pipeline.poll.poll import Poll
from pipeline.poll.seen import is_part
from pipeline.poll.state import FeedState

Facts = dict[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Look:
    """A poll of a feed, with what was remembered before and what will be. `at` is when it answered."""

    before: FeedState
    after: FeedState
    poll: Poll
    at: Utc

    @property
    def whole(self) -> bool:
        """Whether the document shows all that the feed lists, so that what it lacks is not there."""
        document = self.poll.document
        return document is not None and document.complete and not is_part(self.poll)


@dataclass(frozen=True, slots=True)
class Read:
    """A look that brought a document."""

    look: Look
    document: FeedDocument
    comparison: Comparison


class Sign(Enum):
    """What a look says of a lasting condition: AGAIN if it holds and is to be noted though it was."""

    UNKNOWN = auto()
    FINE = auto()
    HOLDS = auto()
    AGAIN = auto()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a note will say. `since` must come out the same if the same poll is done once more, after a
    crash: it is taken from what was remembered before, or from the document, never from the poll."""

    since: Utc | None
    message: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that lasts: how a look shows it, what is said when it begins, and when it is over."""

    kind: NoteKind
    sign: Callable[[Look], Sign]
    tell: Callable[[Look], Finding]
    over: str


def noted(look: Look, kind: NoteKind) -> bool:
    """Whether the condition was noted before and is not over."""
    return kind in look.before.noted


def read(look: Look) -> Read | None:
    """The look as one that brought a document, if it did."""
    document, comparison = look.poll.document, look.poll.comparison
    return Read(look, document, comparison) if document and comparison else None


def plausible_dates(document: FeedDocument, at: Utc) -> list[Utc]:
    """The dates of what a document lists, without those that lie in the future."""
    return [date for date in document.dates if date - at <= AHEAD and not is_placeholder(date)]

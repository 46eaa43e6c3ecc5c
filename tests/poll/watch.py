"""Watch: a feed under observation in the tests: each look goes through the decision and the notes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from pipeline.dates import Utc
from pipeline.feed.compare import compare, compare_partial
from pipeline.feed.document import FeedDocument
from pipeline.feed.entry import Entry
from pipeline.feed.listing import Listing
from pipeline.ids import note_id
from pipeline.poll.decide import after
from pipeline.poll.note import FeedNote, NoteKind
from pipeline.poll.notice import noticed
from pipeline.poll.policy import Policy
from pipeline.poll.poll import Poll, Way
from pipeline.poll.spec import FeedSpec
from pipeline.poll.state import FeedState
from tests.poll.polls import NEVER, NOON, SPEC, answer, entry, hours


def document(at: Utc, listed: Sequence[Entry], **parts: Any) -> FeedDocument:
    """A document of a paper, `parts` of it different."""
    plain = FeedDocument("f", "feed", "rss20", "Paper", "https://p.example/", observed=at)
    return replace(plain, entries=tuple(listed), **parts)


def identity(note: FeedNote) -> str:
    """The id under which a note is published."""
    return note_id(note.feed, f"{note.kind} {note.of or ''}", note.since)


DAY = 24.0


@dataclass
class Watch:
    """What is remembered of a feed, and all that was noted of it."""

    at: Utc = NOON
    state: FeedState = NEVER
    listing: Listing | None = None
    spec: FeedSpec = SPEC
    notes: list[FeedNote] = field(default_factory=list)

    def wait(self, count: float) -> "Watch":
        self.at += hours(count)
        return self

    def look(self, poll: Poll) -> tuple[FeedNote, ...]:
        """Decide and notice; done once more, a minute later, as after a crash, it gives the same ids."""
        before = self.state
        plain = after(self.spec, before, poll, Policy())
        self.state, notes = noticed(self.spec, before, plain, poll)
        asked, at = (moment + timedelta(minutes=1) for moment in (poll.asked, poll.at))
        again = replace(poll, asked=asked, answer=poll.answer and replace(poll.answer, at=at))
        _, repeated = noticed(self.spec, before, after(self.spec, before, again, Policy()), again)
        assert {identity(note) for note in notes} <= {identity(note) for note in repeated}
        assert NoteKind.OVER not in self.state.noted
        if poll.comparison is not None:
            self.listing = poll.comparison.listing
        self.notes += notes
        return notes

    def polled(self, listed: Sequence[Entry], way: Way = "asked", status: int = 200, **parts: Any) -> Poll:
        """What a look finds that brings a document."""
        found = document(self.at, listed, **parts)
        part = way == "delivered" or status == 226
        compared = (compare_partial if part else compare)(self.listing, found)
        head = answer(self.at, status) if way == "asked" else None
        body = f"body of {self.at}"
        return Poll(self.at, way, head, None, found, compared, body, sent=len(compared.to_send))

    def lists(
        self, listed: Sequence[Entry], way: Way = "asked", status: int = 200, **parts: Any
    ) -> tuple[FeedNote, ...]:
        """Look, and find a document."""
        return self.look(self.polled(listed, way, status, **parts))


def news(at: datetime, label: str, count: int = 10, every: float = 0.5) -> list[Entry]:
    """Entries of the hours before `at`, the newest first."""
    return [entry(f"{label}{n}", at - hours(every * (n + 1))) for n in range(count)]


def kinds(notes: Sequence[FeedNote]) -> list[str]:
    """What the notes are, an end with what ended."""
    return [f"{note.kind} {note.of}" if note.of else str(note.kind) for note in notes]


def only(notes: Sequence[FeedNote]) -> FeedNote:
    (note,) = notes
    return note

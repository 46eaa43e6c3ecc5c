"""Poll: what one look at a feed brought, the input of every decision about it."""

from dataclasses import dataclass
from typing import Literal

from pipeline.dates import Utc
from pipeline.feed.compare import Comparison
from pipeline.feed.document import FeedDocument
from pipeline.outcome import Rejected
from pipeline.poll.answer import Answer

Way = Literal["asked", "delivered"]


@dataclass(frozen=True, slots=True)
class Poll:
    """One look at a feed. `asked` is when the request went out (of a delivery: when it came).

    `answer` is None if none came. `why` says why the look failed; then there is no `comparison`.
    `document` and `comparison` are there if a body was read; with neither and no `why` nothing had
    changed: a 304, or a body (`same_body`) that is byte for byte the last. `body` is the hash of a body
    that parsed. `sent` counts the entries sent to `entries`; `unsent` says why others could not be.
    """

    asked: Utc
    way: Way = "asked"
    answer: Answer | None = None
    why: Rejected | None = None
    document: FeedDocument | None = None
    comparison: Comparison | None = None
    body: str | None = None
    same_body: bool = False
    sent: int = 0
    unsent: tuple[Rejected, ...] = ()

    @property
    def at(self) -> Utc:
        """When the answer came, else when it was asked for."""
        return self.answer.at if self.answer else self.asked

"""Deleted entries (RFC 6721). feedparser keeps only the last of a document, so this is a pass of our own."""

from dataclasses import dataclass, field
from xml.parsers import expat

from pipeline.characters import scalar
from pipeline.feed.document import Deletion
from pipeline.feed.moment import moment
from pipeline.feed.walk import walker
from pipeline.outcome import Reason, Rejected

NAMESPACE = "http://purl.org/atompub/tombstones/1.0"
_ELEMENT = f"{NAMESPACE} deleted-entry"
_BY = f"{NAMESPACE} by"


@dataclass(slots=True)
class _Pass:
    """The state of one walk through a document."""

    most: int
    found: list[Deletion] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    depth: int = 0
    current: dict[str, str] | None = None
    by: list[str] = field(default_factory=list)
    inside_by: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if name == _ELEMENT and self.depth == 2:  # a child of the feed; in a content it is somebody's example
            self.current, self.by = attributes, []
        elif name == _BY:
            self.inside_by = True

    def text(self, data: str) -> None:
        if self.inside_by and len(self.by) < 100:
            self.by.append(data)

    def end(self, name: str) -> None:
        self.depth -= 1
        if name == _BY:
            self.inside_by = False
        elif name == _ELEMENT and self.depth == 1 and self.current is not None:
            self.close(self.current)
            self.current = None

    def close(self, attributes: dict[str, str]) -> None:
        """Keep a complete element; without a ref it says nothing."""
        ref, written = attributes.get("ref", "").strip(), attributes.get("when", "")
        where = f"deleted entry {len(self.found) + len(self.rejected) + 1}"
        if not ref:
            self.rejected.append(Rejected(Reason.MISSING_FIELD, "at:deleted-entry without ref", where))
            return
        when = moment(written)
        if when is None:
            self.rejected.append(Rejected(Reason.BAD_DATE, f"when is no date: {written[:80]!r}", where))
        if len(self.found) < self.most:
            self.found.append(Deletion(scalar(ref), when, scalar(" ".join("".join(self.by).split())) or None))


def deletions(data: bytes, most: int) -> tuple[tuple[Deletion, ...], tuple[Rejected, ...]]:
    """The deletions that a UTF-8 document states, at most `most`; in a broken one those before the break."""
    if b"deleted-entry" not in data:
        return (), ()
    walk = _Pass(most)
    try:
        walker(walk).Parse(data, True)
    except expat.ExpatError as error:
        said = f"deletions after line {error.lineno} could not be read: {expat.errors.messages[error.code]}"
        walk.rejected.append(Rejected(Reason.MALFORMED_FEED, said, f"line {error.lineno}"))
    return tuple(walk.found), tuple(walk.rejected)

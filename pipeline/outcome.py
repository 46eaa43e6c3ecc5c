"""Outcomes that are not results: a value with a reason code, never an exception half way up the stack."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why an item cannot go on. Each code has a line in docs/reference.md (a test compares the two)."""

    # A source document as a whole
    EMPTY_BODY = "empty-body"
    NOT_A_FEED = "not-a-feed"
    HTML_NOT_FEED = "html-not-feed"
    MALFORMED_FEED = "malformed-feed"
    FORBIDDEN_DTD = "forbidden-dtd"
    TOO_LARGE = "too-large"
    TOO_MANY_ENTRIES = "too-many-entries"
    NOT_TEXT = "not-text"
    BAD_ENCODING = "bad-encoding"
    BAD_MANIFEST = "bad-manifest"
    MISSING_FILE = "missing-file"
    UNKNOWN_KIND = "unknown-kind"
    # One row or entry
    BAD_JSON = "bad-json"
    MISSING_FIELD = "missing-field"
    BAD_FIELD = "bad-field"
    BAD_DATE = "bad-date"
    UNIDENTIFIABLE = "unidentifiable"
    UNKNOWN_DELETION = "unknown-deletion"
    # One message on a topic
    UNDECODABLE = "undecodable"
    UNKNOWN_STORY = "unknown-story"
    OVERSIZE = "oversize"
    REFUSED = "refused"
    STAGE_FAILED = "stage-failed"


@dataclass(frozen=True, slots=True)
class Rejected:
    """An item that cannot go on: `reason` for programs, `message` and `where` for a person.

    `where` names the item within its source ("line 14", "entry 3, guid abc"); the caller who knows
    the file or topic puts that in front.
    """

    reason: Reason
    message: str
    where: str = ""

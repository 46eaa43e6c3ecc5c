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
    # One request to the network
    BAD_ADDRESS = "bad-address"
    REFUSED_ADDRESS = "refused-address"
    DNS_FAILED = "dns-failed"
    UNREACHABLE = "unreachable"
    BAD_CERTIFICATE = "bad-certificate"
    TIMED_OUT = "timed-out"
    BAD_RESPONSE = "bad-response"
    CUT_SHORT = "cut-short"
    BAD_COMPRESSION = "bad-compression"
    BAD_REDIRECT = "bad-redirect"
    REDIRECT_LOOP = "redirect-loop"
    TOO_MANY_REDIRECTS = "too-many-redirects"
    CHALLENGED = "challenged"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    GONE = "gone"
    RATE_LIMITED = "rate-limited"
    SERVER_ERROR = "server-error"
    HTTP_ERROR = "http-error"
    UNASKED_NOT_MODIFIED = "unasked-not-modified"
    # One article's page
    ROBOTS_FORBID = "robots-forbid"
    NO_PAGE = "no-page"
    NO_TEXT = "no-text"
    # The list of feeds, and hubs
    BAD_FEED_LIST = "bad-feed-list"
    BAD_SIGNATURE = "bad-signature"
    HUB_REFUSED = "hub-refused"
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

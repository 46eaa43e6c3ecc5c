"""Answer: the head of a response, which answers questions; the body is beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.dates import Utc
from pipeline.outcome import Reason, Rejected
from pipeline.poll import freshness

PERMANENT = frozenset((301, 308))
"""Redirects that say where to ask from now on (RFC 9110, 15.4.2 and 15.4.9)."""

LONGEST_URL = 2_048
LONGEST_VALIDATOR = 1_024

CHALLENGES = {
    "cf-mitigated": ("challenge",),
    "x-amzn-waf-action": ("challenge", "captcha"),
    "x-vercel-mitigated": ("challenge",),
}
"""Headers by which a page that tests for a person is told from an answer, whatever its status: Cloudflare's
"Detect a Challenge Page response", AWS WAF's ChallengeAction (with 202) and CaptchaAction (with 405),
Vercel's attack challenge mode."""

_FAILURES = {
    202: (Reason.HTTP_ERROR, "the server accepted the request without answering it"),
    204: (Reason.HTTP_ERROR, "the server has no content to give"),
    206: (Reason.HTTP_ERROR, "the server sent a part that was not asked for"),
    401: (Reason.FORBIDDEN, "the server wants a password"),
    403: (Reason.FORBIDDEN, "the server forbids it"),
    404: (Reason.NOT_FOUND, "the server finds nothing at this address"),
    410: (Reason.GONE, "the server says that this is gone for good"),
    429: (Reason.RATE_LIMITED, "the server says that it was asked too often"),
    451: (Reason.HTTP_ERROR, "the server may not show it, for legal reasons"),
}


@dataclass(frozen=True, slots=True)
class Hop:
    """A redirect on the way: the address that gave it, and its status."""

    url: str
    status: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What the address `asked` led to: `url` answered at `at`, after `hops`.

    `headers` have lower-case names; of a header sent several times the values are joined by ", ".
    `conditional`: validators were sent, so that a 304 makes sense.
    """

    asked: str
    url: str
    status: int
    at: Utc
    headers: Mapping[str, str] = field(default_factory=dict)
    hops: tuple[Hop, ...] = ()
    conditional: bool = False

    @property
    def unchanged(self) -> bool:
        """Nothing changed since the validators that were sent."""
        return self.status == 304 and self.conditional

    @property
    def delta(self) -> bool:
        """The body holds only what changed (226, RFC 3229): what it leaves out is listed all the same."""
        return self.status == 226

    @property
    def etag(self) -> str | None:
        """ETag verbatim, quotes and W/ included; None also where it could not be sent back."""
        return _sendable(self.headers.get("etag"))

    @property
    def last_modified(self) -> str | None:
        """Last-Modified verbatim, whatever it looks like: only its origin has to understand it."""
        return _sendable(self.headers.get("last-modified"))

    @property
    def challenged(self) -> bool:
        """A page that tests for a person came in place of the answer."""
        if any(self.headers.get(name, "").lower() in marks for name, marks in CHALLENGES.items()):
            return True
        return self.status == 403 and "x-datadome" in self.headers

    @property
    def permanent(self) -> str | None:
        """Where redirects that are all permanent (301, 308) lead from the address asked; None if nowhere.

        Behind them a temporary redirect may follow: the address that gave it is the permanent one.
        """
        lasting = next((hop.url for hop in self.hops if hop.status not in PERMANENT), self.url)
        usable = lasting.isprintable() and len(lasting) <= LONGEST_URL
        return lasting if usable and lasting != self.asked else None

    @property
    def retry_after(self) -> float:
        """Seconds that Retry-After asks to wait, with any status; 0 if it asks nothing."""
        return freshness.retry_after(self.headers, self.at)

    @property
    def fresh_for(self) -> float:
        """Seconds for which Cache-Control or Expires say that nothing changes; 0 if they do not."""
        return freshness.fresh_for(self.headers, self.at)

    def failure(self) -> Rejected | None:
        """Why status and headers alone make this no answer; None where the body is to be read, or a 304 was
        asked for."""
        if self.challenged:
            said = f"the server tests whether a person is asking ({self.status})"
            return Rejected(Reason.CHALLENGED, said)
        if self.status in (200, 226) or self.unchanged:
            return None
        reason, said = _failure(self.status)
        return Rejected(reason, f"{said} ({self.status})")


def _failure(status: int) -> tuple[Reason, str]:
    if status == 304:
        return Reason.UNASKED_NOT_MODIFIED, "the server says not modified and was not asked whether"
    if 500 <= status <= 599:
        return Reason.SERVER_ERROR, "the server failed"
    if 300 <= status <= 399:
        return Reason.HTTP_ERROR, "the server points elsewhere without saying where"
    return _FAILURES.get(status, (Reason.HTTP_ERROR, "the server did not give the document"))


def _sendable(value: str | None) -> str | None:
    """A header's value, unless it is empty or too long, or its bytes were no text (it could neither be
    remembered nor sent back)."""
    return value if value and len(value) <= LONGEST_VALIDATOR and value.isprintable() else None


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer that came, whatever its status, with its body after decompression."""

    answer: Answer
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Unfetched:
    """No answer, or none that can be read; `answer` is there if its head came (a body too large, say)."""

    why: Rejected
    at: Utc
    answer: Answer | None = None

"""look: the answer to a request beside what is remembered of the feed, to what it says that was not known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b

from pipeline.dates import Utc
from pipeline.feed.compare import Comparison, compare, compare_partial
from pipeline.feed.document import FeedDocument, with_facts
from pipeline.feed.listing import Listing
from pipeline.feed.parse import parse_feed
from pipeline.outcome import Rejected
from pipeline.poll.answer import Answer
from pipeline.poll.poll import Poll, Way
from pipeline.poll.spec import FeedSpec
from pipeline.poll.state import FeedState
from pipeline.urls import joined

Remembered = Callable[[], Listing | None]
"""What the feed listed before, asked for only if it is needed."""


@dataclass(frozen=True, slots=True)
class Body:
    """Bytes that came for a feed, `at`, with the headers that say how to read them.

    `partial`: they hold only what is new (a delta, a delivery), so that nothing follows from absence.
    """

    data: bytes
    headers: Mapping[str, str]
    at: Utc
    partial: bool = False


def look(spec: FeedSpec, before: FeedState, answer: Answer, body: bytes, remembered: Remembered) -> Poll:
    """What an answer brings: nothing, a failure, or a document and its comparison. `sent` is still open."""
    asked = answer.at
    failure = answer.failure()
    if failure is not None:
        return Poll(asked, answer=answer, why=failure)
    if answer.unchanged:
        return Poll(asked, answer=answer)
    found = body_hash(body)
    if found == before.validators.body and not answer.delta:
        return Poll(asked, answer=answer, body=found, same_body=True)
    since = before.answered  # polls without news in between have confirmed the listing until then

    def confirmed() -> Listing | None:
        listing = remembered()
        return listing if listing is None or since is None else replace(listing, observed=since)

    headers = dict(answer.headers)
    headers["content-location"] = joined(answer.url, headers.get("content-location", "")) or answer.url
    return _read(spec, Body(body, headers, answer.at, answer.delta), confirmed, answer, "asked")


def delivered(spec: FeedSpec, body: Body, remembered: Remembered) -> Poll:
    """What a hub's delivery brings."""
    headers = {"content-location": spec.url, **body.headers}
    return _read(spec, Body(body.data, headers, body.at, True), remembered, None, "delivered")


def body_hash(body: bytes) -> str:
    """32 hex over a body; two polls with the same one brought the same."""
    return blake2b(body, digest_size=16).hexdigest()


def _read(spec: FeedSpec, body: Body, remembered: Remembered, answer: Answer | None, way: Way) -> Poll:
    before = remembered()
    parsed = parse_feed(
        body.data,
        feed=spec.url,
        origin="feed",
        observed=body.at,
        headers=body.headers,
        known=before,
        basis=f"{spec.publisher}\n{spec.language}",
    )
    if isinstance(parsed, Rejected):
        return Poll(body.at, way, answer, why=parsed)
    document = with_facts(parsed, spec.url, spec.publisher, spec.language)
    found = _compared(document, body.partial, before)
    return Poll(body.at, way, answer, None, document, found, body_hash(body.data))


def _compared(document: FeedDocument, partial: bool, before: Listing | None) -> Comparison:
    return compare_partial(before, document) if partial else compare(before, document)

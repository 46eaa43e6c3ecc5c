"""validators: what is sent so that an unchanged feed need not be sent again, and when it is not sent."""

from dataclasses import replace
from datetime import timedelta

from pipeline.outcome import Reason
from pipeline.poll.poll import Poll
from pipeline.poll.state import FeedState, Validators

EVERY = 20
"""Polls in a row with validators, after which one goes without: some origins keep them while the content
changes. That costs 5 % of the bodies."""

WHOLE = timedelta(days=1)
"""Without a body for so long, a feed that is seldom asked is asked without validators before that."""


def request_headers(state: FeedState) -> dict[str, str]:
    """The headers of the next request: If-None-Match and If-Modified-Since, verbatim as they were given
    (the comparison is weak for GET, RFC 9110, 13.1.2, so a W/ tag may be sent back); none where a whole
    answer is due."""
    held = state.validators
    if held.stuck or held.conditional >= EVERY:
        return {}
    if held.whole is not None and state.asked is not None and state.asked - held.whole >= WHOLE:
        return {}
    headers = {}
    if held.etag:
        headers["If-None-Match"] = held.etag
    if held.last_modified:
        headers["If-Modified-Since"] = held.last_modified
    return headers


def of_unchanged(held: Validators, poll: Poll) -> Validators:
    """After a 304, or the same body once more.

    A 304 names the ETag if there is one (RFC 9110, 15.4.5), so without one it is dropped, unless nothing
    would be left to ask with: there are origins that name it with bodies only. Last-Modified may be left out.
    """
    answer = poll.answer
    if answer is None:
        return held
    if poll.same_body:
        return Validators(answer.etag, answer.last_modified, held.body, 0, poll.at, held.stuck)
    modified = answer.last_modified or held.last_modified
    etag = answer.etag or (None if modified else held.etag)
    return Validators(etag, modified, held.body, held.conditional + 1, held.whole, held.stuck)


def of_body(held: Validators, poll: Poll) -> Validators:
    """After a body that parsed: what came with it, or nothing. A delta's hash is no feed's.

    If the body brought new entries under the validators of the last one, they say nothing of the content and
    are `stuck`: none are sent until they move with it. A document that broke off is asked for once more.
    """
    answer, document = poll.answer, poll.document
    if answer is None or document is None:
        return held
    etag, modified = answer.etag, answer.last_modified
    given = bool(etag or modified)
    same = given and (etag, modified) == (held.etag, held.last_modified)
    news = poll.comparison is not None and bool(poll.comparison.new)
    body = None if answer.delta else poll.body
    again = EVERY if not document.complete and not document.cut and not answer.delta else 0
    stuck = same and (news or held.stuck) and not answer.delta
    return Validators(etag, modified, body, again, poll.at, stuck)


def of_failure(held: Validators, poll: Poll) -> Validators:
    """After a failure. A 200 that was no feed wipes them, so that the next success is seen with its body.
    Who says "not modified" unasked is asked with validators next, if there are any; whose answer was no
    HTTP is asked without, for a 304 that carries a body is such an answer."""
    if poll.answer is None:
        broken = poll.why is not None and poll.why.reason is Reason.BAD_RESPONSE
        return replace(held, conditional=EVERY) if broken else held
    if poll.answer.status == 304:
        return replace(held, conditional=0, whole=poll.at, stuck=False)
    return Validators(body=held.body) if poll.answer.status in (200, 226) else held

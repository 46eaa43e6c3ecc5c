"""Answer: what a response means, from its status and headers alone."""

import pytest

from pipeline.outcome import Reason
from pipeline.poll.answer import Answer, Hop
from tests.poll.polls import NOON

A, B, C = "https://a.example/feed", "https://b.example/feed", "https://c.example/feed"


def answer(status: int = 200, conditional: bool = False, /, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(A, A, status, NOON, named, conditional=conditional)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        pytest.param(answer(200), None, id="200 is read"),
        pytest.param(answer(226), None, id="226 delta is read, RFC 3229 10.4.1"),
        pytest.param(answer(304, True), None, id="304 asked for, RFC 9110 15.4.5"),
        pytest.param(answer(304), Reason.UNASKED_NOT_MODIFIED, id="304 to an unconditional request"),
        pytest.param(answer(401), Reason.FORBIDDEN, id="401, RFC 9110 15.5.2"),
        pytest.param(answer(403), Reason.FORBIDDEN, id="403, RFC 9110 15.5.4"),
        pytest.param(answer(403, cf_mitigated="challenge"), Reason.CHALLENGED, id="Cloudflare's challenge"),
        pytest.param(answer(503, cf_mitigated="Challenge"), Reason.CHALLENGED, id="with any status"),
        pytest.param(answer(403, cf_mitigated="block"), Reason.FORBIDDEN, id="Cloudflare's block is none"),
        pytest.param(answer(403, server="cloudflare", cf_ray="1"), Reason.FORBIDDEN, id="nor its mere CDN"),
        pytest.param(answer(202, x_amzn_waf_action="challenge"), Reason.CHALLENGED, id="AWS WAF's challenge"),
        pytest.param(answer(405, x_amzn_waf_action="captcha"), Reason.CHALLENGED, id="AWS WAF's captcha"),
        pytest.param(answer(429, x_vercel_mitigated="challenge"), Reason.CHALLENGED, id="Vercel's challenge"),
        pytest.param(answer(403, x_datadome="protected"), Reason.CHALLENGED, id="DataDome's 403"),
        pytest.param(answer(200, x_datadome="protected"), None, id="DataDome lets pass"),
        pytest.param(answer(404), Reason.NOT_FOUND, id="404, RFC 9110 15.5.5"),
        pytest.param(answer(410), Reason.GONE, id="410, RFC 9110 15.5.11"),
        pytest.param(answer(429), Reason.RATE_LIMITED, id="429, RFC 6585 4"),
        pytest.param(answer(500), Reason.SERVER_ERROR, id="500"),
        pytest.param(answer(503), Reason.SERVER_ERROR, id="503, RFC 9110 15.6.4"),
        pytest.param(answer(522), Reason.SERVER_ERROR, id="a CDN's own 5xx"),
        pytest.param(answer(202), Reason.HTTP_ERROR, id="202 answers nothing"),
        pytest.param(answer(204), Reason.HTTP_ERROR, id="204, RFC 9110 15.3.5"),
        pytest.param(answer(206), Reason.HTTP_ERROR, id="206 unasked, RFC 9110 15.3.7"),
        pytest.param(answer(300), Reason.HTTP_ERROR, id="300 without a way on"),
        pytest.param(answer(418), Reason.HTTP_ERROR, id="any other 4xx"),
        pytest.param(answer(999), Reason.HTTP_ERROR, id="a status that is none"),
    ],
)
def test_each_status_has_its_meaning(given: Answer, reason: Reason | None) -> None:
    """Status and headers alone say whether the answer can be used, and if not, why, with the status."""
    failure = given.failure()
    assert (failure and failure.reason) == reason
    assert failure is None or f"({given.status})" in failure.message


def test_what_was_asked_for_and_what_is_partial() -> None:
    """A 304 is "unchanged" if validators were sent; a 226 is a delta; a 200 is neither."""
    assert [answer(304, True).unchanged, answer(304).unchanged, answer(200, True).unchanged] == [
        True,
        False,
        False,
    ]
    assert [answer(226).delta, answer(200).delta] == [True, False]


@pytest.mark.parametrize(
    "tag",
    [
        pytest.param('"abc"', id="strong, RFC 9110 8.8.3"),
        pytest.param('W/"abc"', id="weak"),
        pytest.param("abc", id="without its quotes"),
        pytest.param('"abc-gzip"', id="Apache's suffix"),
        pytest.param('"é"', id="obs-text"),
    ],
)
def test_validators_are_verbatim(tag: str) -> None:
    """Quotes, W/ and whatever else stay as they came; a Last-Modified is not read as a date."""
    given = answer(etag=tag, last_modified="yesterday")
    assert (given.etag, given.last_modified) == (tag, "yesterday")


@pytest.mark.parametrize(
    "tag",
    [
        pytest.param("", id="empty"),
        pytest.param('"a\r\nX: y"', id="line break"),
        pytest.param('"\udcff"', id="bytes that were no text"),
        pytest.param('"' + "a" * 2_000 + '"', id="two thousand characters"),
    ],
)
def test_validators_that_cannot_be_sent_back_are_none(tag: str) -> None:
    """What could not be sent back or remembered is not kept, and is no failure."""
    given = answer(etag=tag, last_modified=tag)
    assert (given.etag, given.last_modified, given.failure()) == (None, None, None)


@pytest.mark.parametrize(
    ("hops", "url", "permanent"),
    [
        pytest.param((), A, None, id="no redirect"),
        pytest.param((Hop(A, 301),), B, B, id="301, RFC 9110 15.4.2"),
        pytest.param((Hop(A, 308),), B, B, id="308, RFC 9110 15.4.9"),
        pytest.param((Hop(A, 302),), B, None, id="302 is for now"),
        pytest.param((Hop(A, 303),), B, None, id="303 is for now"),
        pytest.param((Hop(A, 307),), B, None, id="307 is for now"),
        pytest.param((Hop(A, 301), Hop(B, 308)), C, C, id="a chain, all permanent"),
        pytest.param((Hop(A, 301), Hop(B, 302)), C, B, id="permanent, then for now: the middle"),
        pytest.param((Hop(A, 302), Hop(B, 301)), C, None, id="for now, then permanent"),
        pytest.param((Hop(A, 301), Hop(B, 301)), A, None, id="back to where it began"),
        pytest.param((Hop(A, 301),), B + "a" * 2_048, None, id="too long to keep"),
        pytest.param((Hop(A, 301),), B + "\udcff", None, id="no text"),
    ],
)
def test_permanent_redirects(hops: tuple[Hop, ...], url: str, permanent: str | None) -> None:
    """The permanent address is where permanent redirects lead that nothing temporary precedes."""
    assert Answer(A, url, 200, NOON, {}, hops).permanent == permanent


def test_it_knows_what_its_headers_ask() -> None:
    """Retry-After and freshness are answered by the value itself, relative to its own time."""
    given = answer(429, retry_after="120", cache_control="max-age=300", age="60")
    assert (given.retry_after, given.fresh_for) == (120, 240)

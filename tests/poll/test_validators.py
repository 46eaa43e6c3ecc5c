"""Validators: what is kept of an answer, and what the next request sends."""

from datetime import timedelta

import pytest

from pipeline.outcome import Reason, Rejected
from pipeline.poll.answer import Answer
from pipeline.poll.poll import Poll
from pipeline.poll.validators import EVERY, request_headers
from tests.poll.polls import (
    KNOWN,
    KNOWN_LISTING,
    LATER,
    NEVER,
    NOON,
    URL,
    answer,
    entry,
    go,
    hours,
    paced,
    read,
    refused,
    same,
    unchanged,
    unreached,
)


def held(*polls: Poll) -> tuple[str | None, str | None]:
    kept = go(KNOWN, *polls).validators
    return kept.etag, kept.last_modified


def body(**headers: str) -> Poll:
    return read(LATER, [entry("a")], head=answer(LATER, **headers))


@pytest.mark.parametrize(
    ("poll", "kept"),
    [
        pytest.param(body(etag='"2"', last_modified="Sun"), ('"2"', "Sun"), id="200 overwrites"),
        pytest.param(body(etag='"2"'), ('"2"', None), id="200 with one drops the other"),
        pytest.param(body(), (None, None), id="200 without: none are invented"),
        pytest.param(same(LATER, etag='"2"'), ('"2"', None), id="the same body under another tag"),
        pytest.param(unchanged(LATER, etag='"2"'), ('"2"', "Sat"), id="304 with a tag keeps the date"),
        pytest.param(unchanged(LATER, last_modified="Sun"), (None, "Sun"), id="304 without a tag drops it"),
        pytest.param(unchanged(LATER), (None, "Sat"), id="304 with nothing keeps the date"),
        pytest.param(refused(LATER, 200, etag='"p"', last_modified="Mon"), (None, None), id="200 page: none"),
        pytest.param(refused(LATER, 503, etag='"error"'), ('W/"1"', "Sat"), id="a 503 changes none"),
        pytest.param(refused(LATER, 404, etag='"error"'), ('W/"1"', "Sat"), id="a 404 changes none"),
        pytest.param(unreached(LATER), ('W/"1"', "Sat"), id="no answer changes none"),
    ],
)  # fmt: skip
def test_validators_after_a_look(poll: Poll, kept: tuple[str | None, str | None]) -> None:
    """What was given with the last body is held verbatim, and nothing that came with a failure."""
    assert held(poll) == kept


def test_a_lone_tag_survives_a_304_without_it() -> None:
    """Where a tag is all there is to ask with, a 304 that does not repeat it leaves it."""
    tagged = go(NEVER, read(NOON, paced(6), head=answer(NOON, etag='"1"')))
    assert go(tagged, unchanged(LATER)).validators.etag == '"1"'


def test_a_request_sends_what_was_given() -> None:
    """Validators go back as they came, W/ and all; without any nothing is sent."""
    assert request_headers(KNOWN) == {"If-None-Match": 'W/"1"', "If-Modified-Since": "Sat"}
    assert request_headers(NEVER) == {}
    assert request_headers(go(KNOWN, refused(LATER, 200))) == {}


def test_now_and_then_a_whole_answer_is_asked_for() -> None:
    """After twenty polls with validators one goes without, and then again with them."""
    polls = [unchanged(NOON + timedelta(minutes=5 * n), etag='"1"') for n in range(1, EVERY + 1)]
    assert request_headers(go(KNOWN, *polls[:-1]))
    assert request_headers(go(KNOWN, *polls)) == {}
    whole = same(NOON + hours(2), etag='"1"')
    assert request_headers(go(KNOWN, *polls, whole)) == {"If-None-Match": '"1"'}


def test_once_a_day_a_whole_answer_is_asked_for() -> None:
    """A feed that is seldom asked is asked for its body daily."""
    assert request_headers(go(KNOWN, unchanged(NOON + hours(23))))
    assert request_headers(go(KNOWN, unchanged(NOON + hours(24)))) == {}


def test_validators_that_do_not_move_are_not_trusted() -> None:
    """New entries under the tag of the last body: the tag says nothing, until it moves with the content."""
    head = answer(LATER, etag='W/"1"', last_modified="Sat")
    stuck = go(KNOWN, read(LATER, [entry("n"), *paced(6)], KNOWN_LISTING, head=head))
    assert request_headers(stuck) == {}
    moved = read(NOON + hours(2), [entry("m"), *paced(6)], KNOWN_LISTING, head=answer(LATER, etag='"2"'))
    assert request_headers(go(stuck, moved)) == {"If-None-Match": '"2"'}


def test_a_document_that_broke_off_is_asked_for_once_more() -> None:
    """Its validators are of what was sent, perhaps not of all there is: the next request sends none."""
    broken = go(NEVER, read(NOON, paced(6), head=answer(NOON, etag='"1"'), complete=False))
    assert request_headers(broken) == {}
    assert request_headers(go(broken, same(LATER, etag='"1"'))) == {"If-None-Match": '"1"'}


def test_a_304_to_nothing_is_a_failure_that_is_not_repeated() -> None:
    """Who answers 304 to a request without validators is asked with them next, if there are any."""
    polls = [unchanged(NOON + timedelta(minutes=5 * n), etag='"1"') for n in range(1, EVERY + 1)]
    head = Answer(URL, URL, 304, NOON + hours(2))
    state = go(KNOWN, *polls, Poll(head.at, answer=head, why=head.failure()))
    assert state.outcome == "unasked-not-modified"
    assert request_headers(state)


def test_after_an_answer_that_is_no_http_nothing_is_asked_conditionally() -> None:
    """A 304 that carries a body comes as such an answer: with validators it would come for ever."""
    assert request_headers(KNOWN)
    broken = Poll(LATER, why=Rejected(Reason.BAD_RESPONSE, "bytes after the end"))
    assert request_headers(go(KNOWN, broken)) == {}
    assert request_headers(go(KNOWN, Poll(LATER, why=Rejected(Reason.TIMED_OUT, "no answer"))))

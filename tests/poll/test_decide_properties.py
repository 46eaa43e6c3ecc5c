"""Decide, whatever comes: any look leaves a state, and lateness or failure never pay."""

from dataclasses import replace
from datetime import timedelta
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.codec import decode, encode
from pipeline.dates import Utc
from pipeline.outcome import Reason, Rejected
from pipeline.poll.answer import Answer, Hop
from pipeline.poll.decide import after, decide
from pipeline.poll.poll import Poll
from pipeline.poll.state import FeedState, changed
from pipeline.poll.validators import request_headers
from tests.poll.polls import (
    KNOWN,
    KNOWN_LISTING,
    NEVER,
    NOON,
    POLICY,
    SPEC,
    URL,
    entries,
    go,
    hours,
    paced,
    read,
    same,
    seconds,
    unreached,
)

ELSEWHERE = "https://q.example/feed"

PAST = "Thu, 01 Jan 1970 00:00:00 GMT"


FUTURE = "Sun, 07 Feb 2106 06:28:15 GMT"
TEXTS = st.sampled_from(["", '"x"', "max-age=99999999999", "0", "120", "-5", PAST, FUTURE, "\udcff"])
NAMES = ("etag", "last-modified", "retry-after", "cache-control", "expires", "date", "age")
FRESHNESS = ("cache-control", "expires")
HEADERS = st.dictionaries(st.sampled_from(NAMES), TEXTS)
REJECTED = st.builds(Rejected, st.sampled_from(Reason), st.text(max_size=5))
DATES = st.none() | st.floats(-1e5, 1e5).map(lambda by: NOON + hours(by))


@st.composite
def looks(draw: st.DrawFn, at: Utc) -> Poll:
    """A look of any kind, with any headers and dates."""
    status = draw(st.sampled_from([200, 200, 226, 304, 301, 404, 410, 429, 503, 999]))
    hops = draw(st.lists(st.builds(Hop, st.just(URL), st.sampled_from([301, 302])), max_size=2))
    url = draw(st.sampled_from([URL, ELSEWHERE, "ftp://x/", "\udcff", "http://[", ""]))
    came = at + timedelta(seconds=draw(st.integers(-5, 30)))
    head = Answer(URL, url, status, came, draw(HEADERS), tuple(hops), draw(st.booleans()))
    why = head.failure() or draw(st.none() | REJECTED)
    if draw(st.integers(0, 9)) == 0:
        return unreached(at, draw(st.sampled_from(Reason)))
    if why is not None or status == 304:
        return Poll(at, answer=head, why=why)
    if draw(st.booleans()):
        return replace(same(at), answer=head)
    listed = entries(draw(st.lists(DATES, max_size=6)), draw(st.sampled_from("ab")))
    hint = draw(st.none() | st.sampled_from([60.0, 1e9]))
    poll = read(at, listed, KNOWN_LISTING if draw(st.booleans()) else None, head=head, hint=hint)
    return replace(poll, way=draw(st.sampled_from(["asked", "asked", "delivered"])))


@given(st.data(), st.lists(st.floats(0.01, 500), min_size=1, max_size=5), st.booleans())
def test_any_look_leaves_a_state(data: st.DataObject, gaps: list[float], known: bool) -> None:
    """Whatever a look brings: nothing is raised, it can be remembered, the same look gives the same state,
    and the feed is due after its pace and the shortest interval, within seven ceilings and a quarter."""
    state, at = KNOWN if known else NEVER, NOON
    for gap in gaps:
        at += hours(gap)
        poll = data.draw(looks(at))
        before, state = state, decide(SPEC, state, poll, POLICY).state
        assert after(SPEC, before, poll, POLICY) == after(SPEC, before, poll, POLICY)
        assert decode(FeedState, encode(state)) == state
        assert all(value.isprintable() for value in request_headers(state).values())
        if poll.way == "delivered":
            assert state.due == before.due
            continue
        assert state.due is not None and state.asked == at
        assert max(POLICY.shortest, POLICY.pace) <= (state.due - at).total_seconds()
        assert state.due - max(at, poll.at) <= timedelta(seconds=7 * POLICY.ceiling * 1.25)


@given(st.data(), st.floats(0.01, 100), HEADERS)
def test_a_failure_never_comes_back_sooner(data: st.DataObject, by: float, headers: dict[str, str]) -> None:
    """With the same headers at the same moment, but for those of freshness, a failure is not asked again
    before a success would be."""
    at = NOON + hours(by)
    headers = {name: value for name, value in headers.items() if name not in FRESHNESS}
    fine = Poll(at, answer=Answer(URL, URL, 304, at, headers, conditional=True))
    failed = replace(fine, why=Rejected(data.draw(st.sampled_from(Reason)), "no"))
    assert seconds(go(KNOWN, failed)) >= seconds(go(KNOWN, fine))


def followed(per_hour: float, late: list[float]) -> list[float]:
    """The intervals that a steady feed's polls call for, each of them late by such a share of its wait."""
    begun = read(NOON, paced(per_hour, count=120))
    state, known, found = go(NEVER, begun), begun.comparison, []
    for share in late:
        assert state.due is not None and state.asked is not None and known is not None
        at = state.due + (state.due - state.asked) * share
        count = int((at - NOON) / hours(1) * per_hour)
        dates = [NOON + hours((n + 0.5) / per_hour) for n in range(count)]
        listed = [*reversed(entries(dates, "n")), *paced(per_hour, count=120)][:120]
        poll = read(at, listed, known.listing)
        state, known = go(state, poll), poll.comparison
        found.append(state.interval)
    return found


@settings(max_examples=25)
@given(st.floats(0.8, 15), st.lists(st.floats(0, 3), min_size=12, max_size=12))
def test_late_polls_do_not_lengthen_the_interval(per_hour: float, late: list[float]) -> None:
    """A poller that is late, by up to three times its wait, does not learn that a steady feed is slow."""
    punctual = followed(per_hour, [0.0] * len(late))
    assert mean(followed(per_hour, late)) <= mean(punctual) * 1.1


def test_what_is_changed_is_a_field() -> None:
    """The quick way to change a state keeps the rest, and knows its fields."""
    assert changed(KNOWN, outcome="x") == replace(KNOWN, outcome="x")
    with pytest.raises(KeyError):
        changed(KNOWN, outcom="x")

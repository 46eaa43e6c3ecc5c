"""Moves: a permanent redirect is taken over once it is confirmed, and given up if it fails."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.outcome import Reason, Rejected
from pipeline.poll.answer import Hop
from pipeline.poll.poll import Poll
from pipeline.poll.validators import request_headers
from tests.poll.polls import (
    KNOWN,
    LATER,
    NOON,
    URL,
    answer,
    go,
    hours,
    paced,
    read,
    refused,
    unchanged,
    unreached,
)

ELSEWHERE = "https://q.example/feed"


def led(day: float, status: int = 301, to: str = ELSEWHERE) -> Poll:
    """A look that was led elsewhere and found the feed there."""
    at = NOON + timedelta(days=day)
    return read(at, paced(6), head=answer(at, 200, url=to, hops=(Hop(URL, status),)))


@pytest.mark.parametrize(
    ("polls", "address"),
    [
        pytest.param([led(1), led(2), led(3)], ELSEWHERE, id="three sightings over two days"),
        pytest.param([led(1, 308), led(2), led(3)], ELSEWHERE, id="301 and 308 are one"),
        pytest.param([led(1), led(3)], None, id="two sightings"),
        pytest.param([led(1), led(1.1), led(1.2), led(1.3)], None, id="four within a day"),
        pytest.param([led(1), led(2), led(3, 302)], None, id="for now, after all"),
        pytest.param([led(1), led(2), led(3, to="https://r.example/")], None, id="elsewhere each time"),
        pytest.param([led(1), unchanged(NOON + hours(30)), led(2), led(3)], None, id="not led in between"),
        pytest.param([led(1), unreached(LATER), led(2), led(3)], ELSEWHERE, id="a failure between"),
        pytest.param([led(day, to="ftp://q.example/") for day in (1, 2, 4)], None, id="no web address"),
    ],
)  # fmt: skip
def test_a_move_is_confirmed_over_days(polls: list[Poll], address: str | None) -> None:
    """A permanent redirect to the feed is taken over once it was seen three times over two days."""
    assert go(KNOWN, *polls).address == address


def test_a_move_to_what_is_no_feed_is_none() -> None:
    """A maintenance page behind a 301 moves nothing, however often it is seen."""
    state = KNOWN
    for day in range(1, 9):
        at = NOON + timedelta(days=day)
        head = answer(at, 200, url=ELSEWHERE, hops=(Hop(URL, 301),))
        state = go(state, Poll(at, answer=head, why=Rejected(Reason.HTML_NOT_FEED, "a page")))
    assert (state.address, state.moving) == (None, None)


def test_a_new_address_that_fails_for_a_week_is_given_up() -> None:
    """The feed is asked at its own address again, without the other's validators."""
    moved = go(KNOWN, led(1), led(2), led(3))
    failing = [refused(NOON + timedelta(days=4 + day), 404) for day in range(8)]
    assert go(moved, *failing[:-1]).address == ELSEWHERE
    state = go(moved, *failing)
    assert state.address is None
    assert request_headers(state) == {}


def test_after_an_outage_the_new_address_is_asked_again() -> None:
    """Where the old address is dead and the new one failed for over a week, both are asked in turn; the one
    that gives the feed stays."""
    state = go(KNOWN, led(1), led(2), led(3))
    asked = []
    for day in range(4, 16):
        asked.append(state.address)
        state = go(state, refused(NOON + timedelta(days=day), 503 if state.address else 404))
    assert asked == [ELSEWHERE] * 8 + [None, ELSEWHERE] * 2
    waiting = go(state, refused(NOON + timedelta(days=16), 404))
    assert (waiting.address, waiting.left) == (ELSEWHERE, None)
    back = go(waiting, read(NOON + timedelta(days=17), paced(6), head=answer(NOON, url=ELSEWHERE)))
    assert (back.address, back.left) == (ELSEWHERE, None)
    home = go(state, read(NOON + timedelta(days=16), paced(6)))
    assert (state.left, home.address, home.left) == (ELSEWHERE, None, None)


def test_a_move_back_home_needs_no_address() -> None:
    """Led from its new address to its own for days, a feed is asked at its own."""
    moved = go(KNOWN, led(1), led(2), led(3))
    for day in (4, 5, 6):
        at = NOON + timedelta(days=day)
        head = replace(answer(at), asked=ELSEWHERE, url=URL, hops=(Hop(ELSEWHERE, 301),))
        moved = go(moved, read(at, paced(6), head=head))
    assert (moved.address, moved.moving) == (None, None)

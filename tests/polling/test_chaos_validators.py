"""Conditional requests of the whole worker: validators as they were given, and what is not taken for them."""

import pytest

from pipeline.outcome import Reason
from pipeline.poll.note import NoteKind
from pipeline.poll.validators import EVERY
from tests.network.chaos import answer, head, in_turn, raw
from tests.polling.bodies import TYPE, Paper, down, feed, rss
from tests.polling.house import House

ODD_DATE = "Mon, 2 Mar 2026 08:00:00 +0000 (about)"


@pytest.mark.parametrize("tag", ['W/"a b"', '"a,b"', "bare", '"Ã©"', '""'])
async def test_validators_go_back_verbatim(home: House, tag: str) -> None:
    """ETag and Last-Modified are sent back as they came, W/, quotes and odd dates included."""
    url = home.feed("/feed", feed(down(5), ETag=tag, Last_Modified=ODD_DATE))
    async with home.working():
        await home.polled(url, 2)
    first, second = home.asked("/feed")
    assert first.conditions == (None, None)
    assert second.conditions == (tag, ODD_DATE)


async def test_validators_are_overwritten_by_200_and_304(home: House) -> None:
    """A 304 overwrites the ETag, and Last-Modified where it has one; a 200 both, also with none."""
    url = home.feed(
        "/feed",
        in_turn(
            feed(down(5), ETag='"1"', Last_Modified="then"),
            raw(head(304, {"ETag": '"2"'})),
            raw(head(304, {"ETag": '"3"', "Last-Modified": "later"})),
            feed(down(6), ETag='"4"'),
            feed(down(7)),
        ),
    )
    async with home.working():
        state = await home.polled(url, 6)
        assert state.counts.not_modified == 2
        assert await home.numbers(url) == list(range(1, 8))
    assert [request.conditions for request in home.asked("/feed")] == [
        (None, None),
        ('"1"', "then"),
        ('"2"', "then"),
        ('"3"', "later"),
        ('"4"', None),
        (None, None),
    ]


async def test_no_validator_is_invented(home: House) -> None:
    """Without validators nothing is asked conditionally; the same body again is told by its hash."""
    url = home.feed("/feed", feed(down(5), Date="Mon, 02 Mar 2026 09:00:00 GMT"))
    async with home.working():
        state = await home.polled(url, 4)
        assert state.counts.same_body == 3
        assert await home.numbers(url) == [1, 2, 3, 4, 5]
    assert {request.conditions for request in home.asked("/feed")} == {(None, None)}


async def test_validators_that_stay_while_the_content_changes(home: House) -> None:
    """An origin whose ETag stays the same with new entries is found out, and asked without it."""
    url = home.feed("/feed", in_turn(*(feed(down(5 + n), ETag='"same"') for n in range(4))))
    async with home.working():
        await home.polled(url, 4)
        assert await home.numbers(url) == list(range(1, 9))
    assert [request.conditions[0] for request in home.asked("/feed")] == [None, '"same"', None, None]


async def test_now_and_then_a_poll_goes_without_validators(home: House) -> None:
    """An origin that says 304 whatever it publishes is asked unconditionally in the end."""
    paper = Paper()
    url = home.feed("/feed", paper)
    async with home.working():
        await home.polled(url, 1)
        stuck, paper.polite = raw(head(304, {"ETag": paper.tag})), False
        paper.latest = 7

        async def stubborn(asked, reply) -> None:
            await (stuck if "if-none-match" in asked.headers else paper)(asked, reply)

        home.on("/feed", stubborn)
        state = await home.polled(url, EVERY + 2)
        assert await home.numbers(url) == list(range(1, 8))
    assert state.counts.not_modified <= EVERY
    bare = [request for request in home.asked("/feed") if request.conditions == (None, None)]
    assert len(bare) == 2


async def test_an_error_page_with_200_leaves_no_validators(home: House) -> None:
    """An HTML page with 200 is a failure, not "unchanged" and not a feed, and its validators are not kept."""
    page = answer(
        200, b"<!DOCTYPE html><html><body>Back soon</body></html>", ETag='"page"', Content_Type=TYPE
    )
    url = home.feed("/feed", in_turn(feed(down(5), ETag='"1"'), page, page, feed(down(6), ETag='"1"')))
    async with home.working():
        await home.polled(url, 1)
        state = await home.polled(url, 2)
        assert state.failing is not None
        assert state.failing.reason is Reason.HTML_NOT_FEED
        state = await home.polled(url, 4)
        assert state.failing is None
        assert await home.numbers(url) == [1, 2, 3, 4, 5, 6]
        assert NoteKind.LOSS not in await home.kinds(url)
    assert [request.conditions[0] for request in home.asked("/feed")] == [None, '"1"', None, None]


async def test_a_delta_says_nothing_of_what_it_leaves_out(home: House) -> None:
    """A 226 brings its entries; no loss, no end and no return of any other entry is seen in it."""
    delta = answer(226, rss([6, 7]), Content_Type=TYPE, IM="feed", ETag='"2"')
    later = answer(226, rss([20]), Content_Type=TYPE, IM="feed", ETag='"3"')
    url = home.feed(
        "/feed", in_turn(feed(down(5), ETag='"1"'), delta, later, feed([20, *down(7, 7)], ETag='"4"'))
    )
    async with home.working():
        state = await home.polled(url, 4)
        assert await home.numbers(url) == [1, 2, 3, 4, 5, 6, 7, 20]
        assert await home.notes(url) == []
        assert state.counts.lost == 0
    assert home.asked("/feed")[2].conditions[0] == '"2"'


async def test_a_304_with_a_changed_body(home: House) -> None:
    """A 304 that carries a body is no HTTP and no feed; the feed is asked without validators after it."""
    bad = raw(head(304, {"ETag": '"1"'}) + rss(down(9)))
    body = feed(down(6), ETag='"2"')

    async def behave(asked, reply) -> None:
        await (bad if "if-none-match" in asked.headers else body)(asked, reply)

    url = home.feed("/feed", behave)
    async with home.working():
        await home.polled(url, 1)
        state = await home.polled(url, 2)
        assert state.failing is not None
        assert state.failing.reason is Reason.BAD_RESPONSE
        state = await home.polled(url, 3)
        assert state.failing is None
        assert await home.numbers(url) == [2, 3, 4, 5, 6]

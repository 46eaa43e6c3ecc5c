"""Feeds that go away, move, or seem to, through days of the whole worker: nothing is believed at once."""

from datetime import timedelta

import pytest

from pipeline.outcome import Reason
from pipeline.poll.note import NoteKind
from tests.network.chaos import answer, in_turn, redirect
from tests.polling.bodies import TYPE, Paper, down, feed
from tests.polling.held import START
from tests.polling.house import House

PAGE = b"<!DOCTYPE html><html><body>We are working on it</body></html>"


async def test_gone_is_confirmed_over_days_and_never_final(home: House) -> None:
    """410 is an ordinary failure for two days, then noted, asked ever more seldom, and read when back."""
    paper = Paper()
    url = home.feed("/feed", in_turn(paper, answer(410)))
    async with home.working():
        await home.pass_(days=1, hours=12)
        state = home.state(url)
        assert state.failing is not None
        assert state.failing.reason is Reason.GONE
        assert home.wait(url) <= 86_400 * 1.25
        assert NoteKind.GONE not in await home.kinds(url)
        await home.pass_(days=12)
        assert (await home.kinds(url)).count(NoteKind.GONE) == 1
        assert home.wait(url) > 2 * 86_400
        paper.latest = 6
        home.on("/feed", paper)
        await home.pass_(days=7)
        assert home.state(url).failing is None
        assert await home.numbers(url) == [1, 2, 3, 4, 5, 6]
        notes = await home.notes(url)
        assert any(note.kind is NoteKind.OVER and note.of is NoteKind.GONE for note in notes)


async def test_not_found_comes_back(home: House) -> None:
    """A feed that answers 404 for days is asked less often, at least daily, and read when it is back."""
    paper = Paper()
    url = home.feed("/feed", in_turn(paper, answer(404, PAGE)))
    async with home.working():
        await home.polled(url, 3)
        first = home.wait(url)
        await home.pass_(days=4)
        assert home.state(url).failing.reason is Reason.NOT_FOUND
        assert first < home.wait(url) <= 86_400 * 1.25
        assert NoteKind.FAILING in await home.kinds(url)
        paper.latest = 7
        home.on("/feed", paper)
        await home.pass_(days=1, hours=6)
        assert await home.numbers(url) == list(range(1, 8))
        assert home.state(url).failing is None


@pytest.mark.parametrize("status", [301, 308])
async def test_a_move_is_believed_after_days(status: int, home: House) -> None:
    """A permanent redirect is followed each time, and taken for the address after two days of the feed there;
    the feed keeps its id, and nothing is sent twice."""
    paper = Paper()
    target = home.on("/new", paper, "127.0.0.2")
    url = home.feed("/feed", redirect(target, status))
    async with home.working():
        await home.pass_(days=1, hours=20)
        assert home.state(url).address is None
        before = len(home.asked("/feed"))
        assert before > 3
        await home.pass_(days=1)
        assert home.state(url).address == target
        asked = len(home.asked("/feed"))
        paper.latest = 6
        await home.pass_(days=1)
        assert len(home.asked("/feed")) == asked, "it is asked at its new address alone"
        assert await home.numbers(url) == [1, 2, 3, 4, 5, 6]
        assert (await home.kinds(url)).count(NoteKind.MOVED) == 1
    assert home.asked("/new")[-1].conditions[0] == paper.tag


async def test_a_move_to_a_page_is_none(home: House) -> None:
    """A permanent redirect to what is no feed, however long, moves nothing: maintenance pages do that."""
    paper = Paper()
    target = home.on("/sorry", answer(200, PAGE, Content_Type="text/html"))
    url = home.feed("/feed", in_turn(paper, redirect(target, 301)))
    async with home.working():
        await home.pass_(days=4)
        state = home.state(url)
        assert (state.address, state.moving) == (None, None)
        assert state.failing.reason is Reason.HTML_NOT_FEED
        home.on("/feed", paper)
        await home.pass_(days=1, hours=6)
        assert home.state(url).failing is None
        assert home.asked("/feed")[-1].at - START > timedelta(days=4)


@pytest.mark.parametrize("status", [302, 303, 307])
async def test_a_temporary_redirect_never_moves(status: int, home: House) -> None:
    """Redirects that are not permanent are followed each time, for ever, with the validators of their end."""
    paper = Paper()
    target = home.on("/elsewhere", paper, "127.0.0.2")
    url = home.feed("/feed", redirect(target, status))
    async with home.working():
        await home.pass_(days=3)
        assert (home.state(url).address, home.state(url).moving) == (None, None)
        assert home.state(url).counts.not_modified > 3
        assert await home.numbers(url) == [1, 2, 3, 4, 5]


async def test_a_move_that_is_taken_back(home: House) -> None:
    """A feed that fails for a week where it moved to is asked at its own address again."""
    paper = Paper()
    target = home.on("/new", paper, "127.0.0.2")
    url = home.feed("/feed", redirect(target, 301))
    async with home.working():
        await home.pass_(days=3)
        assert home.state(url).address == target
        home.on("/new", answer(404, PAGE))
        home.on("/feed", paper)
        paper.latest = 6
        await home.pass_(days=10)
        assert home.state(url).address is None
        assert await home.numbers(url) == [1, 2, 3, 4, 5, 6]


NOT_THE_FEED = {
    "Cloudflare's challenge": (
        answer(403, PAGE, cf_mitigated="challenge", Content_Type="text/html"),
        Reason.CHALLENGED,
    ),
    "a plain 403": (answer(403, PAGE, Content_Type="text/html"), Reason.FORBIDDEN),
    "an empty 200": (answer(200, b"", Content_Type=TYPE, ETag='"e"'), Reason.EMPTY_BODY),
    "blanks": (answer(200, b" \r\n\t ", Content_Type=TYPE), Reason.EMPTY_BODY),
    "a 304 nobody asked for": (answer(304), Reason.UNASKED_NOT_MODIFIED),
}


@pytest.mark.parametrize("case", NOT_THE_FEED)
async def test_what_is_not_the_feed(case: str, home: House) -> None:
    """Each has its reason, is a failure and leaves no validators; the feed is read when it is back."""
    behaviour, reason = NOT_THE_FEED[case]
    url = home.feed("/feed", in_turn(feed(down(5)), behaviour, feed(down(6))))
    async with home.working():
        state = await home.polled(url, 2)
        assert state.failing is not None
        assert (state.failing.reason, state.outcome) == (reason, reason.value)
        assert state.validators.etag is None
        assert state.counts.failures == 1
        await home.polled(url, 3)
        assert await home.numbers(url) == [1, 2, 3, 4, 5, 6]

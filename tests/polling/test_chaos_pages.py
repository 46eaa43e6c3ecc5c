"""Full text in the whole worker: pages of the articles, as robots.txt and the pace of their host allow."""

from datetime import timedelta
from itertools import pairwise

import pytest

from pipeline.feed.entry import Content
from pipeline.outcome import Reason
from tests.article.test_page import ENGLISH, page
from tests.network.chaos import answer, redirect
from tests.polling.bodies import TYPE, channel, item
from tests.polling.house import House

SUMMARY = "The delegations met again in the harbour town on Tuesday."
PAGES = "127.0.0.6"


@pytest.fixture
def places(home: House) -> dict[str, str]:
    """The articles' addresses by what becomes of them, and a feed that has a summary of each."""
    home.on("/robots.txt", answer(200, b"User-agent: *\nDisallow: /secret/\n", Content_Type="text/plain"))
    text = answer(200, page(ENGLISH).encode(), Content_Type="text/html; charset=utf-8")
    found = {
        "one": home.on("/one", text, PAGES),
        "two": home.on("/two", text, PAGES),
        "moved": home.on("/moved", redirect("/one-more"), PAGES),
        "forbidden": home.on("/secret/three", text, PAGES),
        "missing": home.on("/four", answer(404, b"nothing here"), PAGES),
        "private": home.on("/five", redirect("http://10.0.0.1/five"), PAGES),
        "challenge": home.on("/six", answer(403, b"who are you", cf_mitigated="challenge"), PAGES),
        "empty": home.on("/seven", answer(200, b"", Content_Type="text/html"), PAGES),
    }
    home.on("/one-more", text, PAGES)
    return found


async def test_pages_fill_the_entries(home: House, places: dict[str, str]) -> None:
    """Entries carry their page's text and where it is from; those whose page is forbidden, missing, private
    or empty keep the summary; the requests to the pages' host are its pace apart."""
    items = [item(n, SUMMARY, link=link) for n, link in enumerate(places.values())]
    url = home.feed("/feed", answer(200, channel(*items), Content_Type=TYPE), "127.0.0.5", full_text=True)
    async with home.working():
        state = await home.polled(url, 1)
        assert (state.failing, state.counts.entries) == (None, len(places))
        found = {
            name: entry
            for entry in await home.entries(url)
            for name, link in places.items()
            if entry.url == link
        }
        assert found.keys() == places.keys()
        for name in ("one", "two"):
            assert found[name].text_from == places[name]
            assert found[name].content == Content("\n\n".join(ENGLISH))
        assert found["moved"].text_from == home.server.url("/one-more", PAGES)
        for name in ("forbidden", "missing", "private", "challenge", "empty"):
            assert (found[name].text_from, found[name].content) == (None, None), name
            assert found[name].summary == Content(SUMMARY, "html")
        assert home.rejected(Reason.ROBOTS_FORBID) == 1
        assert home.rejected(Reason.NO_PAGE) + home.rejected(Reason.NO_TEXT) == 4
    assert home.asked("/secret/three") == []
    assert len(home.asked("/robots.txt")) == 1
    paths = ("/robots.txt", "/one", "/two", "/moved", "/four", "/five", "/six", "/seven")
    times = sorted(request.at for path in paths for request in home.asked(path))
    assert len(times) == len(paths)
    assert min(later - earlier for earlier, later in pairwise(times)) >= timedelta(seconds=5)


async def test_an_entry_whose_page_was_not_had_is_no_edit_later(home: House, places: dict[str, str]) -> None:
    """At the next look nothing is fetched and nothing is sent again for entries that stand as they did."""
    items = [item(n, SUMMARY, link=link) for n, link in enumerate(places.values())]
    url = home.feed("/feed", answer(200, channel(*items), Content_Type=TYPE), "127.0.0.5", full_text=True)
    async with home.working():
        await home.polled(url, 1)
        pages = len(home.server.asked("/one"))
        await home.polled(url, 3)
        assert len(await home.entries(url)) == len(places)
        assert len(home.server.asked("/one")) == pages


async def test_pages_on_the_feeds_own_host_keep_its_pace(home: House, places: dict[str, str]) -> None:
    """Feed, robots.txt and pages of one host share its pace; another feed of the host waits its turn too."""
    items = [item(n, SUMMARY, link=places[name]) for n, name in enumerate(("one", "two"))]
    url = home.feed("/feed", answer(200, channel(*items), Content_Type=TYPE), PAGES, full_text=True)
    other = home.feed("/other", answer(200, channel(item(9)), Content_Type=TYPE), PAGES)
    async with home.working():
        await home.polled(url, 1)
        await home.polled(other, 1)
        assert {entry.text_from for entry in await home.entries(url)} == {places["one"], places["two"]}
    paths = ("/feed", "/other", "/robots.txt", "/one", "/two")
    times = sorted(request.at for path in paths for request in home.asked(path))
    assert len(times) == len(paths)
    assert min(later - earlier for earlier, later in pairwise(times)) >= timedelta(seconds=5)


async def test_without_full_text_no_page_is_asked(home: House, places: dict[str, str]) -> None:
    """A feed that is not configured so gives what it gives."""
    items = [item(n, SUMMARY, link=link) for n, link in enumerate(places.values())]
    url = home.feed("/feed", answer(200, channel(*items), Content_Type=TYPE), "127.0.0.5")
    async with home.working():
        await home.polled(url, 1)
        assert len(await home.entries(url)) == len(places)
    assert {path for path, _ in home.log} == {"/feed"}

"""look: what an answer to a poll brings, whatever its headers say."""

import pytest

from pipeline.poll.look import look
from tests.feed.documents import ATOM
from tests.poll.polls import NEVER, NOON, SPEC, answer


@pytest.mark.parametrize(
    ("location", "link"),
    [
        ("/news/", "https://p.example/news/a"),
        ("//[", "https://p.example/a"),
        ("http://[:::]/", "https://p.example/a"),
        ("", "https://p.example/a"),
    ],
)
def test_links_stand_where_the_answer_says(location: str, link: str) -> None:
    """A Content-Location that is no address is none: then the address that was asked is the base."""
    head = answer(NOON, content_type="application/atom+xml", content_location=location)
    body = ATOM.replace("https://paper.example/", "").encode()
    poll = look(SPEC, NEVER, head, body, lambda: None)
    assert poll.document is not None
    assert [entry.url for entry in poll.document.entries] == [link]

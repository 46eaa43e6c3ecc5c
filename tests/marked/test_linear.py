"""What it takes to mark a text and to write it out, by calls of functions and not by the clock."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import pytest

from agents.cli.headline import headline
from agents.cli.marked import Marked, drawn
from agents.cli.marked_page import page
from agents.cli.marked_text import marked_lines
from pipeline.event.events import Content, find
from pipeline.rules import Rules

SIZE = 60_000
TEXTS = {
    "one-endless-line": "He said a truce holds. ",
    "paragraphs": "He said a truce holds.\n\n",
    "nothing-but-mentions": "truce ",
    "nothing-but-marks": "\u0301",
    "nothing-but-overrides": "\u202e",
    "nothing-but-line-feeds": "\n",
    "nothing-but-tags": "<b>",
}


@contextmanager
def calls() -> Iterator[list[int]]:
    """Counts the calls of Python's and C's functions."""
    count = [0]

    def seen(_frame: FrameType, event: str, _arg: object) -> None:
        count[0] += event in ("call", "c_call")

    sys.setprofile(seen)
    try:
        yield count
    finally:
        sys.setprofile(None)


def as_text(shown: Marked, _: Rules) -> str:
    return "\n".join(line.plain for line in marked_lines(shown.text, ["ceasefire", "hostages"]))


@pytest.mark.parametrize("write", [page, as_text])
@pytest.mark.parametrize("kind", TEXTS)
def test_twice_the_text_is_twice_the_work(
    kind: str, write: Callable[[Marked, Rules], str], rules: Rules
) -> None:
    """Calls and what is written grow as the text does, with a mention in each word and for hostile texts."""
    worked, written = [], []
    for size in (SIZE // 2, SIZE):
        text = TEXTS[kind] * (size // len(TEXTS[kind]))
        content = Content("", text, "en")
        found = find(content, rules)
        with calls() as count:
            html = write(drawn(content, found), rules)
        worked.append(count[0])
        written.append(len(html))
    assert worked[1] < 2.1 * worked[0] + 2_000
    assert written[1] < 2.1 * written[0] + 2_000


@pytest.mark.parametrize("kind", TEXTS)
def test_ten_megabytes_have_a_headline_or_none(kind: str) -> None:
    """Looking for the headline takes a bounded number of passes over 10 MB."""
    with calls() as count:
        headline("Headline\n\n" + TEXTS[kind] * (10_000_000 // len(TEXTS[kind])))
    assert count[0] < 50

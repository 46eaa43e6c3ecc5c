"""Which line of a file is its headline."""

import pytest

from agents.cli.headline import headline
from pipeline.article.title import MAX_CHARS

LONG = "word " * (MAX_CHARS // 5 + 1)


@pytest.mark.parametrize(
    ("written", "title", "text"),
    [
        pytest.param(
            "Headline\n\nOne line\nof prose.\n\nTwo.\n", "Headline", "One line\nof prose.\n\nTwo.", id="blank"
        ),
        pytest.param("Headline\nOne.\n  Two.\n", "Headline", "One.\n\nTwo.", id="a-line-is-a-paragraph"),
        pytest.param("Prose that goes\non.\n\nMore.", "", "Prose that goes\non.\n\nMore.", id="none"),
        pytest.param("A truce.\n", "", "A truce.", id="one-line"),
        pytest.param("\n \nHeadline\n \t\nText", "Headline", "Text", id="blanks-in-blank-lines"),
        pytest.param("Headline\r\n\r\nText\x85more", "Headline", "Text\nmore", id="line-ends"),
        pytest.param(f"{LONG}\n\nText", "", f"{LONG}\n\nText", id="too-long-for-one"),
        pytest.param("", "", "", id="empty"),
    ],
)
def test_headline(written: str, title: str, text: str) -> None:
    """A blank line tells the headline; without any, the first line is it."""
    assert headline(written) == (title, text)


@pytest.mark.parametrize("title", ["", "Given\nhere "])
def test_a_given_title_leaves_the_text_alone(title: str) -> None:
    """With a title, an empty one too, nothing of the file is taken for one and its lines stay."""
    assert headline("One\nTwo\n", title) == (title.replace("\n", " ").strip(), "One\nTwo\n")

"""A summary on a terminal: everything cited, nothing hostile."""

import re
import unicodedata
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from agents.cli.safe import link, one_line, safe
from agents.cli.summary_text import render, render_changes, sources_line
from pipeline.story.change import changes
from pipeline.story.derive import summarise
from pipeline.story.row import since
from tests.story.build import SCOPE, contributions, golden, simple

HOSTILE = "\x1b[2J\x1b]8;;file:///etc\x07Truce\u202e\x00 \x9b31mtalks\r\nforged line\u2066"


def test_a_summary_reads_in_sections() -> None:
    """The golden story's text has every section, its note, both sides of a figure and the sources line."""
    text = render(summarise(SCOPE, contributions(golden("talks").rows)), 90, {"israel": "Israel"})
    for part in (
        "(seed articles, fictional publishers)",
        "Mediators wait for Hamas to answer truce text [1]",
        "  people sheltering in Rafah: sources disagree",
        "about 1.4 million people - The UN",
        "        before: 33-day [",
        'ceasefire — Hamas: "Hamas, according to its spokesman, has not accepted any of it',
        'rafah — Israel (“the prime minister”): "',
        "2031-05-04  Hamas, according to its spokesman",
        "8 outlets, 6 origins (Nadir Press,",
        "1 article undated:",
        "withdrawn, ceasefire: Chief negotiator resigns - Plateau Post",
        "[1] Canal Review, 2031-05-04 16:00 UTC, https://news.example/e-hamas",
    ):
        assert part in text
    assert max(map(len, text.splitlines())) <= 90


def test_a_citation_says_that_its_text_is_the_pages() -> None:
    """An article whose text was taken from its page is cited so, from its event on; others are not."""
    row = simple("a", "Talks go on in the harbour town. ")
    paged = replace(row.event, article=replace(row.event.article, text_from="page"))
    said = "text from the article's page"
    assert said in render(summarise(SCOPE, contributions([replace(row, event=paged)])), 200)
    assert said not in render(summarise(SCOPE, contributions([row])), 200)


def test_every_mark_has_its_citation() -> None:
    """Each [n] in the text is listed under the citations, and each listed one is used."""
    text = render(summarise(SCOPE, contributions(golden("talks").rows)))
    body, _, listed = text.partition("\nCitations\n")
    used = set(re.findall(r"\[\d+\]", body))
    assert used == set(re.findall(r"^ *(\[\d+\])", listed, re.MULTILINE))


def test_changes_read_one_after_the_other() -> None:
    """Each change begins with its name and shows both sides."""
    rows = golden("talks").rows
    was, now = (summarise(SCOPE, contributions(found)) for found in (since(rows, 1), rows))
    text = render_changes(changes(was, now))
    assert "withdrawn statement: withdrawn: The chief negotiator of the truce talks has resigned. [" in text
    assert "changed figure: pause in hostilities (days): 40-day - The mediators, 2031-05-02 [" in text
    assert "    before: 33-day - Mediators, 2031-05-04 [" in text


def test_no_change_says_so() -> None:
    """An empty difference is said in words."""
    summary = summarise(SCOPE, [])
    assert "nothing" in render_changes(changes(summary, summary)).splitlines()


def test_hostile_text_is_scrubbed_everywhere() -> None:
    """Titles, sentences, names and addresses of a feed cannot reach the terminal's controls."""
    row = simple(
        "a",
        f"Truce {HOSTILE} talks",
        title=HOSTILE,
        publisher=HOSTILE,
        url="javascript:alert(1)",
        observed="2031-05-01T08",
        said={"speaker": f"Mr {HOSTILE} Envoy", "verb": HOSTILE, "words": HOSTILE},
        figures=[{"surface": "Truce", "value": 1, "counted": HOSTILE, "claimant": HOSTILE}],
        hedge=HOSTILE,
    )
    summary = summarise(SCOPE, contributions([row]))
    for text in (render(summary), render_changes(changes(None, summary))):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
        assert "javascript" not in text
        assert not any(line.startswith("forged line") for line in text.splitlines())


@given(st.text())
def test_safe_leaves_nothing_that_controls(text: str) -> None:
    """Whatever comes, only line feeds are left of the control characters, and a second pass finds nothing."""
    found = safe(text)
    assert all(char == "\n" or unicodedata.category(char) not in ("Cc", "Cs") for char in found)
    assert safe(found) == found
    assert "\n" not in one_line(text)


def test_scripts_stay_as_they_are_written() -> None:
    """Arabic, Hebrew, Hindi with joiners and emoji pass unchanged."""
    for text in ("هدنة في رفح", "הפסקת אש ברפיח", "क्\u200dष युद्धविराम", "می\u200cخواهم", "\u200fשלום"):
        assert safe(text) == text


def test_links_are_of_the_web_only() -> None:
    """Only http and https with a host are shown; anything that hides or runs is not."""
    good = "https://news.example/a?b=c#d"
    assert link(good) == good
    for url in (None, "", "javascript:alert(1)", "file:///etc/passwd", "https:///x", "http://a\u202eb.example",
                "https://a.example/\x1b[2J", "ftp://a.example", "https://[::1"):  # fmt: skip
        assert link(url) is None


def test_sources_line_counts_one_as_one() -> None:
    """One outlet and one origin are said in the singular."""
    summary = summarise(SCOPE, contributions([simple("a", "A truce holds.", publisher="AFP")]))
    assert sources_line(summary.sources) == "1 outlet, 1 origin (AFP)"

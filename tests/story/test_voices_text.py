"""Who speaks, as shown: as written where that names somebody, else with the name it stands for."""

import re

import pytest

from agents.cli.brief import FIGURES, POSITIONS, brief
from agents.cli.event_text import around, event_text
from agents.cli.summary_text import render
from pipeline.story.derive import summarise
from pipeline.story.row import StoryRow
from pipeline.story.summary import Summary
from tests.story.build import SCOPE, contributions, event, finding, golden, ref, simple

NAMES = {"unrwa": "UNRWA", "hamas": "Hamas"}


def summary(*rows: StoryRow) -> Summary:
    return summarise(SCOPE, contributions(list(rows)))


def counted(claimant: str, actor: str | None, **known: object) -> StoryRow:
    """A row of an article that counts eight boats moored at the quay."""
    figure = {"surface": "Eight", "value": 8, "unit": "boats", "counted": "boats moored at the quay"}
    return simple(
        "a", "Eight boats lie there.", figures=[figure | {"claimant": claimant, "actor": actor}], **known
    )


def told(article: str, hour: int, **known: object) -> StoryRow:
    """A row of an article that quotes Hamas."""
    who = {"speaker": "Hamas", "verb": "said", "words": f"it agrees with {article}", "actor": "hamas"}
    when = f"2031-05-01T{hour:02d}"
    return simple(
        article, f"Hamas said it agrees with {article}.", said=who, published=when, observed=when, **known
    )


@pytest.mark.parametrize(
    ("claimant", "actor", "shown"),
    [
        ("the UN agency UNRWA", "unrwa", "the UN agency UNRWA"),
        ("The agency", "unrwa", "UNRWA (“The agency”)"),
        ("it", "unrwa", "UNRWA (“it”)"),
        ("حماس", "hamas", "Hamas (“حماس”)"),
        ("the army", "idf", "idf (“the army”)"),
        ("the agency", None, "“the agency” in Quay Radio"),
        ("officials briefed on it", None, "officials briefed on it"),
    ],
)
def test_a_claimant_is_told_by_name(claimant: str, actor: str | None, shown: str) -> None:
    """One who is only pointed at is shown by name, or where nobody knows it, with who points."""
    text = render(summary(counted(claimant, actor, publisher="Quay Radio")), names=NAMES)
    assert f"Eight - {shown}, undated [1]" in text


def test_one_statement_on_two_subjects_is_shown_once() -> None:
    """Subjects are joined, and the statement before is told with the subject it was on."""
    rows = (told("b", 9), told("b", 9, subject="rafah"), told("a", 8))
    text = render(summary(*rows), 120, NAMES)
    assert 'ceasefire, rafah — Hamas: "Hamas said it agrees with b." [' in text
    assert 'before on ceasefire: Hamas: "Hamas said it agrees with a." [' in text


@pytest.mark.parametrize(("hedge", "shown"), [("Reportedly", "Hamas (reportedly):"), ("could", "Hamas:")])
def test_only_hearsay_is_marked(hedge: str, shown: str) -> None:
    """A word of hearsay is told beside the speaker, a modal verb is not."""
    assert f"ceasefire — {shown}" in render(summary(told("a", 8, hedge=hedge)))


def test_endings_of_one_article_are_one_line() -> None:
    """An article that left with two subjects is listed once, with both."""
    known = {
        "ended": "withdrawn",
        "title": "An aid convoy",
        "publisher": "Quay Radio",
        "observed": "2031-05-02T10",
    }
    text = render(summary(*(simple("a", "Gone.", subject=each, **known) for each in ("ceasefire", "rafah"))))
    assert text.count("An aid convoy") == 1
    assert "2031-05-02 10:00 UTC withdrawn, ceasefire, rafah: An aid convoy - Quay Radio" in text


def test_a_citation_tells_language_and_credit() -> None:
    """Another language than English is marked; of an unnamed publisher the credited one is told."""
    foreign = render(summary(simple("a", "הפסקת אש ברפיח.", language="he", publisher="קו החוף")))
    assert "[1] קו החוף (he), undated" in foreign
    credited = render(summary(simple("a", "A truce holds.", language="en-GB", credit="BBC")))
    assert "[1] credited to BBC, undated" in credited
    assert "Title of a - credited to BBC" in credited


def test_the_brief_is_short_and_cites_what_it_uses() -> None:
    """A disputed figure comes first, statements are new to the lead, and each listed article is cited."""
    whole = summary(
        *golden("talks").rows, *(told(f"z{hour}", hour, subject=f"s{hour}") for hour in range(9, 19))
    )
    short = brief(whole)
    assert short.figures[0].disputed
    assert len(short.figures) <= FIGURES
    said = [each.latest.citation for each in short.positions]
    assert [each.article for each in said] == ["d-israel", "z18", "z17", "z16", "z15", "z14"]
    assert not {each.words for each in said} & {each.words for each in short.lead}
    body, _, listed = render(short).partition("\nCitations\n")
    assert set(re.findall(r"\[\d+\]", body)) == set(re.findall(r"^ *(\[\d+\])", listed, re.MULTILINE))
    assert "No longer in the story" not in body
    assert f"and {whole.counts.positions - POSITIONS} more" in body
    assert brief(short) == short


def test_a_mention_is_one_line() -> None:
    """Subject, speaker and verb, then the sentence with the mention marked in it."""
    sentence = "Truce talks go on, the agency said."
    said = {"speaker": "the agency", "verb": "said", "words": "Truce talks go on", "actor": "unrwa"}
    found = event(ref("a", sentence, publisher="Quay Radio"), finding(sentence, sentence, said=said))
    assert event_text(found, NAMES).splitlines() == [
        "undated  Quay Radio · Title of a",
        "    ceasefire · UNRWA (“the agency”) said · «Truce» talks go on, the agency said.",
    ]


def test_on_a_terminal_a_long_mention_keeps_to_its_line() -> None:
    """The name and verb of a long description stay, and so does the mention."""
    sentence = f"{'On the quay ' * 9}the boats lie still, the spokesman of the harbour, Idris Vale, said."
    said = {
        "speaker": "the spokesman of the harbour, Idris Vale",
        "verb": "said",
        "words": "the boats lie still",
    }
    found = event(ref("a", sentence), finding(sentence, sentence, said=said))
    line = event_text(found, NAMES, 60).splitlines()[1]
    assert line.startswith("    ceasefire · …Idris Vale said · «On» the quay")
    assert line.endswith("…") and len(line) <= 60


def test_a_long_mention_is_cut_around_its_surface() -> None:
    """However narrow the terminal, the marked words stay in the line."""
    words = [f"word{number}" for number in range(60)]
    for place in range(60):
        text = " ".join([*words[:place], "«truce»", *words[place:]])
        for room in (50, 70, 100):
            shown = around(text, "truce", room)
            assert "«truce»" in shown
            assert room - 8 <= len(shown) <= room
            assert set(shown.strip("…").split()) <= {*words, "«truce»"}
    assert around("A «truce» holds.", "truce", 10) == "A «truce» holds."

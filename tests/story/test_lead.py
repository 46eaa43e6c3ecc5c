"""Headline, lead and timeline: what is chosen, and that it does not repeat itself."""

from typing import Any

from pipeline.story.derive import summarise
from pipeline.story.row import StoryRow
from pipeline.story.summary import Summary
from pipeline.story.words import content_words, overlap
from tests.story.build import SCOPE, contributions, event, finding, ref, row, simple


def told(*rows: StoryRow) -> Summary:
    return summarise(SCOPE, contributions(list(rows)))


def report(article: str, sentence: str, day: int, **known: Any) -> StoryRow:
    when = f"2031-05-{day:02d}T08"
    return simple(article, sentence, published=when, observed=when, **known)


def test_the_newer_of_equals_leads() -> None:
    """Of two equally salient sentences the newer is first, and its title is the headline."""
    found = told(
        report("a", "Envoys left the hotel at dawn.", 1, title="Envoys leave"),
        report("b", "Buses waited before the prison gate.", 6, title="Buses wait"),
    )
    assert [citation.article for citation in found.lead] == ["b", "a"]
    assert found.headline is not None and found.headline.words == "Buses wait"


def test_salience_outweighs_a_little_age() -> None:
    """An article about the subject leads over a slightly newer one that mentions it in passing."""
    found = told(
        report("a", "Envoys agreed on a truce text.", 5, salience=0.9),
        report("b", "Markets waited for the truce talks.", 6, salience=0.1),
    )
    assert found.lead[0].article == "a"


def test_no_two_sentences_of_the_lead_repeat_each_other() -> None:
    """Sentences that share most of their words are never shown beside each other."""
    found = told(
        report("a", "Envoys agreed on a truce of forty days in Cairo on Sunday.", 5),
        report("b", "Envoys agreed in Cairo on Sunday on a truce of forty days.", 5),
        report("c", "Bread is short in the tents along the northern shore.", 5),
    )
    assert len(found.lead) == 2
    first, second = (frozenset(content_words(citation.words)) for citation in found.lead)
    assert overlap(first, second) < 0.6


def test_a_story_of_titles_alone_has_a_lead() -> None:
    """Where feeds carry only titles, titles are cited, the headline not twice."""
    titles = {"a": "Truce talks open in Cairo", "b": "Hostages' families march at night"}
    rows = [
        row(event(ref(name, "", title=title, observed="2031-05-01T08"), finding(title, title, "title")))
        for name, title in titles.items()
    ]
    found = told(*rows)
    assert found.headline is not None
    assert [citation.words for citation in found.lead] == [
        title for title in titles.values() if title != found.headline.words
    ]


def test_an_overlong_sentence_is_not_shown() -> None:
    """A sentence that no full stop ends is no sentence to show; its article still counts."""
    found = told(report("a", "truce " * 100, 5))
    assert found.lead == ()
    assert found.counts.articles == 1


def test_a_figure_of_an_overlong_sentence_is_cited_alone() -> None:
    """Of a sentence too long to show, the ledger cites the figure's own words."""
    sentence = "truce " * 100 + "900 people"
    figures = [{"surface": "900 people", "value": 900, "counted": "people killed"}]
    (quantity,) = told(report("a", sentence, 5, figures=figures)).figures
    citation = quantity.claims[0].citation
    assert citation.words == "900 people" == sentence[citation.start : citation.end]


def test_a_date_from_the_future_is_not_believed() -> None:
    """An article dated after it was seen counts from when it was seen."""
    liar = simple("a", "Envoys met again.", published="2099-01-01T00", observed="2031-05-01T08")
    found = told(liar, report("b", "Buses waited before the gate.", 2))
    assert [day.date.isoformat() for day in found.timeline] == ["2031-05-01", "2031-05-02"]
    assert found.lead[0].article == "b"


def test_a_day_that_only_repeats_has_no_line() -> None:
    """A day whose articles say what the day before said does not matter."""
    found = told(
        report("a", "Envoys agreed on a truce of forty days.", 1, publisher="A"),
        report("b", "Envoys agreed on a truce of forty days.", 2, publisher="B"),
        report("c", "Bread is short in the tents.", 3, publisher="C"),
    )
    assert [day.date.day for day in found.timeline] == [1, 3]


def test_an_empty_story_is_a_summary_too() -> None:
    """A story without rows has nothing to show and says so in counts."""
    found = told()
    assert (found.headline, found.lead, found.figures, found.positions, found.timeline) == (
        None,
        (),
        (),
        (),
        (),
    )
    assert (found.sources.outlets, found.counts.articles, found.note) == (0, 0, None)

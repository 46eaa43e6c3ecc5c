"""A hand-made story, told from its events: every fact that its summary must and must not show."""

from datetime import UTC, datetime

import pytest

from pipeline.codec import adapter, encode
from pipeline.story.change import ChangedFigure, CorrectedStatement, EndedArticle, WithdrawnStatement, changes
from pipeline.story.derive import SEED_NOTE, summarise
from pipeline.story.row import as_of, since
from pipeline.story.shown import citations
from pipeline.story.summary import Citation, Quantity, Statement, Summary
from tests.story.build import SCOPE, Golden, contributions, golden


@pytest.fixture(scope="module")
def talks() -> Golden:
    return golden("talks")


@pytest.fixture(scope="module")
def summary(talks: Golden) -> Summary:
    return summarise(SCOPE, contributions(talks.rows))


def quantity(summary: Summary, counted: str) -> Quantity:
    return next(each for each in summary.figures if each.counted == counted)


def every_citation(summary: Summary) -> list[Citation]:
    earlier = [old.citation for each in summary.figures for claim in each.claims for old in claim.superseded]
    before = [each.before.citation for each in summary.positions if each.before]
    return [*citations(summary), *earlier, *before]


def test_headline(talks: Golden, summary: Summary) -> None:
    """The headline is the title of the newest salient article that stands."""
    assert summary.headline is not None
    assert summary.headline.words == talks.expected["headline"]


def test_every_citation_cuts_its_words_from_the_article(talks: Golden, summary: Summary) -> None:
    """Each citation's words are the slice of its article's field at its offsets, letter for letter."""
    found = every_citation(summary)
    assert len(found) > 12
    for citation in found:
        whole = talks.texts[citation.article, citation.revision][citation.field]
        assert whole[citation.start : citation.end] == citation.words


def test_every_statement_cuts_its_words_from_the_article(talks: Golden, summary: Summary) -> None:
    """The attributed words of a position are a slice of the article too."""
    for position in summary.positions:
        said: list[Statement] = [each for each in (position.latest, position.before) if each]
        for each in said:
            source = each.citation
            whole = talks.texts[source.article, source.revision][source.field]
            assert whole[each.start : each.end] == each.words


def test_a_newer_value_of_the_same_claimant_supersedes(talks: Golden, summary: Summary) -> None:
    """The mediators' 33 days are listed as what their 40 days replaced."""
    claims = quantity(summary, "pause in hostilities").claims
    shown = [[claim.by, claim.value, [old.value for old in claim.superseded]] for claim in claims]
    assert shown == talks.expected["pause"]


def test_a_superseded_figure_does_not_lead(summary: Summary) -> None:
    """A sentence whose figure its claimant replaced is left to the timeline."""
    assert "33-day" not in " ".join(citation.words for citation in summary.lead)
    assert "33-day" in summary.timeline[0].citation.words


def test_figures_that_disagree_stand_side_by_side(talks: Golden, summary: Summary) -> None:
    """Two claimants' values of one quantity are both shown, disputed, each with its claimant."""
    found = quantity(summary, "people sheltering in Rafah")
    shown = [[claim.by, claim.value, list(claim.superseded)] for claim in found.claims]
    assert sorted(shown) == sorted(talks.expected["sheltering"])
    assert found.disputed


def test_a_claim_is_cited_from_the_original(summary: Summary) -> None:
    """Of a wire story and its reprints, the figure is cited from the wire."""
    (claim,) = quantity(summary, "pause in hostilities").claims
    assert claim.citation.article == "b-wire"


def test_positions_show_the_latest_and_the_one_before(talks: Golden, summary: Summary) -> None:
    """Each actor's latest statement stands, with the one before it where there is one."""
    latest = {each.actor: each.latest.words for each in summary.positions}
    before = {each.actor: each.before.words for each in summary.positions if each.before}
    assert latest == talks.expected["latest"]
    assert before == talks.expected["before"]


def test_a_hedge_travels_with_its_statement(summary: Summary) -> None:
    """Who loosened a statement, and whether it denies, stays with it."""
    hamas = next(each.latest for each in summary.positions if each.actor == "hamas")
    assert (hamas.hedge, hamas.polarity, hamas.verb) == ("according to", "denied", "according to")


def test_reprints_count_as_one_origin(talks: Golden, summary: Summary) -> None:
    """A reprint that credits the agency and one that does not both lead back to it."""
    copies = {line.id: line.copy_of for line in summary.articles if line.copy_of}
    assert copies == talks.expected["copies"]
    assert (summary.sources.outlets, summary.sources.origins) == (
        talks.expected["outlets"],
        talks.expected["origins"],
    )
    wire = next(source for source in summary.sources.by_origin if source.name == "Nadir Press")
    assert (wire.articles, wire.original) == (3, "b-wire")


def test_what_ended_is_a_row_that_says_so(talks: Golden, summary: Summary) -> None:
    """A withdrawn article and a subject edited out are listed with how they ended."""
    shown = [[line.article, line.subject, line.how] for line in summary.ended]
    assert shown == talks.expected["ended"]


def test_nothing_of_what_fell_is_shown(talks: Golden, summary: Summary) -> None:
    """No word of a withdrawn article or of a corrected wording is left in what the summary cites."""
    cited = " ".join(citation.words for citation in every_citation(summary))
    for words in talks.expected["never"]:
        assert words not in cited


def test_timeline_has_a_line_per_day(talks: Golden, summary: Summary) -> None:
    """Days run forward, each with a sentence of its own."""
    assert [day.date.isoformat() for day in summary.timeline] == talks.expected["days"]
    assert len({day.citation.words for day in summary.timeline}) == len(summary.timeline)


def test_undated_articles_stand_apart(talks: Golden, summary: Summary) -> None:
    """An article without date and observation is listed as undated and in no day's line."""
    assert list(summary.undated) == talks.expected["undated"]
    assert "k-undated" not in {day.citation.article for day in summary.timeline}


def test_lead_does_not_repeat_itself(summary: Summary) -> None:
    """The wire's sentence leads at most once, though three articles have it."""
    words = [citation.words for citation in summary.lead]
    assert len(words) >= 3
    assert len(set(words)) == len(words)


def test_seeds_carry_their_note(summary: Summary) -> None:
    """A story that holds fiction says so, also where its declaration does not."""
    assert summary.note == SEED_NOTE


def test_as_of_before_the_withdrawal(talks: Golden) -> None:
    """As of a time before it was withdrawn, the false report led, and undated articles belong."""
    rows = as_of(talks.rows, datetime(2031, 5, 4, 19, tzinfo=UTC))
    summary = summarise(SCOPE, contributions(rows))
    lead = " ".join(citation.words for citation in summary.lead)
    assert "The chief negotiator of the truce talks has resigned." in lead
    assert [line.article for line in summary.ended] == ["j-edited"]
    assert "k-undated" in summary.undated


def test_changes_name_what_fell(talks: Golden) -> None:
    """Since the version before them, the withdrawal and the correction are named with what they changed."""
    before = summarise(SCOPE, contributions(since(talks.rows, 1)))
    after = summarise(SCOPE, contributions(talks.rows))
    found = changes(before, after).changes
    withdrawn = {each.before.words for each in found if isinstance(each, WithdrawnStatement)}
    corrected = {
        each.before.words: each.after and each.after.words
        for each in found
        if isinstance(each, CorrectedStatement)
    }
    assert "The chief negotiator of the truce talks has resigned." in withdrawn
    assert corrected == {
        "For the hostages to be released twelve buses stand ready at the crossing.": (
            "For the hostages to be released two buses stand ready at the crossing."
        ),
    }
    ended = [(each.ended.article, each.ended.how) for each in found if isinstance(each, EndedArticle)]
    assert ended == [("i-withdrawn", "withdrawn"), ("j-edited", "edited")]
    figures = {(each.before.value, each.after.value) for each in found if isinstance(each, ChangedFigure)}
    assert figures == {(33, 40), (12, 2)}


def test_summary_survives_the_wire(summary: Summary) -> None:
    """A summary decoded from its bytes is the same summary, and a JSON Schema describes it."""
    kind = adapter(Summary)
    assert kind.validate_json(encode(summary)) == summary
    assert kind.json_schema()["properties"]["lead"]["items"] == {"$ref": "#/$defs/Citation"}

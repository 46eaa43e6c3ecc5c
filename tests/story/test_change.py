"""Changes: what is new, changed or fallen between two summaries is named, and nothing else is."""

from typing import Any

from hypothesis import given, settings

from pipeline.codec import adapter, decode, encode
from pipeline.story.change import (
    ChangedFigure,
    Changes,
    CorrectedStatement,
    EndedArticle,
    NewArticle,
    NewFact,
    NewFigure,
    NewPosition,
    WithdrawnStatement,
    changes,
)
from pipeline.story.derive import summarise
from pipeline.story.limits import LARGEST, Limits
from pipeline.story.row import StoryRow
from tests.story.build import SCOPE, contributions, simple
from tests.story.strategies import row_sets

FIRST = simple(
    "a", "Negotiators met in Cairo for nine hours.", published="2031-05-01T08", observed="2031-05-01T08"
)
SHELTER: dict[str, Any] = {"unit": "people", "counted": "people sheltering in Rafah", "actor": "un"}


def between(before: list[StoryRow], after: list[StoryRow]) -> list[Any]:
    """The changes from the summary of some rows to that of others."""
    was, now = (summarise(SCOPE, contributions(rows)) for rows in (before, after))
    return list(changes(was, now).changes)


def of(found: list[Any], kind: type) -> list[Any]:
    return [each for each in found if isinstance(each, kind)]


def test_without_a_former_summary_all_is_new() -> None:
    """A story's first summary is a new article and a new fact, and nothing has fallen."""
    found = changes(None, summarise(SCOPE, contributions([FIRST]))).changes
    assert [each.kind for each in found] == ["new-article", "new-fact"]


def test_a_new_article_with_a_new_sentence() -> None:
    """An article that says something new is named with its sentence."""
    second = simple(
        "b", "Egypt opened the crossing at dawn.", published="2031-05-02T08", observed="2031-05-02T08"
    )
    found = between([FIRST], [FIRST, second])
    assert [each.article.id for each in of(found, NewArticle)] == ["b"]
    assert [each.after.words for each in of(found, NewFact)] == ["Egypt opened the crossing at dawn."]
    assert len(found) == 2


def test_a_reprint_is_a_new_article_and_no_new_fact() -> None:
    """What is said already is no news when another says it."""
    words = FIRST.event.mentions[0].sentence.text
    copy = simple("b", words, published="2031-05-01T09", observed="2031-05-01T09", publisher="B")
    assert [each.kind for each in between([FIRST], [FIRST, copy])] == ["new-article"]


def test_a_changed_figure_has_both_values() -> None:
    """A claimant's newer value is named beside its old one, each cited."""

    def figure(article: str, surface: str, value: int, hour: int) -> StoryRow:
        when = f"2031-05-01T{hour:02d}"
        figures = [{"surface": surface, "value": value, **SHELTER}]
        return simple(
            article, f"There are {surface} in Rafah.", figures=figures, published=when, observed=when
        )

    old, new = figure("c", "900 people", 900, 8), figure("b", "950 people", 950, 9)
    (found,) = of(between([old], [old, new]), ChangedFigure)
    assert (found.before.value, found.after.value) == (900, 950)
    assert (found.before.citation.article, found.after.citation.article) == ("c", "b")
    assert not of(between([old], [old, new]), NewFigure)
    assert [each.after.value for each in of(between([FIRST], [FIRST, old]), NewFigure)] == [900]


def test_a_new_position_has_the_one_before() -> None:
    """An actor's new statement is named beside the one it stood by."""

    def said(article: str, words: str, hour: int) -> StoryRow:
        when = f"2031-05-01T{hour:02d}"
        speaker = {"speaker": "Hamas", "verb": "said", "words": words, "actor": "hamas"}
        return simple(article, f"At noon {words}.", said=speaker, published=when, observed=when)

    yes, no = said("a", "it agrees", 8), said("b", "it refuses", 9)
    (found,) = of(between([yes], [yes, no]), NewPosition)
    assert found.before is not None
    assert (found.before.words, found.after.words) == ("it agrees", "it refuses")
    assert not of(between([yes, no], [yes, no, said("c", "it refuses", 11)]), NewPosition)


def test_a_withdrawal_cascades() -> None:
    """With its article, a sentence falls from the summary, and its fall is named once."""
    gone = simple("a", "", published="2031-05-01T08", observed="2031-05-02T08", ended="withdrawn", sequence=2)
    found = between([FIRST], [FIRST, gone])
    words = {each.before.words for each in of(found, WithdrawnStatement)}
    assert words == {"Negotiators met in Cairo for nine hours.", "Title of a"}
    assert [each.ended.how for each in of(found, EndedArticle)] == ["withdrawn"]
    after = summarise(SCOPE, contributions([FIRST, gone]))
    assert (after.headline, after.lead, after.timeline, after.articles) == (None, (), (), ())


def test_a_correction_shows_the_wording_now() -> None:
    """A revised article's lost sentence is named with what stands in its place."""
    revised = simple(
        "a",
        "Negotiators met in Cairo for ten minutes.",
        published="2031-05-01T08",
        observed="2031-05-01T10",
        sequence=2,
    )
    (found,) = of(between([FIRST], [FIRST, revised]), CorrectedStatement)
    assert found.before.words == "Negotiators met in Cairo for nine hours."
    assert found.after is not None
    assert found.after.words == "Negotiators met in Cairo for ten minutes."


def test_a_retracted_article_is_withdrawn_without_a_reason() -> None:
    """An article whose only revision is taken back falls, though no source withdrew it."""
    back = simple(
        "a",
        "Negotiators met in Cairo for nine hours.",
        published="2031-05-01T08",
        observed="2031-05-01T08",
        retracted=True,
        sequence=2,
    )
    found = of(between([FIRST], [FIRST, back]), WithdrawnStatement)
    assert {each.how for each in found} == {None}


def test_a_sentence_that_only_made_room_is_no_change() -> None:
    """Better sentences push an old one out of sight; its article still says it, so nothing fell."""
    crowd = [
        simple(
            f"b{number}",
            f"Report {number} from gate{number} tells of queue{number} and bread{number}.",
            published=f"2031-05-09T{number:02d}",
            observed=f"2031-05-09T{number:02d}",
            salience=1.0,
        )
        for number in range(9)
    ]
    after = summarise(SCOPE, contributions([FIRST, *crowd]), Limits(days=1))
    assert "a" not in {citation.article for citation in after.lead}
    before = summarise(SCOPE, contributions([FIRST]))
    found = list(changes(before, after).changes)
    assert not of(found, WithdrawnStatement) and not of(found, CorrectedStatement)


@given(rows=row_sets())
@settings(max_examples=60, deadline=None)
def test_nothing_changes_between_equals(rows: list[StoryRow]) -> None:
    """Between a summary and itself there is no change."""
    summary = summarise(SCOPE, contributions(rows))
    assert changes(summary, summary) == Changes(SCOPE.id, SCOPE.title, summary.note, ())


@given(before=row_sets(), after=row_sets())
@settings(max_examples=100, deadline=None)
def test_changes_survive_the_wire(before: list[StoryRow], after: list[StoryRow]) -> None:
    """Changes decoded from their bytes are the same changes, whatever their kinds."""
    was, now = (summarise(SCOPE, contributions(rows)) for rows in (before, [*before, *after]))
    found = changes(was, now)
    assert decode(Changes, encode(found)) == found
    assert all(row.version for row in before)


def test_changes_fit_a_message() -> None:
    """What does not fit one message is counted, not sent."""
    long = "http://news.example/" + "x" * 1_900
    rows = [
        simple(
            f"a{number:03}",
            f"Sentence {number} " + "é" * 380,
            url=f"{long}{number}",
            observed="2031-05-01T08",
        )
        for number in range(400)
    ]
    summary = summarise(SCOPE, contributions(rows))
    assert len(encode(summary)) <= LARGEST
    found = changes(None, summary)
    assert len(encode(found)) <= LARGEST
    assert found.changes


def test_schema_names_every_kind() -> None:
    """The JSON Schema tells the kinds apart by name."""
    schema = adapter(Changes).json_schema()
    kinds = schema["properties"]["changes"]["items"]["discriminator"]["mapping"]
    assert sorted(kinds) == [
        "changed-figure",
        "corrected-statement",
        "ended-article",
        "new-article",
        "new-fact",
        "new-figure",
        "new-position",
        "withdrawn-statement",
    ]

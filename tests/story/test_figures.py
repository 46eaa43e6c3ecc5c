"""The claim ledger: who claims which value, what it replaced, and what only looks comparable."""

from datetime import date
from typing import Any

from pipeline.story.derive import summarise
from pipeline.story.row import StoryRow
from pipeline.story.summary import Claim, Quantity
from tests.story.build import SCOPE, contributions, simple

SHELTER: dict[str, Any] = {"unit": "people", "counted": "people sheltering in Rafah"}


def claim(article: str, surface: str, value: float, day: int, **known: Any) -> StoryRow:
    """A row of an article that gives one figure."""
    figure = {"surface": surface, "value": value, **SHELTER}
    figure |= {
        key: known.pop(key)
        for key in ("claimant", "actor", "counted", "unit", "as_of", "high")
        if key in known
    }
    when = f"2031-05-{day:02d}T08"
    sentence = f"In report {article} there are {surface} in the town."
    return simple(article, sentence, figures=[figure], published=when, observed=when, **known)


def quantities(*rows: StoryRow) -> tuple[Quantity, ...]:
    return summarise(SCOPE, contributions(list(rows))).figures


def claims(*rows: StoryRow) -> tuple[Claim, ...]:
    (quantity,) = quantities(*rows)
    return quantity.claims


def test_nothing_is_averaged() -> None:
    """Two claimants' values both stand as written; no third number appears."""
    found = claims(
        claim("a", "1.4 million people", 1_400_000, 1, actor="un"),
        claim("b", "one million people", 1_000_000, 2, actor="israel"),
    )
    assert [(each.by, each.value, each.surface) for each in found] == [
        ("actor:israel", 1_000_000, "one million people"),
        ("actor:un", 1_400_000, "1.4 million people"),
    ]


def test_a_newer_value_of_one_claimant_supersedes() -> None:
    """The latest article of a claimant counts, and what it replaced is kept with its citation."""
    (found,) = claims(
        claim("a", "900 people", 900, 1, actor="un"),
        claim("b", "950 people", 950, 2, actor="un"),
        claim("c", "990 people", 990, 3, actor="un"),
    )
    assert found.value == 990
    assert [(old.value, old.citation.article) for old in found.superseded] == [(950, "b"), (900, "a")]


def test_the_day_spoken_of_outranks_the_day_of_print() -> None:
    """A figure as of an earlier day does not replace one of a later day, though it is printed later."""
    (found,) = claims(
        claim("a", "950 people", 950, 2, actor="un"),
        claim("late", "900 people", 900, 5, actor="un", as_of=date(2031, 4, 30)),
    )
    assert (found.value, [old.value for old in found.superseded]) == (950, [900])


def test_repetition_is_cited_from_the_first_report() -> None:
    """A value that is repeated is one claim, cited from where it came first, with the day of the last."""
    (found,) = claims(
        claim("b", "900 people", 900, 4, actor="un"),
        claim("a", "900 people", 900, 1, actor="un"),
    )
    assert found.citation.article == "a"
    assert found.reported is not None and found.reported.day == 1
    assert found.repeated is not None and found.repeated.day == 4


def test_a_return_to_an_earlier_value_is_news() -> None:
    """900, then 950, then 900 again: 900 stands since the last report and 950 is superseded."""
    (found,) = claims(
        claim("a", "900 people", 900, 1, actor="un"),
        claim("b", "950 people", 950, 2, actor="un"),
        claim("c", "900 people", 900, 3, actor="un"),
    )
    assert (found.value, found.citation.article) == (900, "c")
    assert [old.value for old in found.superseded] == [950]


def test_one_article_does_not_supersede_itself() -> None:
    """Two values of one article were both meant: both stand."""
    sentence = "Some say 900 people, others 950 people."
    figures = [
        {"surface": "900 people", "value": 900, **SHELTER},
        {"surface": "950 people", "value": 950, **SHELTER},
    ]
    row = simple("a", sentence, figures=figures, published="2031-05-01T08")
    assert sorted(each.value for each in claims(row)) == [900, 950]


def test_a_publisher_claims_what_it_says_itself() -> None:
    """Without a claimant the publisher stands for a figure, and its copies are not claimants of their own."""
    sketch = "".join(f"{value:08x}" for value in range(32))
    found = claims(
        claim("wire", "900 people", 900, 1, publisher="Nadir Press", fingerprint=sketch),
        claim("copy", "900 people", 900, 2, publisher="Valley Courier", fingerprint=sketch),
    )
    assert [(each.by, each.claimant) for each in found] == [("source:nadir press", "Nadir Press")]


def test_wordings_of_one_quantity_meet() -> None:
    """Articles, endings and order of words do not part a quantity in two."""
    found = claims(
        claim("a", "900 people", 900, 1, actor="un", counted="people sheltering in Rafah"),
        claim("b", "950 people", 950, 2, actor="un", counted="people sheltered in the Rafah"),
    )
    assert [(each.value, len(each.superseded)) for each in found] == [(950, 1)]


def test_what_is_not_said_closely_is_not_compared() -> None:
    """ "33 hostages" and "130 hostages" may be different ones: both stand, none is called disputed."""
    (quantity,) = quantities(
        claim("a", "33 hostages", 33, 1, actor="israel", counted="hostages"),
        claim("b", "130 hostages", 130, 2, actor="israel", counted="hostages"),
    )
    assert (quantity.comparable, quantity.disputed) == (False, False)
    assert [each.value for each in quantity.claims] == [130, 33]
    assert all(not each.superseded for each in quantity.claims)


def test_ranges_that_meet_are_no_dispute() -> None:
    """ "900 to 1,000" and "950" can both be true."""
    (quantity,) = quantities(
        claim("a", "900 to 1,000 people", 900, 1, actor="un", high=1_000),
        claim("b", "950 people", 950, 2, actor="israel"),
    )
    assert not quantity.disputed


def test_an_old_value_does_not_dispute_a_new_one() -> None:
    """What one claimant said weeks before another may have been true then: it stands beside, undisputed."""
    (quantity,) = quantities(
        claim("a", "900 people", 900, 1, actor="un"),
        claim("b", "2,000 people", 2_000, 20, actor="israel"),
    )
    assert len(quantity.claims) == 2
    assert not quantity.disputed


def test_a_figure_of_two_subjects_counts_once() -> None:
    """An article's figure that stands in the events of two subjects is one report."""
    found = claims(
        claim("a", "900 people", 900, 1, actor="un"),
        claim("a", "900 people", 900, 1, actor="un", subject="rafah"),
    )
    assert len(found) == 1


def test_a_withdrawn_article_takes_its_figure_along() -> None:
    """When the newest value's article is withdrawn the value before it stands again."""
    first = claim("a", "900 people", 900, 1, actor="un")
    second = claim("b", "950 people", 950, 2, actor="un")
    gone = simple("b", "", published="2031-05-02T08", observed="2031-05-03T08", ended="withdrawn", sequence=2)
    (found,) = claims(first, second, gone)
    assert (found.value, found.superseded) == (900, ())

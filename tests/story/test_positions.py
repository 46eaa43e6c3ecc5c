"""Positions: the latest statement of each actor on each subject, and the one before it."""

from typing import Any

from pipeline.story.derive import summarise
from pipeline.story.row import StoryRow
from pipeline.story.summary import Position
from tests.story.build import SCOPE, contributions, simple


def said(article: str, words: str, hour: int, **known: Any) -> StoryRow:
    """A row of an article in which Hamas says something."""
    speaker = {"speaker": "Hamas", "verb": "said", "words": words, "actor": "hamas"}
    speaker |= {key: known.pop(key) for key in ("speaker", "actor", "quoted") if key in known}
    when = f"2031-05-01T{hour:02d}"
    return simple(article, f"As told here, {words}.", said=speaker, published=when, observed=when, **known)


def positions(*rows: StoryRow) -> tuple[Position, ...]:
    return summarise(SCOPE, contributions(list(rows))).positions


def test_a_reversal_shows() -> None:
    """The latest statement stands and the one before it beside it."""
    (found,) = positions(said("b", "it refuses", 9), said("a", "it agrees", 8))
    assert found.latest.words == "it refuses"
    assert found.before is not None and found.before.words == "it agrees"


def test_a_repeated_statement_is_no_new_one() -> None:
    """The same words in a later article are the same statement, cited from the first."""
    (found,) = positions(said("a", "it refuses", 8), said("b", "it refuses", 10), said("c", "it agrees", 7))
    assert found.latest.citation.article == "a"
    assert found.before is not None and found.before.words == "it agrees"


def test_a_copy_is_no_new_statement() -> None:
    """An edited reprint of the article is not what came before it."""
    sketch = "".join(f"{value:08x}" for value in range(32))
    (found,) = positions(
        said("a", "it refuses all", 8, fingerprint=sketch),
        said("b", "it refuses", 9, fingerprint=sketch, credit="Nadir Press"),
    )
    assert found.latest.words == "it refuses all"
    assert found.before is None


def test_each_subject_has_its_own() -> None:
    """What an actor says on one subject does not replace what it said on another."""
    found = positions(said("a", "it agrees", 8), said("b", "it stays", 9, subject="rafah"))
    assert {(each.subject, each.latest.words) for each in found} == {
        ("ceasefire", "it agrees"),
        ("rafah", "it stays"),
    }


def test_who_is_not_named_holds_no_position() -> None:
    """ "Officials" of two articles are not one actor; a name of two words is somebody."""
    found = positions(
        said("a", "it agrees", 8, speaker="Officials", actor=None),
        said("b", "it refuses", 9, speaker="Benny Gantz", actor=None),
    )
    assert [(each.by, each.actor) for each in found] == [("name:benny gantz", None)]


def test_a_withdrawn_statement_uncovers_the_one_before() -> None:
    """When its article is withdrawn, the actor's earlier statement stands again."""
    gone = simple("b", "", published="2031-05-01T09", observed="2031-05-01T10", ended="withdrawn", sequence=2)
    (found,) = positions(said("a", "it agrees", 8), said("b", "it refuses", 9), gone)
    assert (found.latest.words, found.before) == ("it agrees", None)

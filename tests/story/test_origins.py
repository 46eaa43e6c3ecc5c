"""Independence: who copies whom, and how many origins a story rests on."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipeline.article.fingerprint import fingerprint
from pipeline.story.derive import summarise
from pipeline.story.origins import trace
from pipeline.story.provenance import Provenance, provenance
from tests.story.build import SCOPE, at, contributions, ref, simple

WIRE = (
    "Negotiators went back to their hotel late on Sunday after nine hours of talks. A mediator who asked not "
    "to be named said that the list of prisoners is the last page still open. Nobody spoke of a date, and "
    "the buses that had been ordered for the morning were sent home again before midnight."
)
OTHER = (
    "In the tents along the coast people heard of the talks by radio. Water comes twice a week now, and the "
    "bakery opens when there is fuel. A teacher keeps a class of forty under a tarpaulin and says that the "
    "children ask every morning whether school begins again tomorrow or only after the truce."
)


def source(article: str, text: str = "", hour: int | None = 8, **known: Any) -> Provenance:
    """An article's provenance; its sketch is that of `text`."""
    when = None if hour is None else at(f"2031-05-01T{hour:02d}")
    return provenance(ref(article, text, published=when, fingerprint=fingerprint(text), **known))


def test_a_reprint_with_a_credit_line_is_a_copy() -> None:
    """Near-identical texts are one origin, whatever line the copy adds."""
    found = trace(
        [
            source("wire", WIRE, 8, publisher="Nadir Press"),
            source(
                "copy",
                WIRE + " Reporting by Nadir Press.",
                7,
                publisher="Valley Courier",
                credit="Nadir Press",
            ),
        ]
    )
    assert found["copy"].copy_of == "wire"
    assert found["copy"].origin == found["wire"].origin == "nadir press"


def test_other_words_are_another_origin() -> None:
    """Two outlets' own reports of one day are two origins."""
    found = trace([source("a", WIRE, publisher="A"), source("b", OTHER, publisher="B")])
    assert {each.origin for each in found.values()} == {"a", "b"}
    assert not any(each.copy_of for each in found.values())


def test_the_original_credits_no_other_then_is_earliest_then_least() -> None:
    """The order of originals: without a credit before with one, then by time, then by id; undated last."""
    sources = [
        source("d", WIRE, 5, publisher="D", credit="Nadir Press"),
        source("c", WIRE, None, publisher="C"),
        source("b", WIRE, 9, publisher="B"),
        source("a2", WIRE, 8, publisher="A"),
        source("a1", WIRE, 8, publisher="A"),
    ]
    for gone, original in ((0, "a1"), (1, "a2"), (2, "b"), (3, "c"), (4, "d")):
        kept = sorted(sources, key=lambda each: ("a1", "a2", "b", "c", "d").index(each.article))[gone:]
        assert {traced.copy_of or article for article, traced in trace(kept).items()} == {original}


def test_credit_alone_makes_an_origin() -> None:
    """Outlets that rewrite an agency's story and credit it rest on the agency."""
    found = trace(
        [
            source("a", WIRE, publisher="A", credit="AFP"),
            source("b", OTHER, publisher="B", credit="AFP"),
            source("c", "", publisher="C", credit="Reuters"),
        ]
    )
    assert sorted({each.origin for each in found.values()}) == ["afp", "reuters"]


def test_credit_to_oneself_is_none() -> None:
    """A publisher that signs its own story is its origin, also through its family."""
    found = trace([source("a", WIRE, publisher="BBC News", family="BBC", credit="BBC")])
    assert found["a"].origin == "bbc"


def test_a_family_counts_once() -> None:
    """Two outlets of one house are two outlets and one origin."""
    rows = [
        simple("a", "A truce holds.", publisher="House North", family="House"),
        simple("b", "A truce broke.", publisher="House South", family="House"),
    ]
    found = summarise(SCOPE, contributions(rows)).sources
    assert (found.outlets, found.origins) == (2, 1)
    assert found.by_origin[0].outlets == ("House North", "House South")


def test_an_origin_is_shown_by_its_name() -> None:
    """A house goes by its outlet's name where it has one outlet, by its own where it has several."""
    alone = [simple("a", "A truce holds.", publisher="Meridian Wire", family="meridian-wire")]
    several = [
        simple("a", "A truce holds.", publisher="House North", family="house"),
        simple("b", "A truce broke.", publisher="House South", family="house"),
    ]
    shown = [summarise(SCOPE, contributions(rows)).sources.by_origin[0].name for rows in (alone, several)]
    assert shown == ["Meridian Wire", "house"]


def test_short_texts_are_alike_by_chance() -> None:
    """Texts of a few words are no copies, though their sketches agree."""
    found = trace(
        [source("a", "Truce talks resume", publisher="A"), source("b", "Truce talks resume", publisher="B")]
    )
    assert not any(each.copy_of for each in found.values())


def test_a_sketch_of_another_version_is_compared_with_none() -> None:
    """A fingerprint that is no hex is no failure."""
    found = trace([provenance(ref("a", "", fingerprint="v2:zz")), source("b", WIRE)])
    assert found["a"].copy_of is None


@given(st.permutations([(f"a{number}", number % 3, number % 4) for number in range(9)]))
def test_order_does_not_matter(order: list[tuple[str, int, int]]) -> None:
    """Articles traced in any order have the same origins."""
    texts = (WIRE, WIRE + " It was quiet.", OTHER)
    sources = [source(name, texts[text], hour, publisher=f"P{hour}") for name, text, hour in order]
    assert trace(sources) == trace(sorted(sources, key=lambda each: each.article))

"""The matcher finds what a search without any of its short cuts finds."""

import re
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.mention.clitics import clitics_of, continuous
from pipeline.mention.keys import key
from pipeline.mention.matcher import Matcher
from pipeline.mention.normal import fold
from pipeline.mention.pattern import Element, PatternError, ahead, openings, parse, tail
from tests.mention.strategies import texts

PHRASES = (
    "cease fire", "cease (all|any) fire", "cease ...2 fire", "[halt|pause in] fire", "hostage*", "fire*",
    "hostage* deal", "u.s. aid", "the (last) hostage*", "the", "the fire", "هدنة", "=هدنة",
    "وقف ...3 النار", "وقف اطلاق النار", "הפסקת אש", "החטופים", "חטוף*", "=חטופים",
    "युद्धविराम", "拉法", "拉法 fire", "no. 5", "no. ...1 fire", "the ...2 [hostages in|aid for] fire",
)  # fmt: skip
PATTERNS = [parse(phrase) for phrase in PHRASES]
MATCHER = Matcher(PATTERNS, dense=True)

words = st.sampled_from(
    (
        "cease", "fire", "all", "halt", "pause", "in", "hostages", "hostage", "deal", "U.S.", "aid", "the",
        "last", "هدنة", "والهدنة", "وقف", "اطلاق", "لاطلاق", "النار", "הפסקת", "ואש", "אש", "שהחטופים",
        "חטופים", "युद्धविराम", "拉法", "no.", "no", "5", "-", ".", "  ", "ceasefire",
    )
)  # fmt: skip
spoken = st.lists(words, max_size=14).flatmap(
    lambda listed: st.sampled_from((" ", "", "  ")).map(lambda blank: blank.join(listed))
)


def particled(before: str, particles: frozenset[str]) -> bool:
    """Are the letters before a place, back to the edge of their word, particles?"""
    return re.split(r"[ .]", before)[-1] in particles


def everywhere(patterns: Sequence[Sequence[Element]], text: str) -> Iterator[tuple[int, int, int]]:
    """Each place of a first word behind a space or its particles, with the rest of the pattern behind it."""
    for number, elements in enumerate(patterns):
        for first, rest in openings(elements):
            particles = frozenset(("",)) if first.bare else clitics_of(first.text)
            for found in re.finditer(f"(?={re.escape(first.text)})", text):
                start = found.start()
                behind = text[start - 1] == " " if particles == {""} else particled(text[:start], particles)
                match = re.compile(tail(first, rest)).match(text, start + len(first.text))
                if match and (continuous(first.text) or behind):
                    yield start, match.end(), number


@settings(max_examples=600, deadline=None)
@given(st.one_of(spoken, texts))
@example("cease  all fire. the last hostages, U.S. aid, no. 5 and no. more fire; 拉法fire")
def test_short_cuts_lose_nothing(text: str) -> None:
    """For any text the places are those of every pattern tried everywhere."""
    folded = fold(text)
    assert sorted(MATCHER.find(folded)) == sorted(everywhere(PATTERNS, folded.text))


def test_an_empty_pattern_is_nowhere() -> None:
    """A name without a letter keeps its number and is not found."""
    assert [hit.pattern for hit in Matcher([(), parse("truce")]).find(fold("a truce"))] == [1]


@pytest.mark.parametrize(
    ("phrase", "letters"),
    [
        ("cease fire", " f"),
        ("cease (all|one) fire", " aof"),
        ("cease [all|one] fire", " ao"),
        ("cease (all)", None),
        ("cease ... fire", None),
        ("cease* fire", None),
        ("no. fire", None),
        ("وقف =هدنة", " ه"),
        ("وقف هدنة", " هوفبلكسا"),
    ],
)
def test_what_is_ahead(phrase: str, letters: str | None) -> None:
    """The letters with which the next word can begin, particles included; None where it is not known."""
    ((first, rest),) = openings(parse(phrase))
    assert ahead(first, rest) == (None if letters is None else frozenset(letters))


@pytest.mark.parametrize(
    ("phrase", "keys"),
    [
        ("hostage", None),
        ("hostage deal", None),
        ("in captivity", {"captivity"}),
        ("in ...2 captivity", {" captivity"}),
        ("the (last) hostage*", {"hostage"}),
        ("the [hostages in|aid for] gaza", {"gaza"}),
        ("the ...3 [hostages in|captives]", {"hostages", "captives"}),
        ("في وقف =النار", {"النار"}),
        ("in (captivity)", None),
        ("in it", None),
    ],
)
def test_what_gives_a_pattern_away(phrase: str, keys: set[str] | None) -> None:
    """A longer word that must stand there, where the first is in every text; behind a gap with a space."""
    ((first, rest),) = openings(parse(phrase))
    found = key(first, rest)
    assert (None if found is None else set(found)) == keys


def test_a_gap_too_wide_is_refused() -> None:
    """Of two digits the second would be read as a word."""
    with pytest.raises(PatternError, match="too wide a gap; nine words are the most"):
        parse("halt ...12 fire")

"""Clauses: where a sentence is cut, and which cues stay."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.event.doing.clauses import IGNORE, MOST, Told, told
from pipeline.event.lexicon import Cue, Lexicon
from pipeline.event.world.gazetteer import Named
from pipeline.mention.normal import fold

ENGLISH = Lexicon(
    {
        "border": ("while",),
        "opens": ("that",),
        "and": ("and",),
        "not": ("no",),
        "denied": ("rejects", "turn* ...4 down"),
        IGNORE: ("no longer",),
    }
)


def read(text: str, *named: str) -> Told:
    names = [Named(at := text.index(name), at + len(name), name.lower(), None) for name in named]
    return told(text, [ENGLISH.cues(fold(text))], sorted(names))


def clause(text: str, mention: str, *named: str) -> str:
    start = text.index(mention)
    low, high = read(text, *named).clause(start, start + len(mention))
    return text[low:high]


def test_a_conjunction_ends_a_clause_on_both_sides() -> None:
    """What is said while something else is said does not belong to it."""
    text = "The truce holds while hostages wait"
    assert clause(text, "truce") == "The truce holds "
    assert clause(text, "hostages") == "while hostages wait"


def test_a_relative_word_only_begins_a_clause() -> None:
    """The clause of "the truce" goes on behind "the truce that Egypt proposed"."""
    text = "They say that the truce that Egypt proposed holds"
    assert clause(text, "truce") == "that the truce that Egypt proposed holds"


def test_another_party_begins_a_clause_and_a_list_of_parties_none() -> None:
    """ "and Israel rejects" is another clause, "Hamas and Israel" one subject."""
    text = "the truce holds and Israel rejects it"
    assert clause(text, "truce", "Israel") == "the truce holds "
    text = "a truce of Hamas and Israel holds"
    assert clause(text, "truce", "Hamas", "Israel") == text


def test_an_insertion_between_commas_divides_nothing() -> None:
    """ "The truce, Hamas said, holds" is one clause."""
    text = "The truce, Hamas said, holds"
    assert clause(text, "truce", "Hamas") == text


def test_of_overlapping_cues_the_longer_stays() -> None:
    """ "no" in "no longer" is no negator; a phrase with a gap owns nothing of what stands in it."""
    assert [cue.role for cue in read("no longer").cues] == [IGNORE]
    assert [cue.role for cue in read("turns no truce down").cues] == ["denied", "not"]


def test_the_cue_that_is_spelled_so_stays() -> None:
    """ "rechazo" is the noun and "rechazó" the verb, although both fold alike."""
    words = Lexicon({"noun": ("rechazo",), "verb": ("rechazó",)})
    for text, role in (("el rechazo", "noun"), ("ella rechazó", "verb")):
        assert [cue.role for cue in told(text, [words.cues(fold(text))], ()).cues] == [role]


def test_a_sentence_of_cues_alone_is_bounded() -> None:
    """However many cues a sentence has, a fixed number is compared with each other."""
    assert len(read("no while " * 500).cues) == MOST


CUES = st.builds(
    Cue,
    st.integers(0, 30),
    st.integers(31, 60),
    st.sampled_from(["border", "opens", "and", IGNORE, "not"]),
    st.just("x"),
)


@given(st.text(max_size=60), st.lists(CUES, max_size=12), st.integers(0, 60), st.integers(0, 60))
def test_clauses_lie_inside_the_sentence(text: str, cues: list[Cue], one: int, other: int) -> None:
    """Whatever the text and the cues, the clause of a span holds its start and lies in the text."""
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    inside = [cue for cue in cues if cue.end <= len(text)]
    low, high = told(text, [inside], ()).clause(start, end)
    assert 0 <= low <= start and end <= high <= len(text)

"""Marks that lie in, across and on each other, as openings and closings that never cross."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from agents.cli.marks import RANKS, Mark
from agents.cli.steps import Step, lines

texts = st.text(st.sampled_from("ab \n\tא́\u202e<"), max_size=40)
spans = st.tuples(st.integers(0, 40), st.integers(0, 40), st.sampled_from(sorted(RANKS)))


def mark(start: int, end: int, kind: str = "words", tag: str = "") -> Mark:
    return Mark("text", start, end, kind, tag)  # type: ignore[arg-type]


def sketch(text: str, *marks: Mark) -> list[str]:
    """Each line with "(" and ")" for edges, "<" and ">" where a mark is only interrupted."""
    signs = {("open", True): "(", ("open", False): "<", ("close", True): ")", ("close", False): ">"}
    return ["".join(step.words or signs[step.do, step.edge] for step in line) for line in lines(text, marks)]


def test_a_mark_inside_another_stays_inside() -> None:
    """Mention in a quotation in an attribution: each is opened and closed once."""
    assert sketch("a bcd e", mark(0, 7), mark(2, 5, "figure"), mark(3, 4, "mention")) == ["(a (b(c)d) e)"]


def test_marks_that_cross_are_cut_where_the_outer_one_ends() -> None:
    """What goes on behind the end of its neighbour is closed with it and opened again."""
    assert sketch("abcdef", mark(0, 4), mark(2, 6, "figure")) == ["(ab(cd>)<ef)"]


def test_marks_of_the_same_stretch_nest_by_kind() -> None:
    """The words contain the act, the act the mention, in whatever order they come."""
    steps = next(lines("abc", [mark(0, 3, "mention"), mark(0, 3, "words"), mark(0, 3, "act")]))
    assert [step.mark.kind for step in steps if step.mark and step.do == "open"] == [
        "words",
        "act",
        "mention",
    ]


def test_a_mark_over_a_line_s_end_is_cut_there() -> None:
    """A quotation of two paragraphs is closed at the end of each, and empty lines stay empty."""
    assert sketch("ab\n\ncd", mark(1, 5)) == ["a(b>", "", "<c)d"]


def test_blanks_at_the_edges_are_not_marked() -> None:
    """Neither a line feed nor nothing at all is marked."""
    assert sketch(" a \n b", mark(0, 4), mark(3, 5), mark(2, 2)) == [" (a) ", " b"]


@given(texts, st.lists(spans, max_size=8))
def test_steps_are_the_text_again_and_nest(text: str, drawn: list[tuple[int, int, str]]) -> None:
    """For any text and marks: the words are the text, what opens last closes first, and what a mark holds
    is what it stands on."""
    size = len(text)
    marks = {mark(min(a, b, size), min(max(a, b), size), kind) for a, b, kind in drawn}
    found = list(lines(text, marks))
    assert "\n".join("".join(step.words for step in line) for line in found) == text
    held: Counter[Mark] = Counter()
    for line in found:
        held += _nested(line)
    assert all(len(text[one.start : one.end].replace("\n", "")) == count for one, count in held.items())
    edges = Counter((step.do, step.mark) for line in found for step in line if step.mark and step.edge)
    assert set(edges.values()) <= {1}
    shown = {(one.start, one.end, one.kind) for _, one in edges if one}
    assert len(edges) == 2 * len(shown)


def _nested(line: tuple[Step, ...]) -> Counter[Mark]:
    """Letters under each mark of a line, in which all that opens must close."""
    running: list[Mark] = []
    held: Counter[Mark] = Counter()
    for step in line:
        if step.mark is None:
            held.update(dict.fromkeys(running, len(step.words)))
        elif step.do == "open":
            running.append(step.mark)
        else:
            assert running.pop() == step.mark
    assert running == []
    return held


def test_steps_grow_with_the_marks() -> None:
    """Twice the text with twice the marks is twice the steps, on one endless line and on many."""
    for unit in ("abcd ", "abcd\n"):
        counts = [
            sum(map(len, lines(unit * n, [mark(5 * k + d, 5 * k + 3 + d) for k in range(n) for d in (0, 1)])))
            for n in (1_000, 2_000)
        ]
        assert counts[1] == 2 * counts[0] > 0

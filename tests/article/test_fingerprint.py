"""Near-duplicate sketches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article.fingerprint import K, fingerprint, similarity

WIRE = """CAIRO (MW) — Mediators met the two delegations separately on Saturday and carried drafts from one
floor to the other, three people with knowledge of the meetings said. The draft on the table
foresees a pause of forty days, the release of thirty-three of those held in Gaza and of several
hundred prisoners. Neither side has answered.

A spokeswoman for the foreign ministry said that the teams would stay in the city over the weekend.
Trucks waited on the road to the crossing, where drivers slept in their cabins for a fifth night.
Aid workers counted fewer than forty lorries a day, a third of what had been promised in March.

The talks began in January and broke off twice. A round in Paris ended without a statement."""
REPRINT = (
    WIRE.replace("CAIRO (MW) — Mediators", "Mediators")
    .rpartition("\n\n")[0]
    .replace("Neither side", "So far neither side")
)
OTHER = """The harbour authority closed the southern basin on Saturday after a crane had come loose in the
storm. Three people were treated in hospital. The cranes were last inspected in March, the
authority's spokeswoman said, and the company that runs them has until the weekend to answer.
Ferries to the islands leave from the northern pier, where passengers waited for hours; forty trips
were cancelled. The last closure, in January, took two days."""


def test_reprinted_wire_copy_is_alike():
    """A reprint without dateline and last paragraph, with a word changed, stays far from unrelated text."""
    assert similarity(fingerprint(WIRE), fingerprint(REPRINT)) > 0.6
    assert similarity(fingerprint(WIRE), fingerprint(OTHER)) < 0.05


def test_typography_does_not_matter():
    """Case, quotation marks and blanks are no difference."""
    typeset = WIRE.upper().replace("'", "’").replace("—", "-").replace("\n", "  ")
    assert fingerprint(typeset) == fingerprint(WIRE)


ALIKE = {
    "Arabic": ("توجه وفد إلى القاهرة اليوم لمواصلة المحادثات حول وقف إطلاق النار، ولم يصدر رد بعد.", 0.5),
    "Hebrew": ("משלחת יצאה הבוקר לקהיר כדי להמשיך בשיחות על הפסקת האש, ועדיין לא נמסרה תשובה.", 0.5),
    "Hindi": ("प्रतिनिधिमंडल बातचीत जारी रखने के लिए आज काहिरा पहुँचा और अब तक कोई जवाब नहीं आया है।", 0.5),
    "Chinese": ("代表团今天前往开罗继续就停火问题举行会谈,双方至今没有作出答复,谈判将持续到周末。", 0.5),
}


@pytest.mark.parametrize(("text", "least"), ALIKE.values(), ids=ALIKE.keys())
def test_other_scripts(text, least):
    """A text that lost its last words is alike in every script."""
    shorter = text[: len(text) * 4 // 5]
    assert 1 > similarity(fingerprint(text), fingerprint(shorter)) > least


def test_the_fingerprint_is_this():
    """A literal: another sketch would make stored and new events incomparable."""
    assert fingerprint("Talks on a pause go on.") == "9564287c9b8f51e0d53ccb13f856954f"


def test_estimate_is_near_the_truth():
    """For texts of many shingles the sketch estimates their Jaccard index within three standard errors."""
    words = [f"w{number}" for number in range(900)]
    for common in (100, 300, 600):
        one, other = words[:600], words[600 - common : 1200 - common]
        shared = len(
            {*zip(one, one[1:], one[2:], strict=False)} & {*zip(other, other[1:], other[2:], strict=False)}
        )
        truth = shared / (2 * 598 - shared)
        assert abs(similarity(fingerprint(" ".join(one)), fingerprint(" ".join(other))) - truth) < 0.27


@given(st.text(), st.text())
def test_similarity_is_a_share_and_symmetric(one, other):
    """Similarity lies in 0..1, does not depend on the order, and is 1 for a text with itself."""
    left, right = fingerprint(one), fingerprint(other)
    assert len(left) <= 8 * K
    assert 0 <= similarity(left, right) == similarity(right, left) <= 1
    assert similarity(left, left) == (1 if left else 0)

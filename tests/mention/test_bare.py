"""A text is read without what nobody sees, and every place leads back."""

import sys
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.mention.bare import bare
from pipeline.mention.normal import fold
from tests.mention.strategies import texts

SIGNS = {
    0x0600,
    0x0601,
    0x0602,
    0x0603,
    0x0604,
    0x0605,
    0x06DD,
    0x070F,
    0x0890,
    0x0891,
    0x08E2,
    0x110BD,
    0x110CD,
}
"""Format characters that are seen: signs around numbers and the end of a verse."""


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ho\u00adstages", "hostages"),
        ("hos\u00ad\ntages", "hos\u00ad\ntages"),
        ("\u200fהַפְסָקַת אֵשׁ\u200e.", "הפסקת אש."),
        ("هُدْنَة هـــدنة", "هدنة هدنة"),
        ("هـ.ـدنة", "هـ.ـدنة"),
        ("tre\u0302ve, o\u0323\u0302", "trêve, ộ"),
        ("e\u200b\u0301", "é"),
        ("за\u0301мок и\u0306", "замок й"),
        ("क़तर", "क़तर"),
        ("\u0301\u0301", ""),
        ("plain, já", "plain, já"),
    ],
)
def test_what_is_read(written: str, read: str) -> None:
    """Unseen characters and pointing go, accents are set on their letter, all else stays."""
    assert bare(written).text == read


@settings(max_examples=400, deadline=None)
@given(st.one_of(texts, st.text(st.characters(categories=None))))
@example("ـ\u0301")
@example("a\u200b\u0301\u0301b\u0301\u00ad\n\u0301")
def test_places_lead_back(text: str) -> None:
    """Stretches of the bare text tile the original from left to right, each folding as what it stands for."""
    made = bare(text)
    reached = 0
    for n in range(len(made.text)):
        start, end = made.start(n), made.end(n + 1)
        assert reached <= start < end <= len(text)
        assert fold(text[start:end]).text == fold(made.text[n]).text
        reached = end
    assert made.start(len(made.text)) <= len(text)


@settings(max_examples=300, deadline=None)
@given(texts)
def test_reading_twice_is_reading_once(text: str) -> None:
    """The bare form of a bare text folds as the text did."""
    once = bare(text).text
    assert fold(bare(once).text).text == fold(once).text


def test_all_that_nobody_sees_is_left_out() -> None:
    """Of all of Unicode, what a format character or a mark of Arabic or Hebrew is stands in no bare text."""
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        name = unicodedata.name(char, "")
        points = (
            unicodedata.category(char) == "Mn" and name.startswith(("ARABIC", "HEBREW")) and code < 0x08D0
        )
        unseen = unicodedata.category(char) == "Cf" and code not in SIGNS and code < 0x10000
        if (points or unseen) and fold(char).text.strip() == "":
            assert bare(f"a{char}b").text == "ab", f"{code:04X} {name}"


def test_a_long_run_of_marks_is_read_in_one_pass() -> None:
    """A megabyte of combining marks on one letter, and unseen characters between them, is a letter."""
    assert bare("e" + "\u0301\u200b\u0323" * 300_000).text == unicodedata.normalize("NFC", "e\u0301\u0323")[0]

"""A page gives what folding character by character gives, or says that it does not hold the text."""

import sys

import pytest

from pipeline.mention.pages import Pages


def fold(code: int) -> int:
    """Small letters, everything else below the letters a space: enough to tell pages' characters apart."""
    char = chr(code).lower()
    return ord(char) if len(char) == 1 and char.isalnum() else 0x20


PAGES = Pages(fold)


def plain(text: str) -> str:
    """The text folded without a page."""
    return "".join(chr(fold(ord(char))) for char in text)


@pytest.mark.parametrize("letter", ["a", "é", "я", "ש", "ه", "क", "“", "\x00"])
def test_each_character_of_unicode_beside_a_letter(letter: str) -> None:
    """Every character beside a letter of every page is folded as it is alone, or not at all."""
    for code in range(sys.maxunicode + 1):
        text = f"{letter}{chr(code)}{letter}"
        assert PAGES.folded(text) in (None, plain(text)), f"{code:04X}"


@pytest.mark.parametrize(
    "text",
    [
        "“Où est-il ?” – déjà… €5",
        "Переговоры — «в четверг», 5 мая",
        "وقف إطلاق النار؟ «نعم»، ١٢",
        "הפסקת אש, ״כן״ – 12",
        "“युद्धविराम”, १२।",
        "12 % « رفح »",
        "Rafah, رفح",
        "Рафах 🙂 ok",
        "café 🙂\ud800",
    ],
)
def test_a_text_of_one_script_is_on_a_page(text: str) -> None:
    """With quotation marks, dashes and digits, with what folds to a space, and whatever it begins with."""
    assert PAGES.folded(text) == plain(text)


@pytest.mark.parametrize("text", ["拉法", "α", "Рафах, רפיח"])
def test_what_no_page_holds(text: str) -> None:
    """Letters of two scripts, and of one without a page."""
    assert PAGES.folded(text) is None

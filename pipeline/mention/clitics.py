"""Words that Arabic and Hebrew write together with the word after them, in folded spelling.

A name or alias is found behind any of these, and nothing else may stand between it and the word's edge.
"""

from itertools import product

_ARABIC = frozenset(
    conjunction + preposition + article
    for conjunction, preposition, article in product(("", "و", "ف"), ("", "ب", "ل", "ك", "س"), ("", "ال"))
) | frozenset(("لل", "ولل", "فلل"))
"""Conjunction, then preposition or the future's mark, then article; ل and ال are written لل."""

_HEBREW = frozenset(
    conjunction + relative + preposition + article
    for conjunction, relative, preposition, article in product(
        ("", "ו"), ("", "ש", "כש", "מש", "לכש", "בש"), ("", "ב", "ל", "מ", "כ"), ("", "ה")
    )
)
"""Conjunction, relative particle, preposition, article: ו ש כש מש, ב ל מ כ, ה."""


def continuous(word: str) -> bool:
    """Is its script one that sets no spaces between words (Han, kana, Thai), so that it has no edges?"""
    first = word[:1]
    return "\u0e00" <= first <= "\u0eff" or "\u3040" <= first <= "\u9fff" or "\u1000" <= first <= "\u109f"


LONGEST = max(len(clitic) for clitic in _ARABIC | _HEBREW)
NONE = frozenset(("",))

_ARABIC_REGEX = "[وف]?(?:[بلكس]?(?:ال)?|لل)"
_HEBREW_REGEX = "ו?(?:ש|כש|מש|לכש|בש)?[בלמכ]?ה?"


def clitics_of(word: str) -> frozenset[str]:
    """What may be written in front of `word`, by the script of its first letter; always with ''."""
    first = word[:1]
    if "\u0621" <= first <= "\u06d3":
        return _ARABIC
    if "\u05d0" <= first <= "\u05ea":
        return _HEBREW
    return NONE


def clitics_regex(word: str) -> str:
    """The same as a regular expression, '' where there are none."""
    clitics = clitics_of(word)
    return _ARABIC_REGEX if clitics is _ARABIC else _HEBREW_REGEX if clitics is _HEBREW else ""

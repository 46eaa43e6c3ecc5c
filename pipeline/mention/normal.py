"""Folding: the form in which texts and configured words are compared, with offsets back into the original.

Folded text holds letters, digits, the vowel signs that are part of a word, spaces and full stops:
everything that ends a sentence is a full stop, everything else that is no part of a word is a space.
Case, accents, tashkeel, niqqud, nukta, tatweel, hamza seats, presentation forms and zero-width
characters are folded away. One space is added in front and behind, so that every word has both edges.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.mention.pages import Pages

_DROPPED, _EXPANDED = "\x00", "\x01"
_SPACE, _STOP = ord(" "), ord(".")
_ENDS_SENTENCE = frozenset(".!?…؟।॥۔。！？‼⁇⁈⁉")
_SAME_LETTER = str.maketrans("ةىیېکہەھٱийёøłđıאً", "هييےكههها" + "иие" + "oldiא" + "ً")
_SEVERAL_LETTERS = {"œ": "oe", "æ": "ae"}
_EXPANSIONS: dict[int, str] = {}
_MARKS_OF_A_WORD_EXTENT = 16
"""How many marks after a word's last letter still belong to its surface: more is no writing."""

Edit = tuple[int, int, str]
"""Original start and end, and the folded characters that stand for that slice."""


def _dropped_mark(code: int) -> bool:
    """Is this combining mark ignored when reading (accents, tashkeel, niqqud, nukta)?

    Other marks, such as the vowel signs and the virama of Devanagari, make a different word.
    """
    return (
        0x0300 <= code <= 0x036F
        or 0x0591 <= code <= 0x05C7
        or 0x0610 <= code <= 0x061A
        or 0x064B <= code <= 0x065F
        or code in (0x0670, 0x093C)
        or 0x06D6 <= code <= 0x06ED
        or 0x1AB0 <= code <= 0x1AFF
        or 0x1DC0 <= code <= 0x1DFF
        or 0x20D0 <= code <= 0x20FF
        or 0xFE00 <= code <= 0xFE2F
        or 0xE0100 <= code <= 0xE01EF
    )


def _fold_letter(code: int) -> str:
    """The folded form of a letter or digit: usually one character."""
    char = chr(code)
    plain = "".join(c for c in unicodedata.normalize("NFKD", char).casefold() if not _dropped_mark(ord(c)))
    plain = plain.translate(_SAME_LETTER)
    plain = _SEVERAL_LETTERS.get(plain, plain)
    if len(plain) > 1 and unicodedata.category(char) == "Lo" and not 0xFB00 <= code <= 0xFEFF:
        return char  # Hangul and the like: a decomposition into parts that are no letters to compare
    return plain


def _fold_code(code: int) -> int:
    """One code point as one folded code point; `_DROPPED` and `_EXPANDED` mark what changes the length."""
    char = chr(code)
    kind = unicodedata.category(char)
    if char in _ENDS_SENTENCE:
        return _STOP
    if kind == "Cf" or char == "ـ" or (kind[0] == "M" and _dropped_mark(code)):
        return ord(_DROPPED)
    if kind[0] == "M":
        return code
    if kind[0] != "L" and kind != "Nd":
        return _SPACE
    plain = _fold_letter(code)
    if len(plain) == 1:
        return ord(plain)
    _EXPANSIONS[code] = plain
    return ord(_EXPANDED) if plain else ord(_DROPPED)


class _Table(dict[int, int]):
    """Code point to folded code point, filled as code points are met (at most one entry per code point)."""

    def __missing__(self, code: int) -> int:
        self[code] = folded = _fold_code(code)
        return folded


_TABLE = _Table()
_ASCII = bytes(_fold_code(code) if code < 128 else 0 for code in range(256))
_SELF = "".join(
    re.escape(chr(code))
    for first, last in ((0x20, 0x530), (0x590, 0x700), (0x900, 0x980))
    for code in range(first, last)
    if _fold_code(code) == code
)
_CHANGED = re.compile(f"[^{_SELF}]")
_PAGES = Pages(_TABLE.__getitem__)
_SHORT = 20_000
"""Up to this length a text is folded by the page of its script. Beyond, one of nothing but strays would take
longer there than by the table."""

_SIGNS = "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
"""Of Devanagari: what is written on the letter in front of it."""
_SYLLABLE = rf"[^\W\d_](?:\u094d[\u0915-\u0939]|[{_SIGNS}])*+"
"""A letter; of Devanagari with the letters that a virama joins to it, and with its signs."""
_SPELLED_OUT = re.compile(rf"\.{_SYLLABLE}\.")
_UNREAD = "\u00ad\u034f\u061c\u064b-\u0655\u0670\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
"""What may stand, unseen or over a letter, between a tatweel and its dot, a hyphen and the end of a line."""
_BROKEN_LINE = re.compile(rf"[-\u00AD‐‑][ \t\r{_UNREAD}]{{0,9}}\n[ \t{_UNREAD}]{{0,9}}(?=[^\W\d_])")
_MAY_BREAK = re.compile(rf"\n(?<=[-‐‑ \t\r{_UNREAD}]\n)")
"""An end of a line behind what may break a word. The newline comes first since that is looked for fast."""
_DOTTED_TATWEEL = re.compile(f"ـ[{_UNREAD}]{{0,9}}[.،…·•*]|[.،…·•*][{_UNREAD}]{{0,9}}ـ")
_SPLIT_WORD = re.compile(
    rf"(?<=[^\W\d_])[ـ{_UNREAD}]{{0,9}}ـ[{_UNREAD}]{{0,9}}[ \u00a0]"
    rf"[{_UNREAD}]{{0,9}}ـ[ـ{_UNREAD}]{{0,9}}(?=[^\W\d_])"
)
"""A blank within a word, as the tatweel on its both sides shows ("هـ ـدنة"): posts pass filters by it."""
_SHORT_WORD = rf"(?<![^\W\d_]){_SYLLABLE}\.{_SYLLABLE}(?![^\W\d_])"
_DOTTED = re.compile(f"{_SPELLED_OUT.pattern}|{_SHORT_WORD}|{_DOTTED_TATWEEL.pattern}")
"""Where one word is spelled out, "a.l" is one of two letters, too."""
_DOTS_WITHIN = re.compile(
    rf"(?:(?<=[^\W\d_])|(?<=[{_SIGNS}]))[ـ.،…·•*{_UNREAD}]+(?=[^\W\d_])|(?<=ـ)[.،…·•*{_UNREAD}]+(?=ـ)"
)
_BLANK = re.compile(r"\s")
HASHTAG = re.compile(
    r"[#＃](?:\w|[\u00ad\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\ufeff])+"
)
"""With the marks on its letters and with what nobody sees."""
_MARKED = re.compile(f"{_DROPPED}+|{_EXPANDED}")


class Folded(NamedTuple):
    """A folded text. `text` starts and ends with an added space.

    `at` holds the folded offsets at which the distance to the original changes, `shift` the
    distances: an original offset is the folded one plus the shift in force there. Both are empty
    where folding kept the length.
    """

    original: str
    text: str
    at: Sequence[int] = ()
    shift: Sequence[int] = ()

    def start(self, offset: int) -> int:
        """Original offset of the folded character at `offset` (1 <= offset < len(text) - 1)."""
        if not self.at:
            return offset - 1
        return offset + self.shift[bisect_right(self.at, offset) - 1]

    def offset(self, place: int) -> int:
        """The folded offset of the first folded character at or behind `place` of the original."""
        return bisect_left(range(len(self.text) - 1), place, 1, key=self.start)

    def end(self, offset: int) -> int:
        """Original end of a slice whose folded end is `offset`, with the marks on its last letter."""
        end = self.start(offset - 1) + 1
        if self.original[end : end + 1] < "\u0300":
            return end  # a blank or a stop as a rule, and no mark
        last = min(len(self.original), end + _MARKS_OF_A_WORD_EXTENT)
        while end < last and unicodedata.category(self.original[end])[0] == "M":
            end += 1
        return end


def fold(text: str) -> Folded:
    """The folded form of any string, lone surrogates included; time linear in its length."""
    base = _ascii(text) if text.isascii() else _same_length(text)
    edits = _edits(text, base)
    if not edits:
        return Folded(text, f" {base} ")
    return _edited(text, base, edits)


def _ascii(text: str) -> str:
    """The same for ASCII, where a table of bytes does it."""
    return text.encode("ascii").translate(_ASCII).decode("ascii")


def _same_length(text: str) -> str:
    """Every character folded to exactly one."""
    if len(text) <= _SHORT and (base := _PAGES.folded(text)) is not None:
        return base
    return text.translate(_TABLE)


def fold_words(phrase: str) -> str:
    """A configured word or phrase as it is compared: folded, stripped, single spaces."""
    plain = plain_words(phrase)
    if plain is None:
        plain = fold(phrase).text.replace(".", " ")
    return " ".join(plain.split())


def plain_words(phrase: str) -> str | None:
    """The phrase folded if folding changes no more than the case of letters without accents, as in most; else
    None. Takes a tenth of the time."""
    plain = phrase.lower() if phrase.isascii() else phrase
    return None if "." in plain or _CHANGED.search(plain) else plain


def _edits(text: str, base: str) -> list[Edit]:
    """Every place where the folded text is shorter or longer than the original, in order."""
    found: list[Edit] = []
    if _DROPPED in base or _EXPANDED in base:
        found += _marked(text, base)
    if "#" in text or "＃" in text:
        found += _humps(text)
    if "ـ" in text:
        found += [(m.start(), m.end(), "") for m in _SPLIT_WORD.finditer(text)]
    if "\n" in text and _MAY_BREAK.search(text):
        found += [(m.start(), m.end(), "") for m in _BROKEN_LINE.finditer(text)]
    if ("ـ" in text and _DOTTED_TATWEEL.search(text)) or _SPELLED_OUT.search(text):
        found += _dots(text)
    return _in_order(found) if found else found


def _in_order(edits: list[Edit]) -> list[Edit]:
    """Sorted by place; of two that overlap the earlier and longer one stays."""
    edits.sort(key=lambda edit: (edit[0], -edit[1]))
    kept: list[Edit] = []
    reached = 0
    for edit in edits:
        if edit[0] >= reached:
            kept.append(edit)
            reached = edit[1]
    return kept


def _marked(text: str, base: str) -> Iterator[Edit]:
    """Dropped characters, and characters that stand for several letters."""
    for match in _MARKED.finditer(base):
        start, end = match.span()
        dropped = base[start] == _DROPPED
        yield start, end, "" if dropped else _EXPANSIONS[ord(text[start])]


def _humps(text: str) -> Iterator[Edit]:
    """Word edges inside hashtags: #CeasefireNow is two words, in any script that has capitals."""
    for tag in HASHTAG.finditer(text):
        seen = [n for n in range(*tag.span()) if text[n].isalnum() or text[n] == "_"]
        for before, here, after in zip(seen, seen[1:], (*seen[2:], None), strict=False):
            if _edge(text[before], text[here], text[after] if after is not None else ""):
                yield here, here, " "


def _edge(before: str, here: str, after: str) -> bool:
    """Does a new word begin with `here`: a capital behind a small letter, the last of several capitals in
    front of a small letter, or where digits and letters meet?"""
    if here.isdigit() or before.isdigit():
        return (here.isdigit() and before.isalpha()) or (before.isdigit() and here.isalpha())
    if here.isupper():
        return (before.isalpha() and not before.isupper()) or (before.isupper() and after.islower())
    return False


def _dots(text: str) -> Iterator[Edit]:
    """The dots of words spelled out with dots or with dotted tatweel, as posts do to pass filters."""
    reached = 0
    for found in _DOTTED.finditer(text):
        start = found.start()
        if start < reached:
            continue  # of the same word
        blank = _BLANK.search(text, start)
        end = blank.start() if blank else len(text)
        while start > reached and not text[start - 1].isspace():
            start -= 1
        for dots in _DOTS_WITHIN.finditer(text, start, end):
            yield dots.start(), dots.end(), ""
        reached = end


def _edited(text: str, base: str, edits: list[Edit]) -> Folded:
    """Apply edits to the folded text and note where the distance to the original changes."""
    pieces, at, shift = [" "], [0], [-1]
    length, done = 1, 0
    for start, end, replacement in edits:
        pieces += (base[done:start], replacement)
        length += start - done
        for _ in replacement:
            at.append(length)
            shift.append(start - length)
            length += 1
        at.append(length)
        shift.append(end - length)
        done = end
    pieces += (base[done:], " ")
    return Folded(text, "".join(pieces), at, shift)

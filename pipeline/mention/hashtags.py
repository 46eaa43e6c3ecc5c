"""Hashtags in small letters whose words run together: #rafahunderattack, #permanentceasefirenow."""

from collections.abc import Iterator, Sequence

from ahocorasick_rs import AhoCorasick

from pipeline.mention.matcher import Hit
from pipeline.mention.normal import HASHTAG, Folded
from pipeline.mention.pattern import Element, Word

_AT_START = 5
"""Letters of an alias with which a tag may begin, whatever follows: "rafah", "truce"."""

_ANYWHERE = 7
"""Letters of an alias that may stand inside a tag: so long a word is no part of another by chance ("otage",
which stands in "sabotage", has five)."""


class Tags:
    """Finds the aliases of plain words inside tags that show no word edges."""

    def __init__(self, patterns: Sequence[Sequence[Element]]) -> None:
        joined = {number: _joined(elements) for number, elements in enumerate(patterns)}
        self._numbers = [number for number, word in joined.items() if len(word) >= _AT_START]
        self._automaton = AhoCorasick([joined[number] for number in self._numbers])

    def find(self, folded: Folded) -> Iterator[Hit]:
        """The hits in the tags of a text. Linear in the text: each tag is looked at once."""
        if "#" not in folded.original and "＃" not in folded.original:
            return
        for tag in HASHTAG.finditer(folded.original):
            start, end = folded.offset(tag.start() + 1), folded.offset(tag.end())
            body = folded.text[start:end]
            if " " in body.strip():
                continue
            for index, first, last in self._automaton.find_matches_as_indexes(body, overlapping=True):
                if first == 0 or last - first >= _ANYWHERE:
                    yield Hit(start + first, start + last, self._numbers[index])


def _joined(elements: Sequence[Element]) -> str:
    """The letters of a pattern of words alone; nothing of any other."""
    words = [element for element in elements if isinstance(element, Word)]
    return "".join(word.text for word in words) if len(words) == len(elements) else ""

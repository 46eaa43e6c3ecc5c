"""Words as the story room compares them: folded, without punctuation, in any script that uses spaces."""

from collections.abc import Collection
from sys import intern
from zlib import crc32

PUNCTUATION = " \t\n.,;:!?…\"'“”‘’«»„‹›()[]{}<>|/\\-–—*•،؛؟।"
SHORTEST = 3
"""Characters of an ASCII word that is compared: shorter ones are nearly all articles and prepositions."""
STOPWORDS = frozenset(
    """a about an and at for from in into of on over that the these this those to which who with""".split()  # noqa: SIM905
)
ENDINGS = ("ings", "ing", "ies", "ed", "es", "s")
STEM = 4
"""Characters that remain at least when an ending is cut: "sheltering" and "sheltered" count the same."""


def content_words(text: str) -> tuple[str, ...]:
    """Distinct folded words of `text` worth comparing, in order of appearance; interned."""
    found: dict[str, None] = {}
    for part in text.casefold().split():
        word = part.strip(PUNCTUATION)
        if len(word) >= SHORTEST or not word.isascii():
            found[intern(word)] = None
    return tuple(found)


def overlap(first: Collection[str], second: frozenset[str]) -> float:
    """Shared words over the words of the shorter side (0..1): a part of a longer one repeats it."""
    shorter = min(len(first), len(second))
    return len(second.intersection(first)) / shorter if shorter else 0.0


def quantity_words(counted: str) -> str:
    """What is counted, as a key: words without stopwords and endings, each once, sorted."""
    parts = (part.strip(PUNCTUATION) for part in counted.casefold().replace("-", " ").split())
    return " ".join(sorted({_stem(part) for part in parts if part and part not in STOPWORDS}))


def _stem(word: str) -> str:
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= STEM:
            return word[: -len(ending)]
    return word


def name_key(name: str) -> str:
    """A name as compared: folded, single spaces, no punctuation around it."""
    return " ".join(name.casefold().split()).strip(PUNCTUATION)


def digest(words: str) -> int:
    """CRC-32 of a sentence: tells whether two read the same, letter for letter."""
    return crc32(words.encode("utf-8", "surrogatepass"))

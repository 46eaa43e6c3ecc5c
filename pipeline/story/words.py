"""Words as the story room compares them: folded, without punctuation, in any script that uses spaces."""

import re
from collections.abc import Collection
from functools import lru_cache
from sys import intern
from zlib import crc32

from pipeline.event.vocabulary import words

PUNCTUATION = " \t\n.,;:!?…\"'“”‘’«»„‹›()[]{}<>|/\\-–—*•،؛؟।"
TIME_UNITS = frozenset(["seconds", "minutes", "hours", "days", "weeks", "months", "years"])
_WORD = re.compile(rf"[^\s{re.escape(PUNCTUATION)}]+")
SHORTEST = 3
"""Characters of a word that is compared; of shorter ones only numbers say much."""
STOPWORDS = words(
    "a about an and are at been being for from had has have in individuals into is of on over people persons "
    "still that the these this those to was were which who with"
)
ENDINGS = ("ings", "ing", "ies", "ed", "es", "s")
STEM = 4
"""Characters that remain at least when an ending is cut: "sheltering" and "sheltered" count the same."""


def content_words(text: str) -> tuple[str, ...]:
    """Distinct folded words of `text` worth comparing, in order of appearance, interned."""
    parts = _WORD.findall(text.casefold())
    return tuple(
        dict.fromkeys([intern(part) for part in parts if len(part) >= SHORTEST or not part.isalpha()])
    )


def overlap(first: Collection[str], second: frozenset[str]) -> float:
    """Shared words over the words of the shorter side (0..1): a part of a longer one repeats it."""
    shorter = min(len(first), len(second))
    return len(second.intersection(first)) / shorter if shorter else 0.0


@lru_cache(maxsize=4_096)
def quantity_words(counted: str) -> str:
    """What is counted, as a key: words without stopwords and endings, each once, sorted; may be empty."""
    parts = (part.strip(PUNCTUATION) for part in counted.casefold().replace("-", " ").split())
    return " ".join(sorted({_stem(part) for part in parts if part and part not in STOPWORDS}))


def is_specific(unit: str, counted: str, key: str) -> bool:
    """Whether two values of a quantity can be taken to count the same thing.

    A duration of something does; of things and people, two words do or a participle: "trucks of aid",
    "killed", but not "hostages", of whom some are held, some named and some to be released.
    """
    if unit in TIME_UNITS or " " in key:
        return bool(key)
    return bool(key) and any(part.strip(PUNCTUATION).endswith(("ed", "ing")) for part in counted.split())


def _stem(word: str) -> str:
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= STEM:
            return word[: -len(ending)]
    return word


def name_key(name: str) -> str:
    """A name as compared: folded, single spaces for blanks and hyphens, no punctuation around it."""
    return " ".join(name.casefold().replace("-", " ").split()).strip(PUNCTUATION)


def digest(sentence: str) -> int:
    """CRC-32 of a sentence: tells whether two read the same, letter for letter."""
    return crc32(sentence.encode("utf-8", "surrogatepass"))

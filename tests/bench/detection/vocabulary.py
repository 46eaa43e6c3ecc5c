"""Made-up words in eight languages' letters, as many and as unevenly used as those of a real stream.

A few dozen neutral words would flatter whoever remembers words: spaCy's tokeniser keeps ten thousand.
"""

import random
from functools import cache
from itertools import accumulate

SIZE = 20_000
"""Words of a language."""
_LATIN = ("bcdfghjklmnprstvz", "aeiou")
_SYLLABLES = {
    "ru": ("бвгджзклмнпрстфхч", "аеиоуы"),
    "ar": ("بتثجحخدذرزسشصضطظعغفقكلمنه", "اوي"),
    "he": ("בגדזחטכלמנסעפצקרשת", "אוי"),
    "hi": ("कखगचजटडतदनपबमरलवसह", "ािीुूेैो"),
}
"""Consonants and vowels; Latin ones for the others."""


@cache
def words(language: str) -> tuple[str, ...]:
    """The words of a language, the most frequent first; the same each time."""
    dice = random.Random(f"words of {language}")
    made: dict[str, None] = {}
    while len(made) < SIZE:
        made[word(language, dice)] = None
    return tuple(made)


@cache
def frequencies() -> tuple[float, ...]:
    """Cumulated weights by Zipf's law: the n-th word stands a n-th as often as the first."""
    return tuple(accumulate(1 / rank for rank in range(1, SIZE + 1)))


def word(language: str, dice: random.Random) -> str:
    """Two to four syllables."""
    consonants, vowels = _SYLLABLES.get(language, _LATIN)
    return "".join(dice.choice(consonants) + dice.choice(vowels) for _ in range(dice.randint(2, 4)))

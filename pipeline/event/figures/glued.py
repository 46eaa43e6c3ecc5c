"""Glued words: numbers in one word, alone or with the unit behind ("sechswöchige", "сорокадневный")."""

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.event.figures.sums import Sum
from pipeline.event.lexicon import Lexicon
from pipeline.mention.normal import fold_words

LONGEST = 60
"""Letters of the longest word that is read as a number; German's for 999,999 has 66, nobody prints it."""


@dataclass(frozen=True, slots=True)
class Glue:
    """The parts of a language's words: numbers, the words that join them, unit stems."""

    parts: re.Pattern[str]
    stems: re.Pattern[str]
    values: dict[str, str]
    units: dict[str, str]


@lru_cache(maxsize=16)
def glue_of(words: Lexicon) -> Glue | None:
    """The glue of a lexicon, None where its language writes none."""
    values = _by_word(words, "glue.")
    units = _by_word(words, "stem.")
    if not values:
        return None
    return Glue(re.compile(_any(values)), re.compile(_any(units)), values, units)


def glued(word: str, glue: Glue) -> tuple[int | float, str | None] | None:
    """The number that a word consists of, and the unit whose stem follows it."""
    folded = fold_words(word)
    if len(folded) > LONGEST or not glue.parts.match(folded):
        return None
    total, at = Sum(), 0
    joined = False
    while found := glue.parts.match(folded, at):
        part = glue.values[found[0]]
        at = found.end()
        if part == "and":
            joined = True
            continue
        done = total.half() if part == "half" else total.add(float(part), joined=joined)
        if not done:
            return None
        joined = False
    if at == len(folded):
        return (total.value, None) if total.value else None
    stem = glue.stems.match(folded, at)
    return (total.value, glue.units[stem[0]]) if stem and total.value else None


def _by_word(words: Lexicon, table: str) -> dict[str, str]:
    """What the parts of a table mean, by their folded letters."""
    return {
        fold_words(phrase.rstrip("*")): role.removeprefix(table)
        for role, phrases in words.roles.items()
        if role.startswith(table)
        for phrase in phrases
    }


def _any(parts: dict[str, str]) -> str:
    """One of the parts, the longest first; nothing where there are none."""
    return "|".join(map(re.escape, sorted(parts, key=lambda part: (-len(part), part)))) or "(?!)"

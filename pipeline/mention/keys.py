"""Keys: the words of a pattern that give it away.

"in captivity" begins with a word of every text. So the automaton looks for "captivity", and the pattern is
tried only in texts that have it: a dozen false starts an article become two. "attacks ...9 halted" begins
with a good word, but trying it goes over ten more: it is tried only in texts that have "halted" as well.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from pipeline.mention.clitics import NONE, clitics_of, continuous
from pipeline.mention.pattern import Element, Gap, Word

_LETTERS = 5
"""How many times rarer a word is for each further letter, roughly."""
_FUNCTION_WORD = 3
"""Letters up to which most words are of every text, in all listed languages."""
_TWICE = 3
"""A text with a key is searched once more, so it must be so many times rarer than the first word."""


def anchor(first: Word) -> str:
    """What stands in the text where a pattern begins with this word: with the space in front of words without
    particles, which spares false starts."""
    alone = first.bare or clitics_of(first.text) is NONE
    return f" {first.text}" if alone and not continuous(first.text) else first.text


def key(first: Word, rest: Sequence[Element]) -> Sequence[str] | None:
    """Letters of which some stand in every text that has the pattern, and in few others; None where the first
    word is as good."""
    return _rarest(first, rest, _frequency((anchor(first),)) / _TWICE)


def witness(first: Word, rest: Sequence[Element]) -> Sequence[str] | None:
    """Letters of which some stand in every text that has a pattern with gaps, which takes long to try; None
    for other patterns, and where there are only words of every text."""
    return _rarest(first, rest, 1.0) if any(isinstance(one, Gap) for one in rest) else None


def _rarest(first: Word, rest: Sequence[Element], below: float) -> Sequence[str] | None:
    """The words of the element behind the first that is rarest, if it is rarer than that."""
    found = None
    for before, element in pairwise((first, *rest)):
        if (words := _words(before, element)) and (frequency := _frequency(words)) < below:
            below, found = frequency, words
    return found


def _words(before: Element, element: Element) -> tuple[str, ...]:
    """The longest word of each option of an element that must stand there. Behind a gap stands a space."""
    if isinstance(element, Word):
        return (anchor(element) if isinstance(before, Gap) else element.text,)
    if isinstance(element, Gap) or element.optional:
        return ()
    return element.longest


@lru_cache(maxsize=4_096)
def _frequency(words: tuple[str, ...]) -> float:
    """How often one of the words stands somewhere, for comparison."""
    return sum(1.0 if len(word.strip()) <= _FUNCTION_WORD else _LETTERS ** -len(word) for word in words)

"""The small language of aliases: what a person writes in a subject file, read into word sequences.

    cease fire        the words in this order; a space stands for any space, hyphen or quote, or none
    hostage*          the word with any ending
    [halt|pause in]   one of these, each of one or more words
    (the|all)         one of these or nothing
    ...   ...2        up to four (two) other words of the same sentence in between, or none
    =שבי              without the particles that Arabic and Hebrew write in front of a word

Arabic and Hebrew words are found behind their particles by themselves (see clitics.py).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.mention.clitics import clitics_regex, continuous
from pipeline.mention.normal import fold_words
from pipeline.mention.sentences import ABBREVIATIONS

_TOKEN = re.compile(r"\s*(?:\[([^\[\]()]*)\]|\(([^\[\]()]*)\)|\.\.\.(\d?)|([^\s\[\]()]+))")
_GAP = 4
_WORD = r"[^ .]{1,40}(?:\.[^ .]{1,40})?"
_ANY_ENDING = r"[^ .]{0,20}"
_NEAR, _APART = " *+", " ++"
EDGE = r"(?=[ .])"


class PatternError(ValueError):
    """An alias that cannot be read; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word; `open` admits any ending, `bare` no particle in front."""

    text: str
    open: bool = False
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences; `optional` admits none of them."""

    options: tuple[tuple[Word, ...], ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to `most` words in between."""

    most: int


Element = Word | Choice | Gap


def literal(phrase: str) -> tuple[Word, ...]:
    """The words of a phrase as they stand, for names."""
    return tuple(Word(word) for word in fold_words(phrase).split())


def parse(source: str) -> tuple[Element, ...]:
    """The elements of an alias. Raises PatternError."""
    elements: list[Element] = []
    position, source = 0, source.strip()
    while position < len(source):
        match = _TOKEN.match(source, position)
        if match is None:
            raise PatternError(f"brackets do not match at {source[position:]!r}")
        elements += _element(match)
        position = match.end()
    _check(elements)
    return tuple(elements)


def _element(match: re.Match[str]) -> Sequence[Element]:
    """What one token of an alias stands for."""
    choice, option, gap, word = match.groups()
    if choice is not None:
        return [Choice(_options(choice), optional=False)]
    if option is not None:
        return [Choice(_options(option), optional=True)]
    if gap is not None:
        return [Gap(int(gap) if gap else _GAP)]
    return _words(word)


def _options(listed: str) -> tuple[tuple[Word, ...], ...]:
    """The options of a bracket, each of at least one word."""
    options = tuple(tuple(w for part in option.split() for w in _words(part)) for option in listed.split("|"))
    if not all(options):
        raise PatternError(f"an option of [{listed}] is empty")
    return options


def _words(written: str) -> list[Word]:
    """The words of one written word: 'cease-fire' is two."""
    bare, open_ = written.startswith("="), written.endswith("*")
    folded = fold_words(written.strip("=*")).split()
    if "*" in written.strip("*") or not folded:
        raise PatternError(f"{written!r} is no word with at most one * at its end")
    return [Word(text, open_ and n == len(folded) - 1, bare) for n, text in enumerate(folded)]


def _check(elements: Sequence[Element]) -> None:
    """A pattern has something to find at both its ends."""
    if not any(isinstance(e, Word) or (isinstance(e, Choice) and not e.optional) for e in elements):
        raise PatternError("there is no word in it that must stand in the text")
    if isinstance(elements[0], Gap) or isinstance(elements[-1], Gap):
        raise PatternError("it starts or ends with '...', which finds nothing more")


def openings(elements: Sequence[Element]) -> list[tuple[Word, tuple[Element, ...]]]:
    """Each word that the pattern can begin with, and what follows it then."""
    first, rest = elements[0], tuple(elements[1:])
    if isinstance(first, Word):
        return [(first, rest)]
    if isinstance(first, Gap):  # behind an optional opening
        return openings(rest)
    found = [(option[0], (*option[1:], *rest)) for option in first.options]
    return found + openings(rest) if first.optional else found


def tail(first: Word, rest: Sequence[Element]) -> str:
    """Regular expression of what follows the letters of `first` in folded text, up to the last word's edge.

    Every repetition is bounded or possessive, so that matching at one place is linear in the spaces there.
    """
    parts = [_ending(first)]
    space = _NEAR
    for element in rest:
        if isinstance(element, Gap):
            parts.append(f"(?: ++{_WORD}){{0,{element.most}}}?")
            space = _APART
        else:
            parts.append(_step(element, space))
            space = _NEAR
    return "".join(parts) + ("" if continuous(first.text) else EDGE)


def _step(element: Word | Choice, space: str) -> str:
    """A word or a choice with the space in front of it."""
    if isinstance(element, Word):
        return space + _inner(element)
    options = "|".join(_NEAR.join(_inner(word) for word in option) for option in element.options)
    return f"(?:{space}(?:{options}))" + ("?" if element.optional else "")


def _inner(word: Word) -> str:
    """A word that is not the first, with the particles that may be written in front of it."""
    return ("" if word.bare else clitics_regex(word.text)) + re.escape(word.text) + _ending(word)


def _ending(word: Word) -> str:
    """Any letters behind an open word, the full stop behind an abbreviation."""
    if word.open:
        return _ANY_ENDING
    return r"(?:\.(?= ))?" if word.text in ABBREVIATIONS else ""

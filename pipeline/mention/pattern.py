"""The small language of aliases: what a person writes in a subject file, read into word sequences.

    cease fire        the words in this order; a space stands for any space, hyphen or quote, or none
    hostage*          the word with any ending
    [halt|pause in]   one of these, each of one or more words
    (the|all)         one of these or nothing
    ...   ...2        up to four (two) other words of the same sentence in between, or none
    =שבי              without the particles that Arabic and Hebrew write in front of a word
    @stop             one of the words of a list of that name; in brackets beside other words

Arabic and Hebrew words are found behind their particles by themselves (see clitics.py).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby

from pipeline.mention.clitics import clitics_of, clitics_regex, continuous
from pipeline.mention.normal import fold_words, plain_words
from pipeline.mention.sentences import ABBREVIATIONS

_TOKEN = re.compile(r"\s*(?:\[([^\[\]()]*)\]|\(([^\[\]()]*)\)|\.\.\.(\d*)|([^\s\[\]()]+))")
_REFERENCE = re.compile(r"@([\w-]+)")
_MARKS_IN_LIST = re.compile(r"[\[\]()|@]|\.\.\.")
_GAP = 4
_MOST_WAYS = 4_096
"""Ways in which one place can be tried: the product over gaps of the words between and over optional words of
two. With it the time of a match at one place is bounded whatever a person writes; the patterns of the project
have at most 120."""
_READ = 32_768
"""Phrases kept as read: the file's reader, the comparison of files and the matcher ask for each."""
_WORD = r"[^ .]{1,40}(?:\.[^ .]{1,40})?"
_ANY_ENDING = r"[^ .]{0,20}+"
"""Possessive: what follows an open word is another word, never its last letters."""
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


@dataclass(frozen=True)
class Choice:
    """One of several sequences; `optional` admits none of them."""

    options: tuple[tuple[Word, ...], ...]
    optional: bool

    @cached_property
    def longest(self) -> tuple[str, ...]:
        """The longest word of each option, each once: a pattern asks once for each word it can begin with."""
        return tuple(dict.fromkeys(max((word.text for word in option), key=len) for option in self.options))


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to `most` words in between."""

    most: int


Element = Word | Choice | Gap


def literal(phrase: str) -> tuple[Word, ...]:
    """The words of a phrase as they stand, for names."""
    return tuple(Word(word) for word in fold_words(phrase).split())


def spelled(source: str, lists: Mapping[str, Sequence[str]]) -> str:
    """The phrase with each "@name" replaced by the words of that list. Raises PatternError."""
    if "@" not in source:
        return source
    pieces: list[str] = []
    done = 0
    for match in _REFERENCE.finditer(source):
        inside = _bracketed(source[: match.start()])
        listed = "|".join(_listed(match[1], lists))
        pieces += (source[done : match.start()], listed if inside else f"[{listed}]")
        done = match.end()
    return "".join((*pieces, source[done:]))


def _bracketed(before: str) -> bool:
    return max(before.rfind("["), before.rfind("(")) > max(before.rfind("]"), before.rfind(")"))


def _listed(name: str, lists: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The words of a list that stands inside a phrase."""
    if name not in lists:
        raise PatternError(
            f"there is no list {name!r} in [words] (known: {', '.join(sorted(lists)) or 'none'})"
        )
    for phrase in lists[name]:
        if _MARKS_IN_LIST.search(phrase):
            raise PatternError(
                f"{phrase!r} of the list {name!r} is no plain words, as inside a phrase they must be"
            )
    return lists[name]


@lru_cache(maxsize=_READ)
def parse(source: str) -> tuple[Element, ...]:
    """The elements of an alias. Raises PatternError."""
    if words := (plain_words(source) or "").split():  # nothing in it is a mark of the language
        return tuple([Word(word) for word in words])
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
        return [_gap(gap)]
    return _words(word)


def _gap(most: str) -> Gap:
    if len(most) > 1:
        raise PatternError(f"...{most} is too wide a gap; nine words are the most, as ...9")
    return Gap(int(most) if most else _GAP)


def _options(listed: str) -> tuple[tuple[Word, ...], ...]:
    """The options of a bracket, each of at least one word."""
    options = tuple(tuple(w for part in option.split() for w in _words(part)) for option in listed.split("|"))
    if not all(options):
        raise PatternError(f"an option of [{listed}] is empty")
    return options


@lru_cache(maxsize=_READ)
def _words(written: str) -> tuple[Word, ...]:
    """The words of one written word: 'cease-fire' is two."""
    bare, open_ = written.startswith("="), written.endswith("*")
    folded = fold_words(written.strip("=*")).split()
    if "*" in written.strip("*") or not folded:
        raise PatternError(f"{written!r} is no word with at most one * at its end")
    return tuple(Word(text, open_ and n == len(folded) - 1, bare) for n, text in enumerate(folded))


def _check(elements: Sequence[Element]) -> None:
    """A pattern has something to find at both its ends."""
    if not any(isinstance(e, Word) or (isinstance(e, Choice) and not e.optional) for e in elements):
        raise PatternError("there is no word in it that must stand in the text")
    if isinstance(elements[0], Gap) or isinstance(elements[-1], Gap):
        raise PatternError("it starts or ends with '...', which finds nothing more")
    if (ways := _ways(elements)) > _MOST_WAYS:
        raise PatternError(f"it can be read in {ways} ways, {_MOST_WAYS} at most; use fewer or shorter gaps")


def _ways(elements: Sequence[Element]) -> int:
    """In how many ways gaps and optional words can be filled."""
    ways = 1
    for element in elements:
        if isinstance(element, Gap):
            ways *= element.most + 1
        elif isinstance(element, Choice) and element.optional:
            ways *= 2
    return ways


def closed(elements: Sequence[Element]) -> bool:
    """Do its words stand side by side, with no others in between?"""
    return not any(isinstance(element, Gap) for element in elements)


def sample(elements: Sequence[Element]) -> str:
    """The shortest text that the pattern is meant to find, in folded spelling."""
    return " ".join(word.text for word in _shortest(elements))


def _shortest(elements: Sequence[Element]) -> Iterator[Word]:
    for element in elements:
        if isinstance(element, Word):
            yield element
        elif isinstance(element, Choice) and not element.optional:
            yield from element.options[0]


def openings(elements: Sequence[Element]) -> list[tuple[Word, tuple[Element, ...]]]:
    """Each word that the pattern can begin with, and what follows it then."""
    first, rest = elements[0], tuple(elements[1:])
    if isinstance(first, Word):
        return [(first, rest)]
    if isinstance(first, Gap):  # behind an optional opening
        return openings(rest)
    found = [(option[0], (*option[1:], *rest)) for option in first.options]
    return found + openings(rest) if first.optional else found


def ends(first: Word, rest: Sequence[Element]) -> bool:
    """Is the pattern found wherever the letters of `first` end a word? Its `tail` asks for no more then."""
    return not (first.open or rest or first.text in ABBREVIATIONS or continuous(first.text))


def ahead(first: Word, rest: Sequence[Element]) -> frozenset[str] | None:
    """Letters with one of which, or with two spaces, begins what a text must have behind `first` and a space;
    None where that is not known."""
    return None if first.open or first.text in ABBREVIATIONS else _letters(rest)


def _letters(elements: Sequence[Element]) -> frozenset[str] | None:
    """A space, and the letters with which these elements can begin."""
    if not elements or isinstance(elements[0], Gap):
        return None
    first = elements[0]
    words = [first] if isinstance(first, Word) else [option[0] for option in first.options]
    letters = frozenset((" ", *(letter for word in words for letter in _initials(word))))
    if isinstance(first, Word) or not first.optional:
        return letters
    beyond = _letters(elements[1:])
    return None if beyond is None else letters | beyond


def _initials(word: Word) -> Iterator[str]:
    """The first letters of a word and of the particles that may be written in front of it."""
    yield word.text[0]
    if not word.bare:
        yield from (particle[0] for particle in clitics_of(word.text) if particle)


def tail(first: Word, rest: Sequence[Element]) -> str:
    """Regular expression of what follows the letters of `first` in folded text, up to the last word's edge.

    Every repetition is bounded or possessive, so that matching at one place is linear in the spaces there.
    """
    return _ending(first) + _following(tuple(rest)) + ("" if continuous(first.text) else EDGE)


@lru_cache(maxsize=64)
def _following(rest: tuple[Element, ...]) -> str:
    """The regular expression of what follows a first word: the same for all that a pattern may begin with."""
    parts: list[str] = []
    space = _NEAR
    for element in rest:
        if isinstance(element, Gap):
            parts.append(f"(?: ++{_WORD}){{0,{element.most}}}?")
            space = _APART
        else:
            parts.append(_step(element, space))
            space = _NEAR
    return "".join(parts)


def _step(element: Word | Choice, space: str) -> str:
    """A word or a choice with the space in front of it."""
    if isinstance(element, Word):
        return space + _inner(element)
    options = "|".join(_alike(element.options))
    return f"(?:{space}(?:{options}))" + ("?" if element.optional else "")


def _alike(options: Sequence[Sequence[Word]]) -> Iterator[str]:
    """Options with the particles that neighbours share written once: they are looked at once, too."""
    for clitics, group in groupby(options, key=lambda option: _clitics(option[0])):
        words = "|".join(
            _NEAR.join((_bare(first), *(_inner(word) for word in more))) for first, *more in group
        )
        yield f"{clitics}(?:{words})" if clitics else words


def _inner(word: Word) -> str:
    """A word that is not the first, with the particles that may be written in front of it."""
    return _clitics(word) + _bare(word)


def _clitics(word: Word) -> str:
    return "" if word.bare else clitics_regex(word.text)


def _bare(word: Word) -> str:
    return re.escape(word.text) + _ending(word)


def _ending(word: Word) -> str:
    """Any letters behind an open word, the full stop behind an abbreviation."""
    if word.open:
        return _ANY_ENDING
    return r"(?:\.(?= ))?" if word.text in ABBREVIATIONS else ""

"""The plain forms of the shipped aliases: what a list of literal words can hold of them."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product

from pipeline.mention.clitics import NONE, clitics_of
from pipeline.mention.normal import fold_words
from pipeline.mention.pattern import Choice, Element, Word, openings, parse, spelled
from pipeline.mention.subject import Subject, aliases

MOST = 64
"""Forms of one alias: a few of the 400 stand for millions of combinations of their words."""


def patterns(subjects: Iterable[Subject]) -> list[tuple[Element, ...]]:
    """Every alias as read."""
    return [
        parse(spelled(phrase, subject.words)) for subject in subjects for _, phrase, _ in aliases(subject)
    ]


def first_words(listed: Iterable[Sequence[Element]]) -> list[str]:
    """The words that aliases begin with, each once, sorted; a space in front where no particle can stand."""
    words = {first.text for elements in listed for first, _ in openings(elements)}
    return sorted(f" {word}" if clitics_of(word) == NONE else word for word in words)


def plain(listed: Iterable[Sequence[Element]]) -> list[str]:
    """Folded forms, each once, sorted: options written out, gaps empty, open words without an ending."""
    return sorted({form for elements in listed for form in islice(_forms(elements), MOST)})


def written(subjects: Iterable[Subject]) -> list[str]:
    """The same for who compares small letters and does not fold: the forms with the accents of the files."""
    spellings: dict[str, str] = {}
    for subject in subjects:
        for _, phrase, _ in aliases(subject):
            for word in _words(spelled(phrase, subject.words)):
                spellings.setdefault(fold_words(word), word.lower())
    return sorted(
        {" ".join(spellings.get(word, word) for word in form.split()) for form in plain(patterns(subjects))}
    )


def _words(phrase: str) -> Iterator[str]:
    """The words as they stand in the file, without the marks of the small language."""
    for mark in "[]()|*=.":
        phrase = phrase.replace(mark, " ")
    for word in phrase.split():
        yield from (word, *word.split("-"))


def _forms(elements: Sequence[Element]) -> Iterator[str]:
    for chosen in product(*(_choices(element) for element in elements)):
        yield " ".join(word.text for words in chosen for word in words)


def _choices(element: Element) -> Sequence[Sequence[Word]]:
    if isinstance(element, Word):
        return [[element]]
    if isinstance(element, Choice):
        return [*element.options, *([()] if element.optional else [])]
    return [()]

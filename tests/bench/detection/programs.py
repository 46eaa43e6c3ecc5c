"""What is measured: the stage, its matcher, and what else finds the same aliases; each over all texts."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from ahocorasick_rs import AhoCorasick, Implementation

from pipeline.event.events import Content, find
from pipeline.mention.matcher import Matcher
from pipeline.mention.normal import Folded, fold
from pipeline.rules import Rules
from tests.bench.detection import names
from tests.bench.detection.forms import first_words, patterns, plain, written


@dataclass(frozen=True, slots=True)
class Program:
    """`run` goes over every article and returns how many it finds something in."""

    name: str
    run: Callable[[], int]


def programs(rules: Rules, contents: Sequence[Content]) -> list[Program]:
    """Everything that stands beside the stage over these articles, spaCy where it is installed."""
    texts = [part for content in contents for part in (content.title, content.text)]
    return [
        Program(names.STAGE, lambda: sum(bool(find(content, rules).mentions) for content in contents)),
        Program(names.DETECT, _detector(rules, contents)),
        *_ours(Matcher(patterns(rules.subjects), dense=True), texts),
        *_automata(rules, [fold(text) for text in texts]),
        *(_spacy(written(rules.subjects), texts) if find_spec(names.PEER) else ()),
    ]


def _detector(rules: Rules, contents: Sequence[Content]) -> Callable[[], int]:
    detect = rules.detector.detect
    return lambda: sum(bool(detect(one.title, one.text, one.language)) for one in contents)


def _ours(matcher: Matcher, texts: Sequence[str]) -> Iterator[Program]:
    folded = [fold(text) for text in texts]
    yield Program(names.MATCHER, lambda: _articles([bool(matcher.find(fold(text))) for text in texts]))
    yield Program(names.FOLDED, lambda: _articles([bool(matcher.find(text)) for text in folded]))


def _automata(rules: Rules, folded: Sequence[Folded]) -> Iterator[Program]:
    """Over folded texts: the words that aliases begin with, as our matcher asks; and all plain forms."""
    texts = [one.text for one in folded]
    forms = plain(patterns(rules.subjects))
    yield _automaton(names.FIRST_WORDS, first_words(patterns(rules.subjects)), texts)
    yield _automaton(names.ALL_FORMS, [f" {form}" for form in forms], texts)
    # Longest first, as an alternation takes the first that fits; the space in front spares most attempts.
    longest = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    search = re.compile(f" (?:{longest})(?=[ .])").findall
    yield Program(names.RE, lambda: _articles([bool(search(text)) for text in texts]))


def _automaton(name: str, words: Sequence[str], texts: Sequence[str]) -> Program:
    find_all = AhoCorasick(words, implementation=Implementation.DFA).find_matches_as_indexes
    return Program(name, lambda: _articles([bool(find_all(text, overlapping=True)) for text in texts]))


def _spacy(forms: Sequence[str], texts: Sequence[str]) -> Iterator[Program]:
    """A blank pipeline of no particular language, words compared in small letters."""
    import spacy
    from spacy.matcher import PhraseMatcher

    pipeline = spacy.blank("xx")
    matcher = PhraseMatcher(pipeline.vocab, attr="LOWER")
    matcher.add("aliases", [pipeline.make_doc(form) for form in forms])
    documents = [pipeline(text) for text in texts]
    yield Program(names.SPACY, lambda: _articles([bool(matcher(pipeline(text))) for text in texts]))
    yield Program(names.TOKENS, lambda: _articles([bool(matcher(document)) for document in documents]))


def _articles(found: Sequence[bool]) -> int:
    """How many articles have something in their title or text, which take turns."""
    return sum(title or text for title, text in zip(found[::2], found[1::2], strict=True))

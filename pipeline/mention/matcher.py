"""Finds many word patterns in folded text at once: an automaton finds their first words or, where these are
in every text, a rarer one; a regex the rest.

ahocorasick_rs against pyahocorasick, 600 words, 400 characters of English and Arabic: 3 µs against
10 µs; the cost does not depend on the number of patterns.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache, cached_property
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from pipeline.mention.clitics import LONGEST, NONE, clitics_of, continuous
from pipeline.mention.keys import anchor, key, witness
from pipeline.mention.normal import Folded
from pipeline.mention.pattern import Element, Word, ahead, ends, openings, tail

_DENSE = 8_000
"""Up to so many words the automaton is a table: twice as fast as a compact one, 12 MB for 7,000 of them."""

_FEW = 20
"""Up to so many words are looked for one after the other: on 300 characters 0.2 µs each, an automaton takes
3 µs for all. A bound, so that time stays linear in the text."""

_Match = Callable[[str, int], re.Match[str] | None]

LONGEST_MATCH = 400
"""Characters behind which no earlier match is looked for: some ten words with as many between."""


class Hit(NamedTuple):
    """Pattern number `pattern` at folded offsets `start` to `end`."""

    start: int
    end: int
    pattern: int


class _Opening:
    """A word that a pattern begins with. `clitics` may stand in front of it, None for whatever stands there;
    `ends`: at the word's edge it is all of the pattern. `witnesses`: of these one stands in the same text."""

    __slots__ = ("_first", "_match", "_rest", "anchor", "clitics", "ends", "pattern", "witnesses")

    def __init__(
        self, pattern: int, first: Word, rest: Sequence[Element], witnesses: Iterable[str] = ()
    ) -> None:
        self.witnesses = frozenset(witnesses)
        self.pattern = pattern
        self.anchor = anchor(first)
        self.clitics = None if continuous(first.text) else NONE if first.bare else clitics_of(first.text)
        self.ends = ends(first, rest)
        self._first, self._rest = first, rest
        self._match: _Match | None = None

    def attested(self, present: Set[str]) -> bool:
        """Whether one of its witnesses is among the words of the text."""
        return not self.witnesses or not self.witnesses.isdisjoint(present)

    def ahead(self) -> frozenset[str] | None:
        """The letters that can follow, see `pattern.ahead`."""
        return ahead(self._first, self._rest)

    @property
    def match(self) -> _Match:
        """Matches what follows the word. Compiled when the word is met: most never are in a short run."""
        if self._match is None:
            self._match = _compiled(tail(self._first, self._rest)).match
        return self._match


class _Anchor:
    """What the automaton looks for: `listed` begin with it, `woken` are looked for if it stands somewhere.
    `whole`: what begins with it is whole patterns, so that the next letter tells at once that "un" in "until"
    is none."""

    __slots__ = ("_after", "_listed", "_otherwise", "whole", "woken")

    def __init__(self, listed: tuple[_Opening, ...], woken: tuple[_Opening, ...] = ()) -> None:
        self.woken = woken
        self.whole = all(one.ends for one in listed)
        self._listed = listed
        self._otherwise = listed
        self._after: dict[str, tuple[_Opening, ...]] | None = {} if self.whole else None

    def openings(self, letter: str) -> tuple[_Opening, ...]:
        """Those of its openings that the letter can follow."""
        if self._after is None:
            self._after = self._by_letter()
        return self._after.get(letter, self._otherwise)

    def _by_letter(self) -> dict[str, tuple[_Opening, ...]]:
        """The openings by the letters that some of them ask for; sorted out when the anchor is met."""
        known = [(one, one.ahead()) for one in self._listed]
        self._otherwise = tuple([one for one, letters in known if letters is None])
        return {
            letter: tuple([one for one, letters in known if letters is None or letter in letters])
            for letter in frozenset[str]().union(*(letters for _, letters in known if letters))
        }


class _Search:
    """An automaton with what it looks for."""

    def __init__(self, anchors: Mapping[str, _Anchor], dense: bool) -> None:
        self._words = sorted(anchors)
        self._anchors = [anchors[word] for word in self._words]
        kind = Implementation.DFA if dense and len(anchors) <= _DENSE else Implementation.ContiguousNFA
        self._automaton = AhoCorasick(self._words, implementation=kind)

    def find(self, text: str, hits: list[Hit]) -> set[_Opening]:
        """Adds the hits, and returns what was woken."""
        anchors, words = self._anchors, self._words
        woken: set[_Opening] = set()
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        present = {words[number] for number, _, _ in found}
        for number, start, end in found:
            anchor, here = anchors[number], text[end]
            if anchor.woken:
                woken.update(anchor.woken)
            if anchor.whole and here not in (" ", "."):
                continue
            letter = text[end + 1 : end + 2] if here == " " else here
            if listed := anchor.openings(letter):
                _try(text, start, end, [one for one in listed if one.attested(present)], hits)
        return woken

    def find_few(self, text: str, hits: list[Hit], woken: Collection[_Opening]) -> None:
        """Adds the hits of `woken` alone: without a second run of an automaton where they are few."""
        by_anchor: dict[str, list[_Opening]] = {}
        for opening in woken:
            by_anchor.setdefault(opening.anchor, []).append(opening)
        if len(by_anchor) > _FEW:
            for number, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
                if listed := by_anchor.get(self._words[number]):
                    _try(text, start, end, listed, hits)
            return
        for word, listed in by_anchor.items():
            start = text.find(word)
            while start >= 0:
                _try(text, start, start + len(word), listed, hits)
                start = text.find(word, start + 1)


def _try(text: str, start: int, end: int, listed: Iterable[_Opening], hits: list[Hit]) -> None:
    """Adds the hits of openings whose first word stands there."""
    first = start + 1 if text[start] == " " else start
    before = "" if first > start else _before(text, start)
    edge = text[end] in (" ", ".")
    for opening in listed:
        if opening.clitics is not None and before not in opening.clitics:
            continue
        if opening.ends:
            if edge:
                hits.append(Hit(first, end, opening.pattern))
        elif match := opening.match(text, end):
            hits.append(Hit(first, match.end(), opening.pattern))


class Matcher:
    """Patterns, compiled when the first text comes; `find` gives every place of every pattern, overlapping
    ones included. An empty pattern is nowhere.

    `dense`: for what every text is searched for and few have, a fast automaton that takes time and space to
    build, and a second one for the patterns whose first word most texts have.
    """

    def __init__(self, patterns: Sequence[Sequence[Element]], dense: bool = False) -> None:
        self._patterns = patterns
        self._dense = dense

    @cached_property
    def _sorted(
        self,
    ) -> tuple[dict[str, list[_Opening]], dict[str, list[_Opening]], dict[str, list[_Opening]]]:
        """The openings by what the automaton looks for: those that are found by their first word, those that
        are woken by another, and these by their first word."""
        direct: dict[str, list[_Opening]] = {}
        woken: dict[str, list[_Opening]] = {}
        later: dict[str, list[_Opening]] = {}
        for number, elements in enumerate(self._patterns):
            for first, rest in openings(elements) if elements else ():
                keys = key(first, rest) if self._dense and rest else None
                witnesses = (witness(first, rest) or ()) if self._dense and keys is None else ()
                opening = _Opening(number, first, rest, witnesses)
                (direct if keys is None else later).setdefault(opening.anchor, []).append(opening)
                for word in keys or ():
                    woken.setdefault(word, []).append(opening)
                for word in witnesses:
                    direct.setdefault(word, [])
        return direct, woken, later

    @cached_property
    def _first(self) -> _Search:
        direct, woken, _ = self._sorted
        return _Search(
            {
                word: _Anchor(tuple(direct.get(word, ())), tuple(woken.get(word, ())))
                for word in {**direct, **woken}
            },
            self._dense,
        )

    @cached_property
    def _later(self) -> _Search:
        return _Search(
            {word: _Anchor(tuple(listed)) for word, listed in self._sorted[2].items()}, self._dense
        )

    def find(self, folded: Folded) -> list[Hit]:
        """All hits in `folded`, in no particular order."""
        hits: list[Hit] = []
        if woken := self._first.find(folded.text, hits):
            self._later.find_few(folded.text, hits, woken)
        return hits


@cache
def _compiled(tail: str) -> re.Pattern[str]:
    return re.compile(tail)


def _before(text: str, start: int) -> str:
    """The letters between the word's edge and `start`, as far as they can be particles."""
    first = max(0, start - LONGEST - 1)
    return text[max(text.rfind(" ", first, start), text.rfind(".", first, start), first - 1) + 1 : start]


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Of hits that overlap the longest, of equally long ones the first; in order of place."""
    return [hit for run in _runs(hits) for hit in (run if len(run) == 1 else _longest(run))]


def _runs(hits: Iterable[Hit]) -> Iterator[list[Hit]]:
    """Hits that hang together by overlaps, from left to right: few, however long the text."""
    run: list[Hit] = []
    reached = 0
    for hit in sorted(hits, key=lambda hit: hit.start):
        if run and hit.start >= reached:
            yield run
            run, reached = [], 0
        run.append(hit)
        reached = max(reached, hit.end)
    if run:
        yield run


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    taken: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start, hit.pattern)):
        place = bisect_left(taken, hit.end, key=lambda other: other.start)
        if place == 0 or taken[place - 1].end <= hit.start:
            taken.insert(place, hit)
    return taken

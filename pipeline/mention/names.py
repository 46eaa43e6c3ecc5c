"""Finds names from a list (people, parties, places) as a reader would: inflected, in any listed script."""

from bisect import bisect_right
from collections.abc import Mapping
from functools import cached_property

from pipeline.mention.links import addresses
from pipeline.mention.matcher import Matcher, longest
from pipeline.mention.normal import fold
from pipeline.mention.pattern import literal


class NameFinder:
    """Names to ids, compiled when the first text comes. Names without a letter or digit are passed over."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = list(names.items())

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher([literal(name) for name, _ in self._names])

    def find(self, text: str) -> tuple[tuple[int, int, str], ...]:
        """(start, end, id) of each name in order of place, as indices into `text`.

        Of names that overlap the longest counts. A name with a capital is not found in small
        letters (Turkey, turkey; US, us), an acronym only in capitals; hashtags may be small.
        """
        folded = fold(text)
        hits = [
            hit
            for hit in self._matcher.find(folded)
            if self._written_so(text, folded.start(hit.start), hit.pattern)
        ]
        if not hits:
            return ()
        links = addresses(text)
        spans = [
            (folded.start(hit.start), folded.end(hit.end), self._names[hit.pattern][1])
            for hit in longest(hits)
        ]
        return tuple(span for span in spans if not _within(links, span[0]))

    def _written_so(self, text: str, start: int, pattern: int) -> bool:
        """Does the case at `start` agree with that of the listed name?"""
        name = self._names[pattern][0]
        if not name[:1].isupper() or text[start - 1 : start] in ("#", "＃"):
            return True
        if len(name) <= 5 and name.isupper():
            return text[start : start + 2].isupper()
        return not text[start].islower()


def _within(spans: list[tuple[int, int]], offset: int) -> bool:
    """Does `offset` lie in one of the sorted spans?"""
    place = bisect_right(spans, (offset, len(spans) and spans[-1][1] + 1)) - 1
    return place >= 0 and spans[place][0] <= offset < spans[place][1]

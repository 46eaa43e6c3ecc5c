"""Reading: one text in which something was found, with its sentences, addresses and company words."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.mention.matcher import Hit
from pipeline.mention.normal import Folded
from pipeline.mention.sentences import Span
from pipeline.mention.subject import Condition

_PARAGRAPH = re.compile(r"\n[^\S\n]*+\n")
_WORD_ROOM = 20
"""Characters that a word and the space behind it take at most, when words are counted."""

Role = tuple[str, int]
"""What a phrase does ("excludes", or the name of a condition's field) and for which subject or condition."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Offsets of hits are folded ones; those of `sentences` and `addresses` are original ones.

    `company` holds the places of the phrases of each role, sorted by start.
    """

    folded: Folded
    sentences: Sequence[Span]
    addresses: Sequence[Span]
    company: Mapping[Role, Sequence[Hit]]

    def span(self, hit: Hit) -> Span:
        """Original offsets of a hit."""
        return self.folded.start(hit.start), self.folded.end(hit.end)

    def readable(self, hit: Hit) -> bool:
        """Is the hit something one reads: not in an address, not from one paragraph into the next?"""
        start, end = self.span(hit)
        place = bisect_right(self.addresses, (start, len(self.folded.original))) - 1
        if place >= 0 and start < self.addresses[place][1]:
            return False
        return not _PARAGRAPH.search(self.folded.original, start, end)

    def excluded(self, hit: Hit, subject: int) -> bool:
        """Does the hit overlap one of the subject's exclusions?"""
        return any(
            other.end > hit.start for other in self._between(("excludes", subject), hit.start - 400, hit.end)
        )

    def sentence(self, span: Span) -> Span:
        """The sentence in which a span stands, or the sentences that it joins."""
        first = max(0, bisect_right(self.sentences, (span[0], len(self.folded.original))) - 1)
        last = max(first, bisect_left(self.sentences, (span[1], 0)) - 1)
        return self.sentences[first][0], self.sentences[last][1]

    def holds(self, condition: Condition, number: int, hit: Hit) -> bool:
        """Is the hit in the company that its condition asks for?"""
        if condition.needs and not self._near(condition, ("needs", number), hit):
            return False
        if condition.barred_by and self._near(condition, ("barred_by", number), hit):
            return bool(condition.despite) and self._near(condition, ("despite", number), hit)
        return True

    def _near(self, condition: Condition, role: Role, hit: Hit) -> bool:
        """Does a phrase of that role stand near the hit and beside it?"""
        start, end = self.sentence(self.span(hit))
        first, last = 0, len(self.folded.text)
        if condition.within:
            first, last = hit.start - _WORD_ROOM * condition.within, hit.end + _WORD_ROOM * condition.within
        return any(
            (other.end <= hit.start or hit.end <= other.start)
            and start <= self.folded.start(other.start) < end
            and (not condition.within or self._words_between(hit, other) <= condition.within)
            for other in self._between(role, first, last)
        )

    def _between(self, role: Role, first: int, last: int) -> Sequence[Hit]:
        """The places of a role that start in a folded range."""
        hits = self.company.get(role, ())
        low = bisect_left(hits, first, key=lambda hit: hit.start)
        high = bisect_left(hits, last, key=lambda hit: hit.start)
        return hits[low:high]

    def _words_between(self, hit: Hit, other: Hit) -> int:
        """How many words stand between two places."""
        return len(self.folded.text[min(hit.end, other.end) : max(hit.start, other.start)].split())

"""Reading: one text in which something was found, with its sentences, addresses and company words."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipeline.mention.matcher import LONGEST_MATCH, Hit
from pipeline.mention.normal import Folded
from pipeline.mention.sentences import Span
from pipeline.mention.subject import Condition, Reach

_PARAGRAPH = re.compile(r"\n[^\S\n]*+\n")
_COMMA = re.compile(r"[,،;؛:](?=\s)")
Role = tuple[str, int]
"""What a phrase does, and a number: it "excludes" aliases of that subject, or is "company" of that list."""

Lists = tuple[Role | None, Role | None, Role | None]
"""The lists of a condition, which may be another's, too: `needs`, `barred_by`, `despite`."""


def parted(folded: Folded, hit: Hit) -> bool:
    """Does a comma stand within the hit? What it parts are no words of one name ("सीज, फायर")."""
    if "  " not in folded.text[hit.start : hit.end]:
        return False
    return _COMMA.search(folded.original, folded.start(hit.start), folded.end(hit.end)) is not None


@dataclass(frozen=True, slots=True)
class Reading:
    """Offsets of hits are folded ones; those of `sentences` and `addresses` are original ones.

    `company` holds the places of the phrases of each role, sorted by start; `elsewhere` the roles
    that have a place in the article's other string.
    """

    folded: Folded
    sentences: Sequence[Span]
    addresses: Sequence[Span]
    company: Mapping[Role, Sequence[Hit]]
    elsewhere: Collection[Role] = ()

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
        places = self.company.get(("excludes", subject), ())
        low = bisect_left(places, hit.start - LONGEST_MATCH, key=lambda place: place.start)
        high = bisect_left(places, hit.end, key=lambda place: place.start)
        return any(places[n].end > hit.start for n in range(low, high))

    def sentence(self, span: Span) -> Span:
        """The sentence in which a span stands, or the sentences that it joins."""
        first = max(0, bisect_right(self.sentences, (span[0], len(self.folded.original))) - 1)
        last = max(first, bisect_left(self.sentences, (span[1], 0)) - 1)
        return self.sentences[first][0], self.sentences[last][1]

    def own(self, hit: Hit, scattered: bool) -> Sequence[Span]:
        """Where the hit's own words stand: all of it; of one `scattered` with others in between its first and
        its last word."""
        if not scattered:
            return ((hit.start, hit.end),)
        text = self.folded.text
        return (hit.start, text.index(" ", hit.start)), (text.rindex(" ", 0, hit.end) + 1, hit.end)

    def holds(self, condition: Condition, lists: Lists, hit: Hit, own: Sequence[Span]) -> bool:
        """Is the hit in the company that its condition asks for? What is its `own` is none."""
        needs, barred_by, despite = lists
        reach = self._reach(condition, lists, hit, own)
        if needs is not None and not self._near(reach, needs, hit, own):
            return False
        if barred_by is not None and self._near(reach, barred_by, hit, own):
            return despite is not None and self._near(reach, despite, hit, own)
        return True

    def _reach(self, condition: Condition, lists: Lists, hit: Hit, own: Sequence[Span]) -> Reach:
        """How far to look: of "nearest" the sentence where it holds any evidence, or else the text."""
        if condition.reach != "nearest":
            return condition.reach
        told = any(role is not None and self._near("sentence", role, hit, own) for role in lists)
        return "sentence" if told else "text"

    def _near(self, reach: Reach, role: Role, hit: Hit, own: Sequence[Span]) -> bool:
        """Does a phrase of that role stand near the hit, with a word that is not the hit's own?"""
        if reach == "text" and role in self.elsewhere:
            return True
        first, last = 0, len(self.folded.original)
        if reach == "sentence":
            first, last = self.sentence(self.span(hit))
        places = self.company.get(role, ())
        low = bisect_left(places, first, key=lambda place: self.folded.start(place.start))
        high = bisect_left(places, last, key=lambda place: self.folded.start(place.start))
        return any(
            not any(start <= places[n].start and places[n].end <= end for start, end in own)
            for n in range(low, high)
        )

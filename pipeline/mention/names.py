"""Finds names from a list (people, parties, places) as a reader would: inflected, in any listed script."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from pipeline.mention.links import addresses
from pipeline.mention.matcher import Hit, Matcher, longest
from pipeline.mention.normal import Folded, fold
from pipeline.mention.pattern import literal, parse
from pipeline.mention.reading import Reading, Role
from pipeline.mention.sentences import split
from pipeline.mention.subject import Condition, Phrases


class Homographs(NamedTuple):
    """Names that are spelt like other words: one that overlaps one of the phrases `excluded` does not count,
    and all only as `condition` says."""

    names: Phrases
    excluded: Phrases = ()
    condition: Condition | None = None


class NameFinder:
    """Names to ids, compiled when the first text comes. Names without a letter or digit are passed over."""

    def __init__(self, names: Mapping[str, str], homographs: Sequence[Homographs] = ()) -> None:
        self._names = list(names.items())
        self._homographs = homographs
        self._doubted: dict[str, list[int]] = {}
        for number, one in enumerate(homographs):
            for name in one.names:
                self._doubted.setdefault(name, []).append(number)

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher([literal(name) for name, _ in self._names])

    @cached_property
    def _company(self) -> tuple[Matcher, list[list[Role]]]:
        """The phrases by which homographs are told apart, and what each does."""
        roles: dict[str, list[Role]] = {}
        for number, one in enumerate(self._homographs):
            for role, phrases in (("excludes", number), one.excluded), *_lists(number, one.condition):
                for phrase in phrases:
                    roles.setdefault(phrase, []).append(role)
        return Matcher([parse(phrase) for phrase in roles]), list(roles.values())

    def find(self, text: str, beside: str = "") -> tuple[tuple[int, int, str], ...]:
        """(start, end, id) of each name in order of place, as indices into `text`; `beside` is the article's
        other string.

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
            for hit in longest(self._meant(folded, hits, links, beside))
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

    def _meant(
        self, folded: Folded, hits: list[Hit], links: Sequence[tuple[int, int]], beside: str
    ) -> Iterable[Hit]:
        """The hits without those that are other words. Most texts have no name in doubt."""
        doubted = self._doubted
        if not doubted or not any(self._names[hit.pattern][0] in doubted for hit in hits):
            return hits
        elsewhere = self._places(fold(beside)).keys() if beside else ()
        reading = Reading(folded, split(folded.original, None), links, self._places(folded), elsewhere)
        return [
            hit
            for hit in hits
            if all(self._counts(reading, n, hit) for n in doubted.get(self._names[hit.pattern][0], ()))
        ]

    def _places(self, folded: Folded) -> dict[Role, list[Hit]]:
        """Where the phrases of each role stand."""
        matcher, roles = self._company
        found: dict[Role, list[Hit]] = {}
        for hit in sorted(matcher.find(folded)):
            for role in roles[hit.pattern]:
                found.setdefault(role, []).append(hit)
        return found

    def _counts(self, reading: Reading, number: int, hit: Hit) -> bool:
        """Is the hit neither excluded nor out of company by homographs `number`?"""
        condition = self._homographs[number].condition
        if reading.excluded(hit, number):
            return False
        if condition is None:
            return True
        needs, barred_by, despite = (
            _near(reading, condition, role, hit) if phrases else None
            for role, phrases in _lists(number, condition)
        )
        return needs is not False and (not barred_by or bool(despite))


def _lists(number: int, condition: Condition | None) -> Iterable[tuple[Role, Phrases]]:
    """The lists of a condition with their roles."""
    if condition is None:
        return ()
    lists = (condition.needs, condition.barred_by, condition.despite)
    return [(("company", 3 * number + n), phrases) for n, phrases in enumerate(lists)]


def _near(reading: Reading, condition: Condition, role: Role, hit: Hit) -> bool:
    """Does a phrase of that role stand near the hit, be it around it ("the Sinai peninsula")?"""
    first, last = 0, len(reading.folded.original)
    if condition.reach == "sentence":
        first, last = reading.sentence(reading.span(hit))
    elif role in reading.elsewhere:
        return True
    places = reading.company.get(role, ())
    place = bisect_left(places, first, key=lambda place: reading.folded.start(place.start))
    return place < len(places) and reading.folded.start(places[place].start) < last


def _within(spans: list[tuple[int, int]], offset: int) -> bool:
    """Does `offset` lie in one of the sorted spans?"""
    place = bisect_right(spans, (offset, len(spans) and spans[-1][1] + 1)) - 1
    return place >= 0 and spans[place][0] <= offset < spans[place][1]

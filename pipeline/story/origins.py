"""Who copies whom: near-identical copies and credited agencies lead back to independent origins.

Decided here, where all articles of a story are together. Articles are walked with the likeliest
originals first (credits no other, then earliest, then least id); each joins the first earlier one that
its sketch resembles, or leads from then on. So a cluster is a star around its original, and chains of
small edits do not grow together.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from struct import unpack_from

from pipeline.article.fingerprint import similarity
from pipeline.story.provenance import UNDATED, Provenance
from pipeline.story.words import name_key

COPY = 0.5
"""Estimated Jaccard similarity from which one text is a near-identical copy of another: half of all their
shingles. A sketch of 32 values errs by sqrt(.5 * .5 / 32) = .09 there (one standard deviation)."""
BLOCKS = 4
"""Smallest sketch values that copies are looked up by: about 1 - (1 - s)^4 of the pairs of similarity s share
one, 94 % at .5 and 99 % at .7."""
SHORTEST = 8 * 4
"""Bytes of a sketch that tells a copy: eight shingles, ten words. Shorter texts are alike by chance."""
LEADERS = 4
"""Originals compared per sketch value: bounds the work where boilerplate gives many texts one value."""
UNNAMED = "unnamed"
"""Shown as the origin of articles that name no publisher; they count as one, since nothing shows them
to be independent of each other."""


_VALUES = f">{BLOCKS}I"


@dataclass(frozen=True, slots=True)
class Traced:
    """Where an article comes from: `origin` (folded name) and the article it copies, None for an original."""

    origin: str
    copy_of: str | None


def seniority(source: Provenance) -> tuple[bool, bool, int, str]:
    """Sort key that puts originals first: credits no other, dated, earliest, least id."""
    return source.agency != "", source.moment == UNDATED, source.moment, source.article


def trace(sources: Iterable[Provenance]) -> dict[str, Traced]:
    """The origin of each article by id. Time grows linearly with the articles."""
    by_article = {source.article: source for source in sources}
    leaders = _leaders(sorted(by_article.values(), key=seniority))
    origins = _origins(by_article, leaders)
    return {
        article: Traced(origins[leader], None if leader == article else leader)
        for article, leader in leaders.items()
    }


def _leaders(ordered: Iterable[Provenance]) -> dict[str, str]:
    """Each article's original (itself, for an original), by ids."""
    blocks = Blocks({}, {})
    found: dict[str, str] = {}
    for source in ordered:
        sketch = source.fingerprint
        values = unpack_from(_VALUES, sketch) if len(sketch) >= SHORTEST else ()
        leader = next((each for each in blocks.met(values) if _is_copy(sketch, each.fingerprint)), None)
        if leader is None:
            blocks.add(values, source)
        found[source.article] = (leader or source).article
    return found


@dataclass(frozen=True, slots=True)
class Blocks:
    """Originals by sketch value; nearly all values have one, so only the others take a list."""

    first: dict[int, Provenance]
    more: dict[int, list[Provenance]]

    def add(self, values: Iterable[int], source: Provenance) -> None:
        """Let `source` be found by `values`, as far as they do not have LEADERS already."""
        for value in values:
            if self.first.setdefault(value, source) is not source:
                more = self.more.setdefault(value, [])
                if len(more) < LEADERS - 1:
                    more.append(source)

    def met(self, values: Iterable[int]) -> list[Provenance]:
        """The originals that share one of `values`, each once."""
        shared = [value for value in values if value in self.first]
        if not shared:
            return []
        found = {self.first[value].article: self.first[value] for value in shared}
        for value in shared:
            found |= {source.article: source for source in self.more.get(value, ())}
        return list(found.values())


@lru_cache(maxsize=16_384)  # a story is derived again for every batch, over the same pairs
def _is_copy(sketch: bytes, other: bytes) -> bool:
    return sketch == other or similarity(sketch.hex(), other.hex()) >= COPY


def _origins(by_article: Mapping[str, Provenance], leaders: Mapping[str, str]) -> dict[str, str]:
    """The origin of each cluster by its leader: the agency most of its articles credit, else the house."""
    credited: dict[str, Counter[str]] = {}
    for article, leader in leaders.items():
        agency = by_article[article].agency
        if agency:
            credited.setdefault(leader, Counter())[agency] += 1
    return {
        leader: _most(credited[leader]) if leader in credited else by_article[leader].house
        for leader in set(leaders.values())
    }


def _most(credited: Counter[str]) -> str:
    return min(credited, key=lambda name: (-credited[name], name))


def names(sources: Iterable[Provenance]) -> dict[str, str]:
    """The name to show for each origin, as outlets and credits write it; of a house of several, its own."""
    spelled: dict[str, Counter[str]] = {}
    families: dict[str, str] = {}
    for source in sources:
        house = spelled.setdefault(source.house, Counter())
        if source.publisher:
            house[source.publisher] += 1
        if source.family:
            families[source.house] = min(families.get(source.house, source.family), source.family)
        if source.agency and source.credit:
            spelled.setdefault(source.agency, Counter())[source.credit] += 1
    return {key: _shown(key, found, families.get(key, UNNAMED)) for key, found in spelled.items()}


def _shown(key: str, spelled: Counter[str], family: str) -> str:
    """The commonest spelling of the origin's own name, or of its only name; else the family's."""
    own = [name for name in spelled if name_key(name) == key] or (list(spelled) if len(spelled) == 1 else [])
    return min(own, key=lambda name: (-spelled[name], name), default=family)

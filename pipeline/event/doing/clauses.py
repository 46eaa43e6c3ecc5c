"""Clauses: a sentence cut where another thought begins, with the cues and the names that stand in it.

What differs between languages (which words open a clause) is in the words of `stance` by role: `border`
ends the clause on both sides ("while"), `opens` begins one ("that") but ends none, since behind "the truce
that Egypt proposed" the truce's own clause goes on, and `and` divides where a new party follows.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from pipeline.event.lexicon import Cue
from pipeline.event.world.gazetteer import Named

WORD = re.compile(r"[^\s.,;:!?()\[\]\"“”„«»…،؛।؟–—|]+")
STOP = re.compile(r"[;؛()\[\]|]|:(?!\d)|(?<!\b\d)(?<!\b\d\d)\.(?=\s)|[!?؟।…](?=\s)")
COMMA = re.compile(r"[,،]")
COMMAS = (",", "،")
QUOTED = re.compile(r"^\s*[\"“«„][^\"“”«»„]+[\"”»“]\s*[,،]|[,،]\s+[\"“«„](?=[^\"“”«»„]+\Z|[^\"“”«»„]{24})")
"""Where a quotation ends with which the sentence begins, or a long one begins: the reporter's words aside."""


IGNORE = "ignore"
"""The role of expressions that only look like a cue of another role."""

MOST = 64
"""Cues of a sentence that are looked at: no person writes more, and pairs of them are compared."""

INERT = frozenset(("article", "number", "pronoun", "time", "captive"))
"""Roles of words that only tell what others are; there are many of them, and they crowd nobody out."""

BACK = frozenset(("pronoun", "apart", "by", "to", "time", "adverb", "passive", "and"))
"""Roles of words behind a verb with which no object of its own begins."""

INSERT = 5
"""Words between two commas that may be an insertion ("Hamas said"), as long as one with a title."""


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence (`text`) with its cues and namings in it; all offsets index `text`."""

    text: str
    cues: tuple[Cue, ...]
    named: tuple[Named, ...]
    words: tuple[tuple[int, int], ...]
    stops: tuple[int, ...]
    """Where a stretch begins that has nothing to do with the one before."""
    roles: Mapping[str, Sequence[Cue]]
    """The cues of each role and of those below it."""
    asides: tuple[tuple[int, int, int], ...] = ()
    """The relative clauses between commas: where each begins, its pronoun ends, and the second comma is."""

    def between(self, one: tuple[int, int], other: tuple[int, int]) -> int:
        """How many words stand between two spans, in whichever order; 0 if they touch or overlap."""
        first, second = (one, other) if one[0] <= other[0] else (other, one)
        return self.count(first[1], second[0])

    def count(self, start: int, end: int) -> int:
        """How many words lie in `[start:end]`."""
        low = bisect_left(self.words, (start, 0))
        return max(0, bisect_left(self.words, (end, 0)) - low)

    def of(self, role: str, start: int = 0, end: int | None = None) -> list[Cue]:
        """The cues of a role, or of those below it, inside `[start:end]`."""
        cues = self.roles.get(role)
        if cues is None:
            return []  # as most roles in most sentences
        last = len(self.text) if end is None else end
        return [cue for cue in cues if start <= cue.start and cue.end <= last]

    def stretch(self, start: int, end: int) -> tuple[int, int]:
        """The bounds around a span between stops."""
        before = bisect_right(self.stops, start)
        after = bisect_left(self.stops, max(end, start + 1))
        return (
            self.stops[before - 1] if before else 0,
            self.stops[after] if after < len(self.stops) else len(self.text),
        )

    def aside(self, at: int) -> tuple[int, int] | None:
        """The relative clause between commas that holds an offset ("the truce, which they broke, holds")."""
        for start, behind, closing in self.asides:
            if behind <= at < closing:
                return start, closing
        return None

    def elsewhere(self, at: int, aside: tuple[int, int] | None) -> bool:
        """Does an offset stand in a relative clause between commas that is not `aside`?"""
        return self.aside(at) not in (None, aside)

    def second(self, cue: Cue) -> Cue | None:
        """The "and" right in front of a verb, with one auxiliary or adverb in between at most."""
        for one in self.of("and", 0, cue.start):
            apart = self.count(one.end, cue.start)
            if not apart or (
                apart == 1 and (self.of("adverb", one.end, cue.start) or self.of("aux", one.end, cue.start))
            ):
                return one
        return None

    def joined(self, cue: Cue) -> Cue | None:
        """The "and" in front of a verb with an object of its own ("freed them and ruled out a truce"): no
        pronoun or preposition follows it, for those point back."""
        behind = next((first for first, _ in self.words if first >= cue.end), None)
        if behind is None or self.stretch(cue.start, cue.end)[1] <= behind:
            return None
        if any(one.start == behind and one.role.split(".")[0] in BACK for one in self.cues):
            return None
        return self.second(cue)

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """The bounds of the clause around a span."""
        low, high = self.stretch(start, end)
        opened = [cue.start for cue in self.of("opens", low, start)]
        return max([low, *opened]), high


def told(text: str, cues: Iterable[Iterable[Cue]], named: Sequence[Named]) -> Told:
    """The sentence made ready; `cues`, lexicon by lexicon, and `named` in its offsets."""
    settled = tuple([cue for some in cues for cue in _settled(_spelled(text, some))])
    words = tuple([found.span() for found in WORD.finditer(text)])
    sentence = Told(text, settled, tuple(named), words, (), _by_role(settled))
    stops = {found.start() for found in STOP.finditer(text)}
    stops |= {cue.start for cue in settled if cue.role == "border" or _behind_comma(text, cue)}
    stops |= set(_divided(sentence)) | set(_conceded(sentence))
    stops |= {found.end() - 1 for found in QUOTED.finditer(text)}
    return replace(sentence, stops=tuple(sorted(stops)), asides=tuple(_asides(sentence)))


def _by_role(cues: Iterable[Cue]) -> dict[str, list[Cue]]:
    """The cues by role and by each role above it ("denied.sure" and "denied")."""
    found: dict[str, list[Cue]] = {}
    for cue in cues:
        for role in _family(cue.role):
            found.setdefault(role, []).append(cue)
    return found


@cache
def _family(role: str) -> tuple[str, ...]:
    """The role and those above it."""
    parts = role.split(".")
    return tuple([".".join(parts[:n]) for n in range(len(parts), 0, -1)])


def _asides(sentence: Told) -> Iterator[tuple[int, int, int]]:
    for cue in sentence.of("opens"):
        if sentence.text[: cue.start].rstrip().endswith(COMMAS):
            closing = COMMA.search(sentence.text, cue.end)
            if closing is not None:
                yield cue.start, cue.end, closing.start()


def _behind_comma(text: str, cue: Cue) -> bool:
    """Does it begin a clause because a comma is in front of it ("..., aber")?"""
    return cue.role == "border.comma" and text[: cue.start].rstrip()[-1:] in COMMAS


def _conceded(sentence: Told) -> Iterator[int]:
    """Where a clause begins that only supposes ("even if"), and the comma that ends it."""
    for cue in sentence.of("concessive"):
        yield cue.start
        comma = COMMA.search(sentence.text, cue.end)
        if comma is not None:
            yield comma.start()


def _spelled(text: str, cues: Iterable[Cue]) -> list[Cue]:
    """Of cues at the same place the one that is spelled so: folded, "rechazo" and "rechazó" are the same."""
    listed = [(cue, text[cue.start : cue.end].lower() == cue.phrase) for cue in cues]
    exact = {(cue.start, cue.end) for cue, same in listed if same}
    return [
        cue for cue, same in listed if same or (cue.start, cue.end) not in exact or cue.phrase.endswith("*")
    ]


def _settled(cues: Iterable[Cue]) -> tuple[Cue, ...]:
    """The cues without those that are part of a longer expression ("no" in "no longer"). One that admits
    other words in between does not own what stands there; ignored, it voids what begins where it begins."""
    kept: list[Cue] = []
    reached, owner = -1, (-1, -1)
    listed = list(cues)
    voided = {cue.start for cue in listed if cue.role == IGNORE and "..." in cue.phrase}
    left = [cue for cue in listed if cue.start not in voided]
    for cue in sorted(left, key=lambda cue: (cue.start, -cue.end, cue.role != IGNORE)):
        if cue.end <= reached and (cue.start, cue.end) != owner:
            continue
        kept.append(cue)
        if cue.end > reached and "..." not in cue.phrase:
            reached = cue.end
            owner = (-1, -1) if cue.role == IGNORE else (cue.start, cue.end)
    loud = [cue for cue in kept if cue.role not in INERT]
    return tuple(
        sorted(loud[:MOST] + [cue for cue in kept if cue.role in INERT][:MOST], key=lambda cue: cue.start)
    )


def _divided(sentence: Told) -> Iterable[int]:
    """Commas and "and"s behind which a named party begins a clause of its own: no list of parties, and
    no insertion between commas."""
    commas = [found.start() for found in COMMA.finditer(sentence.text)]
    parties = [one for one in sentence.named if one.actor is not None]
    starts = [one.start for one in parties]
    ends = sorted(one.end for one in parties)
    marks = [(at, at + 1) for at in commas] + [(cue.start, cue.end) for cue in sentence.of("and")]
    for start, end in marks:
        behind = bisect_left(starts, end)
        if behind == len(starts) or sentence.count(end, starts[behind]) > 1:
            continue
        before = bisect_right(ends, start)
        if before and sentence.count(ends[before - 1], start) < 1:
            continue
        closing = bisect_right(commas, starts[behind])
        comma = sentence.text[start] in ",،" and closing < len(commas)
        if not comma or sentence.count(starts[behind], commas[closing]) > INSERT:
            yield start

"""Lexicon: the words by which one language says one kind of thing, as a person lists them by role.

Phrases are those of subject files (docs/subjects.md), found by the same automaton: inflected, behind the
particles of Arabic and Hebrew, whatever the spelling. What they mean together is the reader's business
(attribution, stance, acts, figures, dates).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from pipeline.codec import encode
from pipeline.ids import words_digest
from pipeline.mention.matcher import Matcher
from pipeline.mention.normal import Folded, fold
from pipeline.mention.pattern import PatternError, parse
from pipeline.outcome import Reason, Rejected

Roles = Mapping[str, tuple[str, ...]]
"""Phrases by role; the table `[month]` with the key `5` is the role `month.5`."""


CAPABILITIES = ("attribution", "stance", "acts", "figures", "dates")
"""What there are lexicons of."""


@dataclass(frozen=True, slots=True)
class Words:
    """What one file lists: `digest` tells it from others, `roles` reads it when a text asks for it."""

    digest: str
    roles: Callable[[], Roles]


class Cue(NamedTuple):
    """A phrase of a role at `[start:end]` of the original text, without particles in front."""

    start: int
    end: int
    role: str
    phrase: str


class Lexicon:
    """Read and compiled when first asked, for most languages are in no text of a run; holds nothing of the
    texts."""

    def __init__(self, roles: Roles | Callable[[], Roles]) -> None:
        self._given = roles

    @cached_property
    def roles(self) -> Roles:
        return self._given() if callable(self._given) else self._given

    @cached_property
    def _phrases(self) -> list[tuple[str, str]]:
        return [(role, phrase) for role in sorted(self.roles) for phrase in self.roles[role]]

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher([parse(phrase) for _, phrase in self._phrases])

    def cues_in(self, text: str) -> tuple[Cue, ...]:
        """The same for a text that is not folded yet."""
        return self.cues(_folded(text))

    def cues(self, folded: Folded) -> tuple[Cue, ...]:
        """Every place of every phrase, in order of place, the longer first; they may overlap."""
        start, end, phrases = folded.start, folded.end, self._phrases
        even = not folded.at  # as most texts are: but for the added space, places are the same
        found: list[Cue] = []
        for first, last, number in self._matcher.find(folded):
            role, phrase = phrases[number]
            found.append(Cue(first - 1 if even else start(first), end(last), role, phrase))
        found.sort(key=_place)
        return tuple(found)


@lru_cache(maxsize=4)
def _folded(text: str) -> Folded:
    """The text folded: a sentence is for one lexicon after the other, and that costs as much as a search."""
    return fold(text)


def _place(cue: Cue) -> tuple[int, int, str]:
    start, end, role, _ = cue
    return start, -end, role


EMPTY = Lexicon({})


def listed(grammar: Mapping[str, Mapping[str, Lexicon]], language: str | None) -> bool:
    """Is there a file of words for the language of a BCP 47 tag, for any capability?"""
    return any(lexicon is not EMPTY for lexicon in lexicons(grammar, language).values())


def lexicons(grammar: Mapping[str, Mapping[str, Lexicon]], language: str | None) -> Mapping[str, Lexicon]:
    """The lexicons of a BCP 47 tag by capability; empty ones for what its language has no words of."""
    code = (language or "").lower().split("-")[0]
    return {name: grammar.get(name, {}).get(code, EMPTY) for name in CAPABILITIES}


def words(roles: Roles) -> Words:
    """Roles that are read already."""
    return Words(words_digest(encode(roles)), lambda: roles)


def read(data: Mapping[str, Any], where: str) -> Roles | Rejected:
    """The roles of a TOML document: lists of phrases under keys and tables. Rejected: what is no list of
    phrases, or a phrase that cannot be read; `where` names the file."""
    roles: dict[str, tuple[str, ...]] = {}
    wrong: list[str] = []
    for role, phrases in _flat(data, ""):
        if not isinstance(phrases, list) or not all(isinstance(phrase, str) for phrase in phrases):
            wrong.append(f"{role}: is no list of phrases")
            continue
        wrong += _unreadable(role, phrases)
        roles[role] = tuple(phrases)
    return Rejected(Reason.BAD_FIELD, "\n".join(wrong), where) if wrong else roles


def _flat(data: Mapping[str, Any], above: str) -> Iterator[tuple[str, object]]:
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield above + key, value


def _unreadable(role: str, phrases: Sequence[str]) -> Iterator[str]:
    for phrase in phrases:
        try:
            parse(phrase)
        except PatternError as error:
            yield f"{role}: {phrase!r} cannot be read: {error}"

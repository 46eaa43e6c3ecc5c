"""Terms: a sentence as days are read from it, words with their roles, numbers, signs."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from pipeline.event.lexicon import Cue, Lexicon
from pipeline.mention.clitics import clitics_of
from pipeline.mention.matcher import LONGEST_MATCH

_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u0900-\u0903\u093a-\u094f\u0962\u0963\u200c\u200d"
)
"""Accents, points of Hebrew and Arabic, vowel signs of Devanagari, joiners."""
_PIECE = re.compile(rf"\d++(?:[.,:/٫٬-]\d++)++|[\w{_MARKS}]++|[^\w\s]")
"""Digits joined by signs, a word with its marks, a sign. Each character is looked at once."""
_JOINED = re.compile(r"(\d+)([.,:/٫٬-])(\d+)(?:\2(\d+))?")
_NUMBER = re.compile(r"(?P<particle>[^\W\d_]{0,4}?)(?P<digits>\d{1,4})(?P<suffix>[^\W\d_]{0,3})")
_CAPITALS = 0.6
"""Of the words in a title that writes its words with capitals; a sentence of prose has a third at most."""

_LONGEST_DATE = len("2024-05-04")

_NAMED_LIKE = ("weekday", "month", "weekday_if")
_DAYS = frozenset(("weekday", "month", "day", "either", "whole"))
_COUNTING = frozenset((*_DAYS, "weekday_if", "weekday_next", "short_weekday", "number", "counted"))
_MADE_OF = _DAYS | {
    "weekday_if", "weekday_next", "short_weekday", "month_word", "year_word", "unit", "units", "counted",
}  # fmt: skip
"""Roles without one of which, or a digit, no phrase is (phrases.py)."""
_DIGIT = re.compile(r"\d")
_VERBS = frozenset(("future", "past", "border"))
"""Words beside days: a phrase of theirs that reaches into a day's name is not read."""
_LATIN = "\u024f"
_NO_WORDS = ("written.", "endings.")
_GERESH = "'׳’"


_NO_ROLES: Mapping[str, str] = MappingProxyType({})


class Term(NamedTuple):
    """A word, number or sign at `[start:end]` of the sentence. `roles` are those of the cue it is, if one
    ("month": "5"), `number` its value in digits, `date` the three numbers of a date in digits. `glued`: it
    stands behind a particle written with it, or behind a hyphen that joins one to it."""

    start: int
    end: int
    word: str
    roles: Mapping[str, str] = _NO_ROLES
    number: int | None = None
    date: tuple[int, int, int] | None = None
    short: tuple[int, int] | None = None
    glued: bool = False

    @property
    def plain(self) -> bool:
        """A word that tells nothing of days."""
        return not self.roles and self.number is None and self.word[:1].isalpha()

    @property
    def capital(self) -> bool:
        """It is written as a name is: a capital and small letters."""
        return self.word[:1].isupper() and not self.word[1:].isupper()


class Terms:
    """The terms of one sentence, and questions about them that do not fail beyond its ends."""

    END = Term(0, 0, "")
    _AROUND = 8
    """Empty terms behind the last, which indices before the first reach too; no phrase looks further."""

    def __init__(self, sentence: str, words: Lexicon, cues: Sequence[Cue] | None = None) -> None:
        self.sentence, self.words = sentence, words
        cues = words.cues_in(sentence) if cues is None else cues
        told = tells_days(sentence, cues)
        self.list: tuple[Term, ...] = tuple(_terms(sentence, _chosen(sentence, cues), words)) if told else ()
        self._padded = (*self.list, *[self.END] * self._AROUND)

    def __getitem__(self, index: int) -> Term:
        return self._padded[index]

    def __len__(self) -> int:
        return len(self.list)

    def role(self, index: int, name: str) -> str | None:
        """The value of a role that the term has ("5" of month.5, "" of a role without value)."""
        return self[index].roles.get(name)

    def sign(self, index: int, signs: str) -> bool:
        """Is the term one of these signs?"""
        return len(self[index].word) == 1 and self[index].word in signs

    def past(self, index: int, *names: str) -> int:
        """The index behind the term if it has one of these roles, else the same index."""
        return index + 1 if any(name in self[index].roles for name in names) else index

    def surface(self, first: int, end: int) -> tuple[int, int]:
        """Offsets of the terms from `first` up to `end`."""
        return self.list[first].start, self.list[end - 1].end

    def written(self, way: str) -> bool:
        """Is the language written in this way (a role of the table `written`)?"""
        return f"written.{way}" in self.words.roles


def tells_days(sentence: str, cues: Sequence[Cue]) -> bool:
    """Is there anything that an expression of days is made of? Most sentences have nothing of it."""
    return any(cue.role.partition(".")[0] in _MADE_OF for cue in cues) or _DIGIT.search(sentence) is not None


def _chosen(sentence: str, found: Sequence[Cue]) -> Iterator[tuple[int, int, dict[str, str]]]:
    """Of cues that overlap the leftmost and longest, with all roles of its span; none over a phrase that
    only looks like days (role `not`)."""
    cues = [cue for cue in found if _counts(cue.role) and not cue.role.startswith(_NO_WORDS)]
    spans: dict[tuple[int, int], dict[str, Cue]] = {}
    for cue in _read(sentence, cues):
        spans.setdefault((cue.start, cue.end), {}).setdefault(cue.role.partition(".")[0], cue)
    reached = 0
    for (start, end), roles in sorted(spans.items(), key=lambda item: (item[0][0], -item[0][1])):
        if start >= reached:
            reached = _geresh(sentence, start, end)
            _one_tense(sentence[start:end].lower(), roles)
            yield start, reached, {role: cue.role.partition(".")[2] for role, cue in roles.items()}


def _read(sentence: str, cues: Sequence[Cue]) -> Iterator[Cue]:
    """The cues that stand in no phrase of the role `not`, and are written as their phrase is."""
    titled = _titled(sentence)
    cues = [cue for cue in cues if cue.role not in ("future", "past") or _accented(sentence, cue)]
    barred = [cue for cue in cues if cue.role == "not"]
    cased = [cue for cue in cues if _cased(sentence, cue, titled) and not _within(cue, barred)]
    named = [cue for cue in cased if cue.role.partition(".")[0] in _DAYS]
    for cue in cased:
        if cue.role == "not" or cue.role not in _VERBS or not _within(cue, named):
            yield cue


def _counts(role: str) -> bool:
    """Is what such a role counts ("month.5", "counted.week.2") a number? A user's file may say otherwise."""
    name, _, value = role.partition(".")
    return name not in _COUNTING or value.rpartition(".")[2].lstrip("-").isdecimal()


def _within(cue: Cue, others: Sequence[Cue]) -> bool:
    """Does it overlap one of these, which have another span? They are in order of place."""
    if cue.role == "not":
        return False
    first = bisect_left(others, cue.start - LONGEST_MATCH, key=lambda other: other.start)
    for other in others[first:]:
        if other.start >= cue.end:
            return False
        if other.end > cue.start and (
            other.role == "not" or (other.start, other.end) != (cue.start, cue.end)
        ):
            return True
    return False


def _accented(sentence: str, cue: Cue) -> bool:
    """In Latin letters accents tell tenses apart: "entré en vigueur" is not "entre"."""
    if cue.phrase[0] > _LATIN or set(cue.phrase) & set("*[(."):
        return True
    written = sentence[cue.start : cue.end].lower()
    return [c for c in written if c.isalpha()] == [c for c in cue.phrase.lower() if c.isalpha()]


def _one_tense(written: str, roles: dict[str, Cue]) -> None:
    """Of tenses told apart by an accent alone ("wurde", "würde") the one that is written; a day or month
    ("May") has none."""
    if not _DAYS.isdisjoint(roles):
        roles.pop("future", None)
        roles.pop("past", None)
    if "future" in roles and "past" in roles:
        exact = [name for name in ("future", "past") if roles[name].phrase.lower() == written]
        if len(exact) == 1:
            del roles["past" if exact == ["future"] else "future"]


def _titled(sentence: str) -> bool:
    """Is it a title with capitals, which tell nothing there?"""
    letters = [word[0] for word in sentence.split() if word[0].isalpha()]
    return sum(map(str.isupper, letters)) > _CAPITALS * len(letters)


def _cased(sentence: str, cue: Cue, titled: bool) -> bool:
    """A weekday or month is written with a capital or without as its phrase is: "may" is no month, French
    "Avril" inside a sentence a person; so is "Morgen" no morrow. What is all in capitals tells nothing."""
    role, small = cue.role.partition(".")[0], cue.phrase[0].islower()
    if role not in (*_NAMED_LIKE, "day"):
        return True
    word = sentence[cue.start : cue.end]
    if not word[0].isupper() or word.isupper():
        return small or not word[0].islower()
    if not small or (titled and role == "day"):
        return True
    before = sentence[: cue.start].rstrip(" \"'«“„(—–-")
    if before and before[-1] not in ".!?:":
        return False
    following = sentence[cue.end : cue.end + 3].lstrip(" ")
    return role == "day" or not following[:1].isupper()


def _geresh(sentence: str, start: int, end: int) -> int:
    """The end with the sign that abbreviates a Hebrew letter: יום ד'."""
    single = end - start > 1 and sentence[end - 2].isspace() and "א" <= sentence[end - 1] <= "ת"
    return end + 1 if single and sentence[end : end + 1] in tuple(_GERESH) else end


def _terms(sentence: str, cues: Iterator[tuple[int, int, dict[str, str]]], words: Lexicon) -> Iterator[Term]:
    """Cues in their order and what stands between them."""
    suffixes = frozenset(words.roles.get("written.suffix", ()))
    endings = _Endings.of(words)
    infinitive = tuple(words.roles.get("written.infinitive", ()))
    relative = frozenset(words.roles.get("written.border", ()))
    done = 0
    for start, end, roles in cues:
        glued = start > 0 and sentence[start - 1].isalpha()
        if glued and sentence[done:start].endswith(infinitive):
            roles.pop("past", None)
            roles.pop("future", None)
        for term in _between(sentence, done, start, suffixes, endings):
            parts = glued and term.end == start and term.word in relative
            yield term._replace(roles={"border": ""}) if parts else term
        yield Term(start, end, sentence[start:end], roles, glued=glued)
        done = end
    yield from _between(sentence, done, len(sentence), suffixes, endings)


def _between(
    sentence: str, start: int, end: int, suffixes: frozenset[str], endings: "_Endings"
) -> Iterator[Term]:
    """Numbers, words and signs of a stretch without cues."""
    for match in _PIECE.finditer(sentence, start, end):
        first, last = match.span()
        word = match.group()
        joined = _joined(first, word) if word[0].isdigit() else None
        if joined is not None:
            yield from joined
            continue
        number = _number(first, word, suffixes)
        if number is not None and number.start > first:
            yield Term(first, number.start, sentence[first : number.start])
        yield number or Term(first, last, word, endings.roles(word))


def _joined(first: int, word: str) -> Iterator[Term] | None:
    """Digits with signs between: a date, a range of days or years, a number that is none of these."""
    parts = _JOINED.fullmatch(word)
    if parts is None:
        return iter([Term(first, first + len(word), word)]) if not word.isalnum() else None
    one, sign, two, three = parts.groups()
    end = first + len(word)
    if three is None and sign == "-":
        middle = first + len(one)
        return iter((
            Term(first, middle, one, number=_short(one)),
            Term(middle, middle + 1, sign),
            Term(middle + 1, end, two, number=_short(two)),
        ))  # fmt: skip
    if three is not None and sign in "./-" and len(word) <= _LONGEST_DATE:
        return iter([Term(first, end, word, date=(int(one), int(two), int(three)))])
    short = (int(one), int(two)) if three is None and sign in "./" and len(one) < 3 and len(two) < 3 else None
    return iter([Term(first, end, word, short=short)])


def _short(digits: str) -> int | None:
    return int(digits) if len(digits) <= 4 else None


def _number(first: int, word: str, suffixes: frozenset[str]) -> Term | None:
    """A number of up to four digits, behind particles ("و30") or with the ending of an ordinal ("4th")."""
    match = _NUMBER.fullmatch(word)
    if match is None or (match["suffix"] and match["suffix"].lower() not in suffixes):
        return None
    particle = match["particle"]
    if particle and particle not in clitics_of(particle):
        return None
    start = first + len(particle)
    return Term(
        start, first + len(word), word[len(particle) :], number=int(match["digits"]), glued=bool(particle)
    )


@dataclass(frozen=True, slots=True)
class _Endings:
    """Tense by the end of a verb, where a language shows it so ("volverán", "पहुँचेगा")."""

    by_tense: tuple[tuple[str, tuple[str, ...]], ...]
    exceptions: frozenset[str]
    shortest: int = 4

    @classmethod
    def of(cls, words: Lexicon) -> "_Endings":
        ends = tuple((tense, tuple(words.roles.get(f"endings.{tense}", ()))) for tense in ("future", "past"))
        return cls(ends, frozenset(words.roles.get("endings.not", ())))

    def roles(self, word: str) -> Mapping[str, str]:
        """{"future": "ending"} of a word that ends so; letters as written, for accents tell tenses apart."""
        small = word.lower()
        if len(small) < self.shortest or small in self.exceptions:
            return _NO_ROLES
        for tense, ends in self.by_tense:
            if ends and small.endswith(ends):
                return {tense: "ending"}
        return _NO_ROLES

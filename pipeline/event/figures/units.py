"""Units of the claim ledger: what a number is a number of."""

from typing import NamedTuple

from pipeline.event.figures.line import Line, key
from pipeline.event.figures.numbers import Number
from pipeline.event.figures.signs import MONEY, sign_at
from pipeline.event.lexicon import Cue

TIME = frozenset({"days", "weeks", "months", "years", "hours", "minutes"})

MEASURES = MONEY | {"percent", "tonnes", "tons", "kilograms", "litres", "kilometres", "miles", "metres"}
"""Units that measure something else than themselves; what, stands behind them if anywhere."""

LOADS = frozenset({"percent", "tonnes", "tons", "kilograms", "litres"})
"""Measures of something: percent of houses, tonnes of flour."""

PERSONS = frozenset({"people", "hostages", "prisoners", "soldiers"})

PLAIN = ("", "ال", "ה", "ل", "لل")
"""What may be written in front of a unit."""

_YEARS = range(1900, 2101)

GAP = 3
"""Words that may stand between a number and its noun ("40 elderly Israeli women hostages")."""


class Noun(NamedTuple):
    """What is counted: the pieces from `first` on, the unit's own words at `[start:end]`."""

    unit: str
    first: int
    start: int
    end: int
    fate: bool = False


def sign_before(line: Line, number: Number) -> tuple[str, int] | None:
    """The unit of a sign or code in front of a number, with where it begins ("US$")."""
    at = line.at(number.start) - 1
    unit = sign_at(line, at)
    if unit is None or (line.kind(at - 1) == "digits" and line.joined(at)):
        cue = line.cue_before(at + 1, "money")
        return (key(cue), cue.start) if cue is not None else None
    if line.joined(at) and line.word(at - 1) in {"US", "C", "A"}:
        at -= 1
    return unit, line.pieces[at].start


def noun_at(line: Line, number: Number) -> Noun | None:
    """The noun behind a number, behind at most GAP adjectives and an "of"; what became of those counted
    where the noun is left out ("40 were killed")."""
    at = _behind_stop(line, number)
    signed = sign_at(line, at)
    if signed is not None:
        return Noun(signed, at, line.pieces[at].start, line.pieces[at].end)
    if line.hyphen(at):
        return _hyphened(line, at + 1) if line.joined(at) else None
    if line.kind(at) == "word" and line.joined(at) and line.kind(at - 1) == "digits":
        return _noun(line, at, at)
    partitive = line.cue(at, "of") if number.value != 1 else None
    first = line.after(partitive.end) if partitive is not None else at
    i = first
    for _ in range(GAP + 1):
        noun = _noun(line, i, first)
        if noun is not None:
            return noun
        step = _adjective(line, i)
        if step is None:
            break
        i = step
    return _fate(line, at) or _fate_before(line, number)


def _hyphened(line: Line, at: int) -> Noun | None:
    """The unit that a hyphen joins to its number ("3-kilometre"); no ordinal's ending, no pounds, which
    then are those of a bomb."""
    noun = _noun(line, at, at) if line.cue(at, "ordinal-ending") is None else None
    return noun if noun is not None and noun.unit not in MONEY else None


def _behind_stop(line: Line, number: Number) -> int:
    """The piece behind a number, and behind the full stop of "млн." or "Mio."."""
    at = number.last
    return at + 1 if line.word(at) == "." and line.joined(at) and number.scale > 1 else at


def _noun(line: Line, at: int, first: int) -> Noun | None:
    """The unit at a piece: the last of nouns in a row ("Israeli women hostages" counts hostages)."""
    noun = _one_noun(line, at, first)
    for _ in range(GAP):
        if noun is None or noun.unit in MEASURES | TIME:
            break
        behind, at = line.after(noun.end), line.at(noun.start)
        further = _one_noun(line, behind, first) if _adjective(line, at) == behind else None
        listed = line.cue(at, "adjective") is not None
        if further is None or not (listed or {noun.unit, further.unit} <= PERSONS):
            break
        noun = further
    return noun


def _one_noun(line: Line, at: int, first: int) -> Noun | None:
    cue = line.cue(at, "unit")
    if cue is not None and line.cue(line.after(cue.end), "area") is not None:
        return None
    if cue is None or not (line.prefix(cue) in PLAIN or (at == first and _partitive(line, cue))):
        return None
    return Noun(key(cue), first, cue.start, cue.end)


def _adjective(line: Line, at: int) -> int | None:
    """The piece behind an adjective, listed or known by its ending."""
    cue = line.cue(at, "adjective")
    if cue is not None:
        return line.after(cue.end)
    if line.kind(at) != "word" or line.cue(at, "barrier") is not None:
        return None
    word = line.word(at)
    if word != word.lower() or len(word) <= 2:
        return None
    if word.endswith(line.words.roles.get("ending", ())) or _open(line, at):
        return at + 1
    return at + 3 if line.hyphen(at + 1) and line.joined(at + 2) and line.joined(at + 1) else None


_NO_ADJECTIVE = ("being", "fate", "in", "of", "value", "scale", "unit")
"""Roles of words that are something else than an adjective."""


def _open(line: Line, at: int) -> bool:
    """Whether a word that no list has is an adjective: where articles part verbs from their objects, the
    single word between a number and its noun is."""
    if "open" not in line.words.roles or line.cue(at, *_NO_ADJECTIVE) is not None:
        return False
    counted = line.cue_before(at, "value", "scale") is not None or line.kind(at - 1) == "digits"
    following = line.cue(at + 1, "adjective") is not None or line.cue(at + 1, "unit") is not None
    return counted and following


def _fate(line: Line, at: int) -> Noun | None:
    """The participle of "40 were killed": people, though the noun is left out."""
    first = at
    while (being := line.cue(at, "being")) is not None:
        at = line.after(being.end)
    fate = line.cue(at, "fate")
    if (
        fate is None
        or line.kind(first) != "word"
        or line.prefix(fate) in line.words.roles.get("and-letter", ())
    ):
        return None
    return Noun("people", first, fate.start, fate.end, fate=True)


def _fate_before(line: Line, number: Number) -> Noun | None:
    """ "Killing five and wounding 20": people, where what became of them stands in front of the number and
    nothing that it might count behind it."""
    start = number.start if number.qualifier is None else min(number.start, number.qualifier[0])
    before = line.at(start)
    article = line.cue_before(before, "to-people")
    fate = line.cue_before(line.at(article.start) if article is not None else before, "fate-before")
    if fate is None or number.value in _YEARS or not _closed(line, number.last):
        return None
    return Noun("people", number.first, number.start, number.end, fate=True)


def _closed(line: Line, at: int) -> bool:
    """Whether nothing that might be counted begins at the piece."""
    if line.kind(at) != "word":
        return line.kind(at) is None or line.word(at) in _STOPS
    return line.cue(at, "barrier", "in", "fate-before", "fate", "being") is not None


_STOPS = frozenset(",.;)،؛।!?—–")


def _partitive(line: Line, cue: Cue) -> bool:
    """Whether "of" is written in front of the noun: "128 מהחטופים"."""
    prefix = line.prefix(cue)
    return bool(prefix) and prefix[0] in line.words.roles.get("of-letter", ())

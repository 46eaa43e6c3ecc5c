"""Numbers of a text: digits, words, what is both, orders of magnitude, and what loosens them."""

from dataclasses import dataclass, replace

from pipeline.event.figures.digits import rounded, value_of
from pipeline.event.figures.glued import glue_of, glued
from pipeline.event.figures.line import Line, key
from pipeline.event.figures.sums import Sum

MOST_WORDS = 12
"""Words of one number; "nine hundred and ninety-nine thousand nine hundred and ninety-nine" has eleven."""

PARTICLES = frozenset("وفبلكا" + "ושבלמכה" + "ـ")
"""Letters that Arabic and Hebrew write in front of digits; other letters make a name of them ("M23")."""


@dataclass(frozen=True, slots=True)
class Number:
    """The pieces `[first:last]` of a line, `[start:end]` of its text, as a value; `qualifier` is the span
    that loosens it. `plain`: a single run of digits, which may be a year or a name's. `sign`: the currency
    whose sign stands inside of a range ("between $2bn and $3bn")."""

    first: int
    last: int
    start: int
    end: int
    value: int | float
    high: int | float | None = None
    qualifier: tuple[int, int] | None = None
    plain: bool = False
    scale: int | float = 1
    sign: str | None = None


def single(line: Line, at: int) -> Number | None:
    """A number without its range: an order of magnitude, digits or words."""
    vague = line.cue(at, "vague")
    number = _summed(line, at)
    if vague is None or (number is not None and number.end >= vague.end):
        return number
    last = line.after(vague.end)
    return Number(
        at, last, vague.start, vague.end, rounded(float(key(vague))), None, (vague.start, vague.end)
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """One word or run of digits of a number; `kind` tells a value, a scale, a fraction in front of a
    number or a half behind it."""

    kind: str
    value: int | float
    start: int
    end: int
    last: int


def _summed(line: Line, at: int) -> Number | None:
    """Digits and words added up as far as they go."""
    total, parts = Sum(), list[_Part]()
    i = at
    while len(parts) < MOST_WORDS:
        joined, following = (False, i) if not parts else _joint(line, i, total.room)
        part = _part(line, following, bool(parts))
        if part is not None and joined and part.kind == "digits" and not _lettered(line, following):
            break
        if part is None or not _taken(total, part, joined or _glued_on(line, part, parts), parts):
            break
        parts.append(part)
        i = part.last
    while parts and parts[-1].kind == "fraction":
        parts.pop()
    if not parts or not total.value or _article(line, parts):
        return None
    digits = len(parts) == 1 and parts[0].kind == "digits"
    scale = max((part.value for part in parts if part.value >= 1_000 and part.kind != "digits"), default=1)
    value = rounded(total.value)
    return Number(at, parts[-1].last, parts[0].start, parts[-1].end, value, plain=digits, scale=scale)


def _article(line: Line, parts: list[_Part]) -> bool:
    """Whether the number is a single word that is the indefinite article as well."""
    if len(parts) != 1 or parts[0].value != 1:
        return False
    return line.cue(line.at(parts[0].start), "article") is not None


def _taken(total: Sum, part: _Part, joined: bool, before: list[_Part]) -> bool:
    if part.kind == "fraction":
        return not before and total.fraction(part.value)
    if part.kind == "half":
        return total.half()
    return total.add(part.value, scale=part.kind == "scale", joined=joined, digits=part.kind == "digits")


def _joint(line: Line, at: int, room: int | float) -> tuple[bool, int]:
    """Whether "and" stands at the piece, and the piece behind it or behind a hyphen."""
    if line.hyphen(at) and line.kind(at - 1) == line.kind(at + 1) == "word":
        return False, at + 1
    if line.word(at) == "." and line.joined(at) and line.cue_before(at, "scale") is not None:
        return False, at + 1
    loose = line.cue(at, "loosely-behind")
    if loose is not None and line.cue(line.after(loose.end), "scale") is not None:
        return False, line.after(loose.end)
    cue = line.cue(at, "and-ten" if room <= 20 else "and-hundred")
    return (True, line.after(cue.end)) if cue is not None else (False, at)


def _glued_on(line: Line, part: _Part, parts: list[_Part]) -> bool:
    """Whether the word has "and" written in front of it."""
    before = line.text[line.pieces[line.at(part.start)].start : part.start]
    return bool(parts) and before in letters(line, "and-letter")


def letters(line: Line, role: str) -> tuple[str, ...]:
    """What a role lists that is written together with a word."""
    return line.words.roles.get(role, ())


def _part(line: Line, at: int, further: bool) -> _Part | None:
    kind = line.kind(at)
    if kind == "digits":
        return _digits(line, at, further)
    if kind != "word":
        return None
    heads = ("value", "fraction", "scale", "half") if further else ("value", "fraction")
    cue = line.cue(at, *heads)
    part = _glued(line, at)
    if cue is None or (part is not None and part.end > cue.end):
        return part
    if further and line.prefix(cue) not in ("", "ال", *letters(line, "and-letter")):
        return None
    if further and cue.role.startswith("scale.") and line.prefix(cue) in letters(line, "and-letter"):
        value = line.cue(at, "value")
        cue = value if value is not None and value.end == cue.end else cue
    head, _, told = cue.role.partition(".")
    if further and head == "value" and (scale := line.cue(at, "scale")) is not None and scale.end > cue.end:
        cue, head, told = scale, "scale", key(scale)
    return _Part(head, float(told or 0.5), cue.start, cue.end, line.after(cue.end))


def _glued(line: Line, at: int) -> _Part | None:
    glue = glue_of(line.words)
    found = glued(line.word(at), glue) if glue is not None else None
    if found is None or found[1] is not None:
        return None
    piece = line.pieces[at]
    return _Part("value", found[0], piece.start, piece.end, at + 1)


def _digits(line: Line, at: int, further: bool) -> _Part | None:
    """The value of digits; none of those of names ("M23", "F-16"), of clocks, scores and ordinals ("3rd")."""
    piece = line.pieces[at]
    value = value_of(line.text[piece.start : piece.end], "decimal-point" in line.words.roles)
    if value is None or _named(line, at) or (further and not (_scaled(line, at + 1) or _lettered(line, at))):
        return None
    last, end = at + 1, piece.end
    if line.joined(last) and line.kind(last) == "word":
        scale = line.cue(last, "suffix")
        if scale is not None and scale.end >= line.pieces[last].end:
            return _Part("digits", value * float(key(scale)), piece.start, line.pieces[last].end, last + 1)
    ending = line.cue(last + 1, "digits-ending") if line.hyphen(last) and line.joined(last + 1) else None
    if ending is not None:
        last, end = last + 2, ending.end
    return _Part("digits", value, piece.start, end, last)


def _lettered(line: Line, at: int) -> bool:
    """Whether "and" is written together with the digits, as Arabic does: "ألف و200"."""
    return line.joined(at) and line.word(at - 1) in letters(line, "and-letter")


def _scaled(line: Line, at: int) -> bool:
    return line.cue(at, "scale") is not None or line.cue(at, "value") is not None


def _named(line: Line, at: int) -> bool:
    """Whether letters, or a letter and a hyphen, make a name of the digits, or signs something else."""
    before = line.word(at - 1) if line.joined(at) else ""
    if before in {":", "/", "#", "+", "_", "."}:
        return True
    after = line.word(at + 1) if line.joined(at + 1) else ""
    if after in {":", "/"} and line.kind(at + 2) == "digits":
        return True
    if line.hyphen(at - 1) and before and line.joined(at - 1):
        before = line.word(at - 2)
    return (
        before[:1].isalpha()
        and not set(before) <= PARTICLES
        and line.cue_before(at, "loosely") is None
        and (line.cue(line.at(line.pieces[at].start) - 1, "money") is None)
    )


def qualified(line: Line, number: Number, start: int) -> Number:
    """The number with the qualifier that ends before `start`, or stands behind it."""
    before = _before(line, line.at(start), start)
    if before is not None:
        return replace(number, qualifier=before)
    if number.qualifier is not None:
        return number
    behind = line.cue(number.last, "loosely-behind")
    if behind is not None:
        return replace(
            number, last=line.after(behind.end), end=behind.end, qualifier=(behind.start, behind.end)
        )
    return number


def _before(line: Line, at: int, start: int) -> tuple[int, int] | None:
    """The span of the qualifier before a piece: its letter, or words, a hyphen and a preposition between."""
    letter = line.text[line.pieces[at].start : start]
    if letter and letter[-1] in letters(line, "loosely-letter") and set(letter) <= PARTICLES:
        return start - 1, start
    filler = line.cue_before(at, "filler")
    if filler is not None:
        at = line.at(filler.start)
    hyphen = at - 1 if line.hyphen(at - 1) and line.joined(at) else at
    cue = line.cue_before(hyphen, "loosely", "loosely-not")
    if cue is None or cue.role == "loosely-not":
        return None
    end = line.pieces[hyphen].end if hyphen < at else line.pieces[line.at(cue.end - 1)].end
    return cue.start, start if letter else end

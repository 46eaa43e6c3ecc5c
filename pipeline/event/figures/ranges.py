"""Ranges: two numbers of one thing, as one figure ("3 to 5 days", "between $2bn and $3bn")."""

from dataclasses import replace

from pipeline.event.figures.digits import rounded
from pipeline.event.figures.line import Line
from pipeline.event.figures.numbers import Number, letters, single
from pipeline.event.figures.signs import MONEY, behind_money, sign_at
from pipeline.event.lexicon import Cue


def number_at(line: Line, at: int) -> Number | None:
    """The number or range that begins at the piece, without the qualifier in front of it."""
    opening = line.cue(at, "between")
    if opening is not None:
        return _between(line, opening)
    low = single(line, at)
    if low is None:
        return None
    upper = _behind_join(line, low)
    if upper is not None and not low.qualifier and _spans(low, upper):
        return _ranged(low, upper, low.start)
    each = upper is not None and line.hyphen(low.last) and upper.value == _scaled_like(low, upper)
    return replace(upper, first=low.first, start=low.start) if upper is not None and each else low


def _between(line: Line, opening: Cue) -> Number | None:
    """ "Between 30 and 40", the surface of which is all of it."""
    first = _behind_article(line, line.after(opening.end))
    low = single(line, behind_money(line, first))
    upper = behind_and(line, low) if low is not None else None
    if low is None or upper is None or not _spans(low, upper):
        return None
    sign = sign_at(line, first) if low.first > first else None
    return replace(_ranged(low, upper, opening.start), sign=sign)


def _behind_article(line: Line, at: int) -> int:
    """The piece behind a hyphen or the article of Spanish percentages ("entre el 30 y el 40 %")."""
    article = line.cue(at, "the")
    return line.after(article.end) if article is not None else _behind_hyphen(line, at)


def _behind_hyphen(line: Line, at: int) -> int:
    return at + 1 if line.hyphen(at) else at


def behind_and(line: Line, low: Number) -> Number | None:
    """The upper end behind the word, particle or letter that is "and" of a range."""
    behind = low.last + _percent(line, low.last)
    cue = line.cue(behind, "between-and")
    if cue is not None and line.kind(behind) == "word":
        upper = single(line, _same_money(line, low, _behind_article(line, line.after(cue.end))))
        if upper is not None:
            return upper
    upper = single(line, behind)
    if upper is not None and line.text[line.pieces[upper.first].start : upper.start] in letters(
        line, "between-and"
    ):
        return upper
    return None


def _behind_join(line: Line, low: Number) -> Number | None:
    """The upper end behind a hyphen, dash or "to"; a sign of money or percent may be said of both."""
    percent = _percent(line, low.last)
    start = upper_start(line, low.last + percent)
    upper = single(line, _same_money(line, low, start)) if start is not None else None
    return None if upper is not None and percent > _percent(line, upper.last) else upper


def upper_start(line: Line, at: int) -> int | None:
    """The piece behind a hyphen, dash or "to" that stands at the piece."""
    if line.hyphen(at):
        return at + 1
    cue = line.cue(at, "join")
    return _behind_hyphen(line, line.after(cue.end)) if cue is not None else None


def _same_money(line: Line, low: Number, at: int) -> int:
    """The piece behind a currency that stands in front of the lower end as well."""
    sign = sign_at(line, low.first - 1)
    return behind_money(line, at, sign) if sign in MONEY else at


def _percent(line: Line, at: int) -> int:
    return int(sign_at(line, at) == "percent")


def _spans(low: Number, upper: Number) -> bool:
    return upper.qualifier is None and upper.value > _scaled_like(low, upper)


def _ranged(low: Number, upper: Number, start: int) -> Number:
    return Number(low.first, upper.last, start, upper.end, _scaled_like(low, upper), upper.value)


def _scaled_like(low: Number, upper: Number) -> int | float:
    """ "2-3 million": the lower end shares the upper end's scale when it names none."""
    if upper.scale > low.scale and low.value <= upper.value / upper.scale:
        return rounded(low.value * upper.scale / low.scale)
    return low.value

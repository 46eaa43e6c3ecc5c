"""Numbers of English text: digits with separators, words, ranges and what loosens them."""

from dataclasses import dataclass

from pipeline.event.reading import Reading
from pipeline.event.vocabulary import listed

SMALL = {
    word: value
    for value, word in enumerate(
        listed(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
            "sixteen seventeen eighteen nineteen"
        )
    )
}
TENS = {
    word: 10 * value
    for value, word in enumerate(listed("twenty thirty forty fifty sixty seventy eighty ninety"), start=2)
}
SCALES = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
SUFFIXES = {"k": 1_000, "m": 10**6, "mn": 10**6, "bn": 10**9, "tn": 10**12}
VAGUE = {"dozens": 12, "scores": 20, "hundreds": 100, "thousands": 1_000, "millions": 10**6}
"""Plurals that give an order of magnitude and no figure: the value is one of it, the words qualify."""

LONGEST = 15
"""A longer run of digits is a telephone number, an account or noise."""

QUALIFIERS = (
    "no more than", "no fewer than", "no less than", "as many as", "as much as", "as few as", "more than",
    "less than", "fewer than", "at least", "at most", "up to", "close to", "just over", "just under",
    "well over", "an estimated", "about", "approximately", "around", "roughly", "some", "nearly", "almost",
    "over", "under", "estimated", "only", "exactly", "another",
)  # fmt: skip
_QUALIFIERS = {tuple(words.split()) for words in QUALIFIERS}


@dataclass(frozen=True, slots=True)
class Number:
    """The tokens `[first:last]` of a reading as a value; `qualifier` is the span that loosens it."""

    first: int
    last: int
    value: int | float
    high: int | float | None = None
    qualifier: tuple[int, int] | None = None


def number_at(reading: Reading, at: int) -> Number | None:
    """The number or range that begins at the token, without its qualifier."""
    tokens = reading.tokens
    if tokens[at].low == "between":
        return _between(reading, at)
    low = _plain(reading, at)
    if low is None:
        return None
    joined = low.last < len(tokens) - 1 and tokens[low.last].low in {"-", "–", "—", "to", "‑"}
    upper = _plain(reading, low.last + 1) if joined else None
    if upper is None or upper.value <= low.value:
        return low
    return Number(low.first, upper.last, _scaled_like(low.value, upper, reading), upper.value)


def _scaled_like(value: int | float, upper: Number, reading: Reading) -> int | float:
    """ "2-3 million": the lower end shares the upper end's scale when it names none."""
    scale = SCALES.get(reading.tokens[upper.last - 1].low, 1)
    return _whole(value * scale) if scale > 1 and value < upper.value / scale else value


def _between(reading: Reading, at: int) -> Number | None:
    low = _plain(reading, at + 1)
    if low is None or low.last >= len(reading.tokens) - 1 or reading.tokens[low.last].low != "and":
        return None
    upper = _plain(reading, low.last + 1)
    if upper is None or upper.value <= low.value:
        return None
    return Number(low.first, upper.last, _scaled_like(low.value, upper, reading), upper.value)


def _plain(reading: Reading, at: int) -> Number | None:
    if at >= len(reading.tokens):
        return None
    low = reading.tokens[at].low
    if low[0].isdigit():
        return _digits(reading, at)
    if low in VAGUE:
        return _vague(reading, at)
    return _worded(reading, at)


def _digits(reading: Reading, at: int) -> Number | None:
    """ "1,400,000", "1.4 million", "5m"; None for what only looks like a number ("3rd", "M23")."""
    token, text = reading.tokens[at], reading.text
    value = _value(token.low)
    if value is None or (
        token.start and (text[token.start - 1].isalpha() or text[token.start - 1] in "._+#")
    ):
        return None
    after = reading.tokens[at + 1] if at + 1 < len(reading.tokens) else None
    if after is None:
        return Number(at, at + 1, value)
    if after.start == token.end and after.low.isalpha():
        scale = SUFFIXES.get(after.low)
        if scale is None and after.low not in {"km", "kg"}:
            return None
        return Number(at, at + 1 + (scale is not None), _whole(value * (scale or 1)))
    if after.low in SCALES:
        return Number(at, at + 2, _whole(value * SCALES[after.low]))
    return Number(at, at + 1, value)


def _value(digits: str) -> int | float | None:
    """The value of digits with English separators: comma groups of three, a point before decimals."""
    if len(digits) > LONGEST + LONGEST // 3 or not digits.isascii():
        return None
    whole, _, decimals = digits.partition(".")
    groups = whole.split(",")
    if any(len(group) != 3 for group in groups[1:]) or (len(groups) > 1 and len(groups[0]) > 3):
        return None
    if "." in decimals or "," in decimals:
        return None
    value = int("".join(groups))
    return _whole(float(f"{value}.{decimals}")) if decimals else value


def _whole(value: int | float) -> int | float:
    """An integer where the value is one, else the value without binary dust."""
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded


def _vague(reading: Reading, at: int) -> Number | None:
    """ "hundreds of", "tens of thousands of": one of the order of magnitude, qualified by the words."""
    tokens = reading.tokens
    if at + 1 >= len(tokens) or tokens[at + 1].low != "of":
        return None
    qualifier = (tokens[at].start, tokens[at + 1].end)
    return Number(at, at + 2, VAGUE[tokens[at].low], None, qualifier)


def _worded(reading: Reading, at: int) -> Number | None:
    """ "forty", "two dozen", "one hundred and twenty", "half a million", "tens of thousands of"."""
    tokens = reading.tokens
    low = tokens[at].low
    follow = [token.low for token in tokens[at + 1 : at + 4]]
    if low == "tens" and follow[:1] == ["of"] and follow[1:] in (["thousands", "of"], ["millions", "of"]):
        value = 10 * VAGUE[follow[1]]
        return Number(at, at + 4, value, None, (tokens[at].start, tokens[at + 3].end))
    if low == "half" and follow[:2] in (["a", "million"], ["a", "billion"]):
        return Number(at, at + 3, SCALES[follow[1]] // 2)
    if low in {"a", "an"}:
        return _article_scale(reading, at)
    return _summed(reading, at) if low in SMALL or low in TENS else None


def _article_scale(reading: Reading, at: int) -> Number | None:
    tokens = reading.tokens
    low = tokens[at + 1].low if at + 1 < len(tokens) else ""
    if low == "dozen":
        return Number(at, at + 2, 12)
    return Number(at, at + 2, SCALES[low]) if low in SCALES else None


def _summed(reading: Reading, at: int) -> Number | None:
    """Number words added up: units and tens, times their scales."""
    tokens = reading.tokens
    total = group = 0
    end = i = at
    while i < len(tokens) and i - at < LONGEST:
        low = tokens[i].low
        if low in TENS or low in SMALL:
            if i > at and not _may_follow(tokens[i - 1].low, low):
                break
            group += TENS.get(low, SMALL.get(low, 0))
        elif low == "hundred":
            group *= 100
        elif low == "dozen":
            group *= 12
        elif low in SCALES:
            total, group = total + group * SCALES[low], 0
        elif low in {"-", "and"} and _joins(reading, i):
            i += 1
            continue
        else:
            break
        i += 1
        end = i
    return Number(at, end, total + group)


def _may_follow(before: str, low: str) -> bool:
    """Whether a unit or ten may stand behind a word of the same number: "twenty-five", "hundred and five"."""
    return (
        before in SCALES or before == "and" or (before in {"-", *TENS} and low in SMALL and SMALL[low] < 10)
    )


def _joins(reading: Reading, i: int) -> bool:
    """Whether a hyphen or "and" goes on with the number: "twenty-five", "hundred and five"."""
    tokens = reading.tokens
    if i + 1 >= len(tokens):
        return False
    before, after = tokens[i - 1].low, tokens[i + 1].low
    if tokens[i].low == "-":
        return before in TENS and after in SMALL
    return before in {"hundred", "thousand"} and (after in SMALL or after in TENS)


def qualifier_before(reading: Reading, at: int) -> tuple[int, int] | None:
    """The span of the qualifier that ends before the token, the longest first."""
    tokens = reading.tokens
    for length in (3, 2, 1):
        first = at - length
        if first >= 0 and tuple(token.low for token in tokens[first:at]) in _QUALIFIERS:
            return tokens[first].start, tokens[at - 1].end
    return None

"""Sums: number words added up and multiplied, the same way in all languages.

"Two hundred and five", "quatre-vingt-dix-sept", "zweiunddreißig" and "ثلاثة وأربعون" differ only in which of
two words may follow the other: a smaller one that the first leaves room for, a scale that multiplies
it, or, joined by "and", the tens behind the units.
"""

from collections.abc import Iterable
from math import inf

THOUSAND = 1_000
SCALES = frozenset({100, 1_000, 100_000, 10**6, 10**7, 10**9, 10**12})
"""Values that multiply a smaller number in front of them; those of India among them."""


class Sum:
    """A number as its words are read; `value` is what they come to so far."""

    def __init__(self) -> None:
        self._total: int | float = 0
        self._group: int | float = 0
        self._room: int | float = inf
        self._ceiling: int | float = inf
        self._fraction: float | None = None

    @property
    def value(self) -> int | float:
        """What the words come to."""
        return self._total + self._group

    @property
    def room(self) -> int | float:
        """What the next word has to be smaller than to be added."""
        return self._room if self._group else self._ceiling

    def add(
        self, value: int | float, *, scale: bool = False, joined: bool = False, digits: bool = False
    ) -> bool:
        """Takes the next word, if it can go on with the number. `scale`: it only multiplies; `joined`:
        "and" stands in front of it."""
        if self._fraction is not None:
            return self._whole_of(value)
        if self._multiplies(value, scale, joined):
            self._close(self._group * value, value)
            return True
        if scale or not self._adds(value, joined):
            return False
        reverse = bool(self._group) and value >= self._room
        if value >= THOUSAND and not digits:
            self._close(self._group + value, smallest_scale(value))
            return True
        self._group += value
        self._room = 0 if reverse or digits else _room_behind(value)
        return True

    def half(self) -> bool:
        """ "And a half", of the scale that stands in front of it or of one."""
        if not self.value:
            return False
        if self._group:
            self._group, self._room = self._group + 0.5, 0
        else:
            self._total, self._ceiling = self._total + self._ceiling / 2, 0
        return True

    def fraction(self, part: float) -> bool:
        """A word in front of a number that adds a part of it: Hindi साढ़े, सवा, पौने."""
        if self.value or self._fraction is not None:
            return False
        self._fraction = part
        return True

    def _whole_of(self, value: int | float) -> bool:
        part, self._fraction = self._fraction or 0.0, None
        if value in SCALES:
            self._close((1 + part) * value, value)
        else:
            self._group, self._room = value + part, 0
        return True

    def _multiplies(self, value: int | float, scale: bool, joined: bool) -> bool:
        if joined or not self._group or not (scale or value in SCALES):
            return False
        return (self._group < value or scale) and self._group * value < self._ceiling

    def _adds(self, value: int | float, joined: bool) -> bool:
        if not self._group:
            return value < self._ceiling
        behind_units = joined and 1 <= self._group % 100 <= 9 and value in range(20, 100, 10)
        return value < self._room or behind_units

    def _close(self, group: int | float, scale: int | float) -> None:
        """A scale ends its group, but for a hundred, behind which tens are added."""
        if scale < THOUSAND:
            self._group, self._room = group, scale if scale == 100 else 0
            return
        self._total += group
        self._group, self._room, self._ceiling = 0, inf, scale


def added(values: Iterable[int | float]) -> int | float | None:
    """The value of number words that are written in one, all of them joined."""
    total = Sum()
    for value in values:
        if not (total.add(value) or total.add(value, joined=True)):
            return None
    return total.value


def _room_behind(value: int | float) -> int:
    """What may follow is smaller: a unit behind tens (up to nineteen behind French 60 and 80), tens behind
    hundreds."""
    if value in (60, 80):
        return 20
    if value in range(20, 100, 10):
        return 10
    return 100 if value in range(100, 1_000, 100) else 0


def smallest_scale(value: int | float) -> int | float:
    """The scale of a dual: a million in two million."""
    return max(scale for scale in SCALES if value >= scale and (value % scale == 0 or scale == 100))

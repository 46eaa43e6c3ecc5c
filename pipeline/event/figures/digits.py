"""Digits: the value of a run of digits in any script, with the separators of its language."""

import re
import unicodedata

LONGEST = 15
"""A longer run of digits is a telephone number, an account or noise."""

_ALWAYS_GROUPS = re.compile(r"[\u00a0\u202f\u2009 ’'٬]")


def value_of(digits: str, point: bool) -> int | float | None:
    """The value, None where it is none ("28.04.2024"). `point`: decimals stand behind a point, so that
    "34.654" is no thousands; else three digits behind a single sign always are."""
    if sum(char.isdigit() for char in digits) > LONGEST:
        return None
    plain = "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in digits)
    plain = _ALWAYS_GROUPS.sub("", plain)
    sign = _decimal_sign(plain, point)
    whole, _, decimals = plain.partition(sign) if sign else (plain, "", "")
    groups = re.split(r"[.,]", whole)
    if any(char in ".,٫" for char in decimals) or not _grouped(groups):
        return None
    value = int("".join(groups))
    return rounded(float(f"{value}.{decimals}")) if decimals else value


def _decimal_sign(plain: str, point: bool) -> str | None:
    """The sign before decimals, None where all signs part groups."""
    if "٫" in plain:
        return "٫"
    signs = [char for char in plain if char in ".,"]
    if len(signs) != 1:
        return signs[-1] if len(set(signs)) == 2 and signs.count(signs[-1]) == 1 else None
    whole, decimals = re.split(r"[.,]", plain)
    thousands = len(decimals) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0"
    return None if thousands and not (point and signs[0] == ".") else signs[0]


def _grouped(groups: list[str]) -> bool:
    """Thousands, or lakhs and crores in twos: the last group has three digits."""
    if len(groups) == 1:
        return True
    middle = all(len(group) in (2, 3) for group in groups[1:-1])
    return 1 <= len(groups[0]) <= 3 and middle and len(groups[-1]) == 3


def rounded(value: int | float) -> int | float:
    """An integer where the value is one, else the value without binary dust."""
    near = round(value, 6)
    return int(near) if near == int(near) else near

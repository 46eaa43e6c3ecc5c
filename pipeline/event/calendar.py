"""Dates that a sentence states in full: day, month and year, readable without a clock."""

import re
from datetime import date

from pipeline.event.vocabulary import listed

_MONTHS = listed("jan feb mar apr may jun jul aug sep oct nov dec")
_NAME = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_STATED = re.compile(
    rf"\b(?:as of|on|by|as at) (?:the )?"
    rf"(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)? (?P<m1>{_NAME}),? (?P<y1>\d{{4}})"
    rf"|(?P<m2>{_NAME}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y2>\d{{4}})"
    r"|(?P<y3>\d{4})-(?P<m3>\d\d)-(?P<d3>\d\d))\b",
    re.IGNORECASE,
)


def stated_date(text: str) -> date | None:
    """The date behind "as of", "on" or "by" when the text states exactly one; None else."""
    found = {day for match in _STATED.finditer(text) if (day := _day(match)) is not None}
    return found.pop() if len(found) == 1 else None


def _day(match: re.Match[str]) -> date | None:
    for group in "123":
        year, month, day = (match[f"{part}{group}"] for part in "ymd")
        if year is not None:
            number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
            try:
                return date(int(year), number, int(day))
            except ValueError:
                return None
    return None

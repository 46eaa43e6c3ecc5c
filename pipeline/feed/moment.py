"""Dates as feeds and archives write them, to aware UTC datetimes."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

from feedparser.datetimes.asctime import _parse_date_asctime
from feedparser.datetimes.greek import _parse_date_greek
from feedparser.datetimes.hungarian import _parse_date_hungarian
from feedparser.datetimes.korean import _parse_date_nate, _parse_date_onblog
from feedparser.datetimes.rfc822 import _parse_date_rfc822
from feedparser.datetimes.w3dtf import _parse_date_w3dtf

LONGEST = 80
"""Characters of the longest text that is tried: real dates stay under 50."""

HANDLERS = (
    _parse_date_w3dtf,
    _parse_date_rfc822,
    _parse_date_asctime,
    _parse_date_hungarian,
    _parse_date_greek,
    _parse_date_nate,
    _parse_date_onblog,
)
"""feedparser's readers in its own order, without two that ask the machine: its ISO 8601 (today's century,
and the local zone by way of mktime) and Perforce (the local zone)."""

# Zone names that mean one offset wherever a feed uses them, in minutes (RFC 822 section 5.1 and the
# tz database). "IST" (India, Israel, Ireland), "BST" outside Britain and the like stay unknown: UTC.
_ZONES = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300,
    "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
    "cet": 60, "cest": 120, "met": 60, "mest": 120, "eet": 120, "eest": 180, "idt": 180, "msk": 180,
    "jst": 540, "kst": 540, "hkt": 480, "sgt": 480, "nzst": 720, "nzdt": 780, "aest": 600, "aedt": 660,
}  # fmt: skip

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: 1 + n for n, name in enumerate(_NAMES)}

_RFC822 = re.compile(
    r"(?:[a-z]{3,9},?\s+)?(\d{1,2})[\s-]+([a-z]{3})[a-z]{0,6}\.?[\s-]+(\d{4})\s+"
    r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s+(?:([+-])(\d{2}):?(\d{2})|([a-z]{1,4}))",
    re.ASCII,
)

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{8}(?!\d)", re.ASCII)
_ORDINAL = re.compile(r"(\d{4})-?(\d{3})", re.ASCII)

# fmt: off
PLACEHOLDERS = frozenset(map(date.fromisoformat, (
    "0001-01-01", "1601-01-01", "1899-12-30", "1899-12-31", "1900-01-01",
    "1969-12-31", "1970-01-01", "2038-01-19", "2106-02-07",
)))
# fmt: on
"""Days that programs write for "no date": the zero and the end of their calendars."""


def is_placeholder(moment: datetime) -> bool:
    """Whether a source's date stands for "none": the zero or end of a program's calendar, or beyond 2100."""
    return moment.year > 2100 or moment.date() in PLACEHOLDERS


def moment(text: str) -> datetime | None:
    """The moment that `text` names, in UTC, or None. Without a zone it is taken as UTC."""
    text = text.strip()
    if not 4 <= len(text) <= LONGEST:
        return None
    return _moment(text)


@lru_cache(maxsize=4096)
def _moment(text: str) -> datetime | None:
    """ISO 8601, then RFC 822, then feedparser's collection of national and broken forms."""
    try:
        if _ISO_DAY.match(text):
            return _iso(text)
        return _rfc822(text.lower()) or _ordinal(text) or _other(text)
    except (ValueError, OverflowError):
        return None


def _iso(text: str) -> datetime | None:
    """RFC 3339 and its relatives. Raises ValueError for a day that no calendar has."""
    date.fromisoformat(text[:10] if text[4] == "-" else text[:8])
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return _other(text)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _rfc822(text: str) -> datetime | None:
    """RFC 822 and 2822 with four-digit years and a zone that is a number or an unambiguous name."""
    match = _RFC822.fullmatch(text)
    if match is None:
        return None
    day, name, year, hour, minute, second, sign, zone_hours, zone_minutes, zone = match.groups()
    offset = int(zone_hours) * 60 + int(zone_minutes) if sign else _ZONES.get(zone)
    month = _MONTHS.get(name)
    if offset is None or month is None:
        return None
    where = timezone(timedelta(minutes=-offset if sign == "-" else offset))
    seconds = min(int(second or 0), 59)  # a leap second has no datetime of its own
    return datetime(int(year), month, int(day), int(hour), int(minute), seconds, tzinfo=where).astimezone(UTC)


def _ordinal(text: str) -> datetime | None:
    """ISO 8601 ordinal dates: 2003-335, 2003335."""
    match = _ORDINAL.fullmatch(text)
    if match is None or not 1 <= int(match[2]) <= 366:
        return None
    return datetime(int(match[1]), 1, 1, tzinfo=UTC) + timedelta(days=int(match[2]) - 1)


def _other(text: str) -> datetime | None:
    for handler in HANDLERS:
        try:
            found = handler(text)
        except (KeyError, OverflowError, ValueError, AttributeError):  # the four that feedparser expects
            continue
        if found:
            year, month, day, hour, minute, second = found[:6]
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    return None

"""freshness: what response headers ask about the next request, to seconds from the answer."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

from pipeline.dates import Utc

LONGEST_RETRY = 86_400.0
"""Seconds that a Retry-After is believed: 88 hours were seen in the field, most likely by mistake."""

LONGEST_CONTROL = 1_024
"""Characters of Cache-Control that are read; real ones stay under 200."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = {name: number for number, name in enumerate(_MONTHS, 1)}
_NAME = rf"(?P<month>{'|'.join(_MONTHS)})"
_TIME = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
_IMF = re.compile(rf"\s*[a-z]{{3}}, (?P<day>\d\d) {_NAME} (?P<year>\d{{4}}) {_TIME} gmt", re.I | re.A)
_RFC850 = re.compile(rf"\s*[a-z]{{6,9}}, (?P<day>\d\d)-{_NAME}-(?P<year>\d\d) {_TIME} gmt", re.I | re.A)
_ASCTIME = re.compile(rf"\s*[a-z]{{3}} {_NAME} (?P<day>[ \d]\d) {_TIME} (?P<year>\d{{4}})", re.I | re.A)
_SECONDS = re.compile(r"\s*(\d{1,12})\s*(?:,|$)", re.A)
_DIRECTIVE = re.compile(r'\s*([^\s,;="]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"?|[^\s,;]*))?[^,]*(?:,|$)')


def retry_after(headers: Mapping[str, str], at: Utc) -> float:
    """Seconds that Retry-After asks to wait (RFC 9110, 10.2.3), at most LONGEST_RETRY; 0 if it asks nothing.

    A date counts from the response's own Date, whose clock wrote both; without one from `at`.
    What has passed, and what is neither seconds nor a date, asks nothing.
    """
    text = headers.get("retry-after")
    if not text:
        return 0.0
    if seconds := _SECONDS.match(text):
        return min(float(seconds[1]), LONGEST_RETRY)
    until = http_date(text, at)
    if until is None:
        return 0.0
    return min(max((until - _date(headers, at)).total_seconds(), 0.0), LONGEST_RETRY)


def fresh_for(headers: Mapping[str, str], at: Utc) -> float:
    """Seconds for which the answer stays fresh (RFC 9111, 4.2); 0 if it is stale or nothing is said.

    max-age counts before Expires; s-maxage speaks to shared caches and must-revalidate of what is stale,
    so neither matters here. Of the age only the Age header counts: by the clocks' difference (4.2.3) an
    origin whose clock is wrong would be asked at the wrong time.
    """
    control = headers.get("cache-control")
    expires = headers.get("expires")
    if not control and not expires:
        return 0.0
    lifetime = _lifetime(control[:LONGEST_CONTROL]) if control else None
    if lifetime is None:
        lifetime = _expires(headers, expires, at) if expires else 0.0
    return max(lifetime - _age(headers), 0.0)


def http_date(text: str, near: Utc) -> datetime | None:
    """The moment that an HTTP date in any of its three formats names (RFC 9110, 5.6.7), or None.

    A year of two digits that seems more than 50 years after `near` lies in the past.
    """
    found = _read_date(text)
    if found is None or found[0] >= 100:
        return _moment(*found) if found else None
    year = near.year // 100 * 100 + found[0]
    return _moment(year - 100 if year > near.year + 50 else year, *found[1:])


@lru_cache(maxsize=1024)
def _read_date(text: str) -> tuple[int, int, int, int, int, int] | None:
    match = _IMF.match(text) or _ASCTIME.match(text) or _RFC850.match(text)
    if match is None:
        return None
    part = match.groupdict()
    day, hour, minute, second = (int(part[name]) for name in ("day", "hour", "minute", "second"))
    return int(part["year"]), _MONTH[part["month"].lower()], day, hour, minute, second


def _moment(year: int, month: int, day: int, hour: int, minute: int, second: int) -> datetime | None:
    """A leap second (60) is the second before it, as no datetime has one."""
    try:
        return datetime(year, month, day, hour, minute, 59 if second == 60 else second, tzinfo=UTC)
    except ValueError:
        return None


def _date(headers: Mapping[str, str], at: Utc) -> datetime:
    """When the origin says that it answered, else when the answer came (RFC 9110, 6.6.1)."""
    return http_date(headers.get("date", ""), at) or at


def _expires(headers: Mapping[str, str], expires: str, at: Utc) -> float:
    """Expires less Date; an invalid one, "0" above all, has passed (RFC 9111, 5.3)."""
    until = http_date(expires, at)
    return (until - _date(headers, at)).total_seconds() if until else 0.0


def _age(headers: Mapping[str, str]) -> float:
    """Seconds that caches on the way have kept the answer (RFC 9111, 5.1)."""
    seconds = _SECONDS.match(headers.get("age", ""))
    return float(seconds[1]) if seconds else 0.0


@lru_cache(maxsize=1024)
def _lifetime(control: str) -> float | None:
    """What Cache-Control says: seconds, 0 where it forbids reuse or is invalid, None where it is silent.

    Of no-cache only the form without field names forbids reuse (RFC 9111, 5.2.2.4). Of a max-age given
    twice the first counts (4.2.1); quotes round it are accepted (5.2).
    """
    lifetime = None
    for match in _DIRECTIVE.finditer(control):
        name, value = match[1].lower(), (match[2] or "").strip('"')
        if name == "no-store" or (name == "no-cache" and not value):
            return 0.0
        if name == "max-age" and lifetime is None:
            seconds = _SECONDS.fullmatch(value)
            lifetime = float(seconds[1]) if seconds else 0.0
    return lifetime

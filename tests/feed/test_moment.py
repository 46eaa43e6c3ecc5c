"""Dates as they are written."""

import time
from datetime import UTC, datetime

import pytest

from pipeline.feed.moment import is_placeholder, moment


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2003-12-31T10:14:55Z", (2003, 12, 31, 10, 14, 55)),
        ("2003-12-31T10:14:55.5-08:00", (2003, 12, 31, 18, 14, 55)),
        ("2003-12-31 10:14:55", (2003, 12, 31, 10, 14, 55)),
        ("2003-12-31", (2003, 12, 31)),
        ("20031231T101455Z", (2003, 12, 31, 10, 14, 55)),
        ("20031231", (2003, 12, 31)),
        ("2003-365", (2003, 12, 31)),
        ("2003-12", (2003, 12, 1)),
        ("2003", (2003, 1, 1)),
        ("Thu, 01 Jan 2004 19:48:21 GMT", (2004, 1, 1, 19, 48, 21)),
        ("Thu, 01 Jan 04 19:48:21 EST", (2004, 1, 2, 0, 48, 21)),
        ("1 January 2004 19:48 +0530", (2004, 1, 1, 14, 18)),
        ("Thu, 01 Jan 2004 19:48:21 CEST", (2004, 1, 1, 17, 48, 21)),
        ("Thu, 31 Dec 2016 23:59:60 GMT", (2016, 12, 31, 23, 59, 59)),
        ("Sun Jan  4 16:29:06 PST 2004", (2004, 1, 5, 0, 29, 6)),
        ("Κυρ, 11 Ιούλ 2004 12:00:00 EST", (2004, 7, 11, 17, 0)),
        ("2004-05-25 오후 11:23:17", (2004, 5, 25, 14, 23, 17)),
    ],
)
def test_forms_of_dates(written: str, meant: tuple[int, ...]) -> None:
    """ISO 8601, RFC 822 and what feedparser knows besides, in UTC."""
    found = moment(written)
    assert found is not None
    assert found.replace(microsecond=0) == datetime(*meant, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    "written", ["", "now", "2024-02-30", "2023-02-29T00:00:00Z", "2024-13-01", "--05-04", "x" * 500]
)
def test_what_is_no_date_is_none(written: str) -> None:
    """Days that no calendar has, dates relative to today, and text."""
    assert moment(written) is None


def test_the_local_time_zone_plays_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """feedparser's own ISO 8601 reader goes by way of the machine's zone; ours does not."""
    forms = ("20040105", "2004-005", "2004-01-05T12", "Thu, 01 Jan 2004 19:48:21", "2004/01/05")
    readings = []
    for zone in ("UTC", "Asia/Jerusalem", "America/New_York"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        moment_module = __import__("pipeline.feed.moment", fromlist=["_moment"])
        moment_module._moment.cache_clear()
        readings.append([moment(form) for form in forms])
    monkeypatch.undo()
    time.tzset()
    assert readings[0] == readings[1] == readings[2]


def test_placeholders_are_known() -> None:
    """The zero and the end of programs' calendars are no dates of articles; real days are."""
    for written in (
        "1970-01-01T00:00:00Z",
        "1969-12-31T19:00:00Z",
        "2106-02-07T06:28:15Z",
        "9999-12-31T00:00:00Z",
    ):
        found = moment(written)
        assert found is not None and is_placeholder(found)
    found = moment("1969-07-20T20:17:00Z")
    assert found is not None and not is_placeholder(found)

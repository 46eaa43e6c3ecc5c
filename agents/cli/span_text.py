"""Spans of time, as short as a column of a table."""

from datetime import datetime

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "m"))


def span(seconds: float) -> str:
    """ "3d", "5h", "12m", "40s"; below zero as zero."""
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{int(seconds // size)}{unit}"
    return f"{max(0, int(seconds))}s"


def ago(when: datetime | None, now: datetime) -> str:
    """How long ago that was; "-" for never."""
    return "-" if when is None else span((now - when).total_seconds())


def ahead(when: datetime | None, now: datetime) -> str:
    """How long until then; "now" where it has passed, "-" where nothing is due."""
    if when is None:
        return "-"
    return "now" if when <= now else span((when - now).total_seconds())

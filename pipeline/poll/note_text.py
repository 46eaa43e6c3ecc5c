"""note_text: the words of notes: times, durations, numbers, and a feed's own text, made harmless."""

from datetime import timedelta

from pipeline.dates import Utc

LONGEST_QUOTE = 120
"""Characters of a feed's own text within a message: a title or an address stays recognisable."""

_JOINERS = "\u200c\u200d"
"""Invisible, but words of Persian, of India's languages, and emoji are spelled with them."""


def shown(text: str, limit: int = LONGEST_QUOTE) -> str:
    """`text` on one line, of at most `limit` characters, without controls, bidi marks and the invisible:
    it can neither move a terminal's cursor nor turn its line around."""
    line = " ".join(text[: 8 * limit].split())
    if not line.isprintable():
        line = "".join(one for one in line if one.isprintable() or one in _JOINERS)
    return line if len(line) <= limit else line[: limit - 1] + "…"


def moment(at: Utc) -> str:
    """To the minute: "2024-05-04 18:30 UTC"."""
    return f"{at.isoformat(' ', 'minutes')[:16]} UTC"


def period(since: Utc, until: Utc) -> str:
    """Two moments, the day named once where it is one."""
    if since.date() == until.date():
        return f"{since.isoformat(' ', 'minutes')[:16]} and {until.isoformat(' ', 'minutes')[11:16]} UTC"
    return f"{moment(since)} and {moment(until)}"


def lasting(time: timedelta) -> str:
    """A duration in its two largest units: "3 days 4 hours", "20 minutes"."""
    minutes = max(round(time.total_seconds() / 60), 1)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return _units((days, "day"), (hours, "hour"))
    return _units((hours, "hour"), (minutes % 60, "minute"))


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number and its noun: "1 entry", "1,200 entries"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _units(*parts: tuple[int, str]) -> str:
    return " ".join(counted(number, unit) for number, unit in parts if number)

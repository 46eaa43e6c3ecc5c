"""clocks: dates that cannot be true: in the future, off by whole hours, or the zero of a calendar."""

from dataclasses import dataclass
from datetime import timedelta

from pipeline.dates import Utc
from pipeline.feed.document import FeedDocument
from pipeline.feed.listing import AHEAD
from pipeline.outcome import Reason
from pipeline.poll.condition import Condition, Finding, Look, Sign, read
from pipeline.poll.note import NoteKind
from pipeline.poll.note_text import counted, lasting

TOGETHER = 6
"""Lags in a row that must agree, from two looks at least: entries that a late look finds agree by chance."""

RIGHT = 3
"""Lags in a row that must be right before a clock is believed again."""

CLOSE = timedelta(minutes=30)
"""Between two looks; after a longer time a lag says when we looked, not what the clock is."""

FAST, SLOW = 5, 25
"""Minutes around a whole hour within which lags name that hour: entries are dated a little early, and wait
for the next look, or in a cache."""

FIRST_YEAR, LAST_YEAR = 1971, 2100
"""Dates before and after are the zero and the end of a calendar, in some time zone."""


@dataclass(frozen=True, slots=True)
class Dates:
    """What is wrong with the dates of a document: how many lie in the `future`, how far the `furthest`,
    how many are `impossible`; and minutes by which new entries were `off` for a while."""

    future: int
    furthest: timedelta
    impossible: int
    off: int

    @property
    def wrong(self) -> bool:
        """Whether anything is."""
        return bool(self.future or self.impossible or self.off)


def _dates(look: Look, document: FeedDocument) -> Dates:
    latest = look.at + AHEAD
    future, furthest, impossible = 0, latest, _placeholders(document)
    for date in document.dates:
        if not FIRST_YEAR <= date.year <= LAST_YEAR:
            impossible += 1
        elif date > latest:
            future, furthest = future + 1, max(furthest, date)
    off = 0 if _timeless(document) else _off(look)
    return Dates(future, furthest - look.at if future else timedelta(), impossible, off)


def _timeless(document: FeedDocument) -> bool:
    """Whether its dates, all at one time of the day, name days (or one moment) and no times: then lags say
    how late the day is."""
    return len({date.time() for date in document.dates}) <= 1


def _placeholders(document: FeedDocument) -> int:
    """Dates that stand for none, and were left out when the document was read."""
    return sum(
        one.reason is Reason.BAD_DATE and one.message.endswith("stands for no date")
        for one in document.rejected
    )


def _off(look: Look) -> int:
    """Minutes by which dates of new entries are off, if the last ones agree on it and looks are close."""
    found, answered = read(look), look.before.answered
    lags = look.after.lags
    if found is None or answered is None or look.at - answered > CLOSE or len(lags) < TOGETHER:
        return 0
    if not 0 < len(found.comparison.new) < TOGETHER:
        return 0
    return 60 * whole_hours(lags[:TOGETHER])


def whole_hours(lags: tuple[int, ...]) -> int:
    """Hours by which all these lags (minutes) are off; 0 if they are not, or do not agree."""
    hours = (min(lags) + FAST) // 60
    return hours if max(lags) <= 60 * hours + SLOW else 0


def _clock(look: Look) -> Sign:
    document = look.poll.document
    if document is None:
        return Sign.UNKNOWN
    if _dates(look, document).wrong:
        return Sign.HOLDS
    lags = look.after.lags[:RIGHT]
    right = (
        not _timeless(document)
        and len(lags) == RIGHT
        and min(lags) > -AHEAD.total_seconds() / 60
        and whole_hours(lags) == 0
    )
    news = read(look)
    return Sign.FINE if right and look.whole and news and news.comparison.new else Sign.UNKNOWN


def _tell_clock(look: Look) -> Finding:
    document = look.poll.document
    if document is None:
        return Finding(None, "Its dates cannot be true.")
    dates, listed = _dates(look, document), document.size
    facts: dict[str, str | int | float] = {"listed": listed}
    said = []
    if dates.future:
        facts |= {"future": dates.future, "furthest_seconds": round(dates.furthest.total_seconds())}
        said.append(
            f"{dates.future:,} of the {counted(listed, 'entry', 'entries')} it lists"
            f" {'is' if dates.future == 1 else 'are'} dated in the future, by up to {lasting(dates.furthest)}"
        )
    if dates.off:
        facts["off_minutes"] = dates.off
        said.append(_said_off(dates.off))
    if dates.impossible:
        facts["impossible"] = dates.impossible
        carry = "date is" if dates.impossible == 1 else "dates are"
        said.append(f"{dates.impossible:,} {carry} impossible (such as 1970 or 2106)")
    return Finding(_since(look), f"Its clock lies: {'; '.join(said)}.", facts)


def _said_off(minutes: int) -> str:
    hours = counted(abs(minutes) // 60, "hour")
    if minutes < 0:
        return f"its newest entries were dated about {hours} after they appeared"
    return (
        f"its newest entries were dated about {hours} before they appeared, the time zone is probably wrong"
    )


def _since(look: Look) -> Utc | None:
    """The last look that did not yet show it."""
    return look.before.answered


CLOCK = Condition(NoteKind.CLOCK, _clock, _tell_clock, "Its dates are plausible again")

"""Freshness: Retry-After, Cache-Control and Expires, one row per case of the RFCs."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.poll.freshness import LONGEST_RETRY, fresh_for, http_date, retry_after
from tests.poll.polls import NOON

DATE = "Sat, 04 May 2024 12:00:00 GMT"
LATER = "Sat, 04 May 2024 12:10:00 GMT"
DAY = 86_400


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        pytest.param(
            "Sun, 06 Nov 1994 08:49:37 GMT", (1994, 11, 6, 8, 49, 37), id="IMF-fixdate, RFC 9110 5.6.7"
        ),
        pytest.param("Sunday, 06-Nov-94 08:49:37 GMT", (1994, 11, 6, 8, 49, 37), id="RFC 850 format, same"),
        pytest.param("Sun Nov  6 08:49:37 1994", (1994, 11, 6, 8, 49, 37), id="asctime format, same"),
        pytest.param(
            "Wednesday, 01-May-74 00:00:00 GMT", (2074, 5, 1, 0, 0, 0), id="two digits, 50 years on"
        ),
        pytest.param(
            "Thursday, 01-May-75 00:00:00 GMT", (1975, 5, 1, 0, 0, 0), id="two digits, over 50: past"
        ),
        pytest.param("sun, 06 nov 1994 08:49:37 gmt", (1994, 11, 6, 8, 49, 37), id="lower case"),
        pytest.param("Sat, 31 Dec 2016 23:59:60 GMT", (2016, 12, 31, 23, 59, 59), id="leap second"),
        pytest.param("Thu, 01 Jan 1970 00:00:00 GMT", (1970, 1, 1, 0, 0, 0), id="1970"),
        pytest.param("Sun, 07 Feb 2106 06:28:15 GMT", (2106, 2, 7, 6, 28, 15), id="2106"),
        pytest.param("Fri, 30 Feb 2024 00:00:00 GMT", None, id="no such day"),
        pytest.param("Sat, 04 May 2024 25:00:00 GMT", None, id="no such hour"),
        pytest.param("Sat, 04 May 2024 12:00:00 +0200", None, id="another zone is no HTTP date"),
        pytest.param("2024-05-04T12:00:00Z", None, id="ISO 8601 is no HTTP date"),
        pytest.param("-1", None, id="-1"),
        pytest.param("", None, id="empty"),
    ],
)
def test_http_dates(text: str, moment: tuple[int, ...] | None) -> None:
    """All three formats are read; what is no HTTP date is None."""
    assert http_date(text, NOON) == (moment and datetime(*moment, tzinfo=UTC))  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param({}, 0, id="nothing asked"),
        pytest.param({"retry-after": "120"}, 120, id="delay-seconds, RFC 9110 10.2.3"),
        pytest.param({"retry-after": " 120 "}, 120, id="with white space"),
        pytest.param({"retry-after": "120, 120"}, 120, id="sent twice"),
        pytest.param({"retry-after": "0"}, 0, id="zero"),
        pytest.param({"retry-after": "316800"}, DAY, id="88 hours are capped at 24"),
        pytest.param({"retry-after": "9" * 12}, DAY, id="a number beyond all clocks"),
        pytest.param({"retry-after": "9" * 4_000}, 0, id="a number that is none"),
        pytest.param({"retry-after": "-60"}, 0, id="negative"),
        pytest.param({"retry-after": "1.5"}, 0, id="fraction"),
        pytest.param({"retry-after": "soon"}, 0, id="a word"),
        pytest.param({"retry-after": "٣٠"}, 0, id="digits of another script"),
        pytest.param({"retry-after": LATER, "date": DATE}, 600, id="HTTP-date, from the response's Date"),
        pytest.param(
            {"retry-after": "Sat, 04 May 2024 15:10:00 GMT", "date": "Sat, 04 May 2024 15:00:00 GMT"},
            600,
            id="the origin's clock is 3 h ahead of ours, and it counts",
        ),
        pytest.param({"retry-after": LATER}, 600, id="without a Date from when it came, RFC 9110 6.6.1"),
        pytest.param({"retry-after": LATER, "date": "garbage"}, 600, id="with a Date that is none"),
        pytest.param({"retry-after": DATE, "date": LATER}, 0, id="a date that has passed"),
        pytest.param({"retry-after": "Saturday, 04-May-24 12:10:00 GMT", "date": DATE}, 600, id="RFC 850"),
        pytest.param({"retry-after": "Sat May  4 12:10:00 2024", "date": DATE}, 600, id="asctime"),
        pytest.param({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT", "date": DATE}, 0, id="1970"),
        pytest.param({"retry-after": "Sun, 07 Feb 2106 06:28:15 GMT", "date": DATE}, DAY, id="2106"),
        pytest.param({"retry-after": f"{LATER}, {LATER}", "date": f"{DATE}, {DATE}"}, 600, id="dates twice"),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float) -> None:
    """Retry-After in seconds or as a date, believed up to a day; nonsense asks nothing."""
    assert retry_after(headers, NOON) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param({}, 0, id="nothing said"),
        pytest.param({"cache-control": "max-age=300"}, 300, id="max-age, RFC 9111 5.2.2.1"),
        pytest.param({"cache-control": "public, Max-Age=300"}, 300, id="names in any case, 5.2"),
        pytest.param({"cache-control": 'max-age="300"'}, 300, id="the quoted form, 5.2"),
        pytest.param({"cache-control": "max-age=300, max-age=900"}, 300, id="twice: the first, 4.2.1"),
        pytest.param({"cache-control": "max-age=soon"}, 0, id="invalid is stale, 4.2.1"),
        pytest.param({"cache-control": "max-age=-1"}, 0, id="negative is stale"),
        pytest.param({"cache-control": "max-age"}, 0, id="without its number"),
        pytest.param(
            {"cache-control": "max-age=300, s-maxage=9000"}, 300, id="s-maxage is not ours, 5.2.2.10"
        ),
        pytest.param({"cache-control": "s-maxage=9000"}, 0, id="s-maxage alone"),
        pytest.param({"cache-control": "max-age=300, no-cache"}, 0, id="no-cache voids it, 5.2.2.4"),
        pytest.param({"cache-control": 'max-age=300, no-cache="Set-Cookie"'}, 300, id="but not of one field"),
        pytest.param({"cache-control": "max-age=300, no-store"}, 0, id="no-store voids it, 5.2.2.5"),
        pytest.param(
            {"cache-control": "max-age=300, must-revalidate"}, 300, id="must-revalidate: once stale, 5.2.2.2"
        ),
        pytest.param({"cache-control": "private, max-age=300"}, 300, id="private is for us too, 5.2.2.7"),
        pytest.param({"cache-control": 'x="a, max-age=9", max-age=300'}, 300, id="a comma within quotes"),
        pytest.param({"cache-control": "max-age=300", "age": "100"}, 200, id="less its Age, 5.1"),
        pytest.param({"cache-control": "max-age=300", "age": "900"}, 0, id="older than it may be"),
        pytest.param({"cache-control": "max-age=300", "age": "old"}, 300, id="an Age that is none, 5.1"),
        pytest.param({"expires": LATER, "date": DATE}, 600, id="Expires from Date, 4.2.1"),
        pytest.param({"expires": LATER}, 600, id="Expires without Date, RFC 9110 6.6.1"),
        pytest.param({"expires": LATER, "date": DATE, "age": "60"}, 540, id="Expires less Age, 4.2.3"),
        pytest.param({"expires": "0", "date": DATE}, 0, id="Expires: 0 has passed, 5.3"),
        pytest.param({"expires": DATE, "date": LATER}, 0, id="Expires in the past"),
        pytest.param({"expires": "Thu, 01 Jan 1970 00:00:00 GMT", "date": DATE}, 0, id="Expires 1970"),
        pytest.param(
            {"expires": LATER, "date": DATE, "cache-control": "max-age=60"}, 60, id="max-age first, 5.3"
        ),
        pytest.param(
            {"expires": LATER, "date": DATE, "cache-control": "max-age=x"}, 0, id="also an invalid one"
        ),
        pytest.param({"expires": LATER, "date": DATE, "cache-control": "public"}, 600, id="else Expires"),
        pytest.param(
            {"expires": LATER, "date": DATE, "cache-control": "no-cache"}, 0, id="no-cache voids Expires"
        ),
    ],
)
def test_freshness(headers: dict[str, str], seconds: float) -> None:
    """How long an answer stays fresh by its own headers."""
    assert fresh_for(headers, NOON) == seconds


def test_expires_in_2106_is_far_away() -> None:
    """A date at the end of 32 bits is a number of seconds like any other; the ceiling is the policy's."""
    assert fresh_for({"expires": "Sun, 07 Feb 2106 06:28:15 GMT", "date": DATE}, NOON) > 80 * 365 * DAY


NAMES = ("retry-after", "cache-control", "expires", "date", "age")
PIECES = ("max-age=", '"', ",", "=", " ", "no-cache", "9", "60", DATE, LATER, "-", "\\", "GMT", "\x00", "é")
SOUP = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=12).map("".join)


@given(st.dictionaries(st.sampled_from(NAMES), SOUP))
def test_any_headers_give_bounded_seconds(headers: dict[str, str]) -> None:
    """Whatever the headers hold, nothing is raised and no time is negative; Retry-After is at most a day."""
    assert 0 <= retry_after(headers, NOON) <= LONGEST_RETRY
    assert fresh_for(headers, NOON) >= 0


@given(st.integers(-(10**10), 10**10))
def test_a_written_date_is_read_back(seconds: int) -> None:
    """The IMF-fixdate of any second between the years 1653 and 2286 is that second."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert http_date(f"{moment:%a, %d %b %Y %H:%M:%S} GMT", NOON) == moment

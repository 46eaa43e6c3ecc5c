"""Days that a text names: what is read, from which day, and on any text at all."""

import tomllib
from datetime import UTC, date, datetime
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.event import lexicon
from pipeline.event.days.days import dateline_day, days
from pipeline.event.days.phrases import phrase_at
from pipeline.event.days.terms import Terms
from pipeline.event.lexicon import EMPTY, Lexicon
from pipeline.mention.sentences import LONGEST_SENTENCE
from tests.event.conftest import CONFIG, Finder

LANGUAGES = ("en", "ar", "he", "fr", "es", "de", "hi", "ru")
SATURDAY = date(2024, 5, 4)


@cache
def words(language: str) -> Lexicon:
    data = tomllib.loads((CONFIG / f"grammar/dates/{language}.toml").read_text("utf-8"))
    roles = lexicon.read(data, language)
    assert isinstance(roles, dict), roles
    return Lexicon(roles)


def told(text: str, language: str = "en", day: date = SATURDAY) -> list[tuple[str, str, str]]:
    return [
        (one.surface, one.first.isoformat(), one.assumed) for one in days(text, words(language), day)
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_names_all_months_and_weekdays(language: str) -> None:
    """Each has seven weekdays, twelve months, and the words of numbers up to 31."""
    roles = words(language).roles
    assert all(roles[f"weekday.{number}"] for number in range(1, 8))
    assert all(roles[f"month.{number}"] for number in range(1, 13))
    assert all(roles[f"number.{number}"] for number in range(1, 32))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_month_is_found_with_its_day_and_year(language: str) -> None:
    """Whatever the spelling of a month, the fourth of it in 2023 is that day."""
    for number in range(1, 13):
        for name in words(language).roles[f"month.{number}"]:
            point = "." if language == "de" else ""
            found = days(f"4{point} {name} 2023", words(language), SATURDAY)
            assert [(one.first, one.assumed) for one in found] == [(date(2023, number, 4), "nothing")], name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The truce of 3 May 2024 holds.", [("3 May 2024", "2024-05-03", "nothing")]),
        ("They left on 28 December.", [("28 December", "2023-12-28", "year")]),
        ("They left on Monday.", [("Monday", "2024-04-29", "before")]),
        ("They will leave on Monday.", [("Monday", "2024-05-06", "after")]),
        ("They left yesterday.", [("yesterday", "2024-05-03", "counted")]),
    ],
)
def test_an_expression_says_what_was_assumed(text: str, expected: list[tuple[str, str, str]]) -> None:
    """Of a day without its year, a weekday and a count it is told how they were read."""
    assert told(text) == expected


def spans(text: str, language: str) -> list[tuple[str, str, str]]:
    """Surface, first and last day, without the year where it is that of publication."""
    return [
        (one.surface, one.first.isoformat().removeprefix("2024-"), one.last.isoformat().removeprefix("2024-"))
        for one in days(text, words(language), SATURDAY)
    ]


@pytest.mark.parametrize(
    ("language", "text", "surface", "first", "last"),
    [
        ("en", "Talks will run from Monday to Wednesday.", "Monday to Wednesday", "05-06", "05-08"),
        ("en", "Talks ran from Monday to Wednesday.", "Monday to Wednesday", "04-29", "05-01"),
        ("en", "Talks will run from 28 April to 9 May.", "28 April to 9 May", "04-28", "05-09"),
        ("en", "Shut from 25 December to 5 January.", "25 December to 5 January", "2023-12-25", "01-05"),
        ("fr", "Ils se verront du lundi au mercredi.", "lundi au mercredi", "05-06", "05-08"),
        ("es", "Se reunirán de lunes a miércoles.", "lunes a miércoles", "05-06", "05-08"),
        ("de", "Sie werden von Montag bis Mittwoch tagen.", "Montag bis Mittwoch", "05-06", "05-08"),
        ("ru", "Встречи пройдут с понедельника по среду.", "понедельника по среду", "05-06", "05-08"),
        ("ar", "ستعقد من الاثنين إلى الأربعاء.", "الاثنين إلى الأربعاء", "05-06", "05-08"),
        ("he", "יימשכו מיום שני עד רביעי.", "יום שני עד רביעי", "05-06", "05-08"),
        ("hi", "सोमवार से बुधवार तक बातचीत होगी।", "सोमवार से बुधवार", "05-06", "05-08"),
        ("ru", "в 2014–2015 годах", "2014–2015 годах", "2014-01-01", "2015-12-31"),
    ],
)  # fmt: skip
def test_a_range_is_one_expression(language: str, text: str, surface: str, first: str, last: str) -> None:
    """From weekday to weekday, date to date, over the day of publication and the turn of the year."""
    assert spans(text, language) == [(surface, first, last)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They will meet on Friday and Saturday.", ["05-10", "05-11"]),
        ("They met on Friday and Saturday.", ["05-03", "05-04"]),
        ("They met on Saturday, Sunday and Monday.", ["04-27", "04-28", "04-29"]),
    ],
)
def test_weekdays_of_a_list_follow_each_other(text: str, expected: list[str]) -> None:
    """Each is an expression of its own, all of them on the same side of the day of publication."""
    assert [first for _, first, _ in spans(text, "en")] == expected


@pytest.mark.parametrize(
    ("language", "text", "surface", "first", "last"),
    [
        ("en", "They left on 1 May and two days later they were back.", "two days later", "05-03", "05-03"),
        ("he", "ב-1 במאי יצאו וכעבור יומיים חזרו.", "כעבור יומיים", "05-03", "05-03"),
        ("ar", "غادروا في 1 أيار وعادوا بعد يومين.", "بعد يومين", "05-03", "05-03"),
    ],
)  # fmt: skip
def test_a_count_from_another_day(language: str, text: str, surface: str, first: str, last: str) -> None:
    """It is counted from the day that is named before it in the sentence."""
    assert spans(text, language)[-1] == (surface, first, last)


def test_a_count_from_no_day_is_none() -> None:
    """Where no day is named before it, nobody knows from which it is counted."""
    assert spans("Two days later they were back.", "en") == []


@pytest.mark.parametrize(
    ("language", "text", "surface", "first", "last"),
    [
        ("en", "An answer is due by the end of the month.", "month", "05-01", "05-31"),
        ("ru", "К концу недели их освободят.", "недели", "04-29", "05-05"),
        ("hi", "साल के अंत तक पुल बनेगा।", "साल", "01-01", "2024-12-31"),
        ("en", "They came on Tuesday last week.", "Tuesday last week", "04-23", "04-23"),
        ("hi", "पिछले हफ़्ते मंगलवार को आए।", "पिछले हफ़्ते मंगलवार", "04-23", "04-23"),
        ("ar", "في الرابع من الشهر الماضي", "الرابع من الشهر الماضي", "04-04", "04-04"),
    ],
)  # fmt: skip
def test_parts_of_weeks_months_and_years(
    language: str, text: str, surface: str, first: str, last: str
) -> None:
    """The end of a unit is all of it, a day of it that day."""
    last = last.removeprefix("2024-")
    assert spans(text, language) == [(surface, first, last)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "over the next weeks and in past years"), ("de", "in den letzten Wochen"),
        ("ru", "за прошедшие недели"), ("ar", "خلال الأشهر الماضية"), ("hi", "पिछले महीनों में"),
        ("ar", "قبل شهر رمضان"), ("he", "לפני חודש תמוז"), ("ar", "الأمين العام السابق"),
    ],
)  # fmt: skip
def test_plurals_and_months_of_other_calendars_are_none(language: str, text: str) -> None:
    """Weeks are no week; a month of the Islamic or Hebrew year is no month ago."""
    assert spans(text, language) == []


def test_a_full_date_is_read_from_no_day() -> None:
    """Only what depends on the day of publication names it."""
    full, counted = days("Signed on 25 March 2024, broken yesterday.", words("en"), SATURDAY)
    assert (full.read_from, counted.read_from) == (None, SATURDAY)


def test_a_weekday_tells_the_year_of_its_date() -> None:
    """Sunday, May 12 is this year's, for last year's was a Friday."""
    assert told("Summit in Geneva on Sunday, May 12")[0][1] == "2024-05-12"


@pytest.mark.parametrize(
    "text",
    [
        "31 June 2024", "30 February", "99.99.2024", "2024-13-45", "It may march on.", "The sun sat.",
        "the score was 3-2", "12,000 people", "Theresa May spoke", "5 pm", "for six weeks", "8888/88/88",
    ],
)  # fmt: skip
def test_what_is_no_day_is_none(text: str) -> None:
    """Days that there are not, verbs, scores, times and durations."""
    assert told(text) == []


def test_without_words_nothing_is_read() -> None:
    """A language that no file lists has no days."""
    assert days("On 4 May 2024", EMPTY, SATURDAY) == ()


def test_a_dateline_is_the_day_to_read_from() -> None:
    """A dateline's day around the publication counts, across the turn of the year too; another does not."""
    assert dateline_day("CAIRO, May 3 (Reuters) - ", words("en"), SATURDAY) == date(2024, 5, 3)
    assert dateline_day("CAIRO, Jan 1 (Reuters) - ", words("en"), date(2023, 12, 31)) == date(2024, 1, 1)
    assert dateline_day("CAIRO, July 3 (Reuters) - ", words("en"), SATURDAY) == SATURDAY
    assert dateline_day("CAIRO - ", words("en"), date.max) == date.max


def test_a_file_of_a_user_may_hold_what_no_number_is() -> None:
    """A role that should count and does not is not read."""
    odd = Lexicon({"month.spring": ("Lent",), "day.soon": ("anon",), "number.many": ("umpteen",)})
    assert days("umpteen Lent anon", odd, SATURDAY) == ()


PIECES = [
    phrase.strip("=*")
    for language in LANGUAGES
    for role, phrases in sorted(words(language).roles.items())
    for phrase in phrases[:2]
    if not set("[]()|.*") & set(phrase)
]
TEXTS = st.lists(
    st.one_of(st.sampled_from(PIECES), st.text(max_size=6), st.integers(0, 3000).map(str)), max_size=12
)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(LANGUAGES), st.dates(), st.sampled_from([" ", "", ", ", "\n", "-", ". "]))
def test_any_text_gives_spans_inside_it_in_order(
    pieces: list[str], language: str, day: date, between: str
) -> None:
    """Offsets index the text letter for letter, none overlaps another, none ends before it begins."""
    text = between.join(pieces)
    reached = 0
    for one in days(text, words(language), day):
        assert text[one.start : one.end] == one.surface != ""
        assert reached <= one.start
        assert one.first <= one.last
        reached = one.end


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text", ["9" * 6000, "\u0301" * 6000, "4 May " * 1500, "1-" * 4000, "'" * 5000, "ב" * 5000]
)
def test_hostile_texts_end(language: str, text: str) -> None:
    """One endless number, mark, list or word is read to its end, each expression within it."""
    assert all(text[one.start : one.end] == one.surface for one in days(text, words(language), SATURDAY))


def test_the_work_of_an_endless_line_grows_as_its_length(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice the text asks for twice the phrases, for a sentence has an end even where nobody set one."""
    asked = 0

    def counting(terms: Terms, index: int) -> object:
        nonlocal asked
        asked += 1
        return phrase_at(terms, index)

    monkeypatch.setattr("pipeline.event.days.runs.phrase_at", counting)
    work = []
    for times in (1_000, 2_000, 4_000):
        asked = 0
        days("from 3 to 9 May and will " * times, words("en"), SATURDAY)
        work.append(asked)
    assert work[0] > LONGEST_SENTENCE
    assert work[2] - work[1] == pytest.approx(2 * (work[1] - work[0]), rel=0.05)


def test_a_finding_has_the_days_of_its_sentence(found: Finder) -> None:
    """Read from the dateline's day, or the publication's, with offsets in the article."""
    text = "CAIRO, May 3 (Reuters) - The ceasefire began yesterday. It was signed on Monday."
    published = datetime(2024, 5, 4, 1, tzinfo=UTC)
    (finding,) = found("", text, published=published)["ceasefire"].mentions
    (one,) = finding.days
    assert (one.surface, one.first, one.read_from) == ("yesterday", date(2024, 5, 2), date(2024, 5, 3))
    assert text[one.start : one.end] == "yesterday"

"""Figures in eight languages: numbers in words and digits, traps, and what holds whatever the text."""

import random
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.event.figures.calendar import stated_date
from pipeline.event.figures.digits import value_of
from pipeline.event.figures.glued import glue_of, glued
from pipeline.event.figures.quantities import MOST, Quantity, line_of, quantities
from pipeline.event.lexicon import Cue, Lexicon
from pipeline.event.lexicon import read as roles
from pipeline.event.reading import Reading, read
from pipeline.mention.normal import Folded

FOLDER = Path(__file__).resolve().parents[2] / "config" / "grammar" / "figures"
LANGUAGES = ("en", "ar", "he", "fr", "es", "de", "hi", "ru")


def lexicon(language: str) -> Lexicon:
    found = roles(tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8")), language)
    assert isinstance(found, dict), found
    return Lexicon(found)


WORDS = {language: lexicon(language) for language in LANGUAGES}


def reading(text: str) -> Reading:
    return read("text", text, (0, len(text)), ())


def found(text: str, language: str) -> tuple[Quantity, ...]:
    line = line_of(reading(text), WORDS[language])
    return quantities(reading(text), line) if line else ()


def told(text: str, language: str) -> list[tuple[object, object, str, str]]:
    return [
        (one.number.value, one.number.high, one.unit, text[one.start : one.end])
        for one in found(text, language)
    ]


@pytest.mark.parametrize(
    ("language", "text", "value", "surface"),
    [
        ("de", "Siebenhundertneunundneunzig Zelte brannten.", 799, "Siebenhundertneunundneunzig Zelte"),
        ("de", "Zweitausenddreihundert Zelte brannten.", 2300, "Zweitausenddreihundert Zelte"),
        ("fr", "Soixante et onze tentes ont brûlé.", 71, "Soixante et onze tentes"),
        ("fr", "Mille neuf cent quatre-vingt-un tentes.", 1981, "Mille neuf cent quatre-vingt-un tentes"),
        ("es", "Novecientas noventa y nueve tiendas.", 999, "Novecientas noventa y nueve tiendas"),
        ("ar", "احترقت تسعمئة وثلاث وأربعون خيمة.", 943, "تسعمئة وثلاث وأربعون خيمة"),
        ("ar", "نزح مليون و400 ألف شخص.", 1_400_000, "مليون و400 ألف شخص"),
        ("he", "נשרפו מאה עשרים ושלושה אוהלים.", 123, "מאה עשרים ושלושה אוהלים"),
        ("he", "מיליון וחצי תושבים נעקרו.", 1_500_000, "מיליון וחצי תושבים"),
        ("hi", "साढ़े पाँच सौ तंबू जल गए।", 550, "साढ़े पाँच सौ तंबू"),
        ("hi", "सवा लाख लोग निकले।", 125_000, "सवा लाख लोग"),
        ("hi", "1,25,00,000 लोग निकले।", 12_500_000, "1,25,00,000 लोग"),
        ("ru", "сгорели девятьсот девяносто девять палаток", 999, "девятьсот девяносто девять палаток"),
        ("ru", "вышли два с половиной миллиона человек", 2_500_000, "два с половиной миллиона человек"),
        ("en", "Ninety-one thousand and two tents", 91_002, "Ninety-one thousand and two tents"),
    ],
)  # fmt: skip
def test_numbers_in_words(language: str, text: str, value: float, surface: str) -> None:
    """Units, tens, hundreds and scales add up and multiply, in the order of each language."""
    ((got, _, _, written),) = told(text, language)
    assert (got, written) == (value, surface)


@pytest.mark.parametrize(
    ("language", "text", "low", "high", "unit", "surface"),
    [
        ("en", "It cost between $2bn and $3bn.", 2e9, 3e9, "USD", "between $2bn and $3bn"),
        ("en", "They gave €40 million to €45 million.", 4e7, 4.5e7, "EUR", "€40 million to €45 million"),
        ("en", "It fell by 10% to 15%.", 10, 15, "percent", "10% to 15%"),
        ("ar", "تستغرق يومين إلى ثلاثة أيام", 2, 3, "days", "يومين إلى ثلاثة أيام"),
        ("ar", "بين أسبوعين وثلاثة أسابيع", 2, 3, "weeks", "بين أسبوعين وثلاثة أسابيع"),
        ("he", "בין שבוע לשבועיים", 1, 2, "weeks", "בין שבוע לשבועיים"),
        ("hi", "10-10 लाख रुपये मिलेंगे।", 1e6, None, "INR", "10-10 लाख रुपये"),
        ("he", "חייל אחד נהרג", 1, None, "soldiers", "חייל אחד"),
        ("ar", "معتقلين اثنين", 2, None, "prisoners", "معتقلين اثنين"),
        ("ar", "استمر ساعة ونصف الساعة", 1.5, None, "hours", "ساعة ونصف الساعة"),
        ("en", "It took an hour and a half.", 1.5, None, "hours", "an hour and a half"),
        ("en", "A strike killed at least 12.", 12, None, "people", "at least 12"),
        ("en", "Two bullet-riddled trucks came.", 2, None, "trucks", "Two bullet-riddled trucks"),
        ("he", "128 מהחטופים", 128, None, "hostages", "128 מהחטופים"),
    ],
)  # fmt: skip
def test_ranges_and_small_numbers(
    language: str, text: str, low: float, high: float | None, unit: str, surface: str
) -> None:
    """Both ends of a range make one figure; one, two and what is counted may be said in other ways."""
    assert told(text, language) == [(low, high, unit, surface)]


@pytest.mark.parametrize(
    ("digits", "point", "value"),
    [
        ("1.400.000", False, 1_400_000), ("34.654", False, 34_654), ("34.654", True, 34.654),
        ("1,4", False, 1.4),
        ("34,654", True, 34_654), ("34,654", False, 34_654), ("1\u00a0400\u202f000", False, 1_400_000),
        ("1,10,000", True, 110_000), ("٣٤٬٦٥٤", False, 34_654), ("٣٫٥", False, 3.5), ("३४,६५४", True, 34_654),
        ("0,125", False, 0.125), ("1.234,5", False, 1234.5), ("1,234.5", True, 1234.5),
        ("28.04.2024", False, None), ("1,23", False, 1.23), ("1" * 16, True, None),
    ],
)  # fmt: skip
def test_digits_with_their_separators(digits: str, point: bool, value: float | None) -> None:
    """Separators part thousands, lakhs and crores, or stand before decimals; a date is no number."""
    assert value_of(digits, point) == value


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Une trêve, et sa fille de 9 ans est libre."), ("es", "El rehén tiene 85 años."),
        ("ru", "Ему было 11 лет, а танк назывался Т-55."), ("he", "בת 52 שנים, בכביש 60."),
        ("ar", "يبلغ من العمر 84 عاما."), ("hi", "नौ साल की बच्ची"),
        ("de", "Der 84-jährige kam am 12. Tag frei."),
        ("en", "On May 5 hostages were named in resolution 2728."), ("en", "In 2014 people left at 5:30."),
        ("en", "She is aged 6 and 9 years."),
        ("ru", "Дети, шести и девяти лет, живы; больше, чем в 2022 году."),
        ("en", "They hold 26 square kilometres and dropped 500-pound bombs."), ("en", "It killed 12 zebras."),
        ("en", "Two thirds of the homes; six in ten."), ("ru", "в 16 часов 40 минут на 9645-м заседании"),
        ("he", "בת ה-34 נהרגה"), ("ar", "استولت طالبان على المدينة"), ("he", "יום אחד הוא נעלם"),
        ("de", "Ein Soldat, eine Geisel."), ("hi", "एक बंधक"), ("es", "La resolución 2728 y el M23."),
    ],
)  # fmt: skip
def test_traps(language: str, text: str) -> None:
    """Ages, years, times, ordinals, articles and names with digits are no figures."""
    assert told(text, language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "As of 3 May 2024"), ("en", "As of May 3, 2024"), ("en", "as of 2024-05-03"),
        ("ar", "حتى 3 أيار/مايو 2024"),
        ("he", "נכון ל-3 במאי 2024"), ("fr", "Au 3 mai 2024"),
        ("es", "A 3 de mayo de 2024"), ("de", "Stand: 3. Mai 2024"),
        ("hi", "3 मई 2024 तक"), ("ru", "По состоянию на 3 мая 2024 года"),
    ],
)  # fmt: skip
def test_full_dates(language: str, text: str) -> None:
    """A full date that is said to be that of the figures is read in each language."""
    line = line_of(reading(text), WORDS[language])
    assert line is not None
    assert stated_date(line) == date(2024, 5, 3)


TENS = ("zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig")
UNITS = ("ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun")


def in_german(value: int) -> str:
    """A number from 20 to 999 whose tens are no teens, in one word."""
    hundreds, rest = divmod(value, 100)
    tens, units = divmod(rest, 10)
    small = f"{UNITS[units - 1]}und" if units else ""
    return (f"{UNITS[hundreds - 1]}hundert" if hundreds else "") + small + TENS[tens - 2]


@given(st.integers(0, 9), st.integers(20, 99))
def test_german_numbers_in_one_word(hundreds: int, rest: int) -> None:
    """Every number in one word is read back as what it was written from."""
    value = 100 * hundreds + rest
    glue = glue_of(WORDS["de"])
    assert glue is not None
    assert glued(in_german(value), glue) == (value, None)
    assert glued(in_german(value) + "tägige", glue) == (value, "days")


PIECES = [
    word.strip("*=()[]|")
    for words in WORDS.values()
    for phrases in words.roles.values()
    for phrase in phrases
    for word in phrase.split()
]
SIGNS = [*"-–.,:;()[]/'’\"«»%$€ \u00a0\n", "2024", "1.4", "٣", "३", "7"]
SOUP = st.lists(st.one_of(st.sampled_from(PIECES), st.sampled_from(SIGNS))).map(" ".join)


@given(st.one_of(SOUP, st.text(max_size=200)), st.sampled_from(LANGUAGES))
def test_spans_lie_in_the_text(text: str, language: str) -> None:
    """Whatever the text, figures lie in it one behind the other, and their parts in it too."""
    last = 0
    figures = found(text, language)
    assert len(figures) <= MOST
    for one in figures:
        assert last <= one.start < one.end <= len(text)
        last = one.end
        for part in filter(None, (one.number.qualifier, one.counted)):
            assert 0 <= part[0] < part[1] <= len(text)
        if one.number.qualifier is not None:
            assert one.start <= one.number.qualifier[0] and one.number.qualifier[1] <= one.end
        assert one.number.high is None or one.number.high > one.number.value
        assert one.number.value >= 0


@given(st.text(max_size=100))
def test_without_words_nothing_is_read(text: str) -> None:
    """In a language that has no words listed there are no figures."""
    assert line_of(reading(text), Lexicon({})) is None


class Counting(Lexicon):
    """Counts how often it is asked for the cues of a text, and for how much text."""

    asked = 0

    def cues(self, folded: Folded) -> tuple[Cue, ...]:
        self.asked += len(folded.text)
        return super().cues(folded)


@pytest.mark.parametrize(
    "filler", ["1 ", "1,", "hundred ", "twenty-", "between 1 and ", "and ", "$", "1-", "́"]
)
def test_a_text_is_looked_through_once(filler: str) -> None:
    """However long the line, its words are looked up once."""
    words = Counting(WORDS["en"].roles)
    text = "x" + filler * (20_000 // len(filler))
    if (line := line_of(reading(text), words)) is not None:
        quantities(reading(text), line)
    assert 0 < words.asked <= len(text) + 2


def test_figures_do_not_depend_on_what_follows() -> None:
    """Sentences of random order, each parted by a full stop, give the figures of each."""
    sentences = [
        "40 hostages are held.",
        "Two dozen trucks came.",
        "The talks took 3 to 5 days.",
        "It cost $5m.",
    ]
    order = random.Random(7)
    for _ in range(20):
        order.shuffle(sentences)
        alone = [row for one in sentences for row in told(one, "en")]
        assert told(" ".join(sentences), "en") == alone


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_unit_has_words(language: str) -> None:
    """The units of docs/labels.md have nouns in every language; percent and money also have signs."""
    labels = (FOLDER.parents[2] / "docs" / "labels.md").read_text("utf-8")
    listed = re.search(r"Units: (.*?)\. People", labels, re.DOTALL)
    assert listed is not None
    missing = {
        unit for unit in listed[1].replace(",", " ").split() if not WORDS[language].roles.get(f"unit.{unit}")
    }
    assert missing == set()

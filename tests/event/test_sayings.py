"""Who says it, in every listed language: places, hostile texts, and sentences of our own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.event.lexicon import lexicons
from pipeline.event.reading import quotes, read
from pipeline.event.saying.clause import Clause
from pipeline.event.saying.phrase import FAR, LONGEST
from pipeline.event.saying.sayings import MOST, sayings
from tests.shipped import shipped

from .conftest import Finder, cases

LANGUAGES = ("ar", "de", "en", "es", "fr", "he", "hi", "ru")

PIECES = {
    "ar": ("قال", "إن", "الهدنة", "حماس", "«", "»", "،", ":", "بحسب", "وزير"),
    "de": ("sagte", "dass", "Waffenruhe", "Hamas", "„", "“", ",", ":", "laut", "wie"),
    "en": ("said", "that", "truce", "Hamas", "“", "”", ",", ":", "according to", "adding"),
    "es": ("dijo", "que", "tregua", "Hamás", "«", "»", ",", ":", "según", "pidió"),
    "fr": ("dit", "que", "trêve", "Hamas", "«", "»", ",", "l’", "selon", "cité par"),
    "he": ("אמר", "כי", "הפוגה", "חמאס", "״", "״", ",", ":", "לדברי", "שטען"),
    "hi": ("कहा", "कि", "युद्धविराम", "हमास", "“", "”", ",", "ने", "के अनुसार", "।"),
    "ru": ("сказал", "что", "перемирие", "ХАМАС", "«", "»", ",", "—", "по словам", "как"),
}


def clause(text: str, language: str) -> Clause:
    rules = shipped()
    named = rules.gazetteer.find("", text)[1]
    reading = read("text", text, (0, len(text)), named)
    return Clause(reading, lexicons(rules.grammar, language)["attribution"])


def texts(language: str) -> st.SearchStrategy[str]:
    """Texts of the words that the patterns look for, in any order, with any character in between."""
    piece = st.sampled_from(PIECES[language]) | st.text(max_size=3)
    return st.lists(piece, max_size=40).map(" ".join)


@pytest.mark.parametrize("language", LANGUAGES)
def test_spans_lie_inside_the_reading(language: str) -> None:
    """Whatever the text, a saying's speaker, verb and words are spans of it that are not empty."""

    @settings(max_examples=60, deadline=None)
    @given(texts(language))
    def holds(text: str) -> None:
        read_ = clause(text, language)
        size = len(read_.reading.text)
        for one in sayings(read_):
            assert 0 <= one.start < one.end <= size
            assert 0 <= one.verb[0] < one.verb[1] <= size
            assert one.who is None or 0 <= one.who.start < one.who.end <= size

    holds()


@pytest.mark.parametrize("language", LANGUAGES)
def test_work_does_not_grow_with_the_verbs(language: str) -> None:
    """Of any number of verbs a bounded number is looked at, and speakers are bounded phrases."""
    pieces = PIECES[language]
    read_ = clause(f"{pieces[3]} {pieces[0]} {pieces[1]} {pieces[2]}, " * 200, language)
    found = sayings(read_)
    assert len({one.verb for one in found}) <= MOST + 1
    assert all(one.who is None or one.who.last - one.who.first <= max(LONGEST, FAR) for one in found)


@pytest.mark.parametrize("row", cases("sayings"))
def test_whose_words_they_are(row: dict[str, str], found: Finder) -> None:
    """Speaker, words, source and kind of speech are as the case says, letter for letter, or nobody's."""
    text = " ".join(filter(None, (row.get("before"), row["text"])))
    mentions = [m for event in found("", text, language=row["language"]).values() for m in event.mentions]
    one = max(mentions, key=lambda mention: mention.start).attribution
    if "speaker" not in row:
        assert one is None
        return
    assert one is not None
    assert (one.speaker, one.words, one.via) == (row["speaker"], row["words"], row.get("via"))
    assert one.quoted == row.get("quoted", False)
    assert text[one.start : one.end] == one.words


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("Er sagte: „Nein“ und ging.", ["Nein"]),
        ("Er sagte: ‚Nein‘ und ging.", ["Nein"]),
        ("Han sade: ”Nej” och gick.", ["Nej"]),
        ("דובר צה״ל אמר: ״לא״.", ["לא"]),
        ('דובר צה"ל אמר: "לא".', ["לא"]),
        ("Il dit : « Non » et « Oui ».", [" Non ", " Oui "]),
        ("Israel's army and the hostages' families.", []),
    ],
)
def test_quotation_marks_of_each_language(text: str, inside: list[str]) -> None:
    """Quotations are found in each language's marks; gershayim and apostrophes are none."""
    assert [text[a:b] for a, b in quotes(text)] == inside

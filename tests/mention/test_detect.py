"""The detector on labelled sentences of our own, on hostile texts, and its offsets on any text."""

import time
import tomllib
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.mention.detect import Detector
from pipeline.mention.links import addresses
from pipeline.mention.mention import Mention
from pipeline.mention.subject import Condition, Subject
from tests.mention.strategies import texts

CASES = [
    (language, *case)
    for language, cases in tomllib.loads(Path(__file__).with_name("cases.toml").read_text("utf-8")).items()
    for case in cases
]

SPANS = [
    ("words between", "بوقف فوري ودائم لإطلاق النار", "وقف فوري ودائم لإطلاق النار"),
    ("tashkeel on the last letter", "أُعْلِنَتِ الهُدْنَةُ", "هُدْنَةُ"),
    ("particles stay outside", "ובהפסקת האש", "הפסקת האש"),
    ("a line break stays inside", "the hos-\ntages", "hos-\ntages"),
    ("the longest alias", "a 40-day pause in the hostilities", "pause in the hostilities"),
    ("inside a hashtag", "#CeasefireNow", "Ceasefire"),
    ("inside a hashtag without edges", "#permanentceasefirenow #sabotage", "ceasefire"),
    ("a soft hyphen", "cease\u00adfire talks", "cease\u00adfire"),
]

ZERO_WIDTH = (
    "\u200b",
    "\u200c",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u00ad",
    "\u200e",
    "\u200f",
    "\u202b",
    "\u202c",
)
ARABIC_MARKS = ("\u0640", "\u064b", "\u064e", "\u064f", "\u0650", "\u0651", "\u0652", "\u0670")
HEBREW_MARKS = ("\u05b0", "\u05b4", "\u05b7", "\u05b8", "\u05bc", "\u05c1")
UNREAD = (*ZERO_WIDTH, *ARABIC_MARKS, *HEBREW_MARKS)

HOSTILE = {
    "one word without end": "hostage" * 50_000,
    "one line": "the truce and the hostages " * 15_000,
    "combining marks only": "\u0301" * 400_000,
    "marks on a word": "a" + "\u064e" * 400_000,
    "zero-width only": "\u200b" * 400_000,
    "lone surrogates": "\ud800\udfff" * 150_000,
    "spaces": "pause" + " " * 400_000 + "in the fighting",
    "first words only": "pause in the halt to " * 20_000,
    "full stops": ".a" * 150_000,
    "hashtags": "#aB" * 120_000,
    "addresses": "a@" * 150_000,
    "labels": "a." * 150_000,
    "mixed directions": "\u202eوقف \u2066truce\u2069 הפסקת \u202d" * 12_000,
    "first words of paradigms": "stop the halt all bombing وقف توقف הפסקת прекратить лишь " * 7_000,
    "openings without an end": "suspend for four long days each " * 12_000,
    "one sentence of company": "kidnapped, convicted " * 18_000,
    "barred and lifted": "truce tariffs Gaza club " * 15_000,
    "every character": "".join(map(chr, range(0x110000))),
}


def cut(mention: Mention, title: str, text: str) -> str:
    """What the mention's offsets cut out of the original."""
    return (title if mention.field == "title" else text)[mention.start : mention.end]


@pytest.mark.parametrize(("language", "why", "text", "wanted"), CASES, ids=[f"{c[0]}: {c[1]}" for c in CASES])
def test_labelled_sentences(detector: Detector, language: str, why: str, text: str, wanted: str) -> None:
    """The subjects of a sentence are those of its label, in title and text and whatever language is told."""
    for told in (language, None):
        assert {m.subject for m in detector.detect("", text, told)} == set(wanted.split()), why
        assert {m.subject for m in detector.detect(text, "", told)} == set(wanted.split()), why


@pytest.mark.parametrize(("text", "surface"), [case[1:] for case in SPANS], ids=[case[0] for case in SPANS])
def test_surfaces(detector: Detector, text: str, surface: str) -> None:
    """A mention's surface is the reader's word, without particles and with its marks."""
    assert [m.surface for m in detector.detect("", text, None)] == [surface]


def test_order_and_alias(detector: Detector) -> None:
    """Mentions come by field and place, with the configured form and the sentence."""
    title, text = "Rafah truce", "No news. Hostages near Rafah, he said. End."
    found = detector.detect(title, text, "en")
    assert [(m.field, m.subject, m.surface, m.alias) for m in found] == [
        ("title", "rafah", "Rafah", "Rafah"),
        ("title", "ceasefire", "truce", "truce*"),
        ("text", "hostages", "Hostages", "hostage*"),
        ("text", "rafah", "Rafah", "Rafah"),
    ]
    assert [m.sentence.text for m in found[2:]] == ["Hostages near Rafah, he said."] * 2


def test_company_across_title_and_text(detector: Detector) -> None:
    """With reach "text", a word in the text bars an alias in the title."""
    crime = detector.detect("Kidnapping on Elm Street", "Police say the ex-husband asked for money.", "en")
    war = detector.detect("Kidnapping on the road", "Militants stopped the bus, police say.", "en")
    assert (crime, [m.surface for m in war]) == ((), ["Kidnapping"])


def test_the_nearest_company_decides(detector: Detector) -> None:
    """A sentence without any evidence asks title and text; one that has its own does not."""
    plain = "Both of them signed the truce on Monday."
    assert detector.detect("The tariff talks", plain, "en") == ()
    assert [m.surface for m in detector.detect("", plain, "en")] == ["truce"]
    assert [m.surface for m in detector.detect("The tariff talks", f"Rebels spoke. {plain}", "en")] == [
        "truce"
    ]
    soldiers = "The soldiers signed the truce on Monday."
    assert [m.surface for m in detector.detect("The tariff talks", soldiers, "en")] == ["truce"]


def test_company_between_the_words_of_an_alias() -> None:
    """What stands in a gap of an alias is company, as what stands around it; its own words are none."""
    barred = Condition("en", aliases=("hostilities ...4 ended",), barred_by=("firm*", "ended"))
    detector = Detector([Subject("s", "S", conditions=(barred,))])
    assert detector.detect("", "Hostilities between the two firms ended.", "en") == ()
    assert len(detector.detect("", "Hostilities between the two armies ended.", "en")) == 1


def test_company_that_holds_the_alias() -> None:
    """A phrase around an alias is company of it, one within it is none."""
    one = Condition("en", ("truce", "trade truce"), barred_by=("truce with", "trade"), despite=("army",))
    detector = Detector([Subject("one", "One", conditions=(one,))])
    assert detector.detect("", "A truce with the squirrels.", "en") == ()
    assert [m.surface for m in detector.detect("", "A truce with the army.", "en")] == ["truce"]
    assert [m.surface for m in detector.detect("", "A trade truce.", "en")] == ["trade truce"]


def test_no_alias_across_paragraphs(detector: Detector) -> None:
    """The end of one paragraph and the start of the next are no alias."""
    assert detector.detect("", "They will cease\n\nfire from the hills", "en") == ()
    assert len(detector.detect("", "They will cease\nfire at noon", "en")) == 1


def test_no_name_across_a_comma() -> None:
    """A comma parts the words of a name; where other words may stand between, it may as well."""
    detector = Detector([Subject("s", "S", aliases={"en": ("cease fire*", "pause ...4 the fighting")})])
    assert [m.surface for m in detector.detect("", "The shelling will cease, fire crews said.", "en")] == []
    assert [
        m.surface for m in detector.detect("", "A cease “fire”, a pause, however brief, in the fighting.")
    ] == [
        "cease “fire",
        "pause, however brief, in the fighting",
    ]


def test_an_open_word_ends_before_the_next() -> None:
    """The last letters of a word with any ending are not the next word."""
    detector = Detector([Subject("s", "S", aliases={"ru": ("плен* у",)})])
    assert detector.detect("", "Плёнку покажут.", "ru") == ()
    assert [m.surface for m in detector.detect("", "Пленные у них.", "ru")] == ["Пленные у"]


def test_aliases_of_two_subjects_may_overlap() -> None:
    """Each subject is found for itself, whatever another one finds there."""
    both = Detector(
        [
            Subject("one", "One", aliases={"en": ("gold mine",)}),
            Subject("two", "Two", aliases={"en": ("gold",)}),
        ]
    )
    assert [(m.subject, m.surface) for m in both.detect("", "A gold mine.", "en")] == [
        ("one", "gold mine"),
        ("two", "gold"),
    ]


def test_no_subjects_find_nothing() -> None:
    """A detector of nothing finds nothing."""
    assert Detector([]).detect("truce", "truce", "en") == ()


@settings(max_examples=300, deadline=None)
@given(texts, texts)
def test_offsets_cut_the_surface(detector: Detector, title: str, text: str) -> None:
    """For any title and text, surfaces and sentences are slices of the original, in order and apart."""
    found = detector.detect(title, text, None)
    for mention in found:
        assert cut(mention, title, text) == mention.surface != ""
        sentence = mention.sentence
        assert (title if sentence.field == "title" else text)[sentence.start : sentence.end] == sentence.text
        assert sentence.start <= mention.start < mention.end <= sentence.end
    for subject in ("ceasefire", "hostages", "rafah"):
        for field in ("title", "text"):
            spans = [(m.start, m.end) for m in found if (m.subject, m.field) == (subject, field)]
            assert all(before[1] <= after[0] for before, after in pairwise(spans))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(CASES), st.lists(st.tuples(st.integers(0, 400), st.sampled_from(UNREAD)), max_size=12))
def test_what_is_not_read_changes_no_label(
    detector: Detector, case: tuple[str, str, str, str], written: list[tuple[int, str]]
) -> None:
    """Zero-width characters anywhere, and tatweel, tashkeel and niqqud behind letters of their script, leave
    the mentions of a text where they are."""
    language, _, text, _ = case
    before = [(m.subject, m.alias) for m in detector.detect("", text, language)]
    inside = addresses(text)
    for place, mark in sorted(written, reverse=True):
        n = place % (len(text) + 1)
        if _may_stand(text, n, mark) and not any(start <= n <= end for start, end in inside):
            text = text[:n] + mark + text[n:]
    assert [(m.subject, m.alias) for m in detector.detect("", text, language)] == before


def _may_stand(text: str, place: int, mark: str) -> bool:
    """Is this a place where somebody would write the mark?"""
    script = "ARABIC" if mark in ARABIC_MARKS else "HEBREW" if mark in HEBREW_MARKS else None
    if script is None:
        return True
    letter = text[place - 1 : place]
    if mark == "\u0640" and not text[place : place + 1].isalpha():
        return False
    return letter.isalpha() and unicodedata.name(letter).startswith(script)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_a_span_cuts_what_the_automaton_matched(detector: Detector, text: str) -> None:
    """Folded, the words that a mention cuts out of the original are found by the same alias again."""
    for mention in detector.detect("", text, None):
        again = detector.judged(mention.surface)
        assert mention.alias in {at.form for at in again if at.subject == mention.subject}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_texts_take_linear_time(detector: Detector, kind: str) -> None:
    """Texts made to be slow: twice the text takes about twice as long, and 400,000 characters seconds."""
    text = HOSTILE[kind]
    detector.detect("", text, None)
    half = _seconds(detector, text[: len(text) // 2])
    whole = _seconds(detector, text)
    assert whole < 10
    assert whole < 4 * half + 0.5


def _seconds(detector: Detector, text: str) -> float:
    start = time.process_time()
    detector.detect("", text, None)
    return time.process_time() - start

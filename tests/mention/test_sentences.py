"""Sentence spans, language by language."""

import pytest
from hypothesis import given, settings

from pipeline.mention.sentences import LONGEST_SENTENCE, split
from tests.mention.strategies import texts

CASES = [
    (
        "titles, initials, decimals",
        "en",
        "Mr. Smith met J. K. Lee. He paid $3.5m.",
        ["Mr. Smith met J. K. Lee.", "He paid $3.5m."],
    ),
    ("an acronym before a name", "en", "The U.S. Senate met. It rose.", ["The U.S. Senate met.", "It rose."]),
    (
        "an acronym at the end",
        "en",
        "He flew to the U.S. The talks went on.",
        ["He flew to the U.S.", "The talks went on."],
    ),
    ("months and numbers", "en", "On Jan. 5 they met. No. 7 lost.", ["On Jan. 5 they met.", "No. 7 lost."]),
    (
        "a question inside speech",
        "en",
        "“Why?” he asked. “No.” They left.",
        ["“Why?” he asked.", "“No.”", "They left."],
    ),
    ("an ellipsis that goes on", "en", "Well… maybe. Wait… No.", ["Well… maybe.", "Wait…", "No."]),
    ("a numbered line", "en", "1. First point. 2. Second", ["1. First point.", "2. Second"]),
    ("a quotation closed after the stop", "en", "He said “stop.” She did.", ["He said “stop.”", "She did."]),
    ("a blank line", "en", "No stop here\n\nnext paragraph", ["No stop here", "next paragraph"]),
    ("a wrapped line", "en", "A line that\ngoes on, and\nends.", ["A line that\ngoes on, and\nends."]),
    ("a title above", "en", "Talks resume\nThe envoys met.", ["Talks resume", "The envoys met."]),
    (
        "Arabic",
        "ar",
        "قال د. أحمد: هل بدأت؟ نعم. وقف النار!",
        ["قال د. أحمد: هل بدأت؟", "نعم.", "وقف النار!"],
    ),
    ("Arabic, no space behind the question mark", "ar", "متى؟غدا.", ["متى؟", "غدا."]),
    ("Hebrew", "he", 'צה"ל הודיע. "לא נעצור." כך אמר.', ['צה"ל הודיע.', '"לא נעצור."', "כך אמר."]),
    ("Hindi", "hi", "युद्ध रुका। लोग लौटे।क्या हुआ?", ["युद्ध रुका।", "लोग लौटे।", "क्या हुआ?"]),
    ("Hindi title", "hi", "डॉ. शर्मा आए। वे गए।", ["डॉ. शर्मा आए।", "वे गए।"]),
    (
        "French quotes",
        "fr",
        "Il dit : « Non. » Puis M. Duval sort.",
        ["Il dit : « Non. »", "Puis M. Duval sort."],
    ),
    ("Spanish", "es", "¿Quién fue? El Sr. Gil. ¡No!", ["¿Quién fue?", "El Sr. Gil.", "¡No!"]),
    (
        "German ordinals",
        "de",
        "Am 3. Oktober kam er. Er blieb z.B. hier.",
        ["Am 3. Oktober kam er.", "Er blieb z.B. hier."],
    ),
    ("German quotes", "de", "„Nein.“ Dann ging er.", ["„Nein.“", "Dann ging er."]),
    (
        "a guillemet apart",
        "fr",
        "Il dit « non ». Les autres sortent.",
        ["Il dit « non ».", "Les autres sortent."],
    ),
    ("bidi marks", "ar", "\u200fانتهى.\u200f بدأ.", ["\u200fانتهى.\u200f", "بدأ."]),
    ("nothing", "en", " \n\n ", []),
]


@pytest.mark.parametrize(
    ("language", "text", "wanted"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_sentences(language: str, text: str, wanted: list[str]) -> None:
    """A text falls into these sentences."""
    assert [text[start:end] for start, end in split(text, language)] == wanted


def test_a_stretch_without_a_stop_is_cut() -> None:
    """No sentence is longer than the limit, and only spaces are lost."""
    text = "word " * 2_000
    spans = split(text)
    assert max(end - start for start, end in spans) <= LONGEST_SENTENCE
    assert "".join(text[start:end] for start, end in spans).replace(" ", "") == text.replace(" ", "")


@settings(max_examples=300, deadline=None)
@given(texts)
def test_spans_hold_everything_but_white_space(text: str) -> None:
    """For any text the spans come in order, apart, without outer white space, and leave out nothing else."""
    reached = 0
    for start, end in split(text):
        assert reached <= start < end
        assert not text[reached:start].strip()
        assert text[start:end].strip() == text[start:end]
        reached = end
    assert not text[reached:].strip()

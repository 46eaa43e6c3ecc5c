"""Folding: what is compared, and the way back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.mention.normal import fold, fold_words
from tests.mention.strategies import texts

SAME = [
    ("case", "CeaseFire", "ceasefire"),
    ("accents", "TRÊVE trève", "treve treve"),
    ("a decomposed accent", "tre\u0302ve", "treve"),
    ("sharp s and ligatures", "Straße ﬁn œuvre", "strasse fin oeuvre"),
    ("the Turkish capital", "İstanbul", "istanbul"),
    ("full width", "Ｒａｆａｈ", "rafah"),
    ("hyphens", "a-b\u2010c\u2011d\u2013e", "a b c d e"),
    ("spaces", "a\u00a0b\u202fc\u3000d", "a b c d"),
    ("a soft hyphen and zero-width characters", "ho\u00adst\u200ba\u200cg\u2060e\ufeff", "hostage"),
    ("tashkeel, tatweel", "هُدْنَـــة", "هدنه"),
    ("hamza seats and ya", "أإآٱ مؤتمر رهائن مستشفى", "اااا موتمر رهاين مستشفي"),
    ("Persian letters", "محتجزین ک", "محتجزين ك"),
    ("presentation forms", "ﺍﻟﺮﻫﺎﺋﻦ ﻻ", "الرهاين لا"),
    ("a blank between tatweel", "الهـ ـدنة والأســـ ـرى 1445 هـ في", "الهدنه والاسري 1445 ه في"),
    ("dotted tatweel", "حـ..ـمـ..ـا.س", "حماس"),
    ("niqqud, maqaf, gershayim", "הַפְסָקַת־אֵשׁ צה״ל", "הפסקת אש צה ל"),
    ("nukta, composed or not", "फ़ \u095e", "फ फ"),
    ("vowel signs stay", "युद्धविराम", "युद्धविराम"),
    ("й and ё", "й ё", "и е"),
    ("spelled out with dots", "h.o.s.t.a.g.e", "hostage"),
    ("spelled out, a short word, too", "c.e.s.e a.l f.u.e.g.o הפ.ס.קת א.ש", "cese al fuego הפסקת אש"),
    ("spelled out syllable by syllable", "यु.द्ध.वि.रा.म सं.घ.र्ष", "युद्धविराम संघर्ष"),
    ("numbers in hashtags", "#BringThe59HostagesHome", "bring the 59 hostages home"),
    ("a line-broken word", "hos-\ntages", "hostages"),
    ("hashtags", "#CeasefireNow #وقف_النار #USAToday", "ceasefire now وقف النار usa today"),
    ("Hangul and Han stay", "한국 拉法", "한국 拉法"),
]


@pytest.mark.parametrize(("written", "folded"), [case[1:] for case in SAME], ids=[case[0] for case in SAME])
def test_folding(written: str, folded: str) -> None:
    """Spellings that a reader takes for the same fold to the same."""
    assert fold_words(written) == folded


def test_stops_stay() -> None:
    """What ends a sentence is a full stop in folded text, so that no alias runs across it."""
    assert fold("a! b؟ c। d… e").text == " a. b. c. d. e "


def test_plain_text_needs_no_map() -> None:
    """Where folding keeps the length there is no table of offsets."""
    for text in ("Talks in Cairo, he said.", "قال إن المحادثات مستمرة", "השיחות נמשכות"):
        assert not fold(text).at


@settings(max_examples=400, deadline=None)
@given(st.one_of(texts, st.text(st.characters(categories=None))))
def test_offsets_lead_back(text: str) -> None:
    """For any text each folded character lies inside the original, and they come in its order."""
    folded = fold(text)
    starts = [folded.start(n) for n in range(1, len(folded.text) - 1)]
    assert starts == sorted(starts)
    for n, start in enumerate(starts, 1):
        assert 0 <= start < folded.end(n + 1) <= len(text) or folded.text[n] == " "


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(categories=None), max_size=400))
def test_short_and_long_texts_fold_alike(text: str) -> None:
    """The fast way for short texts gives what the table gives for long ones."""
    padding = " " * 30_000
    assert fold(text + padding).text.rstrip() == fold(text).text.rstrip()


@settings(max_examples=400, deadline=None)
@given(st.one_of(texts, st.text(st.characters(categories=None))))
def test_words_are_compared_as_they_are_folded(text: str) -> None:
    """What is plain already comes by a shorter way to the same words."""
    assert fold_words(text) == " ".join(fold(text).text.replace(".", " ").split())

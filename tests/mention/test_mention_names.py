"""Names from a list, found as a reader finds them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.mention.names import Homographs, NameFinder
from pipeline.mention.sentences import Span, split
from pipeline.mention.subject import Condition

NAMES = {
    "Hamas": "hamas",
    "حماس": "hamas",
    "חמאס": "hamas",
    "हमास": "hamas",
    "Gaza": "gaza",
    "غزة": "gaza",
    "עזה": "gaza",
    "Gaza Strip": "gaza-strip",
    "Khan Younis": "khan-younis",
    "U.N.": "un",
    "US": "us",
    "Turkey": "turkey",
    "Израиль": "israel",
}

CASES = [
    ("the longest name counts", "Hamas-held Gaza Strip", [("Hamas", "hamas"), ("Gaza Strip", "gaza-strip")]),
    ("Arabic particles are no part of the name", "وحماس ولغزّة", [("حماس", "hamas"), ("غزّة", "gaza")]),
    ("tatweel and dots inside a name", "عناصر حمـ.ـاس", [("حمـ.ـاس", "hamas")]),
    ("Hebrew particles and inner quotes", 'שבעזה, ו"חמאס"', [("עזה", "gaza"), ("חמאס", "hamas")]),
    ("Devanagari words keep their signs", "हमास ने हमासी", [("हमास", "hamas")]),
    (
        "spaces, hyphens and case vary",
        "KHAN-YOUNIS, Khan\u00a0 Younis",
        [("KHAN-YOUNIS", "khan-younis"), ("Khan\u00a0 Younis", "khan-younis")],
    ),
    ("an acronym with and without dots", "the U.N. and the UN", [("U.N", "un"), ("UN", "un")]),
    ("small letters make another word", "tell us about the turkey", []),
    ("a hashtag may be small", "#hamas #gaza", [("hamas", "hamas"), ("gaza", "gaza")]),
    ("no name in an address", "https://news.example/hamas/Gaza @Hamas Gaza@mail.example", []),
    ("no name inside a word", "Gazans, Hamastan, غزةش", []),
    ("possessives", "Turkey’s and Gaza's", [("Turkey", "turkey"), ("Gaza", "gaza")]),
]


@pytest.mark.parametrize(("text", "wanted"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_names_are_found_as_written(text: str, wanted: list[tuple[str, str]]) -> None:
    """Each span cuts the name, without particles, out of the text."""
    found = NameFinder(NAMES).find(text)
    assert [(text[start:end], id_) for start, end, id_ in found] == wanted


def test_no_names_find_nothing() -> None:
    """An empty list is a list."""
    assert NameFinder({}).find("Hamas") == ()
    assert NameFinder({"…": "nothing"}).find("Hamas …") == ()


DOUBT = Homographs(("Jordan", "قطر"), ("Jordan River",), Condition("", (), ("Amman", "الدوحة"), ("cm", "سم")))


WORDS = ("Jordan", "Jordan River", "قطر", "بقطر", "الدوحة", "Amman", "cm.", "\n", "Hamas", "!")


@given(st.lists(st.sampled_from(WORDS)))
def test_doubt_only_takes_away(words: list[str]) -> None:
    """Whatever the text, names in doubt are some of those found without doubt, and all others stay."""
    names = {"Jordan": "jordan", "قطر": "qatar", "Hamas": "hamas"}
    text = " ".join(words)
    sure, kept = NameFinder(names).find(text), NameFinder(names, [DOUBT]).find(text)
    assert set(kept) <= set(sure)
    assert [one for one in kept if one[2] == "hamas"] == [one for one in sure if one[2] == "hamas"]
    assert all("Amman" in text or "الدوحة" in text for _, _, ident in kept if ident != "hamas")


def test_company_is_looked_for_once_however_many_names_are_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text with a thousand names in doubt is cut into sentences once, one without any never."""
    cut: list[int] = []

    def counted(text: str, language: str | None) -> tuple[Span, ...]:
        cut.append(len(text))
        return tuple(split(text, language))

    monkeypatch.setattr("pipeline.mention.names.split", counted)
    finder = NameFinder({"Jordan": "jordan", "Hamas": "hamas"}, [DOUBT])
    assert len(finder.find("Jordan met Amman. " * 1000)) == 1000
    assert len(finder.find("Hamas met. " * 1000)) == 1000
    assert cut == [18_000]

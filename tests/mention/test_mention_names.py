"""Names from a list, found as a reader finds them."""

import pytest

from pipeline.mention.names import NameFinder

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

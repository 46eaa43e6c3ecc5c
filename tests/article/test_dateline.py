"""Datelines and credits."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article.dateline import credit_of, dateline_end, dateline_of
from pipeline.article.publisher import parse_publishers

PUBLISHERS = parse_publishers(
    (Path(__file__).resolve().parents[2] / "config" / "publishers.toml").read_text()
)

DATELINES = {
    "city in capitals": ("CAIRO — Talks went on.", "CAIRO", None),
    "two words": ("TEL AVIV – Talks went on.", "TEL AVIV", None),
    "hyphen": ("LONDON - Talks went on.", "LONDON", None),
    "two hyphens": ("LONDON -- Talks went on.", "LONDON", None),
    "region": ("PORTLAND, Maine — Talks went on.", "PORTLAND, Maine", None),
    "dots": ("WASHINGTON, D.C. — Talks went on.", "WASHINGTON, D.C.", None),
    "agency": ("GAZA CITY (Reuters) - Talks went on.", "GAZA CITY", "Reuters"),
    "date and agency": ("JERUSALEM/CAIRO, May 5 (Reuters) - Talks went on.", "JERUSALEM/CAIRO", "Reuters"),
    "alias": ("RAFAH, Gaza Strip (AP) — Talks went on.", "RAFAH, Gaza Strip", "Associated Press"),
    "two agencies": ("Berlin (dpa/AFP) - Die Gespräche gehen weiter.", "Berlin", "dpa"),
    "small letters with agency": ("Le Caire (AFP) – Les discussions continuent.", "Le Caire", "AFP"),
    "no dash": ("Paris (AFP) Les discussions continuent.", "Paris", "AFP"),
    "agency without brackets": ("Jerusalem CNN — Talks went on.", "Jerusalem", "CNN"),
    "agency alone": ("CNN — Talks went on.", None, "CNN"),
    "Arabic": ("القاهرة - تتواصل المحادثات.", "القاهرة", None),
    "Arabic, date and agency": ("القاهرة 4 مايو (رويترز) - تتواصل المحادثات.", "القاهرة", "Reuters"),
    "Arabic, a kind of piece": ("عاجل - تتواصل المحادثات.", None, None),
    "Hebrew": ("קהיר – השיחות נמשכות.", "קהיר", None),
    "Hindi": ("काहिरा - बातचीत जारी है।", "काहिरा", None),
    "Hindi, two words": ("नई दिल्ली — बातचीत जारी है।", "नई दिल्ली", None),
    "a kind of piece": ("EXCLUSIVE - Talks went on.", None, None),
    "a kind of piece in words": ("FIRST ON FOX — Talks went on.", None, None),
    "small letters without agency": ("Talks — the third round — went on.", None, None),
    "unknown agency": ("Somewhere (XYZ) - Talks went on.", None, None),
    "dash inside a word": ("A 13-year-old girl — the only one — went on.", None, None),
    "nothing": ("", None, None),
}


@pytest.mark.parametrize(("text", "place", "agency"), DATELINES.values(), ids=DATELINES.keys())
def test_dateline(text, place, agency):
    """The head of a text tells place and agency, or neither."""
    assert dateline_of(text, PUBLISHERS) == (place, agency)


PROSE = ("Talks", "Die ", "Les ", "تتواصل", "השיחות", "बातचीत")


@pytest.mark.parametrize(("text", "place", "agency"), DATELINES.values(), ids=DATELINES.keys())
def test_dateline_end(text, place, agency):
    """A text begins behind its dateline; one without begins at its first letter."""
    rest = text[dateline_end(text, PUBLISHERS) :]
    assert rest.startswith(PROSE) if place or agency else rest == text


CREDITS = {
    "dash": ("Talks went on. — BBC", "BBC"),
    "brackets": ("Talks went on. (AFP)", "AFP"),
    "slash": ("Talks went on./AFP", "AFP"),
    "last line": ("Talks went on.\n\nReuters", "Reuters"),
    "last line with introduction": ("Talks went on.\n\nSource: Reuters", "Reuters"),
    "source in brackets": ("“Talks went on.” (Source: Bloomberg)", "Bloomberg"),
    "with": ("Talks went on. - with AFP", "AFP"),
    "several": ("Talks went on.\n\nAFP, Reuters", "AFP"),
    "Arabic": ("تتواصل المحادثات. (رويترز)", "Reuters"),
    "Arabic, last line": ("تتواصل المحادثات.\n\nالمصدر: رويترز", "Reuters"),
    "an abbreviation explained": ("said the relief agency (UNRWA).", None),
    "a word after a dash": ("He is the man of the year - Time", None),
    "other letters": ("Talks went on. — Afp", None),
    "somebody unknown": ("Talks went on. — The Somewhere Post", None),
    "nothing": ("", None),
}


@pytest.mark.parametrize(("text", "credit"), CREDITS.values(), ids=CREDITS.keys())
def test_credit(text, credit):
    """The end of a text credits a known publisher by its exact name, or nobody."""
    assert credit_of(text, PUBLISHERS) == credit


@given(st.text(alphabet=st.sampled_from("CAIRO ()—-–,./AFPreutsן\nا1\u0651"), max_size=120))
def test_dateline_and_credit_never_raise(text):
    """Whatever stands at head and end, the place is part of the head and the agency a known one."""
    place, agency = dateline_of(text, PUBLISHERS)
    assert place is None or (place and place in text)
    assert agency is None or PUBLISHERS.by_name(agency)
    end = dateline_end(text, PUBLISHERS)
    assert 0 <= end <= len(text) and (not end or place or agency)
    assert credit_of(text, PUBLISHERS) is None or text

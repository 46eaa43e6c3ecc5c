"""What nobody sees in a text changes nothing of what its events say."""

import random
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.event.events import Content, find
from pipeline.mention.bare import bare
from tests.quality.__main__ import known
from tests.quality.corpus import LANGUAGES, read
from tests.shipped import shipped

DAY = date(2024, 5, 4)
EVERYWHERE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\u2066\u2069\ufeff\u00ad"
ARABIC = "\u0640\u064b\u064e\u0650\u0651\u0652\u0670"
HEBREW = "\u05b0\u05b7\u05bc\u05c1"


@cache
def _texts(language: str) -> tuple[str, ...]:
    """The labelled sentences of a language, each with what stands before it."""
    return tuple(
        f"{getattr(case, 'before', '')} {case.text}".strip()
        for capability in ("attribution", "stance", "acts", "figures", "dates", "context")
        for case in read(capability, language, known(shipped()))
    )


def _marked(text: str, chance: random.Random) -> str:
    """Each second space or so with an unseen mark in front, each fourth letter with one behind it."""
    written: list[str] = []
    for n, char in enumerate(text):
        if char == " " and chance.random() < 0.5:
            written.append(chance.choice(EVERYWHERE))
        written.append(char)
        if char.isalpha() and chance.random() < 0.25:
            written.append(chance.choice(_behind(char, text[n + 1 : n + 2])))
    return "".join(written)


def _behind(letter: str, following: str) -> str:
    """What somebody could write behind a letter; a tatweel only inside a word."""
    if "\u0620" <= letter <= "\u064a":
        return EVERYWHERE + (ARABIC if following.isalpha() else ARABIC[1:])
    return EVERYWHERE + (HEBREW if "\u05d0" <= letter <= "\u05ea" else "")


def _told(value: Any) -> Any:
    """All that a finding, or a part of one, says, in bare words and without its places."""
    if isinstance(value, str):
        return bare(value).text
    if isinstance(value, tuple):
        return tuple(_told(one) for one in value)
    if hasattr(value, "__dataclass_fields__"):
        fields = [name for name in value.__dataclass_fields__ if name not in ("start", "end")]
        return {name: _told(getattr(value, name)) for name in fields}
    return value


def _cuts(value: Any, text: str) -> None:
    """Every part of a finding that has a place cuts its words out of the text."""
    for name in getattr(value, "__dataclass_fields__", ()):
        part = getattr(value, name)
        for one in part if isinstance(part, tuple) else (part,):
            _cuts(one, text)
    words = [getattr(value, name) for name in ("words", "surface", "cue", "text") if hasattr(value, name)]
    if words and hasattr(value, "start"):
        assert text[value.start : value.end] == words[0]


def _same(text: str, language: str, chance: random.Random) -> int:
    """A text and the same with marks in it say the same; how many findings that are."""
    plain = find(Content("", text, language, DAY), shipped())
    marked = _marked(text, chance)
    found = find(Content("", marked, language, DAY), shipped())
    assert _told(tuple(found.findings.values())) == _told(tuple(plain.findings.values())), marked
    for own in found.findings.values():
        for finding in own:
            _cuts(finding, marked)
    return sum(map(len, found.findings.values()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_label_changes(language: str) -> None:
    """Zero-width characters, marks of direction, soft hyphens, tatweel, tashkeel and niqqud in a text leave
    every finding as it was: subjects, speakers, stance, acts, figures, days; places cut the same words."""
    chance = random.Random(language)
    assert sum(_same(text, language, chance) for text in _texts(language)) > 50


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(LANGUAGES), st.data(), st.randoms(use_true_random=False))
def test_no_mark_changes_a_label(language: str, data: st.DataObject, chance: random.Random) -> None:
    """Wherever the marks stand, for any labelled sentence of any language."""
    text = data.draw(st.sampled_from(sorted(_texts(language))))
    _same(text, language, chance)

"""Findings in invented texts, by the words they stand on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from pipeline.event.event import Act, Attribution, Days, Figure, Finding, Party
from pipeline.event.events import Content, Found
from pipeline.mention.mention import Field, Mention, Sentence

DAY = date(2024, 5, 5)


def at(text: str, words: str) -> tuple[int, int]:
    """The first place of the words."""
    start = text.index(words)
    return start, start + len(words)


def finding(
    text: str, mention: str, sentence: str | None = None, field: Field = "text", **more: Any
) -> Finding:
    """A mention in a sentence, which is the whole text if not given."""
    first, last = at(text, sentence or text)
    whole = Sentence(field, first, last, text[first:last])
    return replace(Finding(field, *at(text, mention), mention, mention, whole), **more)


def said(text: str, words: str, speaker: str, verb: str, **more: Any) -> Attribution:
    return Attribution(speaker, verb, True, words, *at(text, words), **more)


def found(findings: Mapping[str, Sequence[Finding]]) -> Found:
    """As `find` gives it."""
    mentions = {
        subject: tuple(
            Mention(subject, one.field, one.start, one.end, one.surface, one.alias, one.sentence)
            for one in listed
        )
        for subject, listed in findings.items()
    }
    return Found(mentions, {subject: tuple(listed) for subject, listed in findings.items()}, ((), ()))


NESTED = (
    "CAIRO — Hamas reportedly told Egypt on Saturday that it “accepts about 40 to 42 days of truce”, "
    "sources said."
)
"""A mention in a figure's neighbourhood in a quotation in an attribution that somebody passes on."""


def nested() -> tuple[Content, Found]:
    """All that a finding can hold, in NESTED."""
    words = "accepts about 40 to 42 days of truce"
    figure = "about 40 to 42 days"
    one = finding(
        NESTED,
        "truce",
        NESTED.removeprefix("CAIRO — "),
        attribution=said(NESTED, words, "Hamas", "told", actor="hamas", via="sources"),
        hedge="reportedly",
        polarity="conditional",
        actors=("hamas", "egypt"),
        figures=(
            Figure(40, "days", figure, *at(NESTED, figure), 42, "about", "truce", "Hamas", "hamas", DAY),
        ),
        act=Act(
            "AGREE",
            "accepts",
            *at(NESTED, "accepts"),
            Party("Hamas", "hamas"),
            Party("Egypt"),
            Party("Qatar"),
        ),
        days=(Days("Saturday", *at(NESTED, "Saturday"), date(2024, 5, 4), date(2024, 5, 4), "before", DAY),),
    )
    return Content("", NESTED, "en", DAY), found({"ceasefire": [one]})

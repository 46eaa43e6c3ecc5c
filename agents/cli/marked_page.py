"""A marked text as one HTML page that needs nothing beside it: no script, no file, no network."""

import re

from jinja2 import Environment, PackageLoader, StrictUndefined

from agents.cli.finding_text import actor_text, assumed_text, days_text, figure_text
from agents.cli.marked import Marked, unread
from agents.cli.marks import Card, Kind
from agents.cli.page import names_of
from agents.cli.safe import one_line
from pipeline.rules import Rules

KINDS: dict[Kind, str] = {
    "speaker": "who says it",
    "verb": "the word that says so",
    "words": "what the speaker is to have said",
    "source": "who passes it on",
    "hedge": "what loosens it",
    "act": "what is done",
    "figure": "a figure",
    "days": "days that are named",
}
"""What the legend says of each kind; mentions stand there by subject."""

HUES = 4
"""Grounds on which subjects stand apart; a fifth subject begins again, for its name stands beside it."""

_TURNING = re.compile("([\u202a-\u202e\u2066-\u2069])")
"""Embeddings, overrides and isolates of the bidirectional algorithm."""


def page(shown: Marked, rules: Rules) -> str:
    """The page: marked text, legend, and a card for each mention."""
    names, places = names_of(rules), {place.id: place.name for place in rules.places}
    hues = {subject.id: n % HUES for n, subject in enumerate(rules.subjects)}
    drawn = {step.mark.kind for line in (*shown.title, *shown.text) for step in line if step.mark is not None}
    total = sum(map(len, shown.found.mentions.values()))
    return _ENVIRONMENT.get_template("marked.html").render(
        shown=shown,
        heading=one_line(shown.content.title),
        kinds={kind: told for kind, told in KINDS.items() if kind in drawn},
        subjects=[subject for subject in rules.subjects if subject.id in shown.found.mentions],
        hues=hues,
        names=names,
        places=places,
        total=total,
        unread=None if shown.read == "whole" else unread(shown.content.language),
        actor=lambda ident, words: actor_text(ident, words, names),
    )


def missing(card: Card) -> list[str]:
    """What the sentence does not say."""
    one = card.finding
    said = {
        "speaker": one.attribution is not None,
        "hedge": one.hedge is not None,
        "act": one.act is not None,
        "figures": bool(one.figures),
        "days": bool(one.days),
    }
    return [name for name, there in said.items() if not there]


_ENVIRONMENT = Environment(
    loader=PackageLoader("agents.cli"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters |= {
    "parts": _TURNING.split,
    "missing": missing,
    "figure": figure_text,
    "days": days_text,
    "assumed": assumed_text,
}

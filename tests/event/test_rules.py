"""The configuration compiled: what is refused, and what the digest stands for."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.article.publisher import Publisher, Publishers
from pipeline.event.lexicon import words
from pipeline.event.world.actor import Actor
from pipeline.event.world.doubt import Doubt
from pipeline.event.world.place import Place
from pipeline.event.world.scope import StoryScope
from pipeline.mention.subject import Examples, Subject
from pipeline.outcome import Rejected
from pipeline.rule_parts import rule_changes, rule_parts
from pipeline.rules import Rules, compile_rules

TRUCE = Subject("truce", "Truce", aliases={"en": ("truce",)})
FLOOD = Subject("flood", "Flood", aliases={"en": ("flood",)})
HAMAS = Actor("hamas", "Hamas", "organisation", {"en": ("Hamas",)})
EGYPT = Actor("egypt", "Egypt", "state", {"en": ("Egypt",)})
GAZA = Place("gaza", "Gaza", {"en": ("Gaza",)})
CAIRO = Place("cairo", "Cairo", {"en": ("Cairo",)})
TALKS = StoryScope("talks", "Talks", ("truce",), ("feed",), ("hamas",), ("gaza",))
OTHER = StoryScope("other", "Other", ("flood",), ("feed",))
NEWS = (Publisher(id="a", name="Alpha"), Publisher(id="b", name="Beta"))

GOOD: dict[str, Any] = {
    "subjects": (TRUCE, FLOOD),
    "publishers": Publishers(NEWS),
    "actors": (HAMAS, EGYPT),
    "places": (GAZA, CAIRO),
    "stories": (TALKS, OTHER),
}


def compiled(**change: Any) -> Rules:
    rules = compile_rules(**(GOOD | change))
    assert isinstance(rules, Rules), rules
    return rules


def test_the_digest_does_not_depend_on_the_order_of_files() -> None:
    """Whatever order files are read in, the rules are the same."""
    backwards = {key: tuple(reversed(value)) for key, value in GOOD.items() if key != "publishers"}
    other = compiled(**backwards, publishers=Publishers(tuple(reversed(NEWS))))
    assert other.digest == compiled().digest
    assert [one.id for one in other.subjects] == ["flood", "truce"]


@pytest.mark.parametrize(
    "change",
    [
        {"subjects": (TRUCE, Subject("flood", "Flood", aliases={"en": ("floods",)}))},
        {"publishers": Publishers(NEWS[:1])},
        {"actors": (HAMAS,)},
        {"places": (GAZA,)},
        {"stories": (TALKS,)},
    ],
)
def test_every_part_is_in_the_digest(change: dict[str, Any]) -> None:
    """A change of any list is a change of the rules."""
    assert compiled(**change).digest != compiled().digest


def test_words_are_in_the_digest_by_what_they_say() -> None:
    """Words of a language count by purpose and role; the change is told by purpose."""
    digests, parts = [], []
    for listed in ({}, {"past": ("hier",)}, {"past": ("hier", "avant-hier")}, {"next": ("hier",)}):
        rules = compiled(words={"dates": {"fr": words(listed)}})
        digests.append(rules.digest)
        parts.append(rule_parts(rules))
    assert len(set(digests)) == 4
    assert rule_changes(parts[1], parts[2]) == "words of dates (changed)"
    assert compiled(words={"stance": {"fr": words({})}}).digest not in digests


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"subjects": (TRUCE, FLOOD, TRUCE)}, "the subject 'truce' is declared twice"),
        ({"stories": (TALKS, TALKS)}, "the story 'talks' is declared twice"),
        ({"actors": (EGYPT,)}, "'actors' names 'hamas', which is not declared"),
        ({"subjects": (FLOOD,)}, "'subjects' names 'truce', which is not declared"),
        (
            {"actors": (HAMAS, EGYPT, Actor("x", "X", "office", {"en": ("Egypt",)}))},
            "the name 'Egypt' stands for both 'egypt' and 'x'",
        ),
    ],
)
def test_contradictions_are_refused(change: dict[str, Any], words: str) -> None:
    """What does not fit together is an error that names it."""
    wrong = compile_rules(**(GOOD | change))
    assert isinstance(wrong, Rejected)
    assert wrong.message == words


def test_a_change_is_told_by_name() -> None:
    """What is new, changed or gone between two configurations is named part by part."""
    before = rule_parts(compiled())
    flood = Subject("flood", "Flood", aliases={"en": ("flood", "deluge")})
    after = rule_parts(compiled(subjects=(TRUCE, flood), stories=(TALKS,), places=(CAIRO, GAZA)))
    assert rule_changes(before, before) == ""
    assert rule_changes(before, after) == "story other (gone), subject flood (changed)"
    assert rule_changes(after, before) == "story other (new), subject flood (changed)"


def test_an_example_of_a_name_changes_no_digest() -> None:
    """What a condition of a name asks for decides what is found; the sentences that show it do not."""
    plain = Doubt(("Egypt",), needs=("Cairo",))
    shown = replace(plain, examples=Examples(finds=("Egypt and Cairo",), leaves=("Egypt",)))
    of = [
        compiled(actors=(HAMAS, replace(EGYPT, conditions=conditions))).digest
        for conditions in ((), (plain,), (shown,))
    ]
    assert of[0] != of[1] == of[2]

"""Subject files: what is read, and what a person is told about a mistake."""

import re
import shutil
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from config.load import load_rules
from pipeline.article.article import Article
from pipeline.event.events import events
from pipeline.mention.detect import Detector
from pipeline.mention.subject import Condition, Subject, read
from pipeline.outcome import Reason, Rejected
from pipeline.rules import Rules

GOOD = """
id = "grain"
title = "Grain deal"
[aliases]
en = ["grain (export) deal*", "grain ...2 corridor"]
ar = ["صفقة الحبوب"]
[exclusions]
en = ["grain deal of the week"]
[words]
sea = ["Odesa", "Black Sea"]
[[conditions]]
language = "en"
aliases = ["corridor"]
needs = ["@sea"]
"""

BAD = [
    (
        "a typo in a key",
        GOOD.replace("[exclusions]", "[exclusion]"),
        ["exclusion", "unknown key", "exclusions"],
    ),
    ("a typo in a condition", GOOD.replace("needs", "need"), ["conditions.0.need", "unknown key", "needs"]),
    ("no id", GOOD.replace('id = "grain"', ""), ["id", "missing"]),
    ("an id that is no topic", GOOD.replace('"grain"', '"Grain Deal"'), ["id", "Grain Deal"]),
    ("text for a list", GOOD.replace('["صفقة الحبوب"]', '"صفقة الحبوب"'), ["aliases.ar"]),
    (
        "an alias twice",
        GOOD.replace('["grain (', '["Corridor", "grain ('),
        ["corridor", "conditions.0", "aliases.en", "remove"],
    ),
    (
        "an alias twice but for accents",
        GOOD.replace('["صفقة', '["صفقةُ الحبوب", "صفقة'),
        ["aliases.ar", "remove"],
    ),
    ("a language that is none", GOOD.replace("ar =", "arabic ="), ["arabic", "language code"]),
    ("brackets", GOOD.replace("(export)", "(export"), ["grain (export deal*", "brackets"]),
    ("a star inside", GOOD.replace("deal*", "de*al"), ["de*al", "no word"]),
    ("a gap at the end", GOOD.replace("...2 corridor", "..."), ["'...'"]),
    ("an unknown list", GOOD.replace("@sea", "@lake"), ["lake", "[words]", "sea"]),
    (
        "no condition",
        GOOD.replace('needs = ["@sea"]', ""),
        ["conditions.0", "neither 'needs' nor 'barred_by'"],
    ),
    ("nothing to find", 'id = "x"\ntitle = "X"', ["aliases", "no alias"]),
]


def subject_of(source: str) -> Subject:
    """The subject of a TOML source that is right."""
    subject = read(tomllib.loads(source), "grain.toml")
    assert isinstance(subject, Subject), subject
    return subject


def test_a_subject_needs_one_file_and_no_code() -> None:
    """A new file's aliases, exclusions, lists and conditions are in force at once."""
    detector = Detector([subject_of(GOOD)])
    text = "The grain export deals hold. Grain deal of the week! A corridor in the Black Sea. A corridor. "
    text += "بصفقة الحبوب"
    assert [m.surface for m in detector.detect("", text, "en")] == [
        "grain export deals",
        "corridor",
        "صفقة الحبوب",
    ]


@pytest.mark.parametrize(("source", "told"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_mistake_is_named(source: str, told: list[str]) -> None:
    """The message names the file, the key, what is wrong and what to do."""
    rejected = read(tomllib.loads(source), "grain.toml")
    assert isinstance(rejected, Rejected)
    assert (rejected.reason, rejected.where) == (Reason.BAD_FIELD, "grain.toml")
    for part in told:
        assert part in rejected.message


def test_a_file_that_is_no_table_of_strings() -> None:
    """Values of any kind are refused with a value, not an exception."""
    for data in (
        {"id": 1},
        {"id": "x", "title": "X", "aliases": {"en": [1]}},
        {"id": "x", "title": "X", "aliases": []},
    ):
        assert isinstance(read(data, "x.toml"), Rejected)


def test_two_subjects_may_share_an_alias() -> None:
    """Within a subject an alias is listed once; between subjects it is nobody's mistake."""
    other = subject_of(GOOD.replace('id = "grain"', 'id = "trade"'))
    found = Detector([subject_of(GOOD), other]).detect("A grain deal", "", "en")
    assert [m.subject for m in found] == ["grain", "trade"]


DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "subjects.md"


def test_the_documented_example_is_a_subject() -> None:
    """The file shown in the documentation can be read and finds what it says."""
    source = DOCUMENT.read_text("utf-8").split("```toml\n")[1].split("```")[0]
    text = "Grain export deals hold, and the corridor to Odesa is open."
    assert [m.alias for m in Detector([subject_of(source)]).detect(text, "")] == [
        "grain (export) deal*",
        "corridor",
    ]


@pytest.fixture
def followed(tmp_path: Path) -> Rules:
    """The shipped configuration with the files that the documentation tells to write, as it has them."""
    config = tmp_path / "config"
    shutil.copytree(DOCUMENT.parents[1] / "config", config, ignore=shutil.ignore_patterns("__pycache__"))
    told = DOCUMENT.read_text("utf-8").split("## A whole subject: aid convoys")[1].split("## How it works")[0]
    for path, source in re.findall(r"`config/(\S+/\S+\.toml)`.*?```toml\n(.*?)```", told, re.DOTALL):
        (config / path).write_text(source, "utf-8")
    rules = load_rules(config)
    assert isinstance(rules, Rules), str(rules)
    return rules


def test_the_documented_subject_and_story_work(followed: Rules) -> None:
    """Who does what the documentation says has a subject in two languages and a story, with TOML alone."""
    told = DOCUMENT.read_text("utf-8")
    (line,) = re.findall(r'echo "(.*)" \| storywire detect', told)
    found = [m for m in followed.detector.detect("", line) if m.subject == "aid-convoys"]
    assert [m.surface for m in found] == ["convoy", "شاحنات محملة بالوقود"]
    for language, text in (
        ("en", "UNRWA says an aid convoy reached Gaza."),
        ("ar", "وصلت قافلة مساعدات إلى غزة."),
    ):
        article = Article(
            id="a", revision="1", feed="f", origin="feed", title="", text=text, language=language
        )
        assert [(e.subject, e.stories) for e in events((article,), followed)] == [
            ("aid-convoys", ("aid-to-gaza",))
        ]
    other = Article(
        id="b", revision="1", feed="f", origin="feed", title="", text="An aid convoy in Haiti.", language="en"
    )
    assert [(e.subject, e.stories) for e in events((other,), followed)] == [("aid-convoys", ())]


def test_every_key_is_documented() -> None:
    """Each key of a subject file and of a condition stands in the documentation."""
    text = DOCUMENT.read_text("utf-8")
    for kind in (Subject, Condition):
        for key in (field.name for field in fields(kind)):
            assert re.search(rf"(^|`|\[){key}(`|\]| =)", text, re.MULTILINE), key

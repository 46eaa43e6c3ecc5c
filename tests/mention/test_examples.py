"""Examples in subject files: those of the project hold, and one that does not is told with what was found."""

import tomllib
from pathlib import Path

import pytest

from config.checked import LISTS, lines
from config.load import ConfigProblems, load_rules
from pipeline.mention import examples
from pipeline.mention.subject import Subject, read
from pipeline.rules import Rules

GRAIN = """
id = "grain"
title = "Grain deal"
[aliases]
en = ["grain deal*"]
[exclusions]
en = ["grain deal of the week"]
[examples.en]
finds = ["The grain deals hold."]
leaves = ["Porridge is the grain deal of the week."]
[[conditions]]
language = "en"
aliases = ["corridor"]
needs = ["Odesa"]
examples.finds = ["The corridor to Odesa is open."]
examples.leaves = ["The corridor smells of paint."]
"""

WRONG = [
    (
        "an alias that finds nothing there",
        GRAIN.replace("The grain deals hold.", "The wheat deals hold."),
        "examples.en.finds: 'The wheat deals hold.': no alias of this rule counts in it; found: nothing",
    ),
    (
        "an alias of another rule",
        GRAIN.replace("The grain deals hold.", "The corridor to Odesa holds."),
        "examples.en.finds: 'The corridor to Odesa holds.': no alias of this rule counts in it; "
        "found: 'corridor' by 'corridor' (counts)",
    ),
    (
        "something that counts where nothing should",
        GRAIN.replace("Porridge is the grain deal of the week.", "Porridge is a grain deal."),
        "examples.en.leaves: 'Porridge is a grain deal.': something counts in it; "
        "found: 'grain deal' by 'grain deal*' (counts)",
    ),
    (
        "a sentence that no exclusion has to do with",
        GRAIN.replace("Porridge is the grain deal of the week.", "Porridge is cheap."),
        "examples.en.leaves: 'Porridge is cheap.': no alias in it is excluded; found: nothing",
    ),
    (
        "a condition that does not let through",
        GRAIN.replace("The corridor to Odesa is open.", "The corridor is open."),
        "conditions.0.examples.finds: 'The corridor is open.': no alias of this rule counts in it; "
        "found: 'corridor' by 'corridor' (out of company)",
    ),
    (
        "an alias behind an exclusion of its own",
        GRAIN.replace('["grain deal*"]', '["grain deal*", "grain deal of the week now"]'),
        "aliases.en: 'grain deal of the week now' can never count: an exclusion covers it; "
        "remove one of the two",
    ),
    (
        "a condition that bars what it needs",
        GRAIN.replace('needs = ["Odesa"]', 'needs = ["Odesa"]\nbarred_by = ["Odes*"]').replace(
            "examples.finds", "# examples.finds"
        ),
        "conditions.0: its aliases can never count: what it needs is barred or covered by an "
        "exclusion; remove it there",
    ),
]


def subject_of(source: str) -> Subject:
    subject = read(tomllib.loads(source), "grain.toml")
    assert isinstance(subject, Subject), subject
    return subject


def test_good_examples_are_silent() -> None:
    """Nothing is said of a file whose examples hold."""
    assert list(examples.wrong(subject_of(GRAIN))) == []


@pytest.mark.parametrize(("source", "told"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_an_example_that_does_not_hold(source: str, told: str) -> None:
    """The line names the key, the sentence and what was found in it."""
    (line, *_) = examples.wrong(subject_of(source))
    assert told in line


def test_every_rule_of_the_project_has_examples(subjects: tuple[Subject, ...]) -> None:
    """Aliases of a language have two sentences, its exclusions too, a condition one of each kind at least."""
    without = []
    for subject in subjects:
        for language in (*subject.aliases, *subject.exclusions):
            shown = subject.examples[language]
            enough = len(shown.finds) >= 2 * (language in subject.aliases)
            if not enough or len(shown.leaves) < 2 * (language in subject.exclusions):
                without.append((subject.id, language))
        for number, condition in enumerate(subject.conditions):
            if not condition.examples.finds or not condition.examples.leaves:
                without.append((subject.id, f"conditions.{number}"))
    assert without == []


def test_the_list_of_checked_files_is_true() -> None:
    """The files of the project are those of config/subjects/checked.txt, and their examples hold; write it
    anew where this fails: python -m config.checked > config/subjects/checked.txt."""
    assert "".join(lines("subjects")) == LISTS["subjects"].read_text("ascii")


def folder(tmp_path: Path, **subjects: str) -> Path:
    """A configuration with these subject files."""
    (tmp_path / "subjects").mkdir()
    for name, source in subjects.items():
        (tmp_path / "subjects" / f"{name}.toml").write_text(source, "utf-8")
    (tmp_path / "stories").mkdir()
    (tmp_path / "stories" / "one.toml").write_text(
        'id = "one"\ntitle = "One"\nsubjects = ["grain"]\norigins = ["feed"]', "utf-8"
    )
    for name in ("actors", "places", "publishers"):
        (tmp_path / f"{name}.toml").write_text("", "utf-8")
    return tmp_path


def test_a_file_of_a_user_is_checked_when_it_is_loaded(tmp_path: Path) -> None:
    """A wrong example keeps the configuration from loading; the message names the file."""
    problems = load_rules(folder(tmp_path, grain=WRONG[0][1]))
    assert isinstance(problems, ConfigProblems)
    assert str(problems) == f"subjects/grain.toml: {WRONG[0][2]}"


def test_two_subjects_with_one_alias(tmp_path: Path) -> None:
    """It is an error that names both files, unless one of them says that it shares its aliases."""
    trade = GRAIN.replace('id = "grain"', 'id = "trade"')
    problems = load_rules(folder(tmp_path, grain=GRAIN, trade=trade))
    assert str(problems).splitlines() == [
        f"subjects/trade.toml: {key}: {alias!r} is an alias of 'grain' (subjects/grain.toml), too; remove "
        "one of them, or write shares = ['grain'] if an article is to count for both"
        for key, alias in (("aliases.en", "grain deal*"), ("conditions.0.aliases", "corridor"))
    ]
    (tmp_path / "subjects" / "trade.toml").write_text(f'shares = ["grain"]\n{trade}', "utf-8")
    assert isinstance(load_rules(tmp_path), Rules)

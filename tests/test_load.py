"""Loading a configuration folder: rules where all is well, every problem with its place where not."""

from pathlib import Path

import pytest

from config import checked
from config.load import ConfigProblems, load_rules
from config.settings import FOLDER
from pipeline.rules import Rules

SUBJECT = 'id = "{id}"\ntitle = "Aid"\n[aliases]\nen = [{aliases}]\n'
STORY = """id = "talks"
title = "Talks"
subjects = ["aid"]
origins = ["archive"]
actors = ["un"]
places = ["gaza"]
"""
ACTORS = '[un]\nname = "United Nations"\nkind = "organisation"\nnames.en = ["United Nations"]\n'
PLACES = '[gaza]\nname = "Gaza"\nnames.en = ["Gaza"]\n'
PUBLISHERS = '[[publisher]]\nid = "gulf-wire"\nname = "Gulf Wire"\nhosts = ["gulfwire.example"]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small configuration in which all is well."""
    write(tmp_path, "subjects/aid.toml", SUBJECT.format(id="aid", aliases='"aid convoy"'))
    write(tmp_path, "stories/talks.toml", STORY)
    write(tmp_path, "actors.toml", ACTORS)
    write(tmp_path, "places.toml", PLACES)
    write(tmp_path, "publishers.toml", PUBLISHERS)
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")


def problems_of(folder: Path) -> list[str]:
    found = load_rules(folder)
    assert isinstance(found, ConfigProblems)
    return str(found).splitlines()


def test_a_sound_folder_gives_rules(folder: Path) -> None:
    """What the files declare is in the rules, and the rules find it in a text."""
    rules = load_rules(folder)
    assert isinstance(rules, Rules)
    assert [subject.id for subject in rules.subjects] == ["aid"]
    assert [story.id for story in rules.stories] == ["talks"]
    assert [mention.surface for mention in rules.detector.detect("", "An aid convoy waits.", "en")] == [
        "aid convoy"
    ]


def test_our_own_configuration_is_sound() -> None:
    """The packaged configuration loads, with the three subjects and the seeds' story in it."""
    rules = load_rules(FOLDER)
    assert isinstance(rules, Rules), str(rules)
    assert {"ceasefire", "hostages", "rafah"} <= {subject.id for subject in rules.subjects}
    assert "cairo-talks" in {story.id for story in rules.stories}


def test_a_subject_is_one_file_more(folder: Path) -> None:
    """A new file in subjects/ is a new subject, and it changes the digest of the rules."""
    before = load_rules(folder)
    write(folder, "subjects/fuel.toml", SUBJECT.format(id="fuel", aliases='"fuel"'))
    after = load_rules(folder)
    assert isinstance(before, Rules)
    assert isinstance(after, Rules)
    assert [subject.id for subject in after.subjects] == ["aid", "fuel"]
    assert before.digest != after.digest


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        pytest.param(
            "subjects/aid.toml",
            SUBJECT.format(id="aid", aliases='"aid convoy", "Aid  convoy"'),
            "subjects/aid.toml: aliases.en: alias 'Aid  convoy' stands already in aliases.en",
            id="duplicate alias",
        ),
        pytest.param("subjects/aid.toml", 'id = "aid', "subjects/aid.toml: not TOML: ", id="TOML syntax"),
        pytest.param(
            "subjects/aid.toml",
            "alias = 1\n" + SUBJECT.format(id="aid", aliases='"aid"'),
            "subjects/aid.toml: alias: unknown key; did you mean 'aliases'?",
            id="unknown key of a subject",
        ),
        pytest.param(
            "stories/talks.toml",
            STORY + "from = 1\n",
            "stories/talks.toml: from: unknown key; the keys here are id, title, ",
            id="story key",
        ),
        pytest.param(
            "stories/talks.toml",
            STORY.replace('"un"', '"ur"'),
            "stories/talks.toml: 'actors' names 'ur', which is not declared",
            id="unknown actor",
        ),
        pytest.param(
            "actors.toml", ACTORS + "rank = 1\n", "actors.toml: [un]: rank: unknown key; ", id="actor key"
        ),
        pytest.param(
            "places.toml",
            PLACES + "lat = 100\n",
            "places.toml: [gaza]: lat: must be at most 90, not 100",
            id="place out of range",
        ),
        pytest.param(
            "publishers.toml",
            PUBLISHERS + "x = 1\n",
            "publishers.toml: entry 1 (gulf-wire): x: ",
            id="publisher key",
        ),
        pytest.param(
            "subjects/zz.toml",
            SUBJECT.format(id="aid", aliases='"help"'),
            "subjects/zz.toml: id: 'aid' stands already in subjects/aid.toml",
            id="one id twice",
        ),
        pytest.param(
            "actor.toml",
            "",
            "actor.toml: no file of this name is read; did you mean actors.toml?",
            id="stray",
        ),
    ],
)
def test_a_problem_names_file_key_and_remedy(folder: Path, name: str, text: str, expected: str) -> None:
    """Each mistake is one line that begins with its file and says what is wrong."""
    write(folder, name, text)
    (line,) = problems_of(folder)
    assert line.startswith(expected)


@pytest.mark.parametrize("name", ["actors.toml", "places.toml", "publishers.toml"])
def test_a_missing_file_is_told(folder: Path, name: str) -> None:
    """A file that is not there is a problem with a remedy, not an empty list."""
    (folder / name).unlink()
    assert problems_of(folder) == [f"{name}: no such file; create it, empty if there is nothing to declare"]


def test_a_file_that_is_not_utf_8_is_told(folder: Path) -> None:
    """Bytes of another encoding are named with their place."""
    (folder / "places.toml").write_bytes(b'[gaza]\nname = "\xff"\n')
    assert problems_of(folder) == ["places.toml: not UTF-8 (byte 15); save it as UTF-8"]


def test_a_folder_without_subjects_is_told(folder: Path) -> None:
    """A configuration that tracks nothing is a mistake, as is one that is not there."""
    (folder / "subjects" / "aid.toml").unlink()
    (line,) = problems_of(folder)
    assert line.startswith("subjects/: no file *.toml")
    assert problems_of(folder / "gone")[0].endswith("gone: no such folder; the setting config_dir names it")


def test_names_that_stand_for_two_are_told(folder: Path) -> None:
    """What only the files together show is told as well."""
    write(
        folder,
        "actors.toml",
        ACTORS + '[ga]\nname = "GA"\nkind = "organisation"\nnames.en = ["United Nations"]\n',
    )
    (line,) = problems_of(folder)
    assert "'United Nations' stands for both" in line


def test_an_example_of_a_name_that_does_not_hold_is_told(folder: Path) -> None:
    """What a condition of an actor's name should find is looked for when the file is loaded."""
    doubt = 'names = ["UN"]\nneeds = ["envoy"]\nexamples.finds = ["The UN envoy left.", "The UN left."]\n'
    listed = '[un]\nname = "United Nations"\nkind = "organisation"\nnames.en = ["UN"]\n'
    write(folder, "actors.toml", f"{listed}[[un.conditions]]\n{doubt}")
    assert problems_of(folder) == [
        "actors.toml: [un]: conditions.0.examples.finds: 'The UN left.': found: nothing"
    ]


def test_every_fault_of_one_file_is_told(folder: Path) -> None:
    """A wrong type, an alias given twice and a misspelt table of one subject are three lines."""
    text = (
        'id = "Aid!"\ntitle = "Aid"\n[aliases]\nen = ["aid", "aid"]\nfr = "aide"\n[alises]\nde = ["Hilfe"]\n'
    )
    write(folder, "subjects/aid.toml", text)
    write(folder, "publishers.toml", PUBLISHERS + '[[publisher]]\nid = "b"\nhosts = "x"\n')
    assert problems_of(folder) == [
        "subjects/aid.toml: id: must be at most 40 small letters, digits and hyphens, "
        "beginning with a letter, not 'Aid!'",
        'subjects/aid.toml: aliases.fr: must be a list of texts, like ["aide"]',
        "subjects/aid.toml: alises: unknown key; did you mean 'aliases'?",
        "subjects/aid.toml: aliases.en: alias 'aid' stands already in aliases.en; remove one of the two",
        "publishers.toml: entry 2 (b): name: missing; add it",
        'publishers.toml: entry 2 (b): hosts: must be a list of texts, like ["x"]',
    ]


def test_every_problem_is_told_at_once(folder: Path) -> None:
    """Problems of several files come in one answer."""
    write(folder, "subjects/aid.toml", "id = ")
    write(folder, "actors.toml", "=")
    (folder / "publishers.toml").unlink()
    files = {line.partition(":")[0] for line in problems_of(folder)}
    assert files == {"subjects/aid.toml", "actors.toml", "publishers.toml"}


WORDS = (FOLDER / "grammar" / "dates" / "fr.toml").read_text("utf-8")


def digest_with(folder: Path, words: str) -> str:
    write(folder, "grammar/dates/fr.toml", words)
    rules = load_rules(folder)
    assert isinstance(rules, Rules), str(rules)
    return rules.digest


def test_words_of_a_language_are_told_by_what_they_say(folder: Path) -> None:
    """A copy of the project's words, a remark in it or other ends of lines change no digest; a word does."""
    rules = load_rules(folder)
    assert isinstance(rules, Rules)
    (folder / "grammar" / "dates").mkdir(parents=True)
    assert digest_with(folder, WORDS) == rules.digest
    assert digest_with(folder, WORDS.replace("\n", "\r\n")) == rules.digest
    assert digest_with(folder, f"# Ours.\n{WORDS}") == rules.digest
    assert digest_with(folder, f'other = ["naguère"]\n{WORDS}') != rules.digest


def test_words_as_they_are_shipped_are_read_when_a_text_asks(folder: Path) -> None:
    """No shipped file of words is parsed at load, and the one that is asked for then is read as it was."""
    rules = load_rules(folder)
    assert isinstance(rules, Rules)
    lexicons = [one for of in rules.grammar.values() for one in of.values()]
    assert len(lexicons) == 40
    assert not [one for one in lexicons if "roles" in vars(one)]
    assert rules.grammar["dates"]["fr"].roles["month.5"] == ("mai",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'past = ["[hier"]',
            "grammar/dates/fr.toml: past: '[hier' cannot be read: brackets do not match at ",
        ),
        ('past = "hier"', "grammar/dates/fr.toml: past: is no list of phrases"),
        ("past = [", "grammar/dates/fr.toml: not TOML: "),
        (f'{WORDS}\n[more]\nwords = ["... hier"]', "grammar/dates/fr.toml: more.words: '... hier' cannot be"),
    ],
)
def test_wrong_words_of_a_user_are_told_at_load(folder: Path, text: str, expected: str) -> None:
    """The line names the file, the role and the phrase, though no text in the language came yet."""
    (folder / "grammar" / "dates").mkdir(parents=True)
    write(folder, "grammar/dates/fr.toml", text)
    (line,) = problems_of(folder)
    assert line.startswith(expected)


def test_the_list_of_checked_words_is_true() -> None:
    """The files of the project are those of config/grammar/checked.txt, sound and with these words; write it
    anew where this fails: python -m config.checked grammar > config/grammar/checked.txt."""
    assert "".join(checked.lines("grammar")) == checked.LISTS["grammar"].read_text("ascii")

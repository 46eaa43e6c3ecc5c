"""Which articles belong to a story, and what a story's declaration may hold."""

from typing import Any

import pytest

from pipeline.event.world import scope
from pipeline.event.world.place import Place
from pipeline.event.world.scope import StoryScope
from pipeline.outcome import Reason, Rejected

from .conftest import CONFIG, Finder, cases, toml


@pytest.mark.parametrize("row", cases("scope"))
def test_which_articles_belong_to_the_gaza_talks(row: dict[str, Any], found: Finder) -> None:
    """An article belongs when the actors and places in it tell this war and its origin is admitted."""
    more = {key: row[key] for key in ("language", "origin") if key in row}
    events = found(row["title"], row["text"], **more)
    assert events, "the article mentions no subject"
    assert {"gaza-talks" in event.stories for event in events.values()} == {row["belongs"]}


def test_seed_articles_tell_a_story_of_their_own(found: Finder) -> None:
    """An article of origin `seed` enters `cairo-talks` and nothing else."""
    event = found("Mediators see progress on a Gaza ceasefire", "Hamas agreed.", origin="seed")["ceasefire"]
    assert event.stories == ("cairo-talks",)


def test_the_seed_story_says_that_it_is_fiction() -> None:
    """Every view of the seeds' story can say what it is."""
    story = scope.read(toml(CONFIG / "stories" / "cairo-talks.toml"), "cairo-talks.toml")
    assert isinstance(story, StoryScope)
    assert (story.note, story.origins) == ("seed articles, fictional publishers", ("seed",))


GOOD = {"id": "talks", "title": "Talks", "subjects": ["truce"], "origins": ["feed"]}


@pytest.mark.parametrize(
    ("change", "reason", "words"),
    [
        ({"subject": ["truce"]}, Reason.BAD_FIELD, "subject: unknown key; did you mean 'subjects'?"),
        ({"origins": ["rumour"]}, Reason.BAD_FIELD, "origins"),
        ({"origins": []}, Reason.BAD_FIELD, "origins"),
        ({"id": "The Talks"}, Reason.BAD_FIELD, "id: must be small letters"),
    ],
)
def test_a_bad_declaration_is_named(change: dict[str, Any], reason: Reason, words: str) -> None:
    """An unknown key, an unknown origin or a bad id is an error that names the key and the file."""
    story = scope.read(GOOD | change, "talks.toml")
    assert isinstance(story, Rejected)
    assert (story.reason, story.where) == (reason, "talks.toml")
    assert words in story.message


def test_a_missing_key_is_named() -> None:
    """A story without a title is an error that says so."""
    story = scope.read({key: GOOD[key] for key in GOOD if key != "title"}, "talks.toml")
    assert story == Rejected(Reason.MISSING_FIELD, "title: missing; add it", "talks.toml")


def test_unknown_ids_are_named() -> None:
    """A story that names a place nobody declared is an error that names both."""
    story = scope.read(GOOD | {"places": ["atlantis"]}, "talks.toml")
    assert isinstance(story, StoryScope)
    wrong = scope.check(story, ["truce"], [], [Place("gaza", "Gaza", {})])
    assert wrong is not None
    assert (wrong.message, wrong.where) == ("'places' names 'atlantis', which is not declared", "story talks")

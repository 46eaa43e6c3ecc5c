"""Actors and places as declared, and the gazetteer built from them."""

from typing import Any

import pytest

from pipeline.event.world import actor, place
from pipeline.event.world.gazetteer import Gazetteer, Named, gazetteer
from pipeline.event.world.place import Place, surroundings
from pipeline.outcome import Reason, Rejected

from .conftest import CONFIG, toml

HAMAS = {"name": "Hamas", "kind": "organisation", "names": {"en": ["Hamas"]}}


@pytest.mark.parametrize(
    ("entry", "reason", "words"),
    [
        (HAMAS | {"rolez": []}, Reason.BAD_FIELD, "rolez: unknown key; did you mean 'roles'?"),
        (
            HAMAS | {"kind": "party"},
            Reason.BAD_FIELD,
            "kind: must be 'person', 'organisation', 'state' or 'office', not 'party'",
        ),
        (HAMAS | {"names": {"en": [""]}}, Reason.BAD_FIELD, "names.en.0: must not be empty"),
        ({"name": "Hamas", "kind": "organisation"}, Reason.MISSING_FIELD, "names: missing; add it"),
    ],
)
def test_a_bad_actor_is_named(entry: dict[str, Any], reason: Reason, words: str) -> None:
    """A wrong actor is an error that names the key, the entry and the file."""
    actors = actor.read({"hamas": entry}, "actors.toml")
    assert isinstance(actors, Rejected)
    assert (actors.reason, actors.where) == (reason, "actors.toml")
    assert actors.message == f"[hamas]: {words}"


def test_all_faults_of_all_actors_are_told() -> None:
    """Every fault of every entry has a line."""
    rows = {"hamas": HAMAS | {"kind": 1, "roles": "the group"}, "b": {}, "Un": HAMAS}
    actors = actor.read(rows, "actors.toml")
    assert isinstance(actors, Rejected)
    assert actors.message.splitlines() == [
        "[Un]: id: must be small letters, digits and hyphens, beginning with a letter, not 'Un'",
        "[b]: name: missing; add it",
        "[b]: kind: missing; add it",
        "[b]: names: missing; add it",
        "[hamas]: kind: must be 'person', 'organisation', 'state' or 'office', not 1",
        '[hamas]: roles: must be a list of texts, like ["the group"]',
    ]


def test_a_stray_key_is_named() -> None:
    """A key outside every table is an error, not an actor."""
    actors = actor.read({"name": "Hamas"}, "actors.toml")
    assert isinstance(actors, Rejected)
    assert "[name]: is not a table" in actors.message


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        (
            {"a": {"name": "A", "names": {}, "within": "b"}},
            "[a]: 'within' names the place 'b', which is not declared",
        ),
        (
            {"a": {"name": "A", "names": {}, "within": "b"}, "b": {"name": "B", "names": {}, "within": "a"}},
            "[a]: lies within itself",
        ),
        ({"a": {"name": "A", "names": {}, "lat": 91}}, "[a]: lat: must be at most 90, not 91"),
    ],
)
def test_a_bad_place_is_named(entries: dict[str, Any], words: str) -> None:
    """An unknown surrounding, a circle of places and an impossible latitude are errors."""
    places = place.read(entries, "places.toml")
    assert isinstance(places, Rejected)
    assert f"{places.where}: {places.message}" == f"places.toml: {words}"


def test_surroundings_go_outwards() -> None:
    """A place lies in all places around the one it lies in."""
    places = [Place("x", "X", {}), Place("y", "Y", {}, "x"), Place("z", "Z", {}, "y")]
    assert surroundings(places) == {"x": ("x",), "y": ("y", "x"), "z": ("z", "y", "x")}


def test_one_name_for_two_actors_is_refused() -> None:
    """A name that two actors claim is an error that names all three."""
    actors = actor.read({"a": HAMAS, "b": HAMAS}, "actors.toml")
    assert isinstance(actors, tuple)
    wrong = gazetteer(actors, [])
    assert isinstance(wrong, Rejected)
    assert wrong.message == "the name 'Hamas' stands for both 'a' and 'b'"


def test_one_name_for_an_actor_and_a_place() -> None:
    """A country is found as actor and place at once."""
    actors = actor.read({"egypt": {"name": "E", "kind": "state", "names": {"en": ["Egypt"]}}}, "a")
    places = place.read({"egypt": {"name": "E", "names": {"en": ["Egypt"]}}}, "p")
    assert isinstance(actors, tuple)
    assert isinstance(places, tuple)
    names = gazetteer(actors, places)
    assert isinstance(names, Gazetteer)
    assert names.find("In Egypt", "") == ((Named(3, 8, "egypt", "egypt"),), ())


def test_the_shipped_lists_agree() -> None:
    """Every `side` is an actor, every actor and place has an English name, other wars are told apart."""
    actors = actor.read(toml(CONFIG / "actors.toml"), "actors.toml")
    places = place.read(toml(CONFIG / "places.toml"), "places.toml")
    assert isinstance(actors, tuple)
    assert isinstance(places, tuple)
    assert {one.side for one in actors if one.side} <= {one.id for one in actors}
    assert all(one.names.get("en") for one in (*actors, *places))
    theatres = {one.theatre for one in (*actors, *places)}
    assert {"gaza", "ukraine", "sudan", "yemen", "lebanon", "congo"} <= theatres


@pytest.mark.parametrize(
    ("text", "actor_id", "place_id"),
    [
        ("قالت حماس", "hamas", None),
        ("בנימין נתניהו", "netanyahu", None),
        ("la bande de Gaza", None, "gaza"),
        ("el Ejército de Israel", "idf", None),
        ("im Gazastreifen", None, "gaza"),
        ("हमास ने कहा", "hamas", None),
        ("in Rafah", None, "rafah"),
        ("في رفح", None, "rafah"),
        ("ברפיח", None, "rafah"),
    ],
)
def test_names_in_every_language(text: str, actor_id: str | None, place_id: str | None) -> None:
    """The shipped names are found in the languages of the subjects, with their particles."""
    actors = actor.read(toml(CONFIG / "actors.toml"), "actors.toml")
    places = place.read(toml(CONFIG / "places.toml"), "places.toml")
    assert isinstance(actors, tuple)
    assert isinstance(places, tuple)
    names = gazetteer(actors, places)
    assert isinstance(names, Gazetteer)
    assert [(one.actor, one.place) for one in names.find("", text)[1]] == [(actor_id, place_id)]

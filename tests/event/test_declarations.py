"""Actors and places as declared, and the gazetteer built from them."""

from typing import Any

import pytest

from pipeline.event import actor, place
from pipeline.event.gazetteer import Gazetteer, Named, gazetteer
from pipeline.event.place import Place, surroundings
from pipeline.outcome import Reason, Rejected

from .conftest import CONFIG, toml

HAMAS = {"name": "Hamas", "kind": "organisation", "names": {"en": ["Hamas"]}}


@pytest.mark.parametrize(
    ("entry", "reason", "words"),
    [
        (HAMAS | {"rolez": []}, Reason.BAD_FIELD, "unknown key 'rolez'"),
        (HAMAS | {"kind": "party"}, Reason.BAD_FIELD, "'kind'"),
        (HAMAS | {"names": {"en": [""]}}, Reason.BAD_FIELD, "'names.en.0'"),
        ({"name": "Hamas", "kind": "organisation"}, Reason.MISSING_FIELD, "'names' is missing"),
    ],
)
def test_a_bad_actor_is_named(entry: dict[str, Any], reason: Reason, words: str) -> None:
    """A wrong actor is an error that names the key, the entry and the file."""
    actors = actor.read({"hamas": entry}, "actors.toml")
    assert isinstance(actors, Rejected)
    assert (actors.reason, actors.where) == (reason, "actors.toml: [hamas]")
    assert words in actors.message


def test_a_stray_key_is_named() -> None:
    """A key outside every table is an error, not an actor."""
    actors = actor.read({"name": "Hamas"}, "actors.toml")
    assert isinstance(actors, Rejected)
    assert "'name' is not a table" in actors.message


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"a": {"name": "A", "names": {}, "within": "b"}}, "'b', which is not declared"),
        (
            {"a": {"name": "A", "names": {}, "within": "b"}, "b": {"name": "B", "names": {}, "within": "a"}},
            "lies within itself",
        ),
        ({"a": {"name": "A", "names": {}, "lat": 91}}, "'lat'"),
    ],
)
def test_a_bad_place_is_named(entries: dict[str, Any], words: str) -> None:
    """An unknown surrounding, a circle of places and an impossible latitude are errors."""
    places = place.read(entries, "places.toml")
    assert isinstance(places, Rejected)
    assert words in places.message
    assert places.where == "places.toml: [a]"


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

"""Actors and places as declared, and the gazetteer built from them."""

import tomllib
from typing import Any

import pytest

from pipeline.event.world import actor, place
from pipeline.event.world.examples import unheld
from pipeline.event.world.gazetteer import Gazetteer, Named, gazetteer
from pipeline.event.world.place import Place, surroundings
from pipeline.outcome import Reason, Rejected
from tests.shipped import shipped

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


IRAN = {
    "name": "Iran",
    "kind": "state",
    "names": {"en": ["Iran", "Islamic Republic"], "he": ["קטר"]},
    "exclusions": {"en": ["Iran [Air|Contra]"]},
}


def _named(entry: dict[str, Any], title: str, text: str) -> list[str]:
    """The forms found in an article, by the names of one actor."""
    actors = actor.read({"iran": entry}, "actors.toml")
    assert isinstance(actors, tuple)
    names = gazetteer(actors, [])
    assert isinstance(names, Gazetteer)
    return [text[one.start : one.end] for one in names.find(title, text)[1]]


def test_an_exclusion_takes_a_name_away() -> None:
    """A name inside an excluded phrase is none; beside one, and another name of the same actor, is."""
    assert _named(IRAN, "", "Iran Air flew; the Iran-Contra affair; Iran aired it.") == ["Iran"]
    assert _named(IRAN, "", "Islamic Republic Iran Air") == ["Islamic Republic"]


@pytest.mark.parametrize(
    ("condition", "title", "text", "found"),
    [
        ({"needs": ["talks"]}, "", "Iran is silent. The talks go on.", []),
        ({"needs": ["talks"]}, "", "Iran left the talks. Iran is silent.", ["Iran"]),
        ({"needs": ["talks"], "reach": "text"}, "The talks", "Iran is silent.", ["Iran"]),
        ({"barred_by": ["maiden"]}, "", "Iran, a maiden of Kent. Iran spoke.", ["Iran"]),
        ({"barred_by": ["maiden"], "despite": ["Tehran"]}, "", "Iran, a maiden, in Tehran.", ["Iran"]),
        ({"barred_by": ["maiden"], "reach": "text"}, "A maiden", "Iran spoke.", []),
    ],
)
def test_a_name_in_doubt_counts_in_company(
    condition: dict[str, Any], title: str, text: str, found: list[str]
) -> None:
    """What a condition needs and what bars it is looked for in the sentence, or with reach in the article."""
    assert _named(IRAN | {"conditions": [{"names": ["Iran"]} | condition]}, title, text) == found


def test_a_doubt_about_an_actor_is_one_about_the_place_of_that_name() -> None:
    """A form that both have is neither where the actor's condition takes it away."""
    actors = actor.read({"iran": IRAN | {"conditions": [{"names": ["Iran"], "needs": ["state"]}]}}, "a")
    places = place.read({"iran": {"name": "I", "names": {"en": ["Iran"]}}}, "p")
    assert isinstance(actors, tuple)
    assert isinstance(places, tuple)
    names = gazetteer(actors, places)
    assert isinstance(names, Gazetteer)
    assert names.find("Iran", "Iran, a state. Iran, a girl.")[1] == (Named(0, 4, "iran", "iran"),)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"conditions": [{"names": ["Iraq"], "needs": ["x"]}]},
            "conditions.0.names: 'Iraq' is none of its names",
        ),
        ({"conditions": [{"names": ["Iran"]}]}, "conditions.0: neither 'needs' nor 'barred_by'; add one"),
        (
            {"conditions": [{"names": ["Iran"], "needs": ["[a"]}]},
            "conditions.0.needs: '[a' cannot be read: brackets do not match at '[a'",
        ),
        (
            {"exclusions": {"en": ["Iran ..."]}},
            "exclusions.en: 'Iran ...' cannot be read: it starts or ends with",
        ),
    ],
)
def test_a_doubt_that_cannot_be_read_is_named(change: dict[str, Any], words: str) -> None:
    """A name that is not listed, a condition of nothing and a bad phrase are errors with their key."""
    actors = actor.read({"iran": IRAN | change}, "actors.toml")
    assert isinstance(actors, tuple)
    wrong = gazetteer(actors, [])
    assert isinstance(wrong, Rejected)
    assert (wrong.where, wrong.message[: len(words)]) == ("[iran]", words)


def test_an_example_that_does_not_hold_is_told() -> None:
    """Each with its key, its sentence and what was found in it."""
    examples = {"finds": ["Iran spoke.", "Iran, a state."], "leaves": ["Iran slept.", "A state, Iran."]}
    doubt = {"names": ["Iran"], "needs": ["state"], "examples": examples}
    actors = actor.read({"iran": IRAN | {"conditions": [doubt]}}, "actors.toml")
    assert isinstance(actors, tuple)
    names = gazetteer(actors, [])
    assert isinstance(names, Gazetteer)
    assert list(unheld(actors, names)) == [
        "[iran]: conditions.0.examples.finds: 'Iran spoke.': found: nothing",
        "[iran]: conditions.0.examples.leaves: 'A state, Iran.': found: 'Iran' (iran)",
    ]


def test_the_examples_shipped_hold() -> None:
    """Every condition has sentences that it finds a name in and such that it leaves, and they hold."""
    rules = shipped()
    declared = (*rules.actors, *rules.places)
    assert list(unheld(declared, rules.gazetteer)) == []
    doubts = [doubt for one in declared for doubt in one.conditions]
    assert len(doubts) >= 15
    assert all(doubt.examples.finds and doubt.examples.leaves for doubt in doubts)


def test_the_documents_example_holds() -> None:
    """The tables of docs/actors.md can be read, and their own examples hold."""
    document = (CONFIG.parent / "docs" / "actors.md").read_text("utf-8")
    tables = tomllib.loads(document.split("```toml\n")[1].split("```")[0])
    people = {ident: table for ident, table in tables.items() if "kind" in table}
    actors = actor.read(people, "actors.toml")
    places = place.read({"jenin": {**tables["jenin"], "within": None}}, "places.toml")
    assert isinstance(actors, tuple)
    assert isinstance(places, tuple)
    names = gazetteer(actors, places)
    assert isinstance(names, Gazetteer)
    assert list(unheld(places, names)) == []
    text = "Captain Jordan of Jordan: Katz is not Israel Katz."
    assert [one.actor for one in names.find("", text)[1]] == ["jordan", "israel-katz", "israel-katz"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("نصف قطر الدائرة متران.", []),
        ("بحثت قطر نصف البنود.", ["qatar"]),
        ("وافقت مصر على المقترح.", ["egypt"]),
        ("إنه مصر على موقفه.", []),
        ("دخلت حماس المفاوضات بكل حماس.", ["hamas"]),
        ("Jordan Peterson flew from Jordan to London.", ["jordan"]),
        ("כוחות עזה וביקורת עזה", ["gaza"]),
        ("ראש המוסד ביקר במוסד.", ["mossad"]),
        ("חללית סינית וחצי האי סיני", ["el-arish"]),
    ],
)
def test_words_that_are_spelt_like_names(text: str, wanted: list[str]) -> None:
    """Homographs of the shipped names are told apart by their company."""
    found = shipped().gazetteer.find("", text)[1]
    ids = [one.actor or one.place for one in found if one.form != "demonym"]
    assert [ident for ident in ids if ident != "london"] == wanted


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

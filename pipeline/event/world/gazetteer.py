"""Gazetteer: where the configured actors and places are named in a title and a text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from pipeline.event.world import doubt
from pipeline.event.world.actor import Actor, Names
from pipeline.event.world.place import Place
from pipeline.mention.names import Homographs, NameFinder
from pipeline.mention.normal import fold_words
from pipeline.outcome import Reason, Rejected

Form = Literal["name", "short", "demonym"]


class Named(NamedTuple):
    """One naming: `[start:end]` of the string searched, and the ids of the actor and the place it names."""

    start: int
    end: int
    actor: str | None
    place: str | None
    form: Form = "name"


@dataclass(frozen=True, slots=True)
class _Sense:
    """What one configured form stands for."""

    actor: str | None
    place: str | None
    form: Form


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The names of all actors and places, searched together in one pass."""

    finder: NameFinder
    senses: Mapping[str, _Sense]

    def find(self, title: str, text: str) -> tuple[tuple[Named, ...], tuple[Named, ...]]:
        """The namings in the title and in the text, each from left to right, none overlapping."""
        found = self._named(title, text), self._named(text, title)
        full = {named.actor for side in found for named in side if named.form == "name"}
        in_title, in_text = (
            tuple(named for named in side if named.form != "short" or named.actor in full) for side in found
        )
        return in_title, in_text

    def _named(self, text: str, beside: str) -> list[Named]:
        senses = self.senses
        return [
            Named(start, end, sense.actor, sense.place, sense.form)
            for start, end, form in self.finder.find(text, beside)
            for sense in (senses[form],)
        ]


def gazetteer(actors: Iterable[Actor], places: Iterable[Place]) -> Gazetteer | Rejected:
    """The gazetteer of the configured names.

    Rejected: a form that two actors or two places claim, and what `doubt.wrong` finds.
    """
    actors, places = tuple(actors), tuple(places)
    homographs: list[Homographs] = []
    declared: tuple[Actor | Place, ...] = (*actors, *places)
    for one in (one for one in declared if one.exclusions or one.conditions):
        own = _own(one)
        if (fault := doubt.wrong(one.conditions, one.exclusions, own, f"[{one.id}]")) is not None:
            return fault
        homographs += _homographs(one, own)
    senses: dict[str, _Sense] = {}
    for form, sense in _forms(actors, places):
        known = senses.get(form)
        if known is not None and (clash := _clash(known, sense)):
            return Rejected(Reason.BAD_FIELD, f"the name {form!r} stands for both {clash}", form)
        senses[form] = sense if known is None else _merged(known, sense)
    return Gazetteer(NameFinder({form: form for form in sorted(senses)}, homographs), senses)


def _own(one: Actor | Place) -> frozenset[str]:
    """Every form of an actor or a place, in doubt or not."""
    lists = (one.names, one.short, one.demonyms) if isinstance(one, Actor) else (one.names,)
    return frozenset(form for names in lists for form in _each(names))


def _homographs(one: Actor | Place, own: frozenset[str]) -> Iterable[Homographs]:
    """What an actor or a place says of its names that are spelt like other words: an exclusion concerns the
    names that stand in it."""
    excluded = {phrase: fold_words(phrase) for phrase in _each(one.exclusions)}
    for form in sorted(own) if excluded else ():
        name = fold_words(form)
        if phrases := tuple(phrase for phrase, words in excluded.items() if name in words):
            yield Homographs((form,), phrases)
    for doubted in one.conditions:
        yield Homographs(doubted.names, (), doubted.condition())


def _forms(actors: Iterable[Actor], places: Iterable[Place]) -> Iterable[tuple[str, _Sense]]:
    for actor in actors:
        lists: tuple[tuple[Form, Names], ...] = (
            ("name", actor.names),
            ("short", actor.short),
            ("demonym", actor.demonyms),
        )
        for kind, names in lists:
            for form in _each(names):
                yield form, _Sense(actor.id, None, kind)
    for place in places:
        for form in _each(place.names):
            yield form, _Sense(None, place.id, "name")


def _each(names: Names) -> Iterable[str]:
    return sorted({form for forms in names.values() for form in forms})


def _clash(one: _Sense, other: _Sense) -> str | None:
    if one.actor and other.actor and (one.actor, one.form) != (other.actor, other.form):
        return f"{one.actor!r} and {other.actor!r}"
    if one.place and other.place and one.place != other.place:
        return f"{one.place!r} and {other.place!r}"
    return None


def _merged(one: _Sense, other: _Sense) -> _Sense:
    """One form for an actor and a place ("Egypt"): the actor's sense with the place's id."""
    form = one.form if one.actor else other.form
    return _Sense(one.actor or other.actor, one.place or other.place, form)

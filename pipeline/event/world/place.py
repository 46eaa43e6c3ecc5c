"""Place: a country, region, city, camp or crossing that tells where a story happens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field

from pipeline.event.world.actor import Ident, Names, Words
from pipeline.event.world.declared import declared_table
from pipeline.event.world.doubt import Doubt
from pipeline.outcome import Reason, Rejected


@dataclass(frozen=True, slots=True)
class Place:
    """One place. `within` is the id of the place around it, whose theatre it shares unless it has its own.

    `lat` and `lon` are WGS 84 degrees of a point inside. `exclusions` and `conditions` are as an actor's.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    id: Ident
    name: Words
    names: Names
    within: Ident | None = None
    theatre: Ident | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    exclusions: Names = field(default_factory=dict)
    conditions: tuple[Doubt, ...] = ()


def read(data: Mapping[str, Any], where: str) -> tuple[Place, ...] | Rejected:
    """The places of a file of tables `[<id>]`, sorted by id; each `within` must be one of them."""
    places = declared_table(Place, data, where)
    if isinstance(places, Rejected):
        return places
    return _checked(places, where)


def _checked(places: tuple[Place, ...], where: str) -> tuple[Place, ...] | Rejected:
    """The places when every `within` names one of them and none lies within itself."""
    around = surroundings(places)
    for place in places:
        if place.within is not None and place.within not in around:
            message = f"'within' names the place {place.within!r}, which is not declared"
            return Rejected(Reason.BAD_FIELD, message, f"{where}: [{place.id}]")
        if place.id in around[place.id][1:]:
            return Rejected(Reason.BAD_FIELD, "lies within itself", f"{where}: [{place.id}]")
    return places


def surroundings(places: Iterable[Place]) -> dict[str, tuple[str, ...]]:
    """For each place its id and those of the places around it, from the inside out."""
    by_id = {place.id: place for place in places}
    return {ident: _outwards(ident, by_id) for ident in by_id}


def _outwards(ident: str, by_id: Mapping[str, Place]) -> tuple[str, ...]:
    chain = [ident]
    while (place := by_id.get(chain[-1])) is not None and place.within is not None:
        chain.append(place.within)
        if place.within in chain[:-1]:
            break
    return tuple(chain)

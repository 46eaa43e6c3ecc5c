"""Actor: a person, organisation, state or office that speaks and acts in a story."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, StringConstraints

from pipeline.event.world.declared import declared_table
from pipeline.event.world.doubt import Doubt
from pipeline.faults import NAME, like
from pipeline.outcome import Rejected

Kind = Literal["person", "organisation", "state", "office"]
Ident = Annotated[str, like(r"[a-z][a-z0-9-]*", NAME)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Names = dict[str, tuple[Words, ...]]
"""Forms by language code (`en`, `ar`, ...)."""


@dataclass(frozen=True, slots=True)
class Actor:
    """One actor. `names` stand for it wherever they occur; `short` ones ("Burns") only in an article that
    names it in full; `demonyms` ("Israeli") speak of it without naming it.

    `roles` are English words that may refer back to it ("prime minister", "the group" without the
    article). `side` groups actors who speak for one party. `theatre` is the war the actor stands for:
    one that has none (a mediator, the United Nations) tells no war from another.

    A name that overlaps one of the `exclusions` does not count; those of `conditions` count in company.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    id: Ident
    name: Words
    kind: Kind
    names: Names
    short: Names = field(default_factory=dict)
    demonyms: Names = field(default_factory=dict)
    roles: tuple[Words, ...] = ()
    side: Ident | None = None
    theatre: Ident | None = None
    exclusions: Names = field(default_factory=dict)
    conditions: tuple[Doubt, ...] = ()


def read(data: Mapping[str, Any], where: str) -> tuple[Actor, ...] | Rejected:
    """The actors of a file of tables `[<id>]`, sorted by id; `where` names the file."""
    return declared_table(Actor, data, where)

"""Page: what every line of a printed summary needs: its width, its citations, the names of actors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from agents.cli.citation_text import Notes, hanging
from pipeline.rules import Rules
from pipeline.story.summary import Citation

Names = Mapping[str, str]
"""Actors' names as shown, by id."""
NO_NAMES: Names = MappingProxyType({})
MARGIN = 2
"""Columns by which the body of a section is indented."""


@dataclass(frozen=True, slots=True)
class Page:
    """A text in the making: columns, names of actors, and the articles cited so far."""

    width: int
    names: Names
    notes: Notes = field(default_factory=Notes)

    def mark(self, citation: Citation) -> str:
        """The mark of a citation, such as "[3]"."""
        return self.notes.mark(citation)

    def wrapped(self, start: str, text: str) -> list[str]:
        """`text` behind `start` as lines of a section's body."""
        return hanging(start, text, self.width - MARGIN)


def names_of(rules: Rules) -> Names:
    """The names of the configured actors."""
    return {actor.id: actor.name for actor in rules.actors}

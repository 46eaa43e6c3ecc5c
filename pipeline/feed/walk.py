"""A walk through an XML document in UTF-8, element by element, for what needs no tree."""

from typing import Protocol
from xml.parsers import expat


class Walk(Protocol):
    """Who is told of what a document holds, in its order."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def text(self, data: str) -> None:
        """Characters, or some of them."""

    def end(self, name: str) -> None:
        """An element ends."""


def walker(walk: Walk, namespaces: bool = True, whole: bool = True) -> expat.XMLParserType:
    """A parser that tells `walk`; names are NAMESPACE NAME, or as they are written without `namespaces`.

    `whole`: text between two tags comes at once, and none of it where the document breaks off in it.
    """
    parser = expat.ParserCreate("utf-8", namespace_separator=" " if namespaces else None)
    parser.UseForeignDTD(True)  # makes an undefined entity (&nbsp;) a gap instead of the end
    parser.buffer_text = whole
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.text
    return parser

"""Attributes: whether a tag of a document has so many that no tree should be made of it.

libxml2 walks along an HTML element's attributes to append each, and lxml along any element's to find each:
the square of their number, 350 kB in 26 s. The same parser tells of them as events in linear time.
"""

from typing import Any

from lxml import etree

MOST = 500
"""Attributes of one tag: five times those of widgets that have all their settings in `data-*`. 2 MB of tags
with this many take 0.4 s."""


class _CrowdedError(Exception):
    """Enough was seen."""


class _Tags:
    """A target of lxml's parsers that looks at start tags only."""

    def start(self, _tag: str, attributes: dict[str, str]) -> None:
        if len(attributes) > MOST:
            raise _CrowdedError

    def close(self) -> None:
        """The parser asks for it."""


def crowded_html(data: bytes) -> bool:
    """Whether a tag of this HTML in UTF-8 has more than MOST attributes. About 3 ms for 50 kB."""
    return _crowded(data, etree.HTMLParser(target=_Tags(), encoding="utf-8", no_network=True))


def crowded_xml(data: bytes) -> bool:
    """Whether a tag of this XML in UTF-8 has more than MOST attributes; of a broken document, one before
    the break. No entity of the document's own that could blow up is expanded."""
    return _crowded(data, etree.XMLParser(target=_Tags(), encoding="utf-8", no_network=True, load_dtd=False))


def _crowded(data: bytes, parser: Any) -> bool:
    try:
        etree.fromstring(data, parser)
    except _CrowdedError:
        return True
    except etree.LxmlError:
        return False  # what is wrong with it is for its reader to say
    return False

"""Hints: what a document, and the headers beside it, say about being read again.

One pass of our own over the head of an XML document, whichever reader takes the rest: what tells of the
next look stands before the first item, and feedparser keeps neither the depth of an element nor its
repetitions.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from xml.parsers import expat

from pipeline.characters import scalar
from pipeline.feed.document import Hints
from pipeline.feed.walk import walker
from pipeline.urls import MAX_BYTES, canonical, joined

SHORTEST = 60.0
LONGEST = 7 * 86_400.0
"""Seconds that a hint may ask for: a minute is the unit of `ttl`; beyond a week it is no hint for news."""
HEAD = 65_536
"""Bytes before the first item that are looked at; real heads have one to four thousand."""
ADDRESSES = 20
"""Different addresses of one relation that are judged; real feeds have one or two hubs."""
HEADER = 8_000
"""Characters of a Link header that are looked at, the size that servers allow one."""

_ITEM = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:item|entry)[\s>/]")
_SY = "http://purl.org/rss/1.0/modules/syndication/ "
_WRITTEN = {"ttl": "ttl", _SY + "updatePeriod": "period", _SY + "updateFrequency": "frequency"}
_LINKS = frozenset(("http://www.w3.org/2005/Atom link", "http://purl.org/atom/ns# link"))
_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_LINK = re.compile(r'<([^<>]*+)>((?:\s*+;\s*+[^\s=;,"<>]++\s*+(?:=\s*+(?:"[^"]*+"|[^\s;,"]*+))?+)*+)')
_PARAMETER = re.compile(r';\s*+([^\s=;,"<>]++)\s*+(?:=\s*+(?:"([^"]*+)"|([^\s;,"]*+)))?+')


@dataclass(slots=True)
class _Head:
    """The state of the walk: the elements that are open, and what was said so far."""

    path: list[str] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    links: list[tuple[str, str]] = field(default_factory=list)
    reading: str = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.reading = ""
        if self._of_feed():
            key = _WRITTEN.get(name)
            if key is not None and key not in self.said:
                self.reading, self.said[key] = key, ""
            elif name in _LINKS:
                self.links += ((rel, attributes.get("href", "")) for rel in attributes.get("rel", "").split())
        self.path.append(name)

    def _of_feed(self) -> bool:
        """Whether what opens here speaks of the feed: in the root, or in the channel below it."""
        return len(self.path) == 1 or (len(self.path) == 2 and self.path[1].endswith("channel"))

    def text(self, data: str) -> None:
        if self.reading:
            self.said[self.reading] += data

    def end(self, _name: str) -> None:
        self.path.pop()
        self.reading = ""


def of_document(data: bytes, base: str) -> Hints:
    """The hints in the head of an XML document in UTF-8; of a broken head what stands before the break."""
    first = _ITEM.search(data, 0, HEAD)
    head = _Head()
    try:
        walker(head, whole=False).Parse(data[: first.start() if first else HEAD], False)
    except expat.ExpatError:
        return _hints(head, base)  # whether the document is broken is for its reader to say
    return _hints(head, base)


def of_json(document: dict[str, Any]) -> Hints:
    """The hints of a JSON Feed: `hubs` of type WebSub, and `feed_url`."""
    hubs = document.get("hubs")
    listed = [hub for hub in hubs if isinstance(hub, dict)] if isinstance(hubs, list) else []
    urls = [hub.get("url") for hub in listed if str(hub.get("type")).lower() == "websub"]
    return Hints(hub=_hub(urls, ""), topic=_first([document.get("feed_url")], ""))


def with_links(hints: Hints, header: str, base: str) -> Hints:
    """The hints with what a response's Link header says of hub and topic, which comes first (WebSub, 4)."""
    if not header:
        return hints
    links = list(_header_links(header[:HEADER]))
    hub, topic = _hub(_of(links, "hub"), base), _first(_of(links, "self"), base)
    return Hints(hints.interval, hub or hints.hub, topic or hints.topic)


def _header_links(header: str) -> Iterator[tuple[str, str]]:
    """(relation, address) of each link (RFC 8288); one with an anchor speaks of something else."""
    for link in _LINK.finditer(header):
        given: dict[str, str] = {}
        for name, quoted, plain in _PARAMETER.findall(link[2]):
            given.setdefault(name.lower(), quoted or plain)
        if "anchor" not in given:
            yield from ((rel.lower(), link[1]) for rel in given.get("rel", "").split())


def _hints(head: _Head, base: str) -> Hints:
    asked = [one for one in (_ttl(head.said), _syndication(head.said)) if one is not None]
    return Hints(
        interval=min(max(*asked, SHORTEST), LONGEST) if asked else None,
        hub=_hub(_of(head.links, "hub"), base),
        topic=_first(_of(head.links, "self"), base),
    )


def _ttl(said: dict[str, str]) -> float | None:
    """Minutes, in seconds."""
    minutes = _number(said.get("ttl"))
    return minutes * 60 if minutes else None


def _syndication(said: dict[str, str]) -> float | None:
    """A period divided by how often the feed changes in it: daily and once, where not written."""
    if "period" not in said and "frequency" not in said:
        return None
    seconds = _PERIODS.get(said.get("period", "daily").strip().lower())
    return seconds / (_number(said.get("frequency")) or 1) if seconds else None


def _number(written: str | None) -> int | None:
    """A positive whole number of at most nine digits, else None."""
    digits = (written or "").strip()
    return int(digits) or None if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def _of(links: list[tuple[str, str]], wanted: str) -> list[str]:
    return [address for rel, address in links if rel.lower() == wanted]


def _hub(addresses: Iterable[object], base: str) -> str | None:
    """Of several hubs the first by https, for a subscription sends it a secret; else the first."""
    usable = list(_usable(addresses, base))
    return next((one for one in usable if one.lower().startswith("https:")), usable[0] if usable else None)


def _first(addresses: Iterable[object], base: str) -> str | None:
    return next(_usable(addresses, base), None)


def _usable(addresses: Iterable[object], base: str) -> Iterator[str]:
    """Those that are absolute http(s) addresses, or become so."""
    written = dict.fromkeys(one for one in addresses if isinstance(one, str) and len(one) <= MAX_BYTES)
    for address in islice(written, ADDRESSES):
        found = scalar(joined(base, address.strip()) or "")
        if canonical(found) and len(found.split()) == 1:
            yield found

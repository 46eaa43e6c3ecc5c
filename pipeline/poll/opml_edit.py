"""Changes to a list of feeds that leave all else in its document as it stands.

Comments, foreign attributes, order and folders stay; the document is UTF-8 afterwards. Each edit is given
the bytes of the list and gives those of the new one, or Rejected where they are no list.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pipeline.outcome import Rejected
from pipeline.poll.opml import (
    VERIFIED,
    address_of,
    document,
    folder_in,
    moment_text,
    new_folder,
    outline_of,
    outlines,
    same_feed,
    serialised,
)
from pipeline.poll.spec import FeedSpec

STEP = "  "


def added(data: bytes, *specs: FeedSpec) -> bytes | Rejected:
    """The list with these feeds, each at the end of its folder. The caller has looked which are there."""
    root = document(data)
    if isinstance(root, Rejected):
        return root
    body = root.find("body")
    if body is None:
        body = root.makeelement("body")
        _put(root, body)
    for spec in specs:
        _put(_folder(body, spec.folders), outline_of(spec))
    return serialised(root)


def removed(data: bytes, url: str) -> bytes | Rejected | None:
    """The list without that feed, wherever it stands in it; None if it stands nowhere."""
    root = document(data)
    if isinstance(root, Rejected):
        return root
    key = same_feed(url)
    found = [outline for outline, _ in outlines(root) if same_feed(address_of(outline)) == key]
    for outline in found:
        _take_out(outline)
    return serialised(root) if found else None


def verified(data: bytes, when: Mapping[str, datetime]) -> bytes | Rejected:
    """The list with the time at which each of these feeds was read."""
    root = document(data)
    if isinstance(root, Rejected):
        return root
    times = {same_feed(url): moment for url, moment in when.items()}
    for outline, _ in outlines(root):
        moment = times.get(same_feed(address_of(outline)))
        if moment is not None:
            outline.set(VERIFIED, moment_text(moment))
    return serialised(root)


def _folder(parent: Any, names: Iterable[str]) -> Any:
    """The folder at the end of that path, made where it is missing."""
    for name in names:
        found = folder_in(parent, name)
        if found is None:
            found = new_folder(name)
            _put(parent, found)
        parent = found
    return parent


def _put(parent: Any, child: Any) -> None:
    """`child` as the last under `parent`, on a line of its own where its siblings are on theirs."""
    if len(parent):
        child.tail = parent[-1].tail
        parent[-1].tail = parent.text if _is_space(parent.text) else None
    else:
        outer = "\n" + STEP * sum(1 for _ in parent.iterancestors())
        parent.text, child.tail = outer + STEP, outer
    parent.append(child)


def _take_out(outline: Any) -> None:
    """Remove an outline and its line; outlines below it, which few lists have, move up to its place."""
    parent, before = outline.getparent(), outline.getprevious()
    if len(outline):
        for child in outline:
            outline.addprevious(child)
    elif outline.getnext() is None and before is not None:
        before.tail = outline.tail
    elif outline.getnext() is None:
        parent.text = None
    parent.remove(outline)


def _is_space(text: str | None) -> bool:
    return text is not None and not text.strip()

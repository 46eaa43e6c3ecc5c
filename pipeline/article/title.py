"""Titles: as they are shown (without the publisher's name at the end) and as they are compared."""

import re
from collections.abc import Iterable
from unicodedata import normalize

from pipeline.article.publisher import Publisher, folded

MAX_CHARS = 1000
"""Longest title kept; the longest of 6,363 real ones has 160 characters."""

_TAIL = re.compile(r"\s+(?:[-–—|·•»]|::)\s+(?=\S)")


def without_suffix(title: str, endings: Iterable[str]) -> str:
    """`title` without a trailing " - Publisher" or " | Publisher" when that is one of `endings`.

    Several are taken off one after the other (" - Middle East | Agency"); a title that would be
    left empty stays.
    """
    cuts = [match.span() for match in _TAIL.finditer(title)]
    if not cuts:
        return title
    names = {folded(ending) for ending in endings}
    end = len(title)
    for start, after in reversed(cuts):
        if start == 0 or folded(title[after:end]) not in names:
            break
        end = start
    return title[:end]


def tail_of(title: str) -> str | None:
    """What stands after the last dash or bar of a title: an aggregator puts the publisher there."""
    cuts = [match.end() for match in _TAIL.finditer(title)]
    return title[cuts[-1] :] if cuts else None


def endings_of(known: Publisher | None, name: str | None) -> tuple[str, ...]:
    """What may stand at the end of a title of this publisher: all its names and hosts."""
    own = (*known.endings, *known.hosts) if known is not None else ()
    return (*own, name) if name else own


def compared(title: str) -> str:
    """A title as identity compares it: compatibility forms, case, blanks and punctuation folded."""
    form = normalize("NFKC", title)
    return folded(form) or form.casefold()

"""Entries as they go to their topic, wherever they come from: a replay or a poll."""

from dataclasses import dataclass

from pipeline.article.fit import LARGEST_ENTRY, fitted
from pipeline.article.identity import article_id
from pipeline.article.publisher import Publishers
from pipeline.codec import encode
from pipeline.feed.entry import Entry
from pipeline.outcome import Rejected


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that cannot become an entry: why, where it stands, and its bytes."""

    why: Rejected
    origin: str
    value: bytes = b""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An entry as it goes to its topic: keyed by its article's id, encoded."""

    key: bytes
    data: bytes


def prepare(entry: Entry, publishers: Publishers) -> Prepared | Refused:
    """Key and bytes of an entry that fits a message, or why nobody could tell its article."""
    identity = article_id(entry, publishers)
    data = encode(entry)
    if isinstance(identity, Rejected):
        return Refused(identity, entry.feed, data)
    if len(data) > LARGEST_ENTRY:
        data = encode(fitted(entry))
    return Prepared(identity.encode(), data)

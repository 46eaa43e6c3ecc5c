"""Entries of a feed that moved to another address: the new article says whence, the old one whither."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.article.identity import article_id
from pipeline.article.publisher import Publishers
from pipeline.feed.compare import Comparison, Moved
from pipeline.feed.entry import Entry


def with_moves(found: Comparison, publishers: Publishers) -> tuple[Entry, ...]:
    """All entries to send for a comparison.

    An entry whose canonical URL changed under its guid is a new article, *same entry as* the old
    one; the old one gets an entry that says where it moved. A change that leaves the article the
    same (a tracking parameter) is none.
    """
    moves = {move.entry: pair for move in found.moved if (pair := _pair(move, publishers))}
    return tuple(sent for entry in found.to_send for sent in _sent(entry, moves))


def _pair(move: Moved, publishers: Publishers) -> tuple[Entry, Entry] | None:
    old, new = article_id(move.before, publishers), article_id(move.entry, publishers)
    if not isinstance(old, str) or not isinstance(new, str) or old == new:
        return None
    return replace(move.entry, same_entry_as=old), replace(move.before, moved_to=new)


def _sent(entry: Entry, moves: dict[Entry, tuple[Entry, Entry]]) -> Iterator[Entry]:
    yield from moves.get(entry, (entry,))

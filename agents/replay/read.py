"""Reads one document of a replay: bytes of a file in, items for the spool out, a refusal for what is none."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import orjson

from agents.prepare import Refused
from agents.replay.documents import Document
from agents.replay.spool import Item
from pipeline.feed.archive import read_plain_text, read_row
from pipeline.feed.entry import Entry, Origin
from pipeline.feed.limits import LONGEST_FEED
from pipeline.outcome import Reason, Rejected

LARGEST_FILE = 64_000_000
"""Bytes of one feed snapshot or plain text that are read; JSON lines are read line by line."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A feed's document as it stood at one moment, with what is known of it from outside."""

    name: str
    feed: str
    origin: Origin
    observed: datetime | None
    publisher: str | None
    language: str | None
    body: bytes


def read(document: Document) -> Iterator[Entry | Snapshot | Refused]:
    """What a document holds, in its own order. Never raises for what stands in the file."""
    try:
        if document.kind == "jsonl":
            yield from _lines(document)
            return
        data = _bytes(document.path)
    except (OSError, EOFError, zlib.error) as error:
        why = Rejected(Reason.MISSING_FILE, f"cannot be read: {error}")
        yield Refused(why, str(document.path))
        return
    if isinstance(data, Rejected):
        yield Refused(data, str(document.path))
    elif document.kind == "text":
        yield _text(document, data)
    else:
        yield _snapshot(document, data)


def _bytes(path: Path) -> bytes | Rejected:
    with _open(path) as file:
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        return Rejected(Reason.TOO_LARGE, f"more than {LARGEST_FILE:,} bytes: split it, or send JSON lines")
    return data


def _open(path: Path) -> gzip.GzipFile:
    if path.suffix == ".gz":
        return gzip.open(path, "rb")
    return path.open("rb")  # type: ignore[return-value]  # both read bytes and iterate by lines


def _lines(document: Document) -> Iterator[Entry | Snapshot | Refused]:
    with _open(document.path) as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _line(document, line.strip(), f"line {number}")


def _line(document: Document, line: bytes, where: str) -> Entry | Snapshot | Refused:
    snapshot = _archived(document, line)
    if snapshot is not None:
        return snapshot
    found = read_row(line, where, document.origin)
    if isinstance(found, Rejected):
        return Refused(found, str(document.path), line)
    return _with_facts(found, document)


def _archived(document: Document, line: bytes) -> Snapshot | None:
    """A line that holds a whole feed document as it was polled: `body` and `committed`."""
    if b'"committed"' not in line or b'"body"' not in line:
        return None
    try:
        row = orjson.loads(line)
        observed = datetime.fromisoformat(row["committed"])
        body = row["body"].encode()
        feed = row.get("feed") or document.feed or ""
        if len(feed) > LONGEST_FEED:
            return None
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
        return None  # then it is read as a row, whose reader says what is wrong with it
    return replace(_snapshot(document, body), observed=_zoned(observed), feed=feed)


def _zoned(moment: datetime) -> datetime:
    """A time without a zone is UTC, as in every other field of an archive; never this machine's."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _text(document: Document, data: bytes) -> Entry | Snapshot | Refused:
    found = read_plain_text(
        data,
        origin=document.origin,
        publisher=document.publisher,
        url=document.url,
        published=document.published,
        updated=document.updated,
        observed=document.observed,
        language=document.language,
        feed=document.feed,
    )
    if isinstance(found, Rejected):
        return Refused(found, str(document.path), data)
    return replace(found, withdrawn=found.withdrawn or document.withdrawn)


def _with_facts(entry: Entry, document: Document) -> Entry:
    """The entry of a row, with what only the manifest knows; the row's own words win."""
    return replace(
        entry,
        publisher=entry.publisher or document.publisher,
        language=entry.language or document.language,
        observed=entry.observed or document.observed,
    )


def _snapshot(document: Document, body: bytes) -> Snapshot:
    return Snapshot(
        name=str(document.path),
        feed=document.feed or "",
        origin=document.origin,
        observed=document.observed,
        publisher=document.publisher,
        language=document.language,
        body=body,
    )


def item_of(snapshot: Snapshot) -> Item:
    """A snapshot as the spool keeps it: a line of JSON, then the body as it is."""
    head = orjson.dumps(
        {
            "name": snapshot.name,
            "feed": snapshot.feed,
            "origin": snapshot.origin,
            "observed": snapshot.observed,
            "publisher": snapshot.publisher,
            "language": snapshot.language,
        }
    )
    return Item("snapshot", snapshot.observed, snapshot.feed, b"", head + b"\n" + snapshot.body)


def snapshot_of(item: Item) -> Snapshot:
    """The snapshot that `item_of` put into an item."""
    head, _, body = item.data.partition(b"\n")
    facts = orjson.loads(head)
    facts["observed"] = item.observed
    return Snapshot(**facts, body=body)

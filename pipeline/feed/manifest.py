"""Manifest: what a folder of documents says about each of them; reads the parsed TOML, opens nothing."""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    TypeAdapter,
    ValidationError,
)
from pydantic.dataclasses import dataclass

from pipeline.dates import Utc
from pipeline.faults import TIME, Location, faults, like
from pipeline.outcome import Reason, Rejected

Kind = Literal["feed", "text", "jsonl"]

KINDS: dict[str, Kind] = {
    ".xml": "feed", ".rss": "feed", ".atom": "feed", ".rdf": "feed", ".json": "feed",
    ".txt": "text", ".jsonl": "jsonl", ".ndjson": "jsonl",
}  # fmt: skip
"""What a file holds, by the end of its name."""

_TAG = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"
_CLOSED = ConfigDict(extra="forbid")


def _no_number(value: Any) -> Any:
    if isinstance(value, int | float):
        raise ValueError(f"must be a time, as in {TIME}")
    return value


Time = Annotated[Utc, BeforeValidator(_no_number)]
"""A time as TOML writes it, or the same in quotes; pydantic would also take a number for seconds."""


def _inside(path: str) -> str:
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\\" in path:
        raise ValueError("must be a relative path inside the folder, with slashes")
    return path


@dataclass(frozen=True, slots=True, config=_CLOSED)
class Document:
    """One file of the folder. `feed` is the feed's id; `observed` the time of the poll or the snapshot.

    For a text the other fields stand in for what it cannot say itself. `withdrawn`: the publisher has
    withdrawn it.
    """

    path: Annotated[str, AfterValidator(_inside)]
    kind: Kind
    feed: str | None = Field(default=None, min_length=1)
    observed: Time | None = None
    publisher: str | None = Field(default=None, min_length=1)
    url: Annotated[str, like(r"https?://[^\s/].*", "a web address, as in https://paper.example/a")] | None = (
        None
    )
    published: Time | None = None
    updated: Time | None = None
    language: Annotated[str, like(_TAG, "a language tag, as in en or pt-BR")] | None = None
    withdrawn: StrictBool = False
    note: str | None = None


@dataclass(frozen=True, slots=True, config=_CLOSED)
class Manifest:
    """The folder: its licence, where its articles come from, and its documents in order."""

    schema: Literal[1]
    origin: Literal["seed", "archive"]
    licence: str = Field(min_length=1)
    document: tuple[Document, ...] = ()


_MANIFEST = TypeAdapter(Manifest)
_KEYS = tuple(one.name for one in fields(Manifest))
_DOCUMENT_KEYS = tuple(one.name for one in fields(Document))


def read_manifest(data: Mapping[str, Any], where: str = "") -> Manifest | Rejected:
    """The manifest in a parsed TOML table, or what is wrong with it, naming document and key.

    A document without `kind` has that of its file's ending. Times need a zone (`2024-05-04T18:30:00Z`).
    """
    table = dict(data)
    rows = table.get("document", [])
    if isinstance(rows, list):
        table["document"] = tuple(_with_kind(row) for row in rows)
    try:
        return _MANIFEST.validate_python(table)
    except ValidationError as error:
        return Rejected(Reason.BAD_MANIFEST, _explained(error, rows), where)


def _with_kind(row: Any) -> Any:
    if not isinstance(row, dict) or "kind" in row or not isinstance(row.get("path"), str):
        return row
    kind = KINDS.get(PurePosixPath(row["path"]).suffix.lower())
    return row | {"kind": kind} if kind else row


def _explained(error: ValidationError, rows: Any) -> str:
    """All faults in words: which document, which key, what is wanted."""
    found = faults(error, lambda location: _DOCUMENT_KEYS if location else _KEYS)
    return "; ".join(_said(fault.location, str(fault), rows) for fault in found)


def _said(location: Location, said: str, rows: Any) -> str:
    """A fault with its document by number and path in place of a position."""
    if location == ("document",) and not isinstance(rows, list):
        return "document: must be tables, each under [[document]]"
    if location[:1] != ("document",) or len(location) < 2:
        return said
    row = rows[int(location[1])]
    path = f" ({row.get('path', 'without path')})" if isinstance(row, Mapping) else ""
    inner = said.removeprefix(f"document.{location[1]}").removeprefix(".").removeprefix(": ")
    if location[2:] == ("kind",) and isinstance(row, Mapping) and "kind" not in row:
        inner = "kind: missing, and the file's ending tells none (feed, text or jsonl)"
    return f"document {int(location[1]) + 1}{path}: {inner}"

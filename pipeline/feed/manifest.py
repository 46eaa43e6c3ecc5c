"""Manifest: what a folder of documents says about each of them; reads the parsed TOML, opens nothing."""

from collections.abc import Mapping
from dataclasses import fields
from difflib import get_close_matches
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
from pipeline.outcome import Reason, Rejected

Kind = Literal["feed", "text", "jsonl"]

KINDS: dict[str, Kind] = {
    ".xml": "feed", ".rss": "feed", ".atom": "feed", ".rdf": "feed", ".json": "feed",
    ".txt": "text", ".jsonl": "jsonl", ".ndjson": "jsonl",
}  # fmt: skip
"""What a file holds, by the end of its name."""

_CLOSED = ConfigDict(extra="forbid")


def _no_number(value: Any) -> Any:
    if isinstance(value, int | float):
        raise ValueError("must be a time, as in 2024-05-04T18:30:00Z")
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
    url: str | None = Field(default=None, pattern=r"^https?://[^\s/]+")
    published: Time | None = None
    updated: Time | None = None
    language: str | None = Field(default=None, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
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


_UNKNOWN = ("unexpected_keyword_argument", "extra_forbidden")


def _explained(error: ValidationError, rows: Any) -> str:
    """The first fault in words: where, which key, what is wanted."""
    # A key with a typo explains the one that is missing
    first = min(error.errors(include_url=False), key=lambda one: one["type"] not in _UNKNOWN)
    location = first["loc"] or ("manifest",)
    key = str(location[-1])
    if location == ("document",) and not isinstance(rows, list):
        return "'document' must be tables: [[document]]"
    if len(location) == 2:
        return f"document {int(location[1]) + 1}: must be a table of keys"
    inner = len(location) > 2
    place = ""
    if inner:
        number = int(location[1])
        place = f"document {number + 1} ({rows[number].get('path', 'without path')}): "
    return place + _said(first["type"], first["msg"], key, _DOCUMENT_KEYS if inner else _KEYS)


def _said(kind: str, message: str, key: str, known: tuple[str, ...]) -> str:
    if kind in _UNKNOWN:
        near = get_close_matches(key, known, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
        return f"unknown key {key!r}; {hint}"
    if kind == "missing" and key == "kind":
        return f"{key!r} is needed, for the file's ending tells none (feed, text or jsonl)"
    if kind == "missing":
        return f"{key!r} is missing"
    if kind.startswith("timezone"):
        return f"{key!r} needs a time zone, as in 2024-05-04T18:30:00Z"
    return f"{key!r}: {message}"

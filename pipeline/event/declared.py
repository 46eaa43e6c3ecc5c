"""Declarations of the configuration (actors, places, stories): checked values in, typed ones out."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from pipeline.codec import adapter
from pipeline.outcome import Reason, Rejected

T = TypeVar("T")


def declared(kind: type[T], entry: object, where: str) -> T | Rejected:
    """One declared entry as a `kind` (a dataclass that forbids extra keys); `where` names the entry."""
    try:
        return adapter(kind).validate_python(entry)  # type: ignore[no-any-return, arg-type]
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    key = ".".join(str(part) for part in first["loc"]) or "entry"
    if first["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        return Rejected(Reason.BAD_FIELD, f"unknown key {key!r}: remove it or correct its spelling", where)
    if first["type"] in ("missing", "missing_argument"):
        return Rejected(Reason.MISSING_FIELD, f"{key!r} is missing", where)
    return Rejected(Reason.BAD_FIELD, f"{key!r}: {first['msg']}", where)


def declared_table(kind: type[T], data: Mapping[str, Any], where: str) -> tuple[T, ...] | Rejected:
    """The tables `[<id>]` of a file as values sorted by id; the first bad entry stands for the file."""
    values: list[T] = []
    for ident in sorted(data):
        place = f"{where}: [{ident}]"
        if not isinstance(data[ident], Mapping):
            return Rejected(Reason.BAD_FIELD, f"{ident!r} is not a table of its own", place)
        value = declared(kind, {**data[ident], "id": ident}, place)
        if isinstance(value, Rejected):
            return value
        values.append(value)
    return tuple(values)


def unknown_ids(wanted: Iterable[str], known: Iterable[str]) -> list[str]:
    """The wanted ids that are not among the known ones, sorted."""
    return sorted(set(wanted) - set(known))

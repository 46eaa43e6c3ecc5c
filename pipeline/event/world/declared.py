"""Declarations of the configuration (actors, places, stories): checked values in, typed ones out."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

from pydantic import ValidationError

from pipeline.codec import adapter
from pipeline.faults import faults, lines
from pipeline.outcome import Reason, Rejected

T = TypeVar("T")


def declared(kind: type[T], entry: object, where: str) -> T | Rejected:
    """One declared entry as a `kind` (a dataclass that forbids extra keys); `where` names the entry.

    The message of a rejection has a line for each fault.
    """
    try:
        return adapter(kind).validate_python(entry)  # type: ignore[no-any-return, arg-type]
    except ValidationError as error:
        keys = [one.name for one in fields(kind)]  # type: ignore[arg-type]
        found = faults(error, lambda _: keys)
    reason = Reason.MISSING_FIELD if all(fault.missing for fault in found) else Reason.BAD_FIELD
    return Rejected(reason, lines(found), where)


def declared_table(kind: type[T], data: Mapping[str, Any], where: str) -> tuple[T, ...] | Rejected:
    """The tables `[<id>]` of a file as values sorted by id, or the faults of all entries together."""
    values: list[T] = []
    wrong: list[Rejected] = []
    for ident in sorted(data):
        value = _entry(kind, ident, data[ident])
        if isinstance(value, Rejected):
            wrong.append(value)
        else:
            values.append(value)
    if not wrong:
        return tuple(values)
    told = (f"{one.where}: {line}" for one in wrong for line in one.message.splitlines())
    return Rejected(min(one.reason for one in wrong), lines(told), where)


def _entry(kind: type[T], ident: str, entry: object) -> T | Rejected:
    if not isinstance(entry, Mapping):
        return Rejected(Reason.BAD_FIELD, "is not a table of its own", f"[{ident}]")
    return declared(kind, {**entry, "id": ident}, f"[{ident}]")


def unknown_ids(wanted: Iterable[str], known: Iterable[str]) -> list[str]:
    """The wanted ids that are not among the known ones, sorted."""
    return sorted(set(wanted) - set(known))

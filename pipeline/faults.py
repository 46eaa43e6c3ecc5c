"""Faults: what validation found wrong in something that a person wrote, in plain words."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import AfterValidator, ValidationError

Location = tuple[int | str, ...]
Known = Callable[[Location], Collection[str]]
"""The keys that the table at a location may have."""

NAME = "small letters, digits and hyphens, beginning with a letter"
TIME = "2024-05-04T18:30:00Z"
_SHOWN = 60
"""Characters of a wrong value that are shown."""

_UNKNOWN = frozenset(("unexpected_keyword_argument", "extra_forbidden"))
_MISSING = frozenset(("missing", "missing_argument"))
_NO = dict.fromkeys(("int_parsing", "int_type", "int_from_float"), "is no whole number") | dict.fromkeys(
    ("float_parsing", "float_type", "finite_number"), "is no number"
)
_WANTED = {
    "string_type": "must be a text in quotes", "path_type": "must be a path in quotes",
    "bool_type": "must be true or false", "bool_parsing": "must be true or false",
    "dataclass_type": "must be a table of keys", "model_type": "must be a table of keys",
    "dict_type": "must be a table of keys", "literal_error": "must be {expected}",
    "greater_than": "must be more than {gt:g}", "greater_than_equal": "must be at least {ge:g}",
    "less_than": "must be less than {lt:g}", "less_than_equal": "must be at most {le:g}",
    "string_too_long": "must have at most {max_length} characters",
}  # fmt: skip
_PLAIN = {
    **dict.fromkeys(_MISSING, "missing; add it"),
    **dict.fromkeys(("string_too_short", "too_short"), "must not be empty"),
    **dict.fromkeys(("timezone_aware", "timezone_offset"), f"needs a time zone, as in {TIME}"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, as keys and positions from the outside in, and what to do."""

    location: Location
    words: str
    missing: bool = False

    def __str__(self) -> str:
        return f"{self.key}: {self.words}"

    @property
    def key(self) -> str:
        """The location as a person reads it ("aliases.fr.0")."""
        return ".".join(map(str, self.location)) or "entry"


def faults(error: ValidationError, known: Known) -> tuple[Fault, ...]:
    """Everything that pydantic found, in its order; a key that is missing because it is misspelt is
    told once, as the misspelling."""
    found = error.errors(include_url=False)
    meant = {(*one["loc"][:-1], _near(one, known)) for one in found if one["type"] in _UNKNOWN}
    wrong = (one for one in found if not (one["type"] in _MISSING and one["loc"] in meant))
    return tuple(Fault(one["loc"], _words(one, known), one["type"] in _MISSING) for one in wrong)


def lines(found: Iterable[object]) -> str:
    """Faults as the message of a rejection, a line each."""
    return "\n".join(map(str, found))


def like(pattern: str, wanted: str) -> AfterValidator:
    """A validator of texts that match `pattern` as a whole; `wanted` says in words what that is."""
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if compiled.fullmatch(text) is None:
            raise ValueError(f"must be {wanted}")
        return text

    return AfterValidator(check)


def _near(one: Any, known: Known) -> str:
    """The known key that an unknown one was probably meant to be, or nothing."""
    near = get_close_matches(str(one["loc"][-1]), known(one["loc"][:-1]), n=1)
    return near[0] if near else ""


def _words(one: Any, known: Known) -> str:
    """One of pydantic's errors in plain words."""
    kind = one["type"]
    if kind in _UNKNOWN:
        near = _near(one, known)
        keys = ", ".join(known(one["loc"][:-1]))
        return f"unknown key; did you mean {near!r}?" if near else f"unknown key; the keys here are {keys}"
    if kind in ("tuple_type", "list_type"):
        return _listed(one)
    return _PLAIN.get(kind) or _of_value(one)


def _of_value(one: Any) -> str:
    """What is wrong with a value, with the value."""
    kind, shown = one["type"], _shown(one["input"])
    if kind in _NO:
        return f"{shown} {_NO[kind]}"
    if kind.startswith(("date", "time")):
        return f"must be a time, as in {TIME}, not {shown}"
    wanted = _WANTED.get(kind)
    said = wanted.format(**one.get("ctx", {})) if wanted else one["msg"].removeprefix("Value error, ")
    return f"{said}, not {shown}"


def _listed(one: Any) -> str:
    """What a list is to look like: from the value that was given without its brackets."""
    value: Any = one["input"]
    if isinstance(value, dict):
        return f"must be tables, each under [[{one['loc'][-1]}]]"
    example = value if isinstance(value, str) and len(value) <= _SHOWN else "..."
    return f'must be a list of texts, like ["{example}"]'


def _shown(value: object) -> str:
    """The value, cut; what stands before the host of an address may be a password, and is left out."""
    written = re.sub(r"(?<=//).*@", "...@", repr(value), flags=re.DOTALL)
    return written if len(written) <= _SHOWN else f"{written[: _SHOWN - 3]}..."

"""Headers of a message, as the log stores them: one JSON object, so that outsiders can read them.

    {"ce_id": "…", "ce_type": "…"}          a value is text, or null for a header without a value
    {"trace": ["a", "b"]}                   a name that occurs more than once has a list

Bytes that are no UTF-8 become lone surrogates (PEP 383), written as \\udcXX escapes, and come back
as they were. The order of different names is kept; between repeated names it is not.
"""

import json
from collections.abc import Iterable
from typing import TypeAlias

import orjson

from agents.brokers.errors import InvalidHeader

Headers: TypeAlias = tuple[tuple[str, bytes | None], ...]
HeaderText: TypeAlias = str | None


def header_size(headers: Iterable[tuple[str, bytes | None]]) -> int:
    """Characters of names and bytes of values. Raises InvalidHeader for other types than text and bytes."""
    size = 0
    for name, value in headers:
        if not isinstance(name, str) or not isinstance(value, bytes | None):
            raise InvalidHeader(f"header {name!r}={value!r}: a name must be text, a value bytes or absent")
        size += len(name) + len(value or b"")
    return size


def encode_headers(headers: Iterable[tuple[str, bytes | None]]) -> HeaderText:
    """JSON text of `headers`; None for none. Raises InvalidHeader for other types than text and bytes."""
    pairs = tuple(headers)
    if not pairs:
        return None
    try:
        plain = {name: value.decode() for name, value in pairs}  # type: ignore[union-attr]
        text = orjson.dumps(plain).decode()
    except (AttributeError, UnicodeDecodeError, TypeError):
        return _encode_rare(pairs)  # an absent value, raw bytes, or a wrong type: there they are told apart
    return text if len(plain) == len(pairs) else _encode_rare(pairs)


def _encode_rare(pairs: Headers) -> str:
    header_size(pairs)  # looks at their types
    found: dict[str, list[str | None]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(None if value is None else value.decode("utf-8", "surrogateescape"))
    return json.dumps({name: values[0] if len(values) == 1 else values for name, values in found.items()})


def decode_headers(text: HeaderText) -> Headers:
    """What `encode_headers` was given (repeated names side by side)."""
    if not text:
        return ()
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        found = json.loads(text)  # lone surrogates: raw bytes
    return tuple(
        (name, None if value is None else value.encode("utf-8", "surrogateescape"))
        for name, values in found.items()
        for value in (values if isinstance(values, list) else [values])
    )

"""JSON Feed 1.0 and 1.1 (jsonfeed.org): a small reader that forgives what real feeds get wrong."""

import json
import re
from collections.abc import Iterator
from typing import Any

import orjson

from pipeline.feed import hints
from pipeline.feed.author import author_name
from pipeline.feed.entry import Content
from pipeline.feed.item import Item, Reading
from pipeline.feed.limits import Limits
from pipeline.outcome import Reason, Rejected

_VERSION = re.compile(r"(?:https?://)?(?:www\.)?jsonfeed\.org/version/1(?:\.(\d))?/?")


def read(data: bytes, limits: Limits) -> tuple[Reading, tuple[Rejected, ...]] | Rejected:
    """The feed in these UTF-8 bytes, and the items that are none."""
    document = load(data)
    if isinstance(document, Rejected):
        return document
    version = _version(document)
    if isinstance(version, Rejected):
        return version
    listed = document.get("items")
    if not isinstance(listed, list):
        return Rejected(Reason.NOT_A_FEED, 'a JSON Feed without its list of "items"')
    read_items = [_item(found, n) for n, found in enumerate(listed[: limits.entries], 1)]
    reading = Reading(
        version=version,
        title=_string(document, "title"),
        link=_string(document, "home_page_url"),
        language=_string(document, "language"),
        items=tuple(one for one in read_items if isinstance(one, Item)),
        cut=max(0, len(listed) - limits.entries),
        hints=hints.of_json(document),
    )
    return reading, tuple(one for one in read_items if isinstance(one, Rejected))


def load(data: bytes) -> Any | Rejected:
    """The JSON value. Python's own reader takes what orjson refuses: half a surrogate pair in a cut title."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        refused = Rejected(
            Reason.BAD_JSON, f"not JSON: {error.msg}", f"line {error.lineno}, column {error.colno}"
        )
    if b"\\u" not in data:
        return refused
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return refused


def _version(document: Any) -> str | Rejected:
    if not isinstance(document, dict):
        return Rejected(Reason.NOT_A_FEED, f"JSON, but a {type(document).__name__} and no JSON Feed")
    match = _VERSION.fullmatch(str(document.get("version", "")))
    if match is None:
        keys = ", ".join(sorted(document)[:8])
        return Rejected(Reason.NOT_A_FEED, f"JSON without the version of a JSON Feed; its keys: {keys}"[:300])
    return f"json1{match[1] or 0}"


def _item(found: Any, number: int) -> Item | Rejected:
    """One item. The specification demands an id; its URL will do, and so will numbers."""
    if not isinstance(found, dict):
        return Rejected(Reason.BAD_FIELD, "an item that is no JSON object", f"entry {number}")
    contents = (Content(text, "html") for text in _strings(found, "content_html"))
    plain = (Content(text) for text in _strings(found, "content_text"))
    title, summary = _string(found, "title"), _string(found, "summary")
    return Item(
        guid=_string(found, "id"),
        link=_string(found, "url") or _string(found, "external_url"),
        title=Content(title) if title else None,
        summary=Content(summary) if summary else None,
        contents=(*contents, *plain),
        authors=tuple(_authors(found)),
        published=_string(found, "date_published"),
        updated=_string(found, "date_modified"),
        language=_string(found, "language"),
    )


def _authors(found: dict[str, Any]) -> Iterator[str]:
    """Names of `authors` (1.1), or of `author` (1.0)."""
    listed = found.get("authors")
    for author in listed if isinstance(listed, list) else [found.get("author")]:
        name = author_name(author.get("name") if isinstance(author, dict) else author)
        if name:
            yield name


def _strings(found: dict[str, Any], key: str) -> Iterator[str]:
    value = _string(found, key)
    if value:
        yield value


def _string(found: dict[str, Any], key: str) -> str | None:
    """A string, or a number as one; anything else is as good as absent."""
    value = found.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None

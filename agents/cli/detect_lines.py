"""`storywire detect --json`: a line of JSON with a text in, one with its mentions out."""

import sys
from collections.abc import Iterable
from typing import Any

import orjson

from agents.cli.context import complain
from pipeline.article.language import language_of
from pipeline.rules import Rules


def json_lines(lines: Iterable[bytes], rules: Rules) -> bool:
    """Writes what each line gives; whether all lines were good."""
    good = True
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        row = _parsed(line)
        if isinstance(row, str):
            complain(f"line {number}: {row}")
            good = False
            continue
        sys.stdout.buffer.write(orjson.dumps(_row(row, rules)) + b"\n")
    sys.stdout.buffer.flush()
    return good


def _parsed(line: bytes) -> dict[str, Any] | str:
    """The row of a line, or what is wrong with it."""
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        return "not a JSON object"
    if not isinstance(row, dict):
        return "not a JSON object"
    missing = [key for key in ("id", "text") if key not in row]
    if missing:
        return f"{' and '.join(map(repr, missing))} {'is' if len(missing) == 1 else 'are'} missing"
    if not isinstance(row["text"], str):
        return "'text' must be a string"
    tag = row.get("lang")
    if tag is not None and not isinstance(tag, str):
        return "'lang' must be a string"
    return row


def _row(row: dict[str, Any], rules: Rules) -> dict[str, Any]:
    text = row["text"]
    language = language_of(row.get("lang"), "", text)[0]
    return {
        "id": row["id"],
        "lang": language,
        "mentions": [
            {
                "subject": mention.subject,
                "start": mention.start,
                "end": mention.end,
                "surface": mention.surface,
                "alias": mention.alias,
            }
            for mention in rules.detector.detect("", text, language)
        ],
    }

"""What two other parsers' fixtures say of an entry, as (field, expected value), and ours beside it."""

import ast
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.feed.document import FeedDocument
from pipeline.feed.entry import Content, Entry
from pipeline.feed.moment import moment

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "corpora"

NAMES = {
    "title": "title",
    "title_detail": "title",
    "link": "url",
    "id": "guid",
    "guid": "guid",
    "summary": "summary",
    "description": "summary",
    "summary_detail": "summary",
    "content": "content",
    "published": "published",
    "issued": "published",
    "published_parsed": "published",
    "issued_parsed": "published",
    "created": "published",
    "created_parsed": "published",
    "updated": "updated",
    "modified": "updated",
    "date": "updated",
    "updated_parsed": "updated",
    "modified_parsed": "updated",
    "date_parsed": "updated",
}
"""feedparser's keys, aliases included, to the fields of Entry."""

ENCODINGS = (
    "utf-8",
    "utf-16",
    "utf-32",
    "utf-16-le",
    "utf-16-be",
    "utf-32-le",
    "utf-32-be",
    "cp037",
    "latin-1",
)
_SCRIPT = re.compile(r"<(script|style)\b.*?(</\1\s*>|$)", re.I | re.S)
_TAG = re.compile(r"</?[A-Za-z!?][^<>]*>?")


@dataclass(frozen=True)
class Claim:
    """A fixture's word on one field of one entry."""

    position: int
    field: str
    expected: Any


def comment_of(body: bytes) -> str:
    """The comment that carries `Expect:` and `Header:`, in whatever encoding the fixture is."""
    for encoding in ENCODINGS:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "Expect:" in text:
            return text
    return ""


def headers_of(comment: str) -> dict[str, str]:
    """The response headers that a feedparser fixture wants."""
    found = re.findall(r"^Header:\s*([\w-]+):[ \t]*(.*?)\s*$", comment, re.MULTILINE)
    return dict(found)


def claims_of(comment: str) -> list[Claim]:
    """The clauses of `Expect:` that compare a field of an entry with a value; other clauses are not ours."""
    found = re.search(r"Expect:\s*(.*?)\s*-->", comment, re.DOTALL)
    if found is None:
        return []
    tree = ast.parse(" ".join(found[1].split()), mode="eval").body
    clauses = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    return [claim for clause in clauses if (claim := _claim(clause)) is not None]


def _claim(clause: ast.expr) -> Claim | None:
    if not (isinstance(clause, ast.Compare) and len(clause.ops) == 1 and isinstance(clause.ops[0], ast.Eq)):
        return None
    path = _path(clause.left)
    if len(path) < 3 or path[0] != "entries" or path[2] not in NAMES:
        return None
    name, rest = path[2], path[3:]
    wanted = ["value"] if name.endswith("_detail") else [0, "value"] if name == "content" else []
    if rest != wanted:
        return None
    expected = ast.literal_eval(_joined(clause.comparators[0]))
    return Claim(path[1], NAMES[name], expected)


def _path(node: ast.expr) -> list[Any]:
    """`entries[0]['title']` and `entries[0].title` as ["entries", 0, "title"]."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute):
        return [*_path(node.value), node.attr]
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return [*_path(node.value), node.slice.value]
    return []


def _joined(node: ast.expr) -> ast.expr:
    """A sum of strings as one constant; literal_eval would take sums of numbers only."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _joined(node.left), _joined(node.right)
        assert isinstance(left, ast.Constant) and isinstance(right, ast.Constant)
        return ast.Constant(left.value + right.value)
    return node


def gofeed_claims(path: Path) -> list[Claim]:
    """What gofeed's expected JSON says: its own shapes of RSS and Atom, and its common one."""
    expected = json.loads(path.read_text("utf-8-sig"))
    entries = expected.get("entries") or expected.get("items") or []
    return [claim for n, entry in enumerate(entries) for claim in _gofeed_entry(n, entry, expected)]


def _gofeed_entry(n: int, entry: dict[str, Any], feed: dict[str, Any]) -> Iterator[Claim]:
    for name, field in (("title", "title"), ("description", "summary"), ("summary", "summary")):
        if isinstance(entry.get(name), str):
            yield Claim(n, field, entry[name])
    content = entry.get("content")
    if content:
        yield Claim(n, "content", content.get("value", "") if isinstance(content, dict) else content)
    guid = entry.get("guid", entry.get("id"))
    if guid:
        yield Claim(n, "guid", guid.get("value", "") if isinstance(guid, dict) else guid)
    alternates = [one["href"] for one in entry.get("links", ()) if _alternate(one)]
    link = entry.get("link") or (alternates[0] if alternates else None)
    if link:
        yield Claim(n, "url", link)
    for name, field in (
        ("pubDateParsed", "published"),
        ("publishedParsed", "published"),
        ("updatedParsed", "updated"),
    ):
        if entry.get(name):
            yield Claim(n, field, entry[name])


def _alternate(link: Any) -> bool:
    return isinstance(link, dict) and link.get("rel", "alternate") == "alternate" and "href" in link


def shown(document: FeedDocument, claim: Claim) -> Any:
    """Our value for a claim. Two readings of feedparser's that Entry leaves to the article: a summary that
    is missing is the content, and so is the reverse where we found the summary to be the fuller."""
    if claim.position >= len(document.entries):
        return None
    entry: Entry = document.entries[claim.position]
    value = getattr(entry, claim.field)
    if claim.field == "summary" and value is None:
        return entry.content
    return value


def agrees(ours: Any, expected: Any) -> str | None:
    """ "exact", "words" (the same but for the markup that is cleaned later), or None."""
    if isinstance(ours, datetime):
        wanted = datetime(*expected[:6], tzinfo=UTC) if isinstance(expected, tuple) else moment(str(expected))
        return "exact" if ours == wanted else None
    value = ours.value if isinstance(ours, Content) else ours
    if (value or "") == (expected or ""):
        return "exact"
    if isinstance(ours, Content) and isinstance(expected, str) and words(value) == words(expected):
        return "words"
    return None


def words(markup: str) -> str:
    """What a reader sees of markup, roughly; applied to both sides."""
    text = html.unescape(_TAG.sub(" ", _SCRIPT.sub(" ", markup)))
    return " ".join(text.split())

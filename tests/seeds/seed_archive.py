"""A minimal reading of `seeds/` by the standard library alone: the pipeline is not its own judge."""

import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"
SHARED_SEEDS = ROOT.parent / "shared" / "seeds"
TRUTH: dict[str, Any] = tomllib.loads((Path(__file__).parent / "truth.toml").read_text("utf-8"))
ARTICLES: list[dict[str, Any]] = TRUTH["article"]

TITLES_ONLY = "https://harbourpost.example/rss/headlines.xml"

ATOM = "{http://www.w3.org/2005/Atom}"
RSS1 = "{http://purl.org/rss/1.0/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
DC_DATE = "{http://purl.org/dc/elements/1.1/}date"
DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
BASE = "{http://www.w3.org/XML/1998/namespace}base"


@dataclass(frozen=True, slots=True)
class Item:
    """One listing of one article in one document; `title` and `text` are empty for a tombstone."""

    path: str
    feed: str
    observed: str
    url: str
    guid: str = ""
    title: str = ""
    text: str = ""
    published: str = ""
    withdrawn: bool = False

    @property
    def words(self) -> tuple[str, str, bool]:
        return self.title, self.text, self.withdrawn


def documents() -> list[dict[str, Any]]:
    """The rows of the manifest."""
    rows: list[dict[str, Any]] = tomllib.loads((SEEDS / "manifest.toml").read_text("utf-8"))["document"]
    return rows


def items() -> list[Item]:
    """Every listing of every document, in the order of the manifest."""
    return [item for row in documents() for item in read(row)]


def read(row: dict[str, Any]) -> Iterator[Item]:
    """The listings of one document."""
    match Path(row["path"]).suffix:
        case ".xml":
            yield from from_xml(row)
        case ".json":
            yield from from_json_feed(row)
        case ".jsonl":
            yield from from_lines(row)
        case ".txt":
            yield from_text(row)
        case other:
            raise ValueError(f"{row['path']}: {other} is no ending of a seed")


def from_xml(row: dict[str, Any]) -> Iterator[Item]:
    root = ElementTree.fromstring((SEEDS / row["path"]).read_bytes())
    for node in root.iter():
        if node.tag in ("item", f"{RSS1}item"):
            yield from_rss(row, node, RSS1 if node.tag.startswith("{") else "")
        elif node.tag == f"{ATOM}entry":
            yield from_atom(row, node, root.get(BASE, row["feed"]))
        elif node.tag == DELETED:
            guid = node.get("ref", "")
            yield made(row, url=guid, guid=guid, withdrawn=True)


def from_rss(row: dict[str, Any], node: ElementTree.Element, ns: str) -> Item:
    return made(
        row,
        url=canonical(row["feed"], node.findtext(f"{ns}link", "")),
        guid=node.findtext("guid", ""),
        title=node.findtext(f"{ns}title", ""),
        text=plain(node.findtext(CONTENT) or node.findtext(f"{ns}description") or ""),
        published=node.findtext("pubDate") or node.findtext(DC_DATE) or "",
    )


def from_atom(row: dict[str, Any], node: ElementTree.Element, base: str) -> Item:
    link = next(link for link in node.findall(f"{ATOM}link") if link.get("rel") == "alternate")
    return made(
        row,
        url=canonical(base, link.get("href", "")),
        guid=node.findtext(f"{ATOM}id", ""),
        title=node.findtext(f"{ATOM}title", ""),
        text=plain(node.findtext(f"{ATOM}content", "")),
        published=node.findtext(f"{ATOM}published", ""),
    )


def from_json_feed(row: dict[str, Any]) -> Iterator[Item]:
    for entry in json.loads((SEEDS / row["path"]).read_bytes())["items"]:
        yield made(
            row,
            url=entry["url"],
            guid=entry["id"],
            title=entry["title"],
            text=plain(entry.get("content_html") or entry["content_text"]),
            published=entry.get("date_published", ""),
        )


def from_lines(row: dict[str, Any]) -> Iterator[Item]:
    for line in (SEEDS / row["path"]).read_text("utf-8").splitlines():
        entry = json.loads(line)
        keys = ("url", "title", "text", "published", "observed")
        given = {key: entry[key] for key in keys}
        yield made(row, **given, withdrawn=entry.get("withdrawn", False))


def from_text(row: dict[str, Any]) -> Item:
    title, _, text = (SEEDS / row["path"]).read_text("utf-8").partition("\n")
    published = str(row.get("published", ""))
    return made(
        row,
        url=row["url"],
        title=title,
        text=text,
        published=published,
        withdrawn=row.get("withdrawn", False),
    )


def made(row: dict[str, Any], **given: Any) -> Item:
    observed = row["observed"].isoformat() if "observed" in row else ""
    return Item(**({"path": row["path"], "feed": row["feed"], "observed": observed} | given))


def canonical(base: str, link: str) -> str:
    """Absolute, without query and fragment: no seed's article is named by its query."""
    parts = urlsplit(urljoin(base, link))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))


def plain(markup: str) -> str:
    """Text without tags, entities resolved, a paragraph a line."""
    return unescape(re.sub(r"<[^>]+>", "\n", markup)).strip()


ITEMS = items()


def listings() -> dict[str, list[Item]]:
    """Listings with words by article, oldest poll first, tombstones put to the article of their guid."""
    by_guid = {item.guid: item.url for item in ITEMS if item.title and item.guid}
    rows: dict[str, list[Item]] = defaultdict(list)
    for item in sorted(ITEMS, key=lambda item: item.observed):
        if item.feed != TITLES_ONLY:
            rows[item.url if item.title else by_guid[item.guid]].append(item)
    return rows


LISTINGS = listings()


def worded(url: str) -> list[Item]:
    return [item for item in LISTINGS[url] if item.title]


def polls(feed: str) -> list[list[Item]]:
    """The items of each poll of a feed, oldest first."""
    rows: dict[str, list[Item]] = defaultdict(list)
    for item in ITEMS:
        if item.feed == feed:
            rows[item.observed].append(item)
    return [rows[observed] for observed in sorted(rows)]


def published(item: Item) -> datetime:
    if re.match(r"\d{4}-", item.published):
        return datetime.fromisoformat(item.published)
    return parsedate_to_datetime(item.published)

"""Archives: a row of JSON lines, or a plain text, to an entry."""

import re
from datetime import datetime
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from pipeline.characters import scalar
from pipeline.feed.author import author_name
from pipeline.feed.entry import Content, Entry, Origin
from pipeline.feed.jsonfeed import load
from pipeline.feed.limits import LIMITS
from pipeline.feed.moment import is_placeholder, moment
from pipeline.outcome import Reason, Rejected

_STRINGS = (
    "url", "title", "text", "html", "summary", "publisher", "outlet", "language", "feed", "guid", "author",
)  # fmt: skip
_WORDS = ("text", "html", "summary")
_DATES = ("published", "updated", "observed")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|&#?\w{1,10};")
_JUNK = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class _FaultError(Exception):
    """One field is wrong; becomes a Rejected before it leaves this file."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def read_row(line: bytes, where: str, origin: Origin) -> Entry | Rejected:
    """One line of an archive: `url, title, text|html|summary, published, publisher|outlet, language`,
    optionally `updated, observed, feed, guid, author|authors, withdrawn`; other fields are ignored.

    Needed are something that names the article (url, or title) and something it says (title, text, html
    or summary); a withdrawn row needs only the former. A key that looks like a misspelt text, html or
    summary is refused where none of these has any words: it would be lost silently. Dates are RFC 3339,
    RFC 822 or a common form; one without a zone is UTC, as most archives mean it. `observed` falls back
    to updated, then published.
    """
    if len(line) > LIMITS.entry:
        return Rejected(Reason.TOO_LARGE, f"{len(line)} bytes; a row may have {LIMITS.entry}", where)
    row = load(line)
    if isinstance(row, Rejected):
        row = _undecodable(line) or row
        return Rejected(row.reason, row.message, where)
    if not isinstance(row, dict):
        return Rejected(Reason.BAD_JSON, "the row is no JSON object", where)
    try:
        return _row(row, origin)
    except _FaultError as fault:
        return Rejected(fault.reason, str(fault), where)


def _undecodable(line: bytes) -> Rejected | None:
    """Why the line is no text, where that is why it is no JSON."""
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        return Rejected(
            Reason.BAD_ENCODING, f"not UTF-8: byte {error.start + 1} of the line; save it as UTF-8"
        )
    return None


def _row(row: dict[str, Any], origin: Origin) -> Entry:
    said = {name: _string(row, name) for name in _STRINGS}
    published, updated, observed = (_date(row, name) for name in _DATES)
    withdrawn = _flag(row, "withdrawn")
    text, html = said["text"], said["html"]
    if not (said["url"] or said["title"]):
        raise _FaultError(Reason.MISSING_FIELD, "url is missing, and title too: nothing names the article")
    if not (withdrawn or any(said[name] for name in _WORDS)):
        _refuse_misspelt(row)
    if not (withdrawn or said["title"] or text or html or said["summary"]):
        raise _FaultError(Reason.MISSING_FIELD, "title is missing, and text, html and summary too")
    publisher, url = said["publisher"] or said["outlet"], _url(said["url"])
    return Entry(
        feed=said["feed"] or _feed(publisher, url),
        origin=origin,
        observed=observed or updated or published,
        guid=said["guid"],
        url=url,
        title=_content(said["title"]),
        summary=_content(said["summary"], markup_allowed=True),
        content=_content(text) or (Content(html, "html") if html else None),
        authors=_authors(row),
        published=published,
        updated=updated,
        language=said["language"],
        publisher=publisher,
        withdrawn=withdrawn,
    )


def _refuse_misspelt(row: dict[str, Any]) -> None:
    """Raises for words under a key that is nearly one of _WORDS (0.8: "txt", "texts", "Text", not "next")."""
    for key, value in row.items():
        near = get_close_matches(key.lower(), _WORDS, n=1, cutoff=0.8)
        if near and key != near[0] and isinstance(value, str) and value.strip():
            said = f"no text, html or summary; did you mean {near[0]!r} for {scalar(key)[:40]!r}?"
            raise _FaultError(Reason.MISSING_FIELD, said)


def _string(row: dict[str, Any], name: str) -> str | None:
    value = row.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _FaultError(Reason.BAD_FIELD, f"{name} must be a string, not {_kind(value)}")
    return scalar(value).strip() or None


def _flag(row: dict[str, Any], name: str) -> bool:
    value = row.get(name)
    if value is None or isinstance(value, bool):
        return bool(value)
    raise _FaultError(Reason.BAD_FIELD, f"{name} must be true or false, not {_kind(value)}")


def _date(row: dict[str, Any], name: str) -> datetime | None:
    written = _string(row, name)
    if written is None:
        return None
    found = moment(written)
    if found is None:
        raise _FaultError(Reason.BAD_DATE, f"{name} is no date: {written[:80]!r}")
    if is_placeholder(found):
        raise _FaultError(Reason.BAD_DATE, f"{name} stands for no date: {written[:80]!r}")
    return found


def _url(written: str | None) -> str | None:
    """An absolute web address; an archive has no base to complete another."""
    if written is None:
        return None
    try:
        parts = urlsplit(written)
        host = parts.hostname
    except ValueError as error:
        raise _FaultError(Reason.BAD_FIELD, f"url is no address: {error}") from None
    if parts.scheme not in ("http", "https") or not host:
        raise _FaultError(Reason.BAD_FIELD, f"url is no web address: {written[:80]!r}")
    return written


def _authors(row: dict[str, Any]) -> tuple[str, ...]:
    """`authors`, a list of names or of objects with a name, else `author`."""
    listed = row.get("authors")
    if listed is None:
        listed = [row.get("author")]
    if not isinstance(listed, list):
        raise _FaultError(Reason.BAD_FIELD, f"authors must be a list, not {_kind(listed)}")
    names = (author_name(one.get("name") if isinstance(one, dict) else one) for one in listed)
    return tuple(scalar(name) for name in names if name)


def _content(value: str | None, *, markup_allowed: bool = False) -> Content | None:
    """A text; where markup may stand and signs of it do, it is markup."""
    if not value:
        return None
    return Content(value, "html" if markup_allowed and _MARKUP.search(value) else "text")


def _feed(publisher: str | None, url: str | None) -> str:
    """The id of an archive that names none: never the file's, which differs between copies."""
    host = urlsplit(url).hostname if url else None
    return f"archive:{publisher or host or 'unnamed'}"


def _kind(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), type(value).__name__)


def read_plain_text(
    data: bytes | str,
    *,
    origin: Origin,
    publisher: str | None = None,
    url: str | None = None,
    published: datetime | None = None,
    updated: datetime | None = None,
    observed: datetime | None = None,
    language: str | None = None,
    feed: str | None = None,
) -> Entry | Rejected:
    """A plain text: the first line is the headline, each following line that is not empty a paragraph.

    Bytes are UTF-8, or UTF-16 with a byte order mark. What the text cannot say itself comes from outside.
    """
    text = data if isinstance(data, str) else decoded_text(data)
    if isinstance(text, Rejected):
        return text
    lines = [line.strip() for line in scalar(text).splitlines()]
    paragraphs = [line for line in lines if line]
    if not paragraphs:
        return Rejected(Reason.EMPTY_BODY, "the text is empty")
    return Entry(
        feed=feed or _feed(publisher, url),
        origin=origin,
        observed=observed or updated or published,
        url=url,
        title=Content(paragraphs[0]),
        content=_content("\n\n".join(paragraphs[1:])),
        published=published,
        updated=updated,
        language=language,
        publisher=publisher,
    )


def decoded_text(data: bytes) -> str | Rejected:
    """The text of a file in UTF-8, or in UTF-16 with a byte order mark, or why it is none."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    junk = [] if wide else _JUNK.findall(data[:8_192].decode("latin-1"))
    if "\0" in junk or len(junk) > len(data[:8_192]) // 100:
        return Rejected(Reason.NOT_TEXT, "the file is binary, not text")
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        said = f"not {'UTF-16' if wide else 'UTF-8'}: byte {error.start}, line {line}; save it as UTF-8"
        return Rejected(Reason.BAD_ENCODING, said, f"line {line}")

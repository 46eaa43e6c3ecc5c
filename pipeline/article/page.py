"""The text of an article's page, for feeds that give summaries only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.attributes import MOST, crowded_html
from pipeline.characters import scalar
from pipeline.feed.encoding import decoded
from pipeline.feed.entry import Content
from pipeline.outcome import Reason, Rejected
from pipeline.text import cut_at_paragraph, plain

LARGEST_PAGE = 2_000_000
"""Bytes of HTML that are looked at."""
MOST_TAGS = 15_000
"""Start tags of a page that is parsed: several times those of a long news page. The worst arrangement
found (nested or alternating blocks) takes a second at that number, and some grow with its square."""
THOROUGH_TAGS = 3_000
"""Start tags up to which a second extractor is asked for its opinion: it takes up to half a second at
that number, and on runs of `<div><p>` 1.5 s at twice and 20 s at ten times as many."""
LEAST_TEXT = 200
"""Characters of an article's text; what is shorter is a teaser, an error message or a caption."""
HEAD = 4_096
"""Bytes in which a page declares its encoding; HTML demands it in the first 1,024."""

_TYPES = ("text/html", "application/xhtml+xml")
_TAG = re.compile(r"<[a-zA-Z]")
_CHARSET = re.compile(r"charset\s*=\s*['\"\s]*([\w.:-]{1,40})", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*['\"\s]*([\w.:-]{1,40})", re.IGNORECASE)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

# Names that browsers know and Python does not, or takes for less than browsers do (Encoding Standard, 4.2).
_ALIASES = {
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-1": "windows-1252",
    "latin1": "windows-1252",
    "us-ascii": "windows-1252",
    "iso-8859-9": "windows-1254",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "x-gbk": "gb18030",
    "windows-949": "cp949",
}

# Elements of an extracted text that stand within a paragraph.
_INLINE = frozenset(("hi", "ref", "del", "graphic", "span"))


@dataclass(frozen=True, slots=True)
class PageText:
    """An article as its page gives it. `text` is plain, paragraphs parted by one blank line, and
    `truncated` where only its beginning is kept."""

    text: str
    truncated: bool = False


def page_text(html: bytes, url: str, content_type: str) -> PageText | Rejected:
    """The article's text on the page that came from `url`, without what stands around it. Never raises.

    NO_PAGE for what is no HTML or too large to be looked at; NO_TEXT where no article of at least
    LEAST_TEXT characters is found. Takes up to a second (see MOST_TAGS), so not on an event loop;
    15 ms for 50 kB, 40 with the tags of a usual page, 0.2 s for 500 kB.
    """
    refused = _refused(html, content_type)
    if refused:
        return Rejected(Reason.NO_PAGE, refused, url)
    markup = scalar(_decoded(html, content_type))
    tags = sum(1 for _ in _TAG.finditer(markup))
    if tags > MOST_TAGS:
        return Rejected(Reason.NO_PAGE, f"{tags:,} tags; pages are read up to {MOST_TAGS:,}", url)
    data = markup.encode()
    if crowded_html(data):
        return Rejected(Reason.NO_PAGE, f"a tag with more than {MOST} attributes", url)
    found = _extracted(data, url, thorough=tags <= THOROUGH_TAGS)
    if isinstance(found, Rejected):
        return found
    if len(found.text) < LEAST_TEXT:
        return Rejected(Reason.NO_TEXT, f"{len(found.text)} characters of text on the page", url)
    return found


def _refused(html: bytes, content_type: str) -> str:
    """Why this is no page to look at; "" if it is one."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind and kind not in _TYPES:
        return f"not a page but {kind[:100]}"
    if len(html) > LARGEST_PAGE:
        return f"{len(html):,} bytes; pages are read up to {LARGEST_PAGE:,}"
    if not html.strip():
        return "an empty page"
    return ""


def _decoded(html: bytes, content_type: str) -> str:
    """The page's characters: byte order mark, header, `<meta>`, then UTF-8 and the usual guesses."""
    name = _claimed(html, content_type)
    found = decoded(html, f"charset={name}")
    if name and (found.damaged or found.guess):
        try:  # one bad byte is no reason to guess another encoding
            return html.decode(name, "replace")
        except LookupError:
            pass  # no encoding of that name: the guess is the best there is
    return found.data.decode("utf-8", "replace")


def _claimed(html: bytes, content_type: str) -> str:
    """The encoding that the header or else the page claims; "" for none, or where a mark tells it."""
    if html.startswith(_MARKS):
        return ""
    header = _CHARSET.search(content_type)
    meta = None if header else _META.search(html[:HEAD])
    name = header[1] if header else meta[1].decode("ascii", "replace") if meta else ""
    return _ALIASES.get(name.lower(), name)


def _extracted(data: bytes, url: str, thorough: bool) -> PageText | Rejected:
    """What trafilatura takes for the article; its faults are a page without text.

    It is imported here, for it takes 280 ms and 28 MB, and a worker without feeds of this kind needs neither.
    Given a tree it fetches nothing, and mends nothing of what was judged; without its metadata it guesses
    no dates.
    """
    from lxml.html import HTMLParser, fromstring
    from trafilatura import bare_extraction

    try:
        tree = fromstring(data, parser=HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True))
        found = bare_extraction(
            tree,
            fast=not thorough,
            favor_precision=True,
            include_comments=False,
            include_tables=False,
            with_metadata=False,
        )
        text, cut = cut_at_paragraph(_text(found.body) if found is not None else "")
    except Exception as error:  # a foreign parser on foreign bytes: whatever it raises, it found no text
        return Rejected(Reason.NO_TEXT, f"the page cannot be read: {type(error).__name__}", url)
    return PageText(text, cut)


def _text(body: Any) -> str:
    """The words of an extracted body, without the headline, which is the entry's title."""
    paragraphs = "".join(_words(body)).split("\0")
    joined = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs if paragraph.strip())
    return plain(Content(joined))


def _words(element: Any) -> Iterator[str]:
    """Text in document order, NUL where paragraphs part. As deep as the parser lets a tree be (256)."""
    parting = "" if element.tag in _INLINE else "\0"
    yield parting
    if not (element.tag == "head" and element.get("rend") == "h1"):
        yield element.text or ""
        for child in element:
            yield from _words(child)
            yield child.tail or ""
    yield parting

"""An entry as it fits a message: what is too long keeps its beginning, and is marked."""

from dataclasses import replace

from pipeline.feed.entry import Content, Entry
from pipeline.text import cut_at_paragraph, plain

LARGEST_ENTRY = 700_000
"""Bytes of an encoded entry that are left as they are: a broker takes 1 MB, headers and key included."""
SHORT = 2_000
"""Characters that are left of every other string of an entry that is too large."""


def fitted(entry: Entry) -> Entry:
    """The entry with its texts as plain words, cut at a paragraph, and its other strings shortened.

    For entries whose encoded form exceeds LARGEST_ENTRY. `truncated` is set when words were lost.
    """
    summary, summary_cut = _cut(entry.summary)
    content, content_cut = _cut(entry.content)
    return replace(
        entry,
        guid=_short(entry.guid),
        url=_short(entry.url),
        text_from=_short(entry.text_from),
        title=entry.title and Content(plain(entry.title)[:SHORT]),
        summary=summary,
        content=content,
        authors=tuple(author[:SHORT] for author in entry.authors[:16]),
        truncated=entry.truncated or summary_cut or content_cut,
    )


def _cut(content: Content | None) -> tuple[Content | None, bool]:
    if content is None:
        return None, False
    text, cut = cut_at_paragraph(plain(content))
    return Content(text), cut


def _short(value: str | None) -> str | None:
    return value if value is None else value[:SHORT]

"""Which article an entry is about, and whose."""

from dataclasses import dataclass

from pipeline import ids
from pipeline.article.publisher import Publisher, Publishers
from pipeline.article.title import compared, endings_of, tail_of, without_suffix
from pipeline.feed.entry import Content, Entry
from pipeline.outcome import Reason, Rejected
from pipeline.text import cut_at_paragraph, is_cut, plain
from pipeline.urls import canonical, host_of, page_key


@dataclass(frozen=True, slots=True)
class Source:
    """Whose an entry is: canonical `url` (None: it has none), the `name` of its publisher (None:
    nobody is named) and the configured publisher, if it is one. `opaque`: the link hides its target."""

    url: str | None
    opaque: bool
    name: str | None
    known: Publisher | None


def article_id(entry: Entry, publishers: Publishers) -> str | Rejected:
    """The identity of the article an entry is an observation of.

    Its canonical URL (http and https are one page); without one, or behind an aggregator's opaque
    link, publisher and title as compared; without a publisher the hash of title and text. An entry
    with none of these is rejected (UNIDENTIFIABLE).
    """
    url = canonical(entry.url, publishers.url_rules) if entry.url else None
    if url is not None and not is_opaque(url, publishers):
        return ids.article_by_url(page_key(url))
    source = source_of(entry, publishers)
    title = title_of(entry, source)
    if title and source.name:
        return ids.article_by_title(compared(source.name), compared(title))
    text, _ = text_of(entry)
    if title or text:
        return ids.article_by_text(compared(title), text)
    return Rejected(Reason.UNIDENTIFIABLE, "neither a web address nor a title nor a text", entry.guid or "")


def source_of(entry: Entry, publishers: Publishers) -> Source:
    """Whose the entry is: the publisher that it names or whose site it links to; else the name it
    gives, the title of its feed, the host of its link."""
    url = canonical(entry.url, publishers.url_rules) if entry.url else None
    opaque = url is not None and is_opaque(url, publishers)
    known = _known(entry, url, opaque, publishers)
    if known is not None:
        return Source(url, opaque, known.name, known)
    name = _clean(entry.publisher)
    if not name and not opaque:
        name = _clean(entry.feed_title) or (host_of(url).removeprefix("www.") if url else "")
    return Source(url, opaque, name or None, None)


def is_opaque(canonical_url: str, publishers: Publishers) -> bool:
    """Whether a canonical URL is an aggregator's link, which tells nothing about what it leads to."""
    found = publishers.by_url(canonical_url)
    return found is not None and found.aggregator


def title_of(entry: Entry, source: Source) -> str:
    """The title as plain text on one line, without the publisher's name at its end."""
    if entry.title is None:
        return ""
    return without_suffix(_one_line(entry.title), endings_of(source.known, source.name))


def text_of(entry: Entry) -> tuple[str, bool]:
    """The fullest text the entry has, plain and within the limit, and whether anything was cut off."""
    content = plain(entry.content) if entry.content is not None else ""
    fullest, text = entry.content, content
    if entry.summary is not None and len(entry.summary.value) > len(content):
        summary = plain(entry.summary)
        if len(summary) > len(content):
            fullest, text = entry.summary, summary
    kept, cut = cut_at_paragraph(text)
    return kept, cut or (fullest is not None and is_cut(fullest))


def _known(entry: Entry, url: str | None, opaque: bool, publishers: Publishers) -> Publisher | None:
    """The configured publisher: the one named, else the site's own, else (behind an aggregator's
    link) the one at the end of the title."""
    if entry.publisher:
        named = publishers.by_name(entry.publisher)
        if named is not None and not named.aggregator:
            return named
    if url is not None and not opaque:
        return publishers.by_url(url)
    if opaque and entry.title is not None and not entry.publisher:
        tail = tail_of(_one_line(entry.title))
        return publishers.by_name(tail) if tail else None
    return None


def _one_line(title: Content) -> str:
    return plain(title).replace("\n\n", " ")


def _clean(name: str | None) -> str:
    return plain(Content(name)).replace("\n\n", " ")[:200] if name else ""

"""From an entry as parsed to what is kept of it: an observation and the text observed."""

from dataclasses import dataclass

from pipeline import ids
from pipeline.article import title as titles
from pipeline.article.identity import source_of, text_of, title_of
from pipeline.article.publisher import Publishers
from pipeline.dates import Utc
from pipeline.feed.entry import Content, Entry, Origin, TextFrom
from pipeline.text import plain

MAX_AUTHORS = 16
MAX_AUTHOR_CHARS = 100
MAX_GUID_CHARS = 512
MAX_LANGUAGE_CHARS = 35
"""BCP 47's own limit for what software has to bear."""


@dataclass(frozen=True, slots=True)
class Text:
    """What makes a revision; `content` is the hash of the other four."""

    content: str
    title: str
    text: str
    authors: tuple[str, ...] = ()
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Observation:
    """That a feed showed a content at a moment, with what else it said: dates, link, language.

    `content` is the hash of the text observed, `length` its text's characters, `truncated` whether
    the source's text was longer than what is kept, `language` the language as declared, `text_from`
    whether the text was taken from the article's page.
    """

    feed: str
    origin: Origin
    observed: Utc | None
    content: str
    length: int
    guid: str | None = None
    url: str | None = None
    publisher: str | None = None
    language: str | None = None
    published: Utc | None = None
    updated: Utc | None = None
    same_entry_as: str | None = None
    moved_to: str | None = None
    truncated: bool = False
    text_from: TextFrom = "feed"


@dataclass(frozen=True, slots=True)
class Observed:
    """An observation and its text."""

    observation: Observation
    text: Text


def observe(entry: Entry, publishers: Publishers) -> Observed:
    """What an entry shows: title and text plain, the fuller of its texts, names and address resolved.

    An entry that only says where its article went is a withdrawal here, whatever words it carries.
    """
    source = source_of(entry, publishers)
    title = title_of(entry, source)
    words, cut = text_of(entry) if entry.moved_to is None else ("", False)
    cut = entry.truncated or cut or len(title) > titles.MAX_CHARS
    text = _text(title[: titles.MAX_CHARS].rstrip(), words, entry)
    observation = Observation(
        feed=entry.feed,
        origin=entry.origin,
        observed=entry.observed,
        content=text.content,
        length=len(words),
        guid=entry.guid[:MAX_GUID_CHARS] if entry.guid else None,
        url=source.url,
        publisher=source.name,
        language=entry.language[:MAX_LANGUAGE_CHARS] if entry.language else None,
        published=entry.published,
        updated=entry.updated,
        same_entry_as=entry.same_entry_as,
        moved_to=entry.moved_to,
        truncated=cut,
        text_from="page" if entry.text_from and words else "feed",
    )
    return Observed(observation, text)


def _text(title: str, words: str, entry: Entry) -> Text:
    authors = _authors(entry.authors)
    withdrawn = entry.withdrawn or entry.moved_to is not None
    return Text(ids.content_hash(title, words, authors, withdrawn), title, words, authors, withdrawn)


def _authors(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names as plain text, each once, in the order given."""
    clean = (plain(Content(name)).replace("\n\n", " ")[:MAX_AUTHOR_CHARS].rstrip() for name in names)
    return tuple(dict.fromkeys(name for name in clean if name))[:MAX_AUTHORS]

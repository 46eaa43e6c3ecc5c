"""From a row to the revisions of its article: a pure function, whatever order the row grew in."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from pipeline import ids
from pipeline.article.article import Article, DatedBy, LanguageBy
from pipeline.article.dateline import credit_of, dateline_of
from pipeline.article.fingerprint import fingerprint
from pipeline.article.language import language_of
from pipeline.article.observe import Observation, Text
from pipeline.article.publisher import Publishers
from pipeline.article.row import ArticleRow, firsts, moment, readable, texts_dropped


def revise(row: ArticleRow, publishers: Publishers) -> tuple[Article, ...]:
    """The revisions of an article, oldest first; () for a row without observations.

    The feed of record's observations by (observed, content hash), unknown moments first, without
    those that repeat the content of the one before or give less than the page that was read before:
    of these only a new headline counts, over the page's text.
    A revision takes its dates, link and declared language from the observation that made it: of several
    in one moment with one content the dated before the undated, then the earliest dated (`row.order`).
    A withdrawal without words or dates keeps the title and the dates of the revision before, not its text.
    """
    texts = readable(row)
    record = feed_of_record(row, texts)
    if record is None:
        return ()
    also_in = tuple(sorted({observation.feed for observation in row.observations} - {record}))
    dropped = texts_dropped(row)
    revisions: list[Article] = []
    title = ""
    for observation, text in _changes(row, record, texts):
        if text is not None:
            title = text.title or (title if text.withdrawn else "")
            revision = _article(row.id, observation, text, title, publishers)
            if text.withdrawn and revision.dated_by is None and revisions:
                revision = _dated_as(revision, revisions[-1])
            shared = also_in or dropped
            revisions.append(
                replace(revision, also_in=also_in, texts_dropped=dropped) if shared else revision
            )
    return tuple(revisions)


def feed_of_record(row: ArticleRow, texts: dict[str, Text]) -> str | None:
    """The feed whose observations make the revisions: whose first one has the longest text, then the
    earliest, then the least id. Only feeds count of which a text is still held."""
    held = {observation.feed for observation in row.observations if observation.content in texts}
    candidates = [first for feed, first in firsts(row).items() if feed in held]
    best = min(candidates, key=lambda first: (-first.length, moment(first), first.feed), default=None)
    return best.feed if best is not None else None


_Shown = tuple[Observation, Text | None]
"""An observation and what it shows, None where that is held no more."""


def _changes(row: ArticleRow, record: str, texts: dict[str, Text]) -> Iterator[_Shown]:
    """The observations of the feed of record that show another content than the one before."""
    own = ((one, texts.get(one.content)) for one in row.observations if one.feed == record)
    for _, run in groupby(_without_shallow(own), key=_content):
        yield next(run)


def _content(shown: _Shown) -> object:
    """What makes a revision: what the content hash covers, with a page's text in its place."""
    observation, text = shown
    return observation.content if text is None else (text.title, text.text, text.authors, text.withdrawn)


def _without_shallow(own: Iterable[_Shown]) -> Iterator[_Shown]:
    """One feed's observations without those that only looked less closely than one before.

    After the text of the article's page the feed's shorter words are no revision: the page could not
    be fetched that time, and the article need not have changed. Its headline did change if the feed gives
    another: that is a revision with the page's text. A withdrawal is always one.
    """
    page: _Shown | None = None
    title = ""
    for observation, text in own:
        shown: _Shown | None = observation, text
        if text is not None and text.withdrawn:
            page = None
        elif observation.text_from == "page":
            page = observation, text
        elif page is not None and observation.length < page[0].length:
            shown = _headline(page, observation, text, title)
        if shown is not None:
            title = shown[1].title if shown[1] is not None else title
            yield shown


def _headline(page: _Shown, observation: Observation, text: Text | None, title: str) -> _Shown | None:
    """What a feed's few words say that differs from `title`, over the page's text; None for nothing."""
    read, words = page
    if words is None or text is None or text.title in ("", title):
        return None
    seen = replace(observation, length=read.length, truncated=read.truncated, text_from=read.text_from)
    return seen, replace(text, text=words.text)


def _article(
    article: str, observation: Observation, text: Text, title: str, publishers: Publishers
) -> Article:
    """One revision; `also_in` and `texts_dropped`, which are the row's, are filled in by the caller."""
    reading = _read(observation.language, title, text.text, publishers)
    published, dated_by = _dated(observation)
    return Article(
        id=article,
        revision=ids.revision_name(observation.observed, observation.content),
        feed=observation.feed,
        origin=observation.origin,
        title=title,
        text=text.text,
        url=observation.url,
        authors=text.authors,
        publisher=observation.publisher,
        family=publishers.family(observation.publisher, observation.url),
        language=reading.language,
        language_by=reading.language_by,
        published=published,
        dated_by=dated_by,
        updated=observation.updated,
        observed=observation.observed,
        dateline=reading.dateline,
        credit=reading.credit,
        fingerprint=reading.fingerprint,
        same_entry_as=observation.same_entry_as,
        moved_to=observation.moved_to,
        truncated=observation.truncated,
        withdrawn=text.withdrawn,
        text_from=observation.text_from,
    )


class _Reading(NamedTuple):
    """What is read off the words of a revision."""

    language: str | None
    language_by: LanguageBy | None
    dateline: str | None
    credit: str | None
    fingerprint: str


# A row is revised as it was and as it is, one after the other: what they share is read once. 64 is
# more than twice the revisions a row can have, and at most 64 texts are held.
@lru_cache(maxsize=64)
def _read(declared: str | None, title: str, text: str, publishers: Publishers) -> _Reading:
    language, language_by = language_of(declared, title, text)
    dateline, agency = dateline_of(text, publishers)
    credit = credit_of(text, publishers) or agency
    return _Reading(language, language_by, dateline, credit, fingerprint(text or title))


def _dated_as(withdrawal: Article, before: Article) -> Article:
    """A withdrawal that says no date is of the article that it withdraws, and so are its dates."""
    return replace(withdrawal, published=before.published, dated_by=before.dated_by, updated=before.updated)


def _dated(observation: Observation) -> tuple[datetime | None, DatedBy | None]:
    """When the article was published as its source says, and which of the source's dates that is."""
    if observation.published is not None:
        return observation.published, "published"
    if observation.updated is not None:
        return observation.updated, "updated"
    return None, None

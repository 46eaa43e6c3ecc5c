"""Full text: which entries want the text of their page, and the entry that has it."""

from dataclasses import replace

from pipeline.article.identity import is_opaque
from pipeline.article.page import LEAST_TEXT, PageText
from pipeline.article.publisher import Publishers, folded
from pipeline.feed.entry import Content, Entry
from pipeline.outcome import Reason, Rejected
from pipeline.text import plain
from pipeline.urls import canonical

LONGEST_SUMMARY = 2_000
"""Characters beyond which a feed's words are the article, whatever element they stand in; of 6,363 real
summaries 95 in 100 are shorter than 1,200."""
LEAST_GAIN = 100
"""Characters that a page has to give beyond the feed's own: what a paywall or a row of buttons adds to a
teaser is about one sentence."""
LONG_WORD, FEW_WORDS, SHARE = 5, 4, 0.2
"""A page is about the entry if SHARE of the entry's words of LONG_WORD letters stand on it: of an article's
own summary most do, of a consent wall's text next to none. With fewer than FEW_WORDS nothing is concluded."""
_UNPARTED = "\u0e00"
"""From Thai on, the scripts of many letters are written without blanks (Korean apart)."""


def wants_page(entry: Entry, publishers: Publishers) -> bool:
    """Whether the feed gives only a summary of an article that has a page of its own.

    Not where the link is an aggregator's, which hides its target; nor of what was withdrawn or moved;
    nor where the content says more than the summary (and more than a teaser), or the summary is long.
    """
    if entry.withdrawn or entry.moved_to or entry.text_from or not entry.url:
        return False
    url = canonical(entry.url)
    if url is None or is_opaque(url, publishers):
        return False
    summary = _length(entry.summary)
    content = _length(entry.content)
    return (content <= summary or content < LEAST_TEXT) and summary < LONGEST_SUMMARY


def with_page(entry: Entry, page: PageText, url: str) -> Entry | Rejected:
    """The entry with the text of its page as content, which stands at `url`.

    NO_TEXT where the page gives no more than the feed, or is about something else: a teaser before a
    paywall, a consent wall, the front page in place of an article that is gone.
    """
    known = max(_length(entry.summary), _length(entry.content))
    if len(page.text) < known + LEAST_GAIN:
        said = f"the page gives {len(page.text)} characters and the feed {known}"
        return Rejected(Reason.NO_TEXT, said, url)
    if not _is_about(page.text, entry):
        return Rejected(Reason.NO_TEXT, "the page's text has none of the words of the feed", url)
    truncated = entry.truncated or page.truncated
    return replace(entry, content=Content(page.text), text_from=url, truncated=truncated)


def _length(content: Content | None) -> int:
    return len(plain(content)) if content is not None else 0


def _is_about(text: str, entry: Entry) -> bool:
    """Whether enough of the feed's words stand in the text; parts of words count, for Arabic and Hebrew
    write "and" and "the" in one with the next word."""
    told = " ".join(plain(content) for content in (entry.title, entry.summary) if content is not None)
    words = {word for word in folded(told).split() if len(word) >= LONG_WORD and max(word) < _UNPARTED}
    if len(words) < FEW_WORDS:
        return True
    whole = text.casefold()
    return sum(word in whole for word in words) >= SHARE * len(words)

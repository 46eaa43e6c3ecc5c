"""Citations for a person: numbered by article in order of appearance, listed at the end."""

from dataclasses import dataclass, field
from datetime import datetime
from textwrap import wrap

from agents.cli.safe import link, one_line
from pipeline.event.event import ArticleRef
from pipeline.story.summary import ArticleLine, Citation, EndedLine


@dataclass(slots=True)
class Notes:
    """The articles cited so far, by id and revision."""

    _cited: dict[tuple[str, str], Citation] = field(default_factory=dict)

    def mark(self, citation: Citation) -> str:
        """The mark of a citation, such as "[3]"."""
        key = (citation.article, citation.revision)
        self._cited.setdefault(key, citation)
        return f"[{list(self._cited).index(key) + 1}]"

    def quoted(self, citation: Citation) -> str:
        """The cited words on one line with their mark."""
        return f"{one_line(citation.words)} {self.mark(citation)}"

    def lines(self, width: int) -> list[str]:
        """One entry per cited article: number, publisher, language if not English, time, address, and where
        the text was taken from, if not from a feed."""
        return [
            line
            for number, citation in enumerate(self._cited.values(), 1)
            for line in hanging(f"[{number}] ", _source(citation), width)
        ]


def _source(citation: Citation) -> str:
    parts = [
        publisher_text(citation) + _language(citation.language),
        moment(citation.published or citation.observed),
        link(citation.url) or "no web address",
    ]
    if citation.text_from == "page":
        parts.append("text from the article's page")
    return ", ".join(parts)


def _language(code: str | None) -> str:
    """The mark of a language other than English."""
    base = one_line(code or "en").replace("_", "-").split("-")[0].casefold()
    return "" if base == "en" else f" ({base})"


def publisher_text(line: Citation | ArticleLine | EndedLine | ArticleRef) -> str:
    """The publisher of an article; of an unnamed one, whom the article credits."""
    if line.publisher:
        return one_line(line.publisher)
    return f"credited to {one_line(line.credit)}" if line.credit else "unnamed publisher"


def titled(line: ArticleLine | EndedLine) -> str:
    """An article's title and publisher."""
    return f"{one_line(line.title)} - {publisher_text(line)}"


def moment(when: datetime | None) -> str:
    """A time of an article, in UTC."""
    return "undated" if when is None else when.strftime("%Y-%m-%d %H:%M UTC")


def hanging(start: str, text: str, width: int) -> list[str]:
    """`text` behind `start`, wrapped to `width` columns and indented to where it began."""
    body = wrap(text, max(20, width - len(start)), break_long_words=False, break_on_hyphens=False) or [""]
    return [start + body[0], *(" " * len(start) + line for line in body[1:])]

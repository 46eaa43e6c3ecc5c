"""Headline: which line of a text file is its title, and what its paragraphs are."""

import re

from pipeline.article.title import MAX_CHARS

_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


def headline(written: str, title: str | None = None) -> tuple[str, str]:
    """Title and text of a file.

    A first line with a blank line behind it is the title. Where no blank line stands anywhere, the first
    line is the title and each further one a paragraph, as `replay` reads them. One line alone, and whatever
    comes with a `title`, is text as it stands.
    """
    text = _LINE_END.sub("\n", written)
    if title is not None:
        return " ".join(title.split()), text
    text = text.strip()
    first, _, rest = text.partition("\n")
    if not rest or len(first) > MAX_CHARS:
        return "", text
    if not _BLANK_LINE.search(text):
        return first.strip(), "\n\n".join(line.strip() for line in rest.split("\n"))
    blank, _, below = rest.partition("\n")
    return ("", text) if blank.strip() else (first.strip(), below.strip())

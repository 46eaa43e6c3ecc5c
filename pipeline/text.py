"""Words out of markup: the plain text that everything downstream reads and that offsets index.

Why not a parser: building a tree costs 35 to 45 microseconds for a 300-character summary (lxml and
selectolax alike, against 9 for one regular expression), and HTML5 tree building is quadratic on
deep nesting, so 1 MB of `<div>` occupies it for minutes. One tokenizing pass is linear, whatever comes.
"""

import re
from html import unescape

from pipeline.feed.entry import Content

MAX_INPUT = 2_000_000
"""Characters of a content that are read at all: eight times the limit of a text, for its markup."""

MAX_TEXT_BYTES = 256_000
"""Longest text in bytes as it travels (UTF-8 in JSON), so that every derived message fits 1 MB."""

_BREAK = "\x00"
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")

# Elements whose content is no part of the article's words.
_FURNITURE = (
    "script|style|template|noscript|iframe|object|svg|math|head|title|figcaption|form|button|select|textarea"
    "|audio|video"
)
_BLOCKS = """
    address article aside blockquote body br caption center dd details dialog div dl dt fieldset figure
    footer h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table
    tbody tfoot thead tr ul
"""
_INSTEAD_OF = dict.fromkeys(_BLOCKS.split(), _BREAK) | dict.fromkeys(("td", "th", "option", "img"), " ")

# One token of markup. Every alternative that can start also ends, at the latest with the input, and
# gives nothing back (possessive): the pass is linear. A quote matters after `=` only, as in HTML5.
_ATTRIBUTES = r"""(?:[^>=]++|=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))?+)*+(?:>|\Z)"""
_TOKEN = re.compile(
    rf"<(?:(?P<dropped>{_FURNITURE})(?=[\s/>]){_ATTRIBUTES}(?<!/>)(?:.*?</(?P=dropped)\s*+>|.*)"
    rf"|/?+(?P<name>[a-zA-Z][^\s/>]*+){_ATTRIBUTES}"
    r"|!--(?:.*?-->|.*)"
    r"|[!?/][^>]*+(?:>|\Z))",
    re.DOTALL | re.IGNORECASE,
)
# Markup that was escaped once more than it should have been: the text of the document is itself markup.
_ESCAPED_MARKUP = re.compile(
    r"</(?:p|a|div|span|b|i|em|strong|ul|li|h[1-6])>|<(?:p|br)\s*/?>|<(?:img|a)\s", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_AMPERSANDS = re.compile(r"&(?:(?:amp|#0*+38|#x0*+26);)+", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[^\S\n]*+\n|\u2029")
_SENTENCE_END = ".!?…:;。！？।؟۔\"'”’»›“)]"


def plain(content: Content) -> str:
    """The words of `content`: paragraphs separated by exactly one blank line, blanks collapsed.

    Markup goes (block elements and `<br>` part paragraphs; scripts, captions and forms vanish with
    their content), entities are decoded however often they were escaped, control characters go and
    lone surrogates become U+FFFD. All other characters stay as the source wrote them: no Unicode
    normalisation, since readers compare sentences letter by letter. The result, read as text, is
    its own plain text. Never raises.
    """
    value = _clean_characters(content.value[:MAX_INPUT])
    if content.type == "html" and ("<" in value or "&" in value):
        value = _without_markup(value)
        paragraphs = value.split(_BREAK)
        return _joined([_decoded(paragraph) for paragraph in paragraphs])
    if content.type == "html":
        return _joined([value])
    return _joined(_text_paragraphs(_decoded(value)))


def is_cut(content: Content) -> bool:
    """Whether `plain` reads only the beginning of this content."""
    return len(content.value) > MAX_INPUT


def cut_at_paragraph(text: str, limit: int = MAX_TEXT_BYTES) -> tuple[str, bool]:
    """`text`, or its longest run of whole paragraphs within `limit` bytes as JSON carries them, and
    whether it was cut. A first paragraph that is too long itself is cut at a blank."""
    if len(text) * 6 <= limit or wire_bytes(text) <= limit:
        return text, False
    head = _head(text, limit)
    paragraph = head.rfind("\n\n")
    if paragraph > 0:
        return head[:paragraph], True
    blank = head.rfind(" ")
    return head[: blank if blank > 0 else len(head)].rstrip(), True


def wire_bytes(text: str) -> int:
    """Bytes of a plain text inside a JSON string: UTF-8 and one more per escaped character."""
    return len(text.encode("utf-8", "replace")) + text.count('"') + text.count("\\") + text.count("\n")


def _head(text: str, limit: int) -> str:
    """The longest beginning of `text` that fits `limit` wire bytes."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if wire_bytes(text[:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    return text[:low]


def _clean_characters(value: str) -> str:
    if value.isprintable():
        return value
    value = _CONTROL.sub("", value)
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def _without_markup(value: str) -> str:
    """Words and _BREAK where paragraphs part, entities decoded once."""
    if "<" in value:
        return unescape(_without_tags(value))
    words = _decoded(value)
    return unescape(_without_tags(words)) if _ESCAPED_MARKUP.search(words) else unescape(words)


def _without_tags(value: str) -> str:
    if "<![CDATA[" in value:
        value = value.replace("<![CDATA[", "").replace("]]>", "")
    return _TOKEN.sub(_replacement, value)


def _replacement(token: re.Match[str]) -> str:
    dropped, name = token.groups()
    if name is None:
        return _BREAK if dropped else ""
    return _INSTEAD_OF.get(name) or _INSTEAD_OF.get(name.lower(), "")


def _decoded(value: str) -> str:
    """Entities decoded until none is left, so that the result is its own decoding."""
    for _ in range(8):
        if "&" not in value or not _ENTITY.search(value):
            return value
        value = _ENTITY.sub(_entity, _AMPERSANDS.sub("&", value))
    # Nothing honest is escaped eight times in different ways.
    return value.replace("&", "") if _ENTITY.search(value) else value


def _entity(found: re.Match[str]) -> str:
    return _clean_characters(unescape(found[0]))


def _text_paragraphs(value: str) -> list[str]:
    """Paragraphs of text without markup: parted by blank lines; where it has none, by line ends that
    are no mere wrapping."""
    value = value.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\x85", "\n")
    if "\n" not in value and "\u2029" not in value:
        return [value]
    blocks = _BLANK_LINE.split(value)
    if len([block for block in blocks if block.strip()]) > 1:
        return blocks
    return _unwrapped_lines(value.split("\n"))


def _unwrapped_lines(lines: list[str]) -> list[str]:
    """Lines with those joined that somebody wrapped at a column: 50 to 100 characters, no sentence end."""
    paragraphs: list[str] = []
    open_line = False
    for line in lines:
        stripped = line.strip()
        if open_line and stripped:
            paragraphs[-1] += " " + stripped
        else:
            paragraphs.append(stripped)
        open_line = 50 <= len(stripped) <= 100 and stripped[-1] not in _SENTENCE_END
    return paragraphs


def _joined(paragraphs: list[str]) -> str:
    collapsed = (" ".join(paragraph.split()) for paragraph in paragraphs)
    return "\n\n".join(paragraph for paragraph in collapsed if paragraph)

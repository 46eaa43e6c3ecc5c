"""The encoding of a feed: what the server says, what the document says, what the bytes say.

RFC 3023 gives the order for XML over HTTP, the XML recommendation (appendix F) the sniffing. No guess by
statistics: it would differ between machines with and without a guessing library.
"""

import codecs
import re
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
)
_OPENINGS = (
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
_DECLARED = re.compile(r"<\?xml[^>]{0,200}?encoding\s*=\s*['\"]([^'\"]{1,40})['\"][^>]{0,200}?\?>")
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,400}?\?>")
_CHARSET = re.compile(r"charset\s*=\s*['\"\s]*([\w.:-]{1,40})", re.IGNORECASE)

# Codecs of Python that are no encodings of documents; punycode takes quadratic time.
_NOT_FOR_DOCUMENTS = frozenset(
    {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7"}
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document as UTF-8 without byte order mark or declaration; `damaged` counts characters lost.

    `guess` is the encoding of last resort that was taken because no claimed one and not UTF-8 fit.
    """

    data: bytes
    damaged: int = 0
    guess: str = ""


def decoded(body: bytes, content_type: str = "") -> Decoded:
    """`body` in UTF-8. Never fails: the last resorts are UTF-8 with replacement, Windows-1252, Latin-2."""
    mark, body = _sniffed(body)
    for name in _candidates(content_type, _declared(body, mark), mark):
        text = _decode(body, name)
        if text is not None:
            return Decoded(_bare(text))
    text = body.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    if len(text) - len(text.encode("ascii", "ignore")) >= 2 * damaged:
        return Decoded(_bare(text), damaged)  # mostly good UTF-8: one bad byte must not garble the rest
    western = _decode(body, "cp1252")
    if western is not None:
        return Decoded(_bare(western), guess="Windows-1252")
    return Decoded(_bare(body.decode("iso-8859-2")), guess="ISO 8859-2")


def _sniffed(body: bytes) -> tuple[str, bytes]:
    """The encoding that a byte order mark or the first character betrays, and the body without the mark."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return name, body[len(mark) :]
    return next((name for opening, name in _OPENINGS if body.startswith(opening)), ""), body


def _declared(body: bytes, mark: str) -> str:
    """The encoding that the XML declaration names, if it can be read."""
    match = _DECLARED.match(body[:2000].decode(mark or "latin-1", "replace").lstrip())
    return match[1].lower() if match else ""


def _candidates(content_type: str, inside: str, mark: str) -> list[str]:
    """Encodings to try, surest first. A two-byte encoding cannot have been declared in single bytes."""
    charset = _CHARSET.search(content_type)
    wide = inside.replace("_", "-").startswith(("utf-16", "utf16", "utf-32", "ucs-", "iso-10646"))
    names = [mark, charset[1] if charset else "", "" if wide else inside, "utf-8"]
    # GB18030 contains GB2312, and pages that declare the one use the other
    names = ["gb18030" if name.lower() == "gb2312" else name for name in names]
    return list(dict.fromkeys(filter(None, names)))


def _decode(body: bytes, name: str) -> str | None:
    try:
        codec = codecs.lookup(name).name.replace("_", "-")
        return None if codec in _NOT_FOR_DOCUMENTS else body.decode(codec)
    except (LookupError, ValueError):  # UnicodeDecodeError is a ValueError, as is a name with a NUL
        return None


def _bare(text: str) -> bytes:
    """UTF-8 without the declaration, which is now untrue, and without leading space, which XML forbids before
    it. Line ends stay, so that a line number in a message is the document's own."""
    match = _DECLARATION.match(text)
    start = match.end() if match else 0
    rest = text[start:].lstrip("\ufeff \t\r\n\0")
    return ("\n" * text.count("\n", 0, len(text) - len(rest)) + rest).encode("utf-8", "replace")

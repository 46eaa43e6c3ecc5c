"""Text from feeds, made fit for a terminal: it can neither move the cursor nor turn the line around."""

import re
from urllib.parse import urlsplit

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_HOSTILE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # controls, escape among them
    "\u061c\u202a-\u202e\u2066-\u2069"  # bidi embeddings, overrides and isolates
    "\u00ad\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb"  # invisible
    "\ud800-\udfff\U000e0000-\U000e007f]"  # lone surrogates, tags
)
_BLANKS = re.compile(r"\s+")


def safe(text: str) -> str:
    """`text` without control, escape, bidi-override and invisible characters.

    Line feeds stay, tabs become blanks. Joiners and the marks of Arabic and Hebrew stay: words are
    spelled with them.
    """
    return _HOSTILE.sub("", _LINE_ENDS.sub("\n", text)).replace("\t", " ")


def one_line(text: str) -> str:
    """`text` as `safe` leaves it, on one line with single blanks."""
    return _BLANKS.sub(" ", safe(text)).strip()


def link(url: str | None) -> str | None:
    """The address if it is one of the web (http or https, with a host) and shows as it is, else None."""
    if url is None or one_line(url) != url or " " in url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None

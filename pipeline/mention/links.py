"""Where a text is an address and not reading matter: links, domains, e-mail addresses, @names."""

import re

_ADDRESS = re.compile(
    r"""https?://[^\s<>"«»“”،؛]++
    | (?<![\w.@-])www\.[^\s<>"«»“”،؛]++
    | (?<![\w.+-])[\w.+-]*+@[\w.-]++
    | (?<![\w.@-])[\w-]++(?:\.[\w-]++)++/[^\s<>"«»“”،؛]*+
    | (?<![\w.@-])[\w-]++(?:\.[\w-]++)*?\.(?:com|org|net|info|gov|edu|int|co|il|ps|uk|fr|de|es|eu)(?![\w.-])
    """,
    re.VERBOSE | re.IGNORECASE,
)

_DOT_AND_LETTER = re.compile(r"\.[^\W\d_]")


def addresses(text: str) -> list[tuple[int, int]]:
    """Spans of addresses in order. Time linear in the text."""
    if "@" in text or "/" in text or _DOT_AND_LETTER.search(text):
        return [match.span() for match in _ADDRESS.finditer(text)]
    return []

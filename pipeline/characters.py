"""Which code points may leave a reader: Unicode scalar values that a terminal and JSON both survive."""

import re

_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""XML 1.0's own exclusions (section 2.2): controls but tab and line ends, surrogates, two non-characters."""


def scalar(text: str) -> str:
    """`text` without controls, surrogate pairs joined, lone ones U+FFFD. Clean text comes back itself."""
    if _UNWANTED.search(text) is None:
        return text
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _UNWANTED.sub("", joined)

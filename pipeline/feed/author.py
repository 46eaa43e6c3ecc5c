"""Author names out of the forms in which feeds write them."""

import re

LONGEST = 300
"""Characters of a name; longer ones are text that went astray."""

_NAME_AFTER = re.compile(r"\S+@\S+\s*\(([^()]*)\)")
_ADDRESS = re.compile(r"[<(]?(?:mailto:)?\S+@\S+[>)]?")


def author_name(written: object) -> str | None:
    """The name in "Name", "Name <address>", "address (Name)"; None for an address alone."""
    if not isinstance(written, str):
        return None
    written = written.strip()
    if "@" in written:
        written = written[:LONGEST]
        named = _NAME_AFTER.fullmatch(written)
        written = (named[1] if named else _ADDRESS.sub("", written)).strip(" \t\r\n,;()<>")
    return written[:LONGEST] or None

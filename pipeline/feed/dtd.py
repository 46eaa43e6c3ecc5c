"""Document type definitions: which are harmless, and which would blow up or reach out."""

import html
import re

_SKIPPED = re.compile(rb"\s*(?:<\?.*?\?>|<!--.*?-->)", re.DOTALL)
_ENTITY = re.compile(
    rb"<!ENTITY\s+(%\s+)?([^\s%&;]{1,100})\s+(?:\"([^\"]*)\"|'([^']*)'|(SYSTEM|PUBLIC)\s)", re.DOTALL
)
_REFERENCE = re.compile(r"&(?!#|(?:amp|lt|gt|quot|apos);)|%[^\s;]{1,100};")

ENTITIES = 300
"""Definitions allowed: XHTML's three entity sets together have 253."""
VALUE = 1_000
"""Bytes of the longest value allowed."""
EXPANSION = 1_000_000
"""Bytes that all references of a document together may become."""


def doctype_at(data: bytes) -> int:
    """Where the document type declaration of the prolog starts, or -1."""
    position = 0
    while match := _SKIPPED.match(data, position):
        position = match.end()
    found = data.find(b"<!DOCTYPE", position)
    return found if found >= 0 and not data[position:found].strip() else -1


def forbidden(data: bytes) -> str | None:
    """Why the DTD of this UTF-8 document is refused, or None.

    Refused is what expands (entities made of entities, long values, thousands of references) and what
    asks for other documents (external entities). Parameter entities by PUBLIC name are left alone: old
    RSS names the XHTML entity sets so, and no reader here follows them.
    """
    if b"<!ENTITY" not in data:
        return None
    start = doctype_at(data)
    if start < 0:
        return None
    found = list(_ENTITY.finditer(data, start))
    if len(found) != data.count(b"<!ENTITY", start):
        return "an entity definition that cannot be read"
    if len(found) > ENTITIES:
        return f"{len(found)} entity definitions; at most {ENTITIES} are read"
    return next(filter(None, map(_fault, found)), None) or _expansion(data, found)


def _fault(definition: re.Match[bytes]) -> str | None:
    """What is wrong with one definition."""
    parameter, name, double, single, outside = definition.groups()
    shown = name.decode("utf-8", "replace")
    if outside:
        return None if parameter and outside == b"PUBLIC" else f"entity {shown} lies in another document"
    value = double if double is not None else single
    if len(value) > VALUE:
        return f"entity {shown} is {len(value)} bytes long"
    # A numeric reference to "&" is resolved at the definition and expands at the use (XML 1.0, appendix D)
    text = re.sub(r"&#[xX0-9a-fA-F]+;", lambda ref: html.unescape(ref[0]), value.decode("utf-8", "replace"))
    return f"entity {shown} is made of other entities" if _REFERENCE.search(text) else None


def _expansion(data: bytes, found: list[re.Match[bytes]]) -> str | None:
    """Many references to one longish entity: the quadratic blow-up."""
    total = sum(data.count(b"&" + one[2] + b";") * len(one[3] or one[4] or b"") for one in found)
    return f"its entities expand to {total} bytes" if total > EXPANSION else None

"""Versions of what lies on the topics that the worker reads: it works on those it knows and on no other.

A later version may fit our types and mean something else, so its name is looked at before its bytes are.
"""

from agents.brokers.headers import Headers
from agents.envelope import attribute
from pipeline.outcome import Reason, Rejected

ENTRY = "storywire.entry.v1"
"""What an entry without a `ce_type` is: entries carry none so far, and another version would."""


def unknown_version(found: Headers | None, *known: str) -> Rejected | None:
    """Why a message cannot be read, by its `ce_type`; None where that is known, or missing."""
    kind = attribute(found or (), "type")
    if not kind or kind in known:
        return None
    return Rejected(
        Reason.UNDECODABLE,
        f"{kind[:100]!r} is not read by this version, which knows {', '.join(known)}: upgrade, then "
        "`storywire dead-letters retry`",
    )

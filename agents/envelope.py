"""The envelope of a public message: CloudEvents 1.0 attributes as headers (Kafka's binary content mode).

The attributes beside the standard ones are extensions: `sequence` orders what is known of one
thing (see docs/architecture.md), and dead letters carry `stage`, `reason`, `message`, `origin`
and `attempts`.
"""

import re

from agents.brokers.headers import Headers

SOURCE = "urn:storywire"
JSON = "application/json"
BYTES = "application/octet-stream"
FORBIDDEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
"""What a string of CloudEvents must not hold (CloudEvents 1.0.2, 3. Type System): control characters, halves
of surrogate pairs, and what Unicode has no characters for."""


def headers(kind: str, message_id: str, content_type: str = JSON, **extensions: str) -> Headers:
    """Headers of a message of type `kind`; extension names become `ce_<name>`.

    Values are UTF-8 as they are, without percent-encoding (Kafka binding of CloudEvents 1.0.2, 3.2.3);
    a space stands for a line's end or a tab, U+FFFD for all else that CloudEvents forbids in them.
    """
    return (
        ("ce_specversion", b"1.0"),
        ("ce_id", message_id.encode()),
        ("ce_type", kind.encode()),
        ("ce_source", SOURCE.encode()),
        *((f"ce_{name}", _allowed(value).encode()) for name, value in extensions.items()),
        ("content-type", content_type.encode()),
    )


def _allowed(value: str) -> str:
    return FORBIDDEN.sub(lambda found: " " if found[0].isspace() else "\ufffd", value)


def attribute(found: Headers, name: str) -> str:
    """The CloudEvents attribute `name` of a message's headers; empty where it carries none."""
    wanted = f"ce_{name}"
    for header, value in found:
        if header == wanted and value is not None:
            return value.decode("utf-8", "replace")
    return ""


def sequence(generation: int, knowledge: int) -> str:
    """Orders the messages about one thing by what was known: `<generation>.<knowledge>`, string order.

    `generation` counts rebuilds of the log, `knowledge` grows with each observation or version.
    """
    return f"{generation:04d}.{knowledge:08d}"


def knowledge_of(found: str) -> int:
    """The knowledge (for stories: the version) in a `sequence`. Raises ValueError for anything else."""
    return int(found.partition(".")[2])

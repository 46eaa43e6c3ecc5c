"""The envelope of a public message: CloudEvents 1.0 attributes as headers (Kafka's binary content mode).

The attributes beside the standard ones are extensions: `sequence` orders what is known of one
thing (see docs/architecture.md), and dead letters carry `stage`, `reason`, `message`, `origin`
and `attempts`.
"""

from urllib.parse import quote, unquote

from agents.brokers.headers import Headers

SOURCE = "urn:storywire"
JSON = "application/json"
BYTES = "application/octet-stream"
PLAIN = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) not in '"%')
"""What the Kafka binding of CloudEvents leaves as it is in a header; all else is percent-encoded."""


def headers(kind: str, message_id: str, content_type: str = JSON, **extensions: str) -> Headers:
    """Headers of a message of type `kind`; extension names become `ce_<name>`."""
    return (
        ("ce_specversion", b"1.0"),
        ("ce_id", message_id.encode()),
        ("ce_type", kind.encode()),
        ("ce_source", SOURCE.encode()),
        *((f"ce_{name}", quote(value, safe=PLAIN).encode()) for name, value in extensions.items()),
        ("content-type", content_type.encode()),
    )


def attribute(found: Headers, name: str) -> str:
    """The CloudEvents attribute `name` of a message's headers; empty where it carries none."""
    wanted = f"ce_{name}"
    for header, value in found:
        if header == wanted and value is not None:
            return unquote(value.decode("utf-8", "replace"))
    return ""


def sequence(generation: int, knowledge: int) -> str:
    """Orders the messages about one thing by what was known: `<generation>.<knowledge>`, string order.

    `generation` counts rebuilds of the log, `knowledge` grows with each observation or version.
    """
    return f"{generation:04d}.{knowledge:08d}"


def knowledge_of(found: str) -> int:
    """The knowledge (for stories: the version) in a `sequence`. Raises ValueError for anything else."""
    return int(found.partition(".")[2])

"""The envelope of a public message: CloudEvents 1.0 attributes as headers (Kafka's binary content mode).

The attributes beside the standard ones are extensions: `sequence` orders what is known of one
thing (see docs/architecture.md), and dead letters carry `stage`, `reason`, `message`, `origin`
and `attempts`.
"""

from collections.abc import Mapping

SOURCE = "urn:storywire"
JSON = "application/json"
BYTES = "application/octet-stream"

Headers = dict[str, bytes]


def headers(kind: str, message_id: str, content_type: str = JSON, **extensions: str) -> Headers:
    """Headers of a message of type `kind`; extension names become `ce_<name>`."""
    attributes = {"specversion": "1.0", "id": message_id, "type": kind, "source": SOURCE, **extensions}
    found = {f"ce_{name}": value.encode() for name, value in attributes.items()}
    found["content-type"] = content_type.encode()
    return found


def attribute(found: Mapping[str, bytes], name: str) -> str:
    """The CloudEvents attribute `name` of a message's headers; empty where it carries none."""
    return found.get(f"ce_{name}", b"").decode("utf-8", "replace")


def sequence(generation: int, knowledge: int) -> str:
    """Orders the messages about one thing by what was known: `<generation>.<knowledge>`, string order.

    `generation` counts rebuilds of the log, `knowledge` grows with each observation or version.
    """
    return f"{generation:04d}.{knowledge:08d}"


def generation_of(found: str) -> int:
    """The generation in a `sequence`. Raises ValueError for anything else."""
    return int(found.partition(".")[0])


def knowledge_of(found: str) -> int:
    """The knowledge (for stories: the version) in a `sequence`. Raises ValueError for anything else."""
    return int(found.partition(".")[2])

"""The headers of a public message as JSON Schema: CloudEvents 1.0 in Kafka's binary content mode.

Kafka knows headers as bytes; the schema speaks of them as the UTF-8 text that they are.
"""

from collections.abc import Mapping
from typing import Any

from agents.contract.messages import MESSAGES, MessageSpec
from agents.dead_letters import LONGEST_MESSAGE
from agents.envelope import SOURCE
from pipeline.outcome import Reason

Schema = dict[str, Any]

COMMON = "CloudEvent"
"""Name of the schema of the headers that all public messages have."""

EXTENSIONS: Mapping[str, Schema] = {
    "sequence": {
        "type": "string",
        "pattern": r"^[0-9]{4,}\.[0-9]{8,}$",
        "description": (
            "Orders what was known of one thing: `<generation>.<knowledge>`, compared as strings. "
            "On `stories` and `story-changes` the knowledge is the story's version."
        ),
        "examples": ["0001.00000003"],
    },
    "stage": {"type": "string", "description": "Who gave up.", "examples": ["article"]},
    "reason": {
        "type": "string",
        "enum": [reason.value for reason in Reason],
        "description": "The reason code. Codes may be added; read one you do not know as `stage-failed`.",
    },
    "message": {
        "type": "string",
        "maxLength": LONGEST_MESSAGE,
        "description": "What happened, for a person.",
    },
    "origin": {
        "type": "string",
        "description": "Where the original stands: `topic/partition/offset`, or a file and its line.",
    },
    "attempts": {"type": "string", "pattern": "^[0-9]+$", "description": "How often it was tried."},
}


def common() -> Schema:
    """The headers of every public message."""
    properties: Schema = {
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {
            "type": "string",
            "pattern": "^[a-z][0-9]+-[0-9a-f]{32}$",
            "description": "Names the message; a repetition has the same.",
        },
        "ce_type": {
            "type": "string",
            "pattern": r"^storywire\.[a-z.-]+\.v[0-9]+$",
            "description": "What the value is, with the version of its form.",
            "examples": [spec.kind for spec in MESSAGES],
        },
        "ce_source": {"type": "string", "const": SOURCE},
        "content-type": {
            "type": "string",
            "description": "The media type of the value; CloudEvents calls it `datacontenttype`.",
        },
    }
    return {
        "type": "object",
        "description": "CloudEvents 1.0 attributes in Kafka's binary content mode; values are UTF-8.",
        "properties": properties,
        "required": list(properties),
    }


def headers_of(spec: MessageSpec) -> Schema:
    """The headers of one kind of message."""
    properties: Schema = {"ce_type": {"const": spec.kind}, "content-type": {"const": spec.content_type}}
    for name in spec.extensions:
        properties[f"ce_{name}"] = EXTENSIONS[name]
    own: Schema = {"type": "object", "properties": properties, "required": list(properties)}
    return {"allOf": [{"$ref": f"#/components/schemas/{COMMON}"}, own]}

"""The published contract as an AsyncAPI 3.0 document: `storywire schema` prints it, docs/asyncapi.json is it.

The application that the document describes is a reader of the topics, so its operations receive
(AsyncAPI 3.0, Operation Object). The same installation gives the same bytes.
"""

from typing import Any

import orjson

from agents.contract.channels import Installation, channel, channel_name, message, operation, public_topics
from agents.contract.headers import COMMON, common
from agents.contract.messages import MESSAGES
from agents.contract.payloads import schemas

Schema = dict[str, Any]
VERSION = "1.0.0"
"""Of the contract. The second number grows with an optional field or a new kind of message, the first with
a `ce_type` of a new version; docs/consume.md says what readers may rely on."""

INFO = {
    "title": "storywire, as its readers see it",
    "version": VERSION,
    "description": (
        "What storywire publishes about running stories: article revisions, events, summaries and their "
        "changes. Messages may come twice and in another order than they were sent in; `ce_sequence` "
        "tells which of two about one thing knew more. The application described here is a reader."
    ),
    "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
}


def document(here: Installation) -> Schema:
    """The whole document."""
    topics = public_topics()
    return {
        "asyncapi": "3.0.0",
        "info": INFO,
        "defaultContentType": "application/json",
        "servers": {"cluster": _server()},
        "channels": {channel_name(spec): channel(spec, here) for spec in topics},
        "operations": {_reading(channel_name(spec)): operation(spec) for spec in topics},
        "components": _components(),
    }


def written(found: Schema) -> bytes:
    """The document as it stands in a file."""
    return orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _reading(channel: str) -> str:
    return f"read{channel[0].upper()}{channel[1:]}"


def _server() -> Schema:
    return {
        "host": "{bootstrap}",
        "protocol": "kafka",
        "description": "A cluster of yours; with TLS and a login where it asks for them.",
        "variables": {
            "bootstrap": {
                "default": "localhost:9092",
                "description": "Host and port of one of its brokers, which names the others.",
            }
        },
    }


def _components() -> Schema:
    payloads = {spec.payload.__name__: spec.payload for spec in MESSAGES if spec.payload is not None}
    return {
        "messages": {spec.name: message(spec) for spec in MESSAGES},
        "schemas": {COMMON: common(), **schemas(payloads.values())},
        "parameters": {
            "subject": {
                "description": "Id of a subject, as the name of its file in `subjects/` has it.",
                "examples": ["ceasefire"],
                "location": "$message.payload#/subject",
            }
        },
    }

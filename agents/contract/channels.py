"""The public topics as channels of AsyncAPI, and what a reader does with each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agents.contract.headers import headers_of
from agents.contract.messages import MessageSpec, messages_on
from agents.topics import EVENTS, TOPICS, TopicSpec, topic_config

Schema = dict[str, Any]
BINDING = "0.5.0"
"""Version of the Kafka binding that the document is written in."""
ARTICLE_ID = {
    "type": "string",
    "pattern": "^[upt][0-9a-f]{32}$",
    "description": "Id of the article.",
}
KEYS: dict[str, Schema] = {
    "article id": ARTICLE_ID,
    "story id": {"type": "string", "description": "Id of the story, as the name of its file has it."},
    "feed's address": {"type": "string", "description": "Address of the feed."},
    "key of the original": {"description": "Key of the original, byte for byte; none where that had none."},
}
"""Schemas of keys, by what `agents.topics` calls them."""


@dataclass(frozen=True, slots=True)
class Installation:
    """What of the document is another one's elsewhere."""

    prefix: str
    partitions: int
    replication: int = 0
    retention_days: Mapping[str, float] = field(default_factory=dict)


def public_topics() -> list[TopicSpec]:
    """The topics that everybody may read."""
    return [spec for spec in TOPICS if spec.public]


def channel_name(spec: TopicSpec) -> str:
    """What the document calls a topic: `events.<subject>` is `events`, `story-events` is `storyEvents`."""
    first, *rest = spec.name.removesuffix(".<subject>").split("-")
    return first + "".join(word.capitalize() for word in rest)


def channel(spec: TopicSpec, here: Installation) -> Schema:
    """A topic: its address, what it carries and how the cluster keeps it."""
    found: Schema = {
        "address": here.prefix + spec.name.replace("<subject>", "{subject}"),
        "description": f"{spec.value}; keyed by {spec.key}.",
        "messages": {one.name: {"$ref": f"#/components/messages/{one.name}"} for one in messages_on(spec)},
        "bindings": {"kafka": _kept(spec, here)},
    }
    if spec is EVENTS:
        found["parameters"] = {"subject": {"$ref": "#/components/parameters/subject"}}
    return found


def _kept(spec: TopicSpec, here: Installation) -> Schema:
    config = topic_config(spec, spec.name, here.retention_days, here.replication)
    kept: Schema = {"cleanup.policy": [config.cleanup]}
    if config.cleanup == "delete":
        kept["retention.ms"] = -1 if config.retention is None else int(config.retention * 1000)
    replicas = {"replicas": here.replication} if here.replication else {}
    partitions = 1 if spec.single else here.partitions
    return {
        "partitions": partitions,
        **replicas,
        "topicConfiguration": kept,
        "bindingVersion": BINDING,
    }


def operation(spec: TopicSpec) -> Schema:
    """Reading a topic."""
    name = channel_name(spec)
    return {
        "action": "receive",
        "channel": {"$ref": f"#/channels/{name}"},
        "summary": f"Read {spec.name}.",
        "messages": [{"$ref": f"#/channels/{name}/messages/{one.name}"} for one in messages_on(spec)],
        "bindings": {"kafka": {"groupId": _group(), "bindingVersion": BINDING}},
    }


def _group() -> Schema:
    return {
        "type": "string",
        "description": "Any name of your own. Readers of one group share the partitions between them.",
    }


def message(spec: MessageSpec) -> Schema:
    """A kind of message."""
    payload: Schema = {"type": "string", "format": "binary", "description": "The original, byte for byte."}
    if spec.payload is not None:
        payload = {"$ref": f"#/components/schemas/{spec.payload.__name__}"}
    return {
        "name": spec.kind,
        "summary": spec.says,
        "contentType": spec.content_type,
        "headers": headers_of(spec),
        "payload": payload,
        "bindings": {"kafka": {"key": _key(spec), "bindingVersion": BINDING}},
    }


def _key(spec: MessageSpec) -> Schema:
    """The key; of a message that lies on topics with different keys either."""
    keys = list({topic.key: KEYS[topic.key] for topic in spec.topics}.values())
    return keys[0] if len(keys) == 1 else {"anyOf": keys}

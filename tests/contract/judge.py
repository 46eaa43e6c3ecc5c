"""Judges messages by the published document, as any program that has the document could."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import orjson
from jsonschema import Draft7Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from agents.brokers.message import Message

ROOT = "urn:document"
formats = FormatChecker(formats=())


@formats.checks("date-time", raises=ValueError)
def moment(found: object) -> bool:
    """RFC 3339 with a zone."""
    return not isinstance(found, str) or datetime.fromisoformat(found).tzinfo is not None


@formats.checks("date", raises=ValueError)
def day(found: object) -> bool:
    """RFC 3339's full-date."""
    return not isinstance(found, str) or bool(date.fromisoformat(found))


class Judge:
    """Knows the document, and nothing of the project's types."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        resource = Resource.from_contents(document, default_specification=DRAFT7)
        self._registry: Registry[Any] = Registry().with_resource(ROOT, resource)

    def kind(self, message: Message) -> str:
        """The one kind of message that it is by its topic and headers. Raises AssertionError."""
        found = {name: (value or b"").decode() for name, value in message.headers}
        carried = self._channel(message.topic)["messages"]
        kinds = [name for name in carried if not self.faults(f"messages/{name}/headers", found)]
        assert len(kinds) == 1, (message.topic, found, kinds)
        return kinds[0]

    def _channel(self, topic: str) -> Any:
        """The channel of a topic; `{subject}` stands for a subject's id."""
        for channel in self._document["channels"].values():
            prefix, parameter, _ = channel["address"].partition("{subject}")
            if topic == prefix or (parameter and topic.startswith(prefix)):
                return channel
        raise AssertionError(f"no channel {topic}")

    def message_faults(self, kind: str, message: Message) -> list[str]:
        """What is wrong with its value and its key."""
        about = self._document["components"]["messages"][kind]
        binary = about["contentType"] == "application/octet-stream"
        value = (message.value or b"").decode("latin-1") if binary else orjson.loads(message.value or b"")
        key = None if message.key is None else message.key.decode()
        return [
            *self.faults(f"messages/{kind}/payload", value),
            *self.faults(f"messages/{kind}/bindings/kafka/key", key),
        ]

    def faults(self, where: str, found: object) -> list[str]:
        """What is wrong with something by the schema at this place of the document's components."""
        validator = Draft7Validator(
            {"$ref": f"{ROOT}#/components/{where}"}, registry=self._registry, format_checker=formats
        )
        return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(found)]

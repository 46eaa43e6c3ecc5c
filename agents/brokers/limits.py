"""What every engine takes: names and messages that the embedded log and a cluster both hold."""

import re

from agents.brokers.errors import InvalidTopic, MessageTooLarge
from agents.brokers.headers import Headers, header_size

MAX_MESSAGE_BYTES = 1_000_000  # Kafka's default is 1,048,588 with its framing
NAME = re.compile(r"[a-zA-Z0-9._-]{1,249}")


def check_name(name: str) -> str:
    """A topic or group name that Kafka takes too. Raises InvalidTopic."""
    if not NAME.fullmatch(name) or name in (".", ".."):
        raise InvalidTopic(
            f"{name!r} is no name for a topic or group: 1 to 249 letters, digits, '.', '_' or '-'"
        )
    return name


def check_message(topic: str, key: bytes | None, value: bytes | None, headers: Headers) -> None:
    """Raises MessageTooLarge and InvalidHeader."""
    check_size(topic, key, value, header_size(headers))


def check_size(topic: str, key: bytes | None, value: bytes | None, header_bytes: int) -> None:
    """Raises MessageTooLarge where key, value and headers have too many bytes together."""
    size = len(key or b"") + len(value or b"") + header_bytes
    if size > MAX_MESSAGE_BYTES:
        raise MessageTooLarge(
            f"a message of {size} bytes for {topic!r} (key {key!r:.80}) exceeds "
            f"{MAX_MESSAGE_BYTES}: send less, or cut it"
        )

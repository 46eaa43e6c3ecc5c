"""A digest of one message: of its key, time, headers and value, and of nothing that a broker adds."""

import hashlib
from collections.abc import Iterator

from agents.brokers.headers import Headers
from agents.brokers.message import Message

SIZE = 16


def fingerprint(message: Message) -> bytes:
    """16 bytes (BLAKE2b). Each part is preceded by its length, so that parts cannot run into each other."""
    digest = hashlib.blake2b(digest_size=SIZE)
    for part in (message.key, str(message.time).encode(), *_headers(message.headers), message.value):
        digest.update(b"-" if part is None else b"%d:" % len(part))
        digest.update(part or b"")
    return digest.digest()


def _headers(found: Headers) -> Iterator[bytes | None]:
    yield b"%d" % len(found)
    for name, value in arranged(found):
        yield name.encode("utf-8", "surrogateescape")
        yield value


def arranged(found: Headers) -> Headers:
    """Repeated names side by side, in the order of their first: the embedded log keeps no other order."""
    names = dict.fromkeys(name for name, _ in found)
    return tuple((name, value) for name in names for other, value in found if other == name)


def differing(one: Message, other: Message) -> str:
    """Which parts of two messages are not the same, for a person."""
    parts = ("key", "time", "headers", "value")
    here = (one.key, one.time, arranged(one.headers), one.value)
    there = (other.key, other.time, arranged(other.headers), other.value)
    return ", ".join(part for part, a, b in zip(parts, here, there, strict=True) if a != b)

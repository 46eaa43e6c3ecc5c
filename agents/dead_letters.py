"""Dead letters: whatever cannot go on, kept whole, with an address from which it can be sent back."""

from dataclasses import dataclass

from agents.brokers.headers import Headers
from agents.brokers.message import Message, Outgoing
from agents.envelope import BYTES, attribute, headers
from agents.topics import DEAD_LETTERS, FEED_POLLS
from pipeline.ids import message_id
from pipeline.outcome import Reason, Rejected

KIND = "storywire.dead-letter.v1"
REPLAY = "replay"
"""The stage that reads files: what it rejects came from no topic."""
LONGEST_MESSAGE = 500
"""Characters of a short message: enough to name what, where and what to do."""
LONGEST_VALUE = 900_000
"""Bytes of an original that are kept, so that the dead letter itself fits a broker's 1 MB."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An original message or row and why it could not go on.

    `stage` is the stage that gave up ("replay", "article", "follow"); `origin` says where the
    original stands: `topic/partition/offset`, or a file and its line. `attempts` counts tries.
    """

    stage: str
    reason: Reason
    message: str
    origin: str
    key: bytes | None
    value: bytes
    attempts: int = 1


def rejected(stage: str, why: Rejected, origin: str, value: bytes, key: bytes | None = None) -> DeadLetter:
    """The dead letter of an item that a pure stage rejected."""
    where = f"{origin}: {why.where}" if origin and why.where else origin or why.where
    return DeadLetter(stage, why.reason, why.message, where, key, value)


def kept(prefix: str, topic: str, value: bytes | None) -> bytes:
    """What of an original on `topic` a dead letter holds: all, but nothing of what is remembered of feeds.
    Anybody reads dead letters, and the states of feeds hold the tokens and secrets of subscriptions."""
    return b"" if topic == prefix + FEED_POLLS.name else value or b""


def outgoing(prefix: str, letter: DeadLetter) -> Outgoing:
    """The message on the `dead-letters` topic that holds `letter`."""
    return Outgoing(
        topic=prefix + DEAD_LETTERS.name,
        key=letter.key,
        value=letter.value[:LONGEST_VALUE],
        headers=_headers(letter),
    )


def _headers(letter: DeadLetter) -> Headers:
    key = (letter.key or b"").decode("utf-8", "replace")
    value = letter.value.decode("utf-8", "replace")
    return headers(
        KIND,
        message_id(KIND, key, letter.stage, letter.reason, value),
        BYTES,
        stage=letter.stage,
        reason=letter.reason,
        message=letter.message[:LONGEST_MESSAGE],
        origin=letter.origin,
        attempts=str(letter.attempts),
    )


def read(message: Message) -> DeadLetter:
    """The dead letter in a message of the `dead-letters` topic. Raises ValueError for a foreign one."""
    found = message.headers
    return DeadLetter(
        stage=attribute(found, "stage"),
        reason=Reason(attribute(found, "reason")),
        message=attribute(found, "message"),
        origin=attribute(found, "origin"),
        key=message.key,
        value=message.value or b"",
        attempts=int(attribute(found, "attempts") or 1),
    )

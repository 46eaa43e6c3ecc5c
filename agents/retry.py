"""Sends dead letters back to where they came from, with one more attempt on their account."""

from dataclasses import dataclass

from agents.brokers.broker import Broker
from agents.brokers.message import Message, Outgoing
from agents.dead_letters import REPLAY, read
from agents.scan import scan
from agents.topics import DEAD_LETTERS

GROUP = "dead-letters-retry"
"""The group whose committed offsets say which dead letters were sent back already."""
ATTEMPTS = "storywire-attempts"
"""Header on the message that goes back: how often it has been tried."""


async def retry(broker: Broker, prefix: str, again: bool) -> dict[str, int]:
    """Send back all dead letters not yet sent back (`again`: all there are); how many went, how many stay.

    Only what came from a topic of ours can go back; a rejected row of a file stays, since its file
    is the place to mend it, and so does what has no original in it, or is no dead letter of ours. A
    message that fails again becomes a new dead letter.
    """
    topic = prefix + DEAD_LETTERS.name
    done = {} if again else await broker.committed(prefix + GROUP)
    counts = {"sent": 0, "kept": 0}
    ends: dict[tuple[str, int], int] = {}
    known = set(await broker.topics())
    async for message in scan(broker, topic):
        place = (topic, message.partition)
        back = _source(message)
        if back is None or back.topic not in known:
            counts["kept"] += 1
        elif message.offset >= done.get(place, 0):
            await broker.publish([await _again(broker, back, message)])
            counts["sent"] += 1
        ends[place] = message.offset + 1
    await broker.commit(prefix + GROUP, ends)
    return counts


@dataclass(frozen=True, slots=True)
class Source:
    """Where a dead letter's original stands."""

    topic: str
    partition: int
    offset: int


def _source(message: Message) -> Source | None:
    """None for a row of a file, for one whose original is withheld (what it was to say of a feed is found out
    anew), and for a message that is no dead letter of ours."""
    try:
        letter = read(message)
        topic, partition, offset = letter.origin.rsplit("/", 2)
        return (
            None if letter.stage == REPLAY or not letter.value else Source(topic, int(partition), int(offset))
        )
    except ValueError:
        return None


async def _again(broker: Broker, back: Source, message: Message) -> Outgoing:
    """The original with its own headers, and how often it has been tried."""
    letter = read(message)
    originals = await broker.read(back.topic, back.partition, back.offset, 1)
    kept = originals[0].headers if originals and originals[0].offset == back.offset else ()
    headers = (*((name, value) for name, value in kept if name != ATTEMPTS),
               (ATTEMPTS, str(letter.attempts).encode()))  # fmt: skip
    return Outgoing(back.topic, message.key, letter.value, headers)

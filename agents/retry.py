"""Sends dead letters back to where they came from, with one more attempt on their account."""

from agents.brokers.broker import Broker
from agents.brokers.message import Message, Outgoing
from agents.dead_letters import DeadLetter, read
from agents.scan import scan
from agents.topics import DEAD_LETTERS

GROUP = "dead-letters-retry"
"""The group whose committed offsets say which dead letters were sent back already."""
ATTEMPTS = "storywire-attempts"
"""Header on the message that goes back: how often it has been tried."""


async def retry(broker: Broker, prefix: str, again: bool) -> dict[str, int]:
    """Send back all dead letters not yet sent back (`again`: all there are); how many went, how many stay.

    Only what came from a topic of ours can go back; a rejected row of a file stays, since its file
    is the place to mend it. A message that fails again becomes a new dead letter.
    """
    topic = prefix + DEAD_LETTERS.name
    starts = {} if again else _starts(await broker.committed(prefix + GROUP), topic)
    counts = {"sent": 0, "kept": 0}
    known = set(await broker.topics())
    ends: dict[tuple[str, int], int] = {}
    async for message in scan(broker, topic, starts):
        letter = read(message)
        back = _source_topic(letter)
        if back in known:
            await broker.publish([_again(back, message, letter)])
            counts["sent"] += 1
        else:
            counts["kept"] += 1
        ends[(topic, message.partition)] = message.offset + 1
    await broker.commit(prefix + GROUP, ends)
    return counts


def _starts(committed: dict[tuple[str, int], int], topic: str) -> dict[int, int]:
    return {part: offset for (name, part), offset in committed.items() if name == topic}


def _source_topic(letter: DeadLetter) -> str:
    return letter.origin.rsplit("/", 2)[0]


def _again(topic: str, message: Message, letter: DeadLetter) -> Outgoing:
    attempts = str(letter.attempts).encode()
    return Outgoing(topic=topic, key=message.key, value=letter.value, headers=((ATTEMPTS, attempts),))

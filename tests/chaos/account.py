"""What a run left on its public topics, in a form that can be held beside another run's."""

from collections import Counter
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from agents.brokers.broker import Broker
from agents.brokers.message import Message
from agents.envelope import attribute
from agents.replay.out import write_out
from agents.scan import scan
from agents.topics import ARTICLES, DEAD_LETTERS, STORIES, STORY_CHANGES, STORY_EVENTS, subject_topic
from pipeline.rules import Rules

Identity = tuple[str, bytes, str, str]
"""Topic, key, `ce_id`, `ce_sequence`: what was said about what, and how much was known then."""


@dataclass(slots=True)
class Stories:
    """The summaries of the `stories` topic, by story."""

    last: dict[bytes, bytes] = field(default_factory=dict)
    sequences: dict[bytes, str] = field(default_factory=dict)
    back: list[str] = field(default_factory=list)
    """Where a sequence was lower than the one before it."""
    versions: int = 0

    def add(self, message: Message) -> None:
        """The next one in its partition."""
        key, found = message.key or b"", attribute(message.headers, "sequence")
        if found < self.sequences.get(key, ""):
            self.back.append(f"{key.decode()} at offset {message.offset}: {found}")
        self.versions += found > self.sequences.get(key, "")
        self.last[key], self.sequences[key] = message.value or b"", found


@dataclass(slots=True)
class Account:
    """Digests of all values of each public message, and how many copies lie there in all, by topic."""

    values: dict[Identity, set[bytes]] = field(default_factory=dict)
    copies: Counter[str] = field(default_factory=Counter)
    stories: Stories = field(default_factory=Stories)
    others: Counter[str] = field(default_factory=Counter)
    dead: list[str] = field(default_factory=list)
    unreadable: int = 0

    @property
    def total(self) -> int:
        """Messages on the topics that are compared, duplicates among them."""
        return self.copies.total()

    @property
    def duplicates(self) -> int:
        """Messages that were there already: same topic, key, id and sequence."""
        return self.total - len(self.values)

    def add(self, topic: str, message: Message) -> None:
        """One message of a topic that is compared."""
        said = (attribute(message.headers, "id"), attribute(message.headers, "sequence"))
        digest = blake2b(message.value or b"", digest_size=16).digest()
        self.values.setdefault((topic, message.key or b"", *said), set()).add(digest)
        self.copies[topic] += 1


async def account(broker: Broker, prefix: str, rules: Rules, fold: Path) -> Account:
    """Read all public topics as they stand; their fold is left in the folder `fold`."""
    found = Account()
    for topic in (ARTICLES.name, *(subject_topic(one.id) for one in rules.subjects), STORY_EVENTS.name):
        async for message in scan(broker, prefix + topic):
            found.add(topic, message)
    async for message in scan(broker, prefix + STORIES.name):
        found.stories.add(message)
        found.others[STORIES.name] += 1
    async for _ in scan(broker, prefix + STORY_CHANGES.name):
        found.others[STORY_CHANGES.name] += 1
    async for message in scan(broker, prefix + DEAD_LETTERS.name):
        why = (attribute(message.headers, name) for name in ("stage", "reason", "message"))
        found.dead.append(": ".join(why))
    found.unreadable = await write_out(broker, prefix, rules, fold)
    return found

"""`--out`: the fold of the public topics as files, in memory that does not grow with the topics.

Messages are parted by key into buckets on disk, each bucket is folded by itself, and the sorted
lines of all buckets are merged.
"""

import asyncio
import heapq
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from zlib import crc32

import orjson

from agents.brokers.broker import Broker
from agents.brokers.message import Message
from agents.envelope import attribute, sequence
from agents.generations import current
from agents.scan import scan
from agents.topics import ARTICLES, DEAD_LETTERS, STORY_EVENTS, subject_topic
from pipeline.rules import Rules
from pipeline.story.fold import Folded, PublicMessage, TopicKind, fold

BUCKETS = 64
"""A hundred thousand revisions of a kilobyte make buckets of about 1.6 MB."""
ATTRIBUTES = ("stage", "reason", "message")
"""Extensions that the fold of a dead letter holds."""


async def write_out(broker: Broker, prefix: str, rules: Rules, folder: Path) -> int:
    """Leave `articles.jsonl`, `events.jsonl`, `stories.json` and `dead-letters.jsonl` in `folder`.

    Returns how many messages could not be read: other programs or versions wrote them.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    since = sequence((await current(broker, prefix)).number, 0)
    subjects = [subject_topic(subject.id) for subject in rules.subjects]
    lists: tuple[tuple[TopicKind, list[str]], ...] = (
        ("articles", [ARTICLES.name]),
        ("events", subjects),
        ("story-events", [STORY_EVENTS.name]),
        ("dead-letters", [DEAD_LETTERS.name]),
    )
    with tempfile.TemporaryDirectory(prefix="storywire-") as scratch:
        unreadable = 0
        for kind, names in lists:
            buckets = Buckets(Path(scratch) / kind)
            for name in names:
                async for message in public(broker, prefix + name, kind, since):
                    buckets.add(message)
            unreadable += _write(kind, buckets, rules, folder, Path(scratch))
            buckets.close()
    return unreadable


def _write(kind: TopicKind, buckets: "Buckets", rules: Rules, folder: Path, scratch: Path) -> int:
    """The file of one kind of topic; how many of its messages could not be read."""
    if kind == "story-events":
        folded = fold(buckets.all(), rules.stories)
        write_lines(folder / "stories.json", [folded.stories, b"\n"])
        return len(folded.unreadable)
    merged = Merged(buckets, scratch, kind)
    write_lines(folder / f"{kind}.jsonl", merged.lines())
    return merged.unreadable


async def public(broker: Broker, topic: str, kind: TopicKind, since: str) -> AsyncIterator[PublicMessage]:
    """The messages of a public topic in the form that the fold takes; of earlier generations none."""
    async for message in scan(broker, topic):
        found = attribute(message.headers, "sequence")
        if kind == "dead-letters" or found >= since:
            yield _public(message, kind, found)


def _public(message: Message, kind: TopicKind, found: str) -> PublicMessage:
    return PublicMessage(
        topic_kind=kind,
        key=None if message.key is None else message.key.decode("utf-8", "replace"),
        kind=attribute(message.headers, "type"),
        sequence=found,
        value=message.value or b"",
        attributes={name: attribute(message.headers, name) for name in ATTRIBUTES},
    )


class Buckets:
    """Messages on disk, parted by key: all of one article are in one bucket, in the order they came."""

    def __init__(self, path: Path) -> None:
        self._rows = sqlite3.connect(path, isolation_level=None)
        self._rows.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-2000;"
            "CREATE TABLE m (bucket, topic_kind, key, kind, sequence, value, attributes); BEGIN"
        )

    def add(self, message: PublicMessage) -> None:
        """Keep one message."""
        bucket = crc32((message.key or "").encode()) % BUCKETS
        attributes = orjson.dumps(dict(message.attributes)).decode()
        row = (bucket, message.topic_kind, message.key, message.kind, message.sequence, message.value)
        self._rows.execute("INSERT INTO m VALUES (?, ?, ?, ?, ?, ?, ?)", (*row, attributes))

    def all(self) -> Iterator[PublicMessage]:
        """Every message, one at a time."""
        return self._found("ORDER BY rowid")

    def folded(self) -> Iterator[Folded]:
        """The fold of each bucket by itself."""
        self._rows.execute("CREATE INDEX bucket ON m (bucket)")
        for bucket in range(BUCKETS):
            yield fold(self._found(f"WHERE bucket = {bucket} ORDER BY rowid"), ())

    def _found(self, which: str) -> Iterator[PublicMessage]:
        query = f"SELECT topic_kind, key, kind, sequence, value, attributes FROM m {which}"
        for topic_kind, key, kind, found, value, attributes in self._rows.execute(query):
            yield PublicMessage(topic_kind, key, kind, found, value, orjson.loads(attributes))

    def close(self) -> None:
        """Let go of the file; its folder is removed by whoever made it."""
        self._rows.close()


class Merged:
    """The lines of all buckets in the order of their bytes; `unreadable` counts what was no line."""

    def __init__(self, buckets: Buckets, scratch: Path, kind: TopicKind) -> None:
        self.unreadable = 0
        self._runs: list[Path] = []
        for number, found in enumerate(buckets.folded()):
            self._runs.append(scratch / f"{kind}-{number}.run")
            lines = {"articles": found.articles, "events": found.events}.get(kind, found.dead_letters)
            write_lines(self._runs[-1], (line + b"\n" for line in lines))
            self.unreadable += len(found.unreadable)

    def lines(self) -> Iterator[bytes]:
        """Each line once."""
        with ExitStack() as files:
            runs = [files.enter_context(run.open("rb")) for run in self._runs]
            yield from (line for line, _ in groupby(heapq.merge(*runs)))


def write_lines(path: Path, lines: Iterable[bytes]) -> None:
    """Write lines, each with its end, to a file that is there whole or not at all."""
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("wb") as file:
        file.writelines(lines)
    unfinished.replace(path)

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
from pathlib import Path
from zlib import crc32

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


async def write_out(broker: Broker, prefix: str, rules: Rules, folder: Path) -> None:
    """Leave `articles.jsonl`, `events.jsonl`, `stories.json` and `dead-letters.jsonl` in `folder`."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    since = sequence((await current(broker, prefix)).number, 0)
    subjects = [subject_topic(subject.id) for subject in rules.subjects]
    with tempfile.TemporaryDirectory(prefix="storywire-") as scratch:
        lists: tuple[tuple[TopicKind, list[str]], ...] = (("articles", [ARTICLES.name]), ("events", subjects))
        for kind, names in lists:
            buckets = Buckets(Path(scratch) / kind)
            for name in names:
                async for message in public(broker, prefix + name, kind, since):
                    buckets.add(message)
            write_lines(folder / f"{kind}.jsonl", merged(buckets, Path(scratch), kind))
            buckets.close()
    await _write_small(broker, prefix, rules, folder, since)


async def _write_small(broker: Broker, prefix: str, rules: Rules, folder: Path, since: str) -> None:
    topics: tuple[tuple[str, TopicKind], ...] = (
        (STORY_EVENTS.name, "story-events"),
        (DEAD_LETTERS.name, "dead-letters"),
    )
    found = [m for name, kind in topics async for m in public(broker, prefix + name, kind, since)]
    folded = fold(found, rules.stories)
    (folder / "stories.json").write_bytes(folded.stories + b"\n")
    write_lines(folder / "dead-letters.jsonl", (line + b"\n" for line in folded.dead_letters))


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
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8000;"
            "CREATE TABLE m (bucket, topic_kind, key, kind, sequence, value); BEGIN"
        )

    def add(self, message: PublicMessage) -> None:
        """Keep one message."""
        bucket = crc32((message.key or "").encode()) % BUCKETS
        row = (bucket, message.topic_kind, message.key, message.kind, message.sequence, message.value)
        self._rows.execute("INSERT INTO m VALUES (?, ?, ?, ?, ?, ?)", row)

    def folded(self) -> Iterator[Folded]:
        """The fold of each bucket by itself."""
        self._rows.execute("CREATE INDEX bucket ON m (bucket)")
        for bucket in range(BUCKETS):
            rows = self._rows.execute(
                "SELECT topic_kind, key, kind, sequence, value FROM m WHERE bucket = ? ORDER BY rowid",
                (bucket,),
            )
            yield fold((PublicMessage(*row) for row in rows), ())

    def close(self) -> None:
        """Let go of the file; its folder is removed by whoever made it."""
        self._rows.close()


def merged(buckets: Buckets, scratch: Path, kind: TopicKind) -> Iterator[bytes]:
    """The lines of all buckets in the order of their bytes."""
    runs = []
    for number, found in enumerate(buckets.folded()):
        runs.append(scratch / f"{kind}-{number}.run")
        lines = found.articles if kind == "articles" else found.events
        write_lines(runs[-1], (line + b"\n" for line in lines))
    with ExitStack() as files:
        yield from heapq.merge(*(files.enter_context(run.open("rb")) for run in runs))


def write_lines(path: Path, lines: Iterable[bytes]) -> None:
    """Write lines, each with its end, to a file that is there whole or not at all."""
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("wb") as file:
        file.writelines(lines)
    unfinished.replace(path)

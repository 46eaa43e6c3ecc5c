"""What a replay left on its log, counted through the public view as any outsider would."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

# An article seen in one more feed is published again under the id it had, so ids are counted, not messages.
IDS = """SELECT count(DISTINCT json_extract(headers, '$.ce_id')) FROM messages
  WHERE topic GLOB ? AND json_extract(headers, '$.ce_type') NOT GLOB '*.retracted.*'"""
KEYS = "SELECT count(DISTINCT key) FROM messages WHERE topic = ?"
MESSAGES = "SELECT count(*) FROM messages WHERE topic = ?"


@dataclass(frozen=True, slots=True)
class Published:
    """Articles, their revisions, events, those of them that stories follow, and what could not go on."""

    articles: int
    revisions: int
    events: int
    story_events: int
    dead_letters: int


def published(log: Path, prefix: str = "storywire.") -> Published:
    """Count the public messages of a log, those that take others back left out."""
    with closing(sqlite3.connect(f"file:{log}?mode=ro", uri=True)) as connection:

        def count(sql: str, topic: str) -> int:
            return int(connection.execute(sql, (prefix + topic,)).fetchone()[0])

        return Published(
            articles=count(KEYS, "articles"),
            revisions=count(IDS, "articles"),
            events=count(IDS, "events.*"),
            story_events=count(IDS, "story-events"),
            dead_letters=count(MESSAGES, "dead-letters"),
        )

"""Fold: what the public topics say in the end, whatever the order and repetition of their messages.

    articles      one line per article revision, per events one line per (article, subject, revision):
                  the message with the highest sequence; nothing where that message retracts it
    stories       the summary of each declared story's set of story events
    dead letters  stage, reason, message, key and bytes of the original; no offsets, attempts or times

Lines are the messages' own bytes, sorted. Of articles, events and story events only the newest
generation (the part of `sequence` before the dot) counts: a rebuild says everything again. Of two
messages with one sequence the later in the order given counts; one log holds such only when the rules
changed without a rebuild.

Memory: one line and about 200 bytes per article revision and event, a contribution (story.contribution)
per story event; nothing parsed is kept.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from sys import intern
from typing import Any, Literal

import orjson

from pipeline.codec import CodecError, decode, encode
from pipeline.event.event import Event
from pipeline.kinds import ARTICLE_KINDS, EVENT_KINDS
from pipeline.outcome import Reason, Rejected
from pipeline.story.contribution import Contribution, contribution
from pipeline.story.derive import Scope, summarise
from pipeline.story.row import StoryRow, row_key

TopicKind = Literal["articles", "events", "story-events", "stories", "story-changes", "dead-letters"]
"""What a public topic carries; every `events.<subject>` topic is of kind "events"."""

KNOWN: Mapping[TopicKind, tuple[str, ...]] = {
    "articles": ARTICLE_KINDS,
    "events": EVENT_KINDS,
    "story-events": EVENT_KINDS,
}
"""The types of messages that are folded, by what carries them; a later version may mean something else."""


@dataclass(frozen=True, slots=True)
class PublicMessage:
    """A message of a public topic, free of its transport.

    `kind` is its type (`ce_type`), `sequence` its `ce_sequence`; `attributes` are the other CloudEvents
    extensions by name, of which dead letters carry `stage`, `reason` and `message`.
    """

    topic_kind: TopicKind
    key: str | None
    kind: str
    sequence: str
    value: bytes
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Folded:
    """The fold: lines without line ends, sorted by their bytes; `stories` is one JSON document by story id.

    `unreadable` names messages that are not of this project's types; another program wrote them.
    """

    articles: list[bytes]
    events: list[bytes]
    stories: bytes
    dead_letters: list[bytes]
    unreadable: list[Rejected]


@dataclass(slots=True)
class _Newest:
    """The newest line of each thing, by a digest of its name: (sequence, line or None when retracted)."""

    generation: str = ""
    lines: dict[bytes, tuple[str, bytes | None]] = field(default_factory=dict)

    def add(self, name: Iterable[str], sequence: str, line: bytes | None) -> None:
        generation = generation_of(sequence)
        if generation > self.generation:
            self.generation = generation
            self.lines.clear()
        key = _digest(name)
        if generation == self.generation and sequence >= self.lines.get(key, ("", None))[0]:
            self.lines[key] = (intern(sequence), line)

    def sorted(self) -> list[bytes]:
        return sorted(line for _, line in self.lines.values() if line is not None)


@dataclass(slots=True)
class _Rows:
    """Contributions of story events by row key, of the newest generation."""

    generation: str = ""
    rows: dict[str, dict[str, Contribution]] = field(default_factory=dict)

    def add(self, story: str, row: StoryRow) -> None:
        generation = generation_of(row.sequence)
        if generation > self.generation:
            self.generation = generation
            self.rows.clear()
        if generation == self.generation:
            self.rows.setdefault(story, {})[row_key(story, row)] = contribution(row)

    def summaries(self, scopes: Iterable[Scope]) -> bytes:
        found = {
            scope.id: orjson.Fragment(encode(summarise(scope, self.rows.get(scope.id, {}).values())))
            for scope in scopes
        }
        return orjson.dumps(found, option=orjson.OPT_SORT_KEYS)


def fold(messages: Iterable[PublicMessage], scopes: Iterable[Scope]) -> Folded:
    """The fold of `messages`. Story events of stories that `scopes` does not declare are left out."""
    articles, events, rows = _Newest(), _Newest(), _Rows()
    letters: set[bytes] = set()
    unreadable: list[Rejected] = []
    for message in messages:
        try:
            _add(message, articles, events, rows, letters)
        except (CodecError, orjson.JSONDecodeError, KeyError, TypeError) as error:
            unreadable.append(_unreadable(message, error))
    return Folded(
        articles=articles.sorted(),
        events=events.sorted(),
        stories=rows.summaries(scopes),
        dead_letters=sorted(letters),
        unreadable=sorted(unreadable, key=lambda why: (why.where, why.message)),
    )


def generation_of(sequence: str) -> str:
    """The generation in a sequence `<generation>.<knowledge>`; empty where it names none."""
    generation, dot, _ = sequence.partition(".")
    return generation if dot else ""


def _add(
    message: PublicMessage, articles: _Newest, events: _Newest, rows: _Rows, letters: set[bytes]
) -> None:
    known = KNOWN.get(message.topic_kind)
    if known is not None and message.kind and message.kind not in known:
        raise CodecError(f"{message.kind!r} is not read by this version, which knows {', '.join(known)}")
    match message.topic_kind:
        case "articles":
            found = orjson.loads(message.value)
            articles.add(_article_name(found), message.sequence, _line(message, found))
        case "events":
            found = orjson.loads(message.value)
            events.add(_event_name(found), message.sequence, _line(message, found))
        case "story-events":
            event = decode(Event, message.value)
            rows.add(message.key or "", StoryRow(event, message.sequence, 0))
        case "dead-letters":
            letters.add(_letter(message))
        case "stories" | "story-changes":
            pass  # how many versions there are depends on batching; the set says what the last one says


def _line(message: PublicMessage, found: Mapping[str, Any]) -> bytes | None:
    return None if found["retracted"] else message.value


def _article_name(found: Mapping[str, Any]) -> Iterator[str]:
    yield found["id"]
    yield found["revision"]


def _event_name(found: Mapping[str, Any]) -> Iterator[str]:
    yield found["article"]["id"]
    yield found["subject"]
    yield found["article"]["revision"]


def _digest(name: Iterable[str]) -> bytes:
    return blake2b("|".join(name).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _letter(message: PublicMessage) -> bytes:
    said = message.attributes
    return encode(
        {
            "key": message.key,
            "message": said.get("message", ""),
            "reason": said.get("reason", ""),
            "stage": said.get("stage", ""),
            "value": message.value.decode("utf-8", "backslashreplace"),
        }
    )


def _unreadable(message: PublicMessage, error: Exception) -> Rejected:
    why = f"{type(error).__name__}: {error}"
    return Rejected(Reason.UNDECODABLE, why, f"{message.topic_kind}, key {message.key!r}")

"""The `follow` stage: story events in, the running summary and its changes out.

Its table holds one row per delivered event; the summary is derived once per story and batch.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from agents.brokers.message import Outgoing
from agents.envelope import attribute, headers, sequence
from agents.outbox import Outbox, Sending
from agents.rows import Rows, StreamEvent
from agents.topics import STORIES, STORY_CHANGES
from agents.versions import unknown_version
from pipeline.codec import CodecError, decode, encode
from pipeline.event.event import Event
from pipeline.event.world.scope import StoryScope
from pipeline.ids import message_id
from pipeline.kinds import EVENT_KINDS
from pipeline.outcome import Reason, Rejected
from pipeline.story.change import changes
from pipeline.story.contribution import Contribution, contribution
from pipeline.story.derive import summarise
from pipeline.story.row import StoryRow, decode_row, encode_row, parse_key, row_key
from pipeline.story.summary import Summary

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)
NAME = "follow"
SUMMARY = "storywire.story.v1"
CHANGES = "storywire.changes.v1"


@dataclass(slots=True)
class Story:
    """What the worker holds of one story: a contribution per row, and the last summary derived.

    `version` counts rows, not batches: rows come in the order of their partition, so a version names one
    set, whoever derives it, after however many kills and moves, and in whatever batches.
    """

    contributions: dict[str, Contribution] = field(default_factory=dict)
    version: int = 0
    summary: Summary | None = None


@dataclass(slots=True)
class Fresh:
    """The rows that a batch adds to one story, by key, each with the stream event it came in."""

    rows: dict[str, StoryRow] = field(default_factory=dict)
    events: dict[str, StreamEvent] = field(default_factory=dict)


class FollowStage:
    """Adds delivered events to their story's set and publishes the summary of the set.

    `versions` holds, for a log that was rebuilt, each story's version before, from which it goes on
    counting. `silent`: no changes are told, because the set is only being built again.
    """

    def __init__(
        self,
        scopes: Iterable[StoryScope],
        generation: int,
        versions: Mapping[str, int],
        rows: Rows,
        outbox: Outbox,
        silent: bool = False,
    ) -> None:
        self._scopes = {scope.id: scope for scope in scopes}
        self._generation = generation
        self._versions = versions
        self._silent = silent
        self._rows = rows
        self._outbox = outbox
        self._stories: dict[str, Story] | None = None

    def forget(self) -> None:
        """Drop what is held of the rows: they are read again from the table when next needed."""
        self._stories = None

    async def __call__(self, events: Sequence[StreamEvent]) -> None:
        """One batch: summaries are confirmed before the rows that they rest on are written."""
        stories = self._held()
        fresh: dict[str, Fresh] = {}
        sendings: list[Sending] = []
        for event in events:
            why = self._tried(self._sort, event, stories, fresh)
            if why is not None:
                sendings.append(self._outbox.dead_letter(NAME, why, event))
        after: dict[str, Story] = {}
        for story in sorted(fresh):
            grown = self._tried(self._grown, story, stories, fresh[story])
            if isinstance(grown, Rejected):
                sendings += [self._outbox.dead_letter(NAME, grown, e) for e in fresh[story].events.values()]
            else:
                after[story] = grown
                sendings += self._sendings(story, stories.get(story), grown, fresh[story])
        await self._outbox.confirm(NAME, sendings)
        for story in after:
            for key, row in fresh[story].rows.items():
                self._rows.write(fresh[story].events[key], key.encode(), encode_row(row))
        stories.update(after)

    def _tried(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | Rejected:
        """What a pure step says; what it raised once it raises always, so that gets an address too."""
        try:
            return step(*args, **kwargs)
        except Exception as error:
            log.exception("a story event could not be processed; it is kept as a dead letter")
            return Rejected(Reason.STAGE_FAILED, f"{type(error).__name__}: {error}")

    def _sort(
        self, event: StreamEvent, stories: Mapping[str, Story], fresh: dict[str, Fresh]
    ) -> Rejected | None:
        story = (event.key or b"").decode("utf-8", "replace")
        if story not in self._scopes:
            return Rejected(Reason.UNKNOWN_STORY, f"no story {story!r} is declared in config/stories")
        if why := unknown_version(event.message.headers, *EVENT_KINDS):
            return why
        try:
            found = decode(Event, event.value or b"")
        except CodecError as error:
            return Rejected(Reason.UNDECODABLE, f"not an event of this version: {error}")
        held = stories.get(story) or self._unheard(story)
        added = fresh.get(story) or Fresh()
        version = held.version + len(added.rows) + 1
        row = StoryRow(found, attribute(event.message.headers, "sequence"), version)
        key = row_key(story, row)
        if key not in held.contributions and key not in added.rows:
            fresh[story] = added
            added.rows[key], added.events[key] = row, event
        return None

    def _unheard(self, story: str) -> Story:
        """A story of which this generation has no row: it goes on counting from the one before."""
        return Story(version=self._versions.get(story, 0))

    def _grown(self, story: str, stories: Mapping[str, Story], fresh: Fresh) -> Story:
        before = stories.get(story) or self._unheard(story)
        contributions = before.contributions | {key: contribution(row) for key, row in fresh.rows.items()}
        summary = summarise(self._scopes[story], contributions.values())
        return Story(contributions, before.version + len(fresh.rows), summary)

    def _sendings(self, story: str, before: Story | None, after: Story, fresh: Fresh) -> Iterator[Sending]:
        last = list(fresh.events.values())[-1]
        for message in self._messages(story, before or self._unheard(story), after):
            yield self._outbox.sending(last, message)

    def _messages(self, story: str, before: Story, after: Story) -> Iterator[Outgoing]:
        if after.summary is None:
            return
        yield self._message(story, STORIES.name, SUMMARY, encode(after.summary), after.version)
        changed = changes(before.summary, after.summary)
        if changed.changes and not self._silent:
            yield self._message(story, STORY_CHANGES.name, CHANGES, encode(changed), after.version)

    def _message(self, story: str, topic: str, kind: str, value: bytes, version: int) -> Outgoing:
        return story_message(story, topic, kind, value, sequence(self._generation, version))

    def _held(self) -> dict[str, Story]:
        if self._stories is None:
            self._stories = self._recovered()
        return self._stories

    def _recovered(self) -> dict[str, Story]:
        stories: dict[str, Story] = {}
        for key, data in self._rows.items():
            try:
                name, row = parse_key(key.decode()).story, decode_row(data)
            except ValueError as error:  # foreign: it came over the changelog, and would come at each start
                log.error("a row of a story cannot be read and is left out: %s", error)
                continue
            story = stories.setdefault(name, Story())
            story.contributions[key.decode()] = contribution(row)
            story.version = max(story.version, row.version)
        for name, story in stories.items():
            if name in self._scopes:
                story.summary = summarise(self._scopes[name], story.contributions.values())
        return stories


def story_message(story: str, topic: str, kind: str, value: bytes, found: str) -> Outgoing:
    """A message about a story, of `sequence` found. Its id is of what is said, not of when."""
    identity = message_id(kind, story, "", value.decode(), "")
    return Outgoing(topic, story.encode(), value, headers(kind, identity, sequence=found))

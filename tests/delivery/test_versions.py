"""A story's versions: one set of rows for each, in whatever batches, after whatever kills and moves."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from agents.brokers.message import Outgoing
from agents.envelope import attribute, headers
from agents.follow import NAME, FollowStage
from agents.outbox import Sending
from agents.topics import STORIES
from config.load import load_rules
from config.settings import FOLDER
from pipeline.codec import encode
from pipeline.event.world.scope import StoryScope
from pipeline.kinds import EVENT_KINDS
from pipeline.rules import Rules
from tests.story.generated import Generator

EVENTS = 40


@dataclass
class Table:
    """A table whose last changelog records a kill may lose."""

    written: list[tuple[bytes, bytes]] = field(default_factory=list)

    def write(self, _event: Any, key: bytes, value: bytes) -> None:
        self.written.append((key, value))

    def items(self) -> Any:
        return iter(dict(self.written).items())


@dataclass
class Sent:
    """An outbox that keeps what was confirmed."""

    messages: list[Outgoing] = field(default_factory=list)

    def sending(self, event: Any, message: Outgoing) -> Sending:
        return Sending(message, event)

    async def confirm(self, stage: str, sendings: Sequence[Sending]) -> None:
        assert stage == NAME
        self.messages += [one.message for one in sendings]

    def summaries(self) -> list[tuple[str, bytes]]:
        """(ce_sequence, value) of each summary, in the order of the log."""
        found = [one for one in self.messages if one.topic == STORIES.name]
        return [(attribute(one.headers, "sequence"), one.value or b"") for one in found]


def scope() -> StoryScope:
    rules = load_rules(FOLDER)
    assert isinstance(rules, Rules)
    return rules.stories[0]


def story_events(story: str) -> list[Any]:
    """As the partition of the story holds them, some of them twice."""
    luck = random.Random(3)
    found: list[Any] = []
    for row in Generator(5).rows(EVENTS):
        known = headers(EVENT_KINDS[0], "m", sequence=row.sequence)
        message = SimpleNamespace(headers=known, topic="t.story-events", partition=0, offset=len(found))
        event = SimpleNamespace(key=story.encode(), value=encode(row.event), message=message)
        found += [event] * luck.choice((1, 1, 1, 2))
    return found


async def told(luck: random.Random | None) -> list[tuple[str, bytes]]:
    """The summaries of all events; with `luck` in batches as drawn, and with kills as drawn.

    A kill takes the worker's memory, and its last rows; what goes on begins at, or before, the first event
    whose row was lost: offsets are committed after the rows are durable.
    """
    story = scope()
    events, sent, table = story_events(story.id), Sent(), Table()
    at = durable = 0
    committed = [0]
    stage = FollowStage([story], 1, {}, table, sent)  # type: ignore[arg-type]
    while at < len(events):
        size = luck.randrange(1, 9) if luck else 1
        await stage(events[at : at + size])
        at += size
        if luck and luck.random() < 0.3:
            durable, committed = len(table.written), [*committed, min(at, len(events))]
        if luck and luck.random() < 0.25:
            del table.written[luck.randrange(durable, len(table.written) + 1) :]
            at = luck.choice(committed[-2:])
            stage = FollowStage([story], 1, {}, table, sent)  # type: ignore[arg-type]
    return sent.summaries()


async def test_a_version_names_one_set_of_rows() -> None:
    """Any batches and kills: the same version is the same summary, and the last is the last of one by one."""
    reference = await told(None)
    known = dict(reference)
    assert len(known) == len(reference) > 20
    for seed in range(6):
        found = await told(random.Random(seed))
        assert all(known[version] == summary for version, summary in found)
        assert max(found) == max(reference)


async def test_a_row_that_is_none_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """Foreign bytes on the changelog are told and left out; the story goes on from the rows that are some."""
    story = scope()
    events, sent, table = story_events(story.id), Sent(), Table()
    await FollowStage([story], 1, {}, table, sent)([events[0]])  # type: ignore[arg-type]
    table.written += [(b"junk", b"\xff"), (b"\xff|a|b|c|d", b"{}"), (f"{story.id}|a|b|c|d".encode(), b"{}")]
    await FollowStage([story], 1, {}, table, sent)(events[1:3])  # type: ignore[arg-type]
    reference = dict(await told(None))
    assert sent.summaries() and all(reference[version] == summary for version, summary in sent.summaries())
    assert len([one for one in caplog.records if "cannot be read" in one.message]) == 3

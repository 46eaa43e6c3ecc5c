"""docs/consume.md: the code there, run as it stands against a log, says what our own consumer says."""

import asyncio
import random
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agents.brokers.broker import open_broker
from agents.brokers.message import Outgoing
from agents.envelope import headers
from agents.topics import STORY_EVENTS
from pipeline.codec import encode
from pipeline.event.world.scope import StoryScope
from pipeline.ids import message_id
from pipeline.story.fold import PublicMessage, fold
from pipeline.story.row import StoryRow, current
from tests.story.generated import Generator

ROOT = Path(__file__).resolve().parents[1]
STORY = "talks"
SCOPE = StoryScope(STORY, "Talks", ("ceasefire", "hostages", "rafah"), ("archive",))
KIND = "storywire.event.v1"


def blocks(document: str) -> list[str]:
    """The Python blocks of a document, in their order."""
    return re.findall(r"```python\n(.*?)```", (ROOT / document).read_text("utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def consumer() -> dict[str, Callable[..., Any]]:
    """The functions that the document defines."""
    names: dict[str, Callable[..., Any]] = {}
    for block in blocks("docs/consume.md")[1:]:
        exec(compile(block, "docs/consume.md", "exec"), names)
    return names


def rows() -> list[StoryRow]:
    """Rows with revisions, endings, retractions, and what a generation before left behind; shuffled."""
    found = Generator(seed=11).rows(300)
    retracted = [later(row, "0002.00000009", retracted=True) for row in found[::7]]
    earlier = [later(row, "0001.00000001") for row in Generator(seed=12).rows(20)]
    mixed = [*(later(row, row.sequence.replace("0001.", "0002.")) for row in found), *retracted, *earlier]
    random.Random(5).shuffle(mixed)
    return mixed


def later(row: StoryRow, sequence: str, retracted: bool = False) -> StoryRow:
    event = replace(row.event, retracted=True, mentions=()) if retracted else row.event
    return StoryRow(event, sequence, row.version)


async def log_of(path: Path, delivered: list[StoryRow]) -> None:
    """A log at `path` to which the rows were sent, every tenth of them twice."""
    broker = open_broker(f"sqlite:///{path}")
    topic = f"storywire.{STORY_EVENTS.name}"
    await broker.declare(topic, 4)
    await broker.publish(
        [
            Outgoing(
                topic, STORY.encode(), encode(row.event), headers(KIND, identity(row), sequence=row.sequence)
            )
            for row in [*delivered, *delivered[::10]]
        ]
    )
    await broker.close()


def identity(row: StoryRow) -> str:
    return message_id(KIND, row.article, row.subject, row.revision, row.event.rules)


async def test_the_consumer_of_the_document_builds_the_same_set(
    consumer: dict[str, Callable[..., Any]], tmp_path: Path
) -> None:
    """What stands by the document's twenty lines is what stands by `pipeline.story.row.current`."""
    delivered = rows()
    await log_of(tmp_path / "log.db", delivered)
    found = consumer["standing"](consumer["story_events"](tmp_path / "log.db", STORY))
    standing, ended = current(row for row in delivered if row.sequence.startswith("0002."))
    assert standing
    assert ended
    assert sorted(
        (event["article"]["id"], event["subject"], event["article"]["revision"]) for _, event in found
    ) == [(row.article, row.subject, row.revision) for row in standing]


async def test_the_summary_of_the_document_is_the_summary(
    consumer: dict[str, Callable[..., Any]], tmp_path: Path
) -> None:
    """The summary that the document derives is, byte for byte, the one in the fold of the public topics."""
    delivered = rows()
    await log_of(tmp_path / "log.db", delivered)
    derived = consumer["summary"](SCOPE, consumer["story_events"](tmp_path / "log.db", STORY))
    messages = [
        PublicMessage("story-events", STORY, KIND, row.sequence, encode(row.event)) for row in delivered
    ]
    assert fold(messages, [SCOPE]).stories == b'{"talks":' + encode(derived) + b"}"


@pytest.mark.parametrize("document", ["README.md", "docs/consume.md"])
async def test_the_ten_lines_follow_a_topic(document: str, tmp_path: Path) -> None:
    """The ten lines of Python, run as they stand, print the events of a topic as they are in the log."""
    (tmp_path / "state").mkdir()
    broker = open_broker(f"sqlite:///{tmp_path}/state/storywire.db")
    await broker.declare("storywire.events.ceasefire", 4)
    event = next(row.event for row in Generator(seed=3).rows(50) if row.event.mentions)
    key = event.article.id.encode()
    following = await asyncio.create_subprocess_exec(
        sys.executable, "-u", "-c", blocks(document)[0], cwd=tmp_path, stdout=asyncio.subprocess.PIPE
    )
    try:
        await broker.publish([Outgoing("storywire.events.ceasefire", key, encode(event), ())])
        assert following.stdout is not None
        line = await asyncio.wait_for(following.stdout.readline(), 30)
    finally:
        following.kill()
        await following.wait()
        await broker.close()
    surfaces = [mention.surface for mention in event.mentions]
    assert line.decode() == f"{event.article.publisher} {surfaces}\n"

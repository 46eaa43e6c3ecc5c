"""A story's rows as commands read them from the changelog, in which former owners may still write."""

from pathlib import Path

from agents.brokers.broker import open_broker
from agents.brokers.changelog import CLAIM_KEY, claim_headers, claim_value
from agents.brokers.message import Outgoing
from agents.generations import Generation, group
from agents.story_rows import rows_by_story, story_rows
from agents.topics import STORY_ROWS, changelog
from pipeline.story.row import encode_row, row_key
from tests.story.build import simple

TOPIC = changelog(group("storywire.", Generation()), STORY_ROWS)


async def test_claims_and_what_a_former_owner_writes_late_are_no_rows(tmp_path: Path) -> None:
    """A claim is no row, and a record under a lower claim than one before it replaces nothing."""
    row, late = simple("one", "A ceasefire was agreed."), simple("two", "No ceasefire was agreed.")
    broker = open_broker(f"sqlite:///{tmp_path}/log.db")
    await broker.declare(TOPIC, 1)
    key = row_key("talks", row).encode()
    await broker.publish(
        [
            Outgoing(TOPIC, CLAIM_KEY, claim_value(5, "new")),
            Outgoing(TOPIC, key, encode_row(row), claim_headers(5)),
            Outgoing(TOPIC, key, encode_row(late), claim_headers(4)),
        ]
    )
    assert await story_rows(broker, "storywire.", "talks") == [row]
    await broker.close()


async def test_foreign_records_are_no_rows(tmp_path: Path) -> None:
    """Keys and values of somebody else's are passed over, as the worker passes over them."""
    row = simple("one", "A ceasefire was agreed.")
    key = row_key("talks", row).encode()
    broker = open_broker(f"sqlite:///{tmp_path}/log.db")
    await broker.declare(TOPIC, 1)
    foreign = [(b"\xff", b"{}"), (b"k", b"v"), (row_key("talks", simple("two", "No.")).encode(), b"\xff")]
    await broker.publish([Outgoing(TOPIC, *one) for one in [*foreign, (key, encode_row(row)), *foreign]])
    assert await story_rows(broker, "storywire.", "talks") == [row]
    await broker.close()


async def test_rows_of_several_stories_are_told_apart(tmp_path: Path) -> None:
    """Each story has its own rows, one without any has none, and others than those asked for are left out."""
    one, two = simple("one", "A ceasefire was agreed."), simple("two", "No ceasefire was agreed.")
    broker = open_broker(f"sqlite:///{tmp_path}/log.db")
    await broker.declare(TOPIC, 2)
    keyed = [("talks", one), ("talks", two), ("flood", one), ("vote", two)]
    rows = [Outgoing(TOPIC, row_key(story, row).encode(), encode_row(row)) for story, row in keyed]
    await broker.publish(rows)
    found = await rows_by_story(broker, "storywire.", ["talks", "flood", "quiet"])
    assert found["talks"] == sorted([one, two], key=lambda row: row_key("talks", row))
    assert (found["flood"], found["quiet"], len(found)) == ([one], [], 3)
    await broker.close()

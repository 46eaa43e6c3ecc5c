"""The proof: what is the same is told to be, and any difference is found and named."""

import time
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from agents.brokers.headers import Headers
from agents.brokers.log import Log
from agents.brokers.message import Message, Outgoing
from agents.brokers.schema import connect
from agents.copying.check import Check, Compared
from agents.copying.fingerprint import differing, fingerprint
from agents.copying.plan import plan
from config.settings import Settings
from tests.copying.made import (
    ARTICLES,
    BEGAN,
    ENTRIES,
    GROUP,
    POLLS,
    PREFIX,
    SETTINGS,
    STATES,
    copied,
    drop,
    made,
)

HELLO = Message("t", 0, 7, 1_000, b"key", (("a", b"1"),), b"value")


@pytest_asyncio.fixture
async def both(tmp_path: Path) -> AsyncIterator[tuple[Log, Log]]:
    """A source and its whole copy."""
    source, target = await made(tmp_path / "source.db"), Log(tmp_path / "target.db")
    await copied(source, target)
    yield source, target
    await source.close()
    await target.close()


async def compare(
    both: tuple[Log, Log], now: float | None = None, settings: Settings = SETTINGS
) -> list[Compared]:
    """Everything that a check finds."""
    found = await plan(both[0], settings)
    folder = both[0].path.parent
    moment = time.time() if now is None else now
    return [one async for one in Check(*both, found, folder, moment, lambda *_: None).run()]


async def differences(both: tuple[Log, Log]) -> list[str]:
    return [found.difference for found in await compare(both) if not found.same]


async def change(log: Log, topic: str, partition: int, offset: int, column: str, value: object) -> None:
    """Change one stored message behind the log's back."""
    place = (log.parts(topic)[partition], offset)
    with closing(connect(log.path)) as connection:
        connection.execute(f"UPDATE message SET {column} = ? WHERE part = ? AND offset = ?", (value, *place))


async def test_a_copy_is_the_same(both: tuple[Log, Log]) -> None:
    """Every partition of every topic is compared, and counts of both sides agree."""
    found = await compare(both)
    assert all(one.same and one.digests[0] == one.digests[1] for one in found)
    assert {one.topic for one in found} == {topic.name for topic in (await plan(both[0], SETTINGS)).topics}
    assert sum(one.messages[0] for one in found if one.topic == ENTRIES) == 8


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("key", b"other"),
        ("value", b"other"),
        ("time", BEGAN - 1),
        ("headers", '{"ce_id":"2"}'),
        ("key", None),
    ],
)
async def test_one_changed_message_is_named(both: tuple[Log, Log], column: str, value: object) -> None:
    """The first message that differs is named with its place on both sides and what differs."""
    await change(both[1], ARTICLES, 1, 2, column, value)
    expected = f"{ARTICLES}/1/2 in the source, offset 2 in the target: {column}"
    assert await differences(both) == [expected]


async def test_a_lost_message_is_named(both: tuple[Log, Log]) -> None:
    """A last message that is missing is named as such, on either side."""
    drop(both[1].path, ARTICLES, 0, [3])
    assert await differences(both) == [f"{ARTICLES}/0/3 in the source: not in the target"]
    drop(both[0].path, ARTICLES, 0, [2, 3])
    assert await differences(both) == [f"{ARTICLES}/0/2 in the target: not in the source"]


async def test_order_counts(both: tuple[Log, Log]) -> None:
    """Two messages that changed places are a difference."""
    for old, new in ((0, 99), (1, 0), (99, 1)):
        await change(both[1], ARTICLES, 0, old, "offset", new)
    assert len(await differences(both)) == 1


async def test_gaps_do_not_count(both: tuple[Log, Log]) -> None:
    """The same messages at other offsets are the same."""
    for log in both:
        drop(log.path, ARTICLES, 0, [0])
    assert await differences(both) == []


async def test_a_wrong_place_of_the_worker_is_found(both: tuple[Log, Log]) -> None:
    """What is read and what waits are compared apart, so one offset too far is two differences."""
    await both[1].commit(GROUP, {(ENTRIES, 1): 3})
    found = [one for one in await compare(both) if not one.same]
    assert [(one.topic, one.partition, one.part) for one in found] == [
        (ENTRIES, 1, "read"),
        (ENTRIES, 1, "waiting"),
    ]


async def test_compaction_on_either_side_is_no_difference(both: tuple[Log, Log]) -> None:
    """Of compacted topics the last message of each key counts, and deletions need not be kept."""
    drop(both[1].path, STATES, 0, [0])
    drop(both[0].path, STATES, 1, [0, 1, 3])
    assert await differences(both) == []


async def test_another_last_message_of_a_key_is_named(both: tuple[Log, Log]) -> None:
    """A row that differs is named by its key and its place on both sides."""
    await change(both[1], STATES, 0, 3, "value", b"other")
    expected = f"{STATES}/0, last message of key k0: offset 3 in the source, offset 3 in the target"
    assert await differences(both) == [expected]


async def test_a_missing_row_is_named(both: tuple[Log, Log]) -> None:
    """A key that only one side has is named, whichever side it is."""
    await both[0].publish([Outgoing(STATES, b"new", b"row", partition=1)])
    await both[1].publish([Outgoing(STATES, b"more", b"row", partition=0)])
    assert await differences(both) == [
        f"{STATES}/0, last message of key more: nothing in the source, offset 4 in the target",
        f"{STATES}/1, last message of key new: offset 4 in the source, nothing in the target",
    ]


async def test_what_is_past_its_retention_is_left_out(both: tuple[Log, Log]) -> None:
    """Old messages that one side has dropped already are no difference; the same with young ones is one."""
    settings = SETTINGS.model_copy(update={"retention_days": {"articles": 1.0}})
    drop(both[1].path, ARTICLES, 0, [0])
    sent = (BEGAN / 1_000) + 86_400 * 2
    assert all(one.same for one in await compare(both, sent, settings))
    assert not all(one.same for one in await compare(both, BEGAN / 1_000 + 3_600, settings))


async def test_what_only_the_target_has_is_named(both: tuple[Log, Log]) -> None:
    """Messages on a topic of the target alone, and topics that it lacks, are differences."""
    await both[1].declare(PREFIX + "events.golan", 1)
    await both[1].publish([Outgoing(PREFIX + "events.golan", b"k", b"v")])
    await both[0].declare(PREFIX + "events.haifa", 1)
    assert await differences(both) == [
        f"{PREFIX}events.haifa: the target has no such topic of as many partitions",
        f"{PREFIX}events.golan: only the target has messages there",
    ]


async def test_polls_that_wait_are_compared(both: tuple[Log, Log]) -> None:
    """Of polls only what is unread comes along, and of that all."""
    found = [one for one in await compare(both, BEGAN / 1_000) if one.topic == POLLS]
    assert [(one.part, one.messages) for one in found] == [("waiting", (1, 1)), ("waiting", (4, 4))]


@pytest.mark.parametrize(
    "other",
    [
        replace(HELLO, key=None),
        replace(HELLO, key=b""),
        replace(HELLO, value=None),
        replace(HELLO, value=b""),
        replace(HELLO, time=1_001),
        replace(HELLO, headers=()),
        replace(HELLO, headers=(("a", None),)),
        replace(HELLO, headers=(("a", b""),)),
        replace(HELLO, headers=(("a", b"1"), ("a", b"1"))),
        replace(HELLO, key=b"keyv", value=b"alue"),
    ],
)
def test_any_part_changes_the_fingerprint(other: Message) -> None:
    """Absent and empty differ, and no part can run into the next."""
    assert fingerprint(other) != fingerprint(HELLO)
    assert differing(HELLO, other)


def test_places_are_no_part_of_the_fingerprint() -> None:
    """Topic, partition and offset are compared by where a message was read, not by its digest."""
    assert fingerprint(replace(HELLO, offset=9)) == fingerprint(HELLO)


def test_repeated_headers_count_side_by_side() -> None:
    """The log keeps repeated names together, so their order among others is no difference; theirs is."""
    apart: Headers = (("a", b"1"), ("b", b"2"), ("a", b"3"))
    together: Headers = (("a", b"1"), ("a", b"3"), ("b", b"2"))
    turned: Headers = (("a", b"3"), ("a", b"1"), ("b", b"2"))
    assert fingerprint(replace(HELLO, headers=apart)) == fingerprint(replace(HELLO, headers=together))
    assert fingerprint(replace(HELLO, headers=turned)) != fingerprint(replace(HELLO, headers=together))
